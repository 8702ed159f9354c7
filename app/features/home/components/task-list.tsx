import { Link } from "@remix-run/react";
import type { WordedTask } from "../home.view.server.ts";
import { roleName } from "#app/domain/role-name.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { DueMark, StatusMark } from "#app/ui/marks.tsx";
import { EmptyState } from "#app/ui/states.tsx";

const waits = {
  regulator: m.home_waits_regulator,
  lead: m.home_waits_lead,
  national: m.home_waits_national,
  site: m.home_waits_site,
} as const;
const waitsWord = (who: string): string =>
  who in waits ? waits[who as keyof typeof waits]() : roleName(who as Parameters<typeof roleName>[0]);

function Mark({ task }: { task: WordedTask }) {
  if (task.group === "returned") return <StatusMark status="returned" />;
  if (task.waitsFor)
    return <StatusMark status="waiting">{m.home_waits_for({ who: waitsWord(task.waitsFor) })}</StatusMark>;
  if (task.daysLate !== null) return <DueMark days={-task.daysLate} />;
  return null;
}

/** Things to do as a list: the act in words leads to the very place, the due day stands at right. */
export function TaskList({ tasks, label }: { tasks: readonly WordedTask[]; label: string }) {
  if (tasks.length === 0) return <EmptyState title={m.home_due_none()} text={m.home_due_none_text()} />;
  return (
    <ul className="ui-work" aria-label={label}>
      {tasks.map((task) => (
        <li key={task.id}>
          <Link to={task.href}>{task.label}</Link>
          <span className="ui-work-subject">
            {task.subject}
            {task.why ? <span className="ui-hint block">{task.why}</span> : null}
          </span>
          <span className="ui-work-due">{task.dueOn ?? ""}</span>
          <span className="ui-work-mark">
            <Mark task={task} />
          </span>
        </li>
      ))}
    </ul>
  );
}
