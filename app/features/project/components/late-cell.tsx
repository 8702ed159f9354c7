import { m } from "#app/i18n/paraglide/messages.js";
import { DueMark, StatusMark } from "#app/ui/marks.tsx";
import { None } from "#app/ui/page.tsx";

/** How a project stands against the planned end of its phase. */
export function LateCell({ state, daysLate }: { state: string; daysLate: number | null }) {
  if (state === "completed") return <StatusMark status="done" />;
  if (state === "terminated" || state === "suspended") return <StatusMark status="off">{m.project_ended()}</StatusMark>;
  if (daysLate === null) return <None />;
  return <DueMark days={-daysLate} soon={14} />;
}
