import { pick } from "#app/i18n/pick.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, NumberInput, TextArea } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import type { ActionPlanView, MilestoneView, TaskView } from "../action-plan.server.ts";

const shapes = {
  done: "done",
  doneLate: "done",
  late: "late",
  dueSoon: "due",
  running: "running",
  ahead: "draft",
} as const;
export type Words = Record<string, string>;

function Reached({ milestone: x }: { milestone: MilestoneView }) {
  if (x.target === null) return <None />;
  return <span className="tabular-nums">{`${x.value ?? 0} / ${x.target} ${x.unit ? pick(x.unit) : ""}`}</span>;
}

function Record({ milestone: x, programmeId }: { milestone: MilestoneView; programmeId: string }) {
  return (
    <details>
      <summary>{m.national_plan_record()}</summary>
      <PostForm className="ui-form mt-2" key={`${x.id}-${x.rev}`}>
        <input type="hidden" name="programmeId" value={programmeId} />
        <input type="hidden" name="id" value={x.id} />
        <input type="hidden" name="rev" value={x.rev} />
        {x.target === null ? null : (
          <NumberInput
            id={`value-${x.id}`}
            name="value"
            label={m.national_plan_value()}
            whole
            defaultValue={x.value ?? ""}
            {...(x.unit ? { unit: pick(x.unit) } : {})}
          />
        )}
        <DateInput
          id={`done-${x.id}`}
          name="doneOn"
          label={m.national_plan_done_on()}
          optional
          defaultValue={x.doneOn ?? ""}
        />
        <TextArea
          id={`note-${x.id}`}
          name="note"
          label={m.national_plan_note()}
          optional
          rows={2}
          maxLength={2000}
          defaultValue={x.note}
        />
        <div className="ui-form-acts">
          <SubmitButton size="s" name="intent" value="record">
            {m.national_plan_save()}
          </SubmitButton>
        </div>
      </PostForm>
    </details>
  );
}

/** One task: its departments, its milestones, and where the office records how far they are. */
export function Task({
  task,
  plan,
  words,
  records,
}: {
  task: TaskView;
  plan: ActionPlanView;
  words: Words;
  records: boolean;
}) {
  return (
    <Section
      id={`task-${task.no}`}
      title={pick(task.title)}
      note={`${m.national_plan_departments()} ${task.departments.map((d) => pick(d)).join(" · ")}`}
    >
      <div className="ui-scroll" role="region" tabIndex={0} aria-label={pick(task.title)}>
        <table className="ui-table">
          <thead>
            <tr>
              <th scope="col">{m.national_plan_milestone()}</th>
              <th scope="col" className="w-28">
                {m.national_plan_due()}
              </th>
              <th scope="col" className="w-32">
                {m.national_plan_status()}
              </th>
              <th scope="col" className="ui-num w-24">
                {m.national_plan_target()}
              </th>
              <th scope="col" className="w-28">
                {m.national_plan_done_on()}
              </th>
              <th scope="col" className="w-[32%]">
                {m.national_plan_note()}
              </th>
            </tr>
          </thead>
          <tbody>
            {task.milestones.map((x) => (
              <tr key={x.id} id={x.id}>
                <th scope="row">
                  {pick(x.title)}
                  {records ? <Record milestone={x} programmeId={plan.programmeId} /> : null}
                </th>
                <td className="whitespace-nowrap tabular-nums">{x.dueOn}</td>
                <td className="whitespace-nowrap">
                  <StatusMark status={shapes[x.status]}>{words[x.status]}</StatusMark>
                  {x.status === "late" ? (
                    <div className="text-12">{m.national_days_over({ days: x.daysLate })}</div>
                  ) : null}
                </td>
                <td className="ui-num whitespace-nowrap">
                  <Reached milestone={x} />
                </td>
                <td className="whitespace-nowrap tabular-nums">{x.doneOn ?? <None />}</td>
                <td>{x.note || <None />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
