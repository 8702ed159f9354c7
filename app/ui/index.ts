/** The kit in one import. Components only; pure helpers (address, marks of time) come along because pages need them beside. */
export { type Act, ActButton, ActMenu, DisabledAct } from "./act.tsx";
export { type Hidden, HiddenFields } from "./hidden.tsx";
export { carried, readSort, type Sort, withParams, writeSort } from "./address.ts";
export { Button, buttonClass, IconButton, LinkButton, SubmitButton } from "./button.tsx";
export { Checkbox, CheckboxGroup, RadioGroup } from "./choices.tsx";
export { ConfirmDialog, type Confirmation } from "./confirm.tsx";
export { CopyId } from "./copy-id.tsx";
export { cx } from "./cx.ts";
export { DataTable, type DataTableProps } from "./data-table.tsx";
export { DiagramSvg, type DiagramProps } from "./diagram.tsx";
export { ConflictNotice, type ConflictField, Diff, FieldDiff, type FieldChange } from "./diff.tsx";
export { describedBy, Field, FieldError } from "./field.tsx";
export { FilterBar } from "./filter-bar.tsx";
export { PostForm } from "./form.tsx";
export { FormErrorSummary, type SummaryError } from "./form-summary.tsx";
export { useHydrated } from "./hydrated.ts";
export { Icon, type IconName, Shape } from "./icon.tsx";
export {
  type Choice,
  type ChoiceGroup,
  DateInput,
  FileInput,
  NumberInput,
  SearchInput,
  Select,
  TextArea,
  TextInput,
} from "./inputs.tsx";
export { Badge, DueMark, RiskLevel, type RiskStep, riskWord, type Status, StatusMark } from "./marks.tsx";
export { Notice, type Tone } from "./notice.tsx";
export { KeyValue, None, PageHeader, Section, Split, Tabs, type TabItem } from "./page.tsx";
export { Pager, type PagerProps } from "./pager.tsx";
export { opens, Popover } from "./popover.tsx";
export { SaveState } from "./save-state.tsx";
export { EmptyState, ErrorState, NoPermission, NotFound, Progress, Skeleton } from "./states.tsx";
export type { Column } from "./table.ts";
export { Checklist, type ChecklistItem, PhaseLine, type PhaseItem, Timeline, type TimelineItem } from "./work.tsx";
export * from "./charts/index.ts";
