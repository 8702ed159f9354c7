import { pick } from "#app/i18n/pick.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, NumberInput, TextArea } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import type { ActionResult } from "#app/request/page.server.ts";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import type { ActionPlanView, MilestoneView, TaskView } from "../action-plan.server.ts";
import { typed, typedText } from "#app/request/refused.ts";

const shapes = {
  done: "done",
  doneLate: "done",
  claimed: "waiting",
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

interface Recording {
  milestone: MilestoneView;
  programmeId: string;
  result: ActionResult | undefined;
}
/** What the office says of a milestone; what was typed and refused stands in it again. */
function Record({ milestone: x, programmeId, result }: Recording) {
  const mine = typedText(result, "record", "id") === x.id ? result : undefined;
  const { errors } = typed(mine, "record");
  const field = (name: "value" | "doneOn" | "proof" | "note", kept: string | number | null) => ({
    id: `${name}-${x.id}`,
    name,
    defaultValue: typedText(mine, "record", name) ?? kept ?? "",
    errors: errors[name],
  });
  return (
    <details open={Object.keys(errors).length > 0}>
      <summary>{m.national_plan_record()}</summary>
      <PostForm className="ui-form mt-2" key={`${x.id}-${x.rev}`}>
        <input type="hidden" name="programmeId" value={programmeId} />
        <input type="hidden" name="id" value={x.id} />
        <input type="hidden" name="rev" value={x.rev} />
        {x.target === null ? null : (
          <NumberInput
            {...field("value", x.value)}
            label={m.national_plan_value()}
            whole
            {...(x.unit ? { unit: pick(x.unit) } : {})}
          />
        )}
        <DateInput {...field("doneOn", x.doneOn ?? x.claimedOn)} label={m.national_plan_done_on()} optional />
        <TextArea
          {...field("proof", x.proof)}
          label={m.national_plan_proof()}
          hint={m.national_plan_proof_hint()}
          optional
          rows={2}
          maxLength={2000}
        />
        <TextArea {...field("note", x.note)} label={m.national_plan_note()} optional rows={2} maxLength={2000} />
        <div className="ui-form-acts">
          <SubmitButton size="s" name="intent" value="record">
            {m.national_plan_save()}
          </SubmitButton>
        </div>
      </PostForm>
    </details>
  );
}

/** The director's word on what the office recorded as reached. */
function Decide({ milestone: x, programmeId }: Omit<Recording, "result">) {
  const fields = { programmeId, id: x.id, rev: x.rev };
  return (
    <div className="ui-acts mt-2">
      <ConfirmDialog
        size="s"
        label={m.national_plan_accept()}
        title={m.national_plan_accept_title({ id: x.id })}
        body={<p>{m.national_plan_accept_text({ day: x.claimedOn ?? "", proof: x.proof })}</p>}
        confirmLabel={m.national_plan_accept()}
        fields={{ intent: "accept", ...fields }}
      />
      <ConfirmDialog
        size="s"
        label={m.national_plan_refuse()}
        title={m.national_plan_refuse_title({ id: x.id })}
        body={
          <TextArea
            id={`refuse-${x.id}`}
            name="reason"
            label={m.national_plan_refuse_reason()}
            required
            rows={3}
            maxLength={2000}
          />
        }
        confirmLabel={m.national_plan_refuse()}
        fields={{ intent: "refuse", ...fields }}
      />
    </div>
  );
}

/** What shows that it was reached, who accepted it, and why it was not. */
function Proof({ milestone: x }: { milestone: MilestoneView }) {
  return (
    <>
      {x.proof ? <div>{x.proof}</div> : null}
      {x.acceptedByName ? (
        <div className="ui-hint">{m.national_plan_accepted_by({ name: x.acceptedByName })}</div>
      ) : null}
      {x.refusal ? (
        <StatusMark status="returned">{m.national_plan_refused_because({ reason: x.refusal })}</StatusMark>
      ) : null}
      {x.note ? <div className={x.proof ? "ui-hint" : ""}>{x.note}</div> : null}
      {x.proof || x.note || x.refusal ? null : <None />}
    </>
  );
}

/** One task: its departments, its milestones, and where the office records how far they are. */
export function Task({
  task,
  plan,
  words,
  records,
  accepts,
  result,
}: {
  task: TaskView;
  plan: ActionPlanView;
  words: Words;
  records: boolean;
  accepts: boolean;
  result: ActionResult | undefined;
}) {
  return (
    <Section
      id={`task-${task.no}`}
      title={pick(task.title)}
      note={`${m.national_plan_departments()} ${task.departments.map((d) => pick(d)).join(" · ")}`}
    >
      <div className="ui-scroll" role="region" tabIndex={0} aria-label={pick(task.title)}>
        <table className="ui-table ui-table-rows">
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
                {m.national_plan_proof_note()}
              </th>
            </tr>
          </thead>
          <tbody>
            {task.milestones.map((x) => (
              <tr key={x.id} id={x.id}>
                <th scope="row">
                  {pick(x.title)}
                  {records ? <Record milestone={x} programmeId={plan.programmeId} result={result} /> : null}
                  {accepts && x.claimedOn ? <Decide milestone={x} programmeId={plan.programmeId} /> : null}
                </th>
                <td className="whitespace-nowrap tabular-nums" data-label={m.national_plan_due()}>
                  {x.dueOn}
                </td>
                <td className="whitespace-nowrap" data-label={m.national_plan_status()}>
                  <StatusMark status={shapes[x.status]}>{words[x.status]}</StatusMark>
                  {x.status === "late" ? (
                    <div className="text-12">{m.national_days_over({ days: x.daysLate })}</div>
                  ) : null}
                </td>
                <td className="ui-num whitespace-nowrap" data-label={m.national_plan_target()}>
                  <Reached milestone={x} />
                </td>
                <td className="whitespace-nowrap tabular-nums" data-label={m.national_plan_done_on()}>
                  {x.doneOn ?? x.claimedOn ?? <None />}
                </td>
                <td data-label={m.national_plan_proof_note()}>
                  <div>
                    <Proof milestone={x} />
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
