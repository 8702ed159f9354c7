/** The kit in one import. Components only; pure helpers (address, marks of time) come along because pages need them beside. */
export { type Act, ActMenu, DisabledAct } from "./act.tsx";
export { Button, LinkButton } from "./button.tsx";
export { Checkbox, CheckboxGroup, RadioGroup } from "./choices.tsx";
export { CopyId } from "./copy-id.tsx";
export { DataTable } from "./data-table.tsx";
export { DiagramSvg } from "./diagram.tsx";
export { ConflictNotice, FieldDiff } from "./diff.tsx";
export { FilterBar } from "./filter-bar.tsx";
export { FormErrorSummary } from "./form-summary.tsx";
export {
  DateInput,
  FileInput,
  NumberInput,
  SearchInput,
  Select,
  TextArea,
  TextInput,
} from "./inputs.tsx";
export { Badge, DueMark, RiskLevel, type RiskStep, StatusMark } from "./marks.tsx";
export { Notice } from "./notice.tsx";
export { KeyValue, None, PageHeader, Section, Split, Tabs } from "./page.tsx";
export { SaveState } from "./save-state.tsx";
export { EmptyState, ErrorState, NoPermission, Progress, Skeleton } from "./states.tsx";
export type { Column } from "./table.ts";
export { Checklist, PhaseLine, Timeline } from "./work.tsx";
export * from "./charts/index.ts";
