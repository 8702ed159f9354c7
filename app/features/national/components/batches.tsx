import type { ActionResult } from "#app/request/page.server.ts";
import { typed, typedText } from "#app/request/refused.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, Select, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import type { NationalView } from "../national.view.server.ts";
import { ReasonedNumber } from "./reasoned-number.tsx";

const shapes = { none: "draft", planned: "draft", ahead: "waiting", open: "running", closed: "done" } as const;
type Batch = NationalView["batches"][number];

interface WindowProps {
  batch: Batch;
  view: NationalView;
  result: ActionResult | undefined;
}
/** A later last day, for a window that is open or was closed; what was typed and refused stands in it again. */
function Extend({ batch, view, result }: WindowProps) {
  const mine = typedText(result, "extendBatch", "no") === String(batch.no) ? result : undefined;
  const { errors } = typed(mine, "extendBatch");
  const field = (name: "closesOn" | "reason") => ({
    id: `extend-${name}-${batch.no}`,
    name,
    defaultValue: typedText(mine, "extendBatch", name) ?? "",
    errors: errors[name],
  });
  return (
    <details className="mt-2" open={Object.keys(errors).length > 0}>
      <summary>{m.national_extend()}</summary>
      <PostForm className="mt-2 flex flex-wrap items-end gap-3">
        <input type="hidden" name="programmeId" value={view.programmeId} />
        <input type="hidden" name="no" value={batch.no} />
        <DateInput {...field("closesOn")} label={m.national_closes_on()} required />
        <TextInput {...field("reason")} label={m.national_extend_reason()} maxLength={2000} required />
        <SubmitButton name="intent" value="extendBatch">
          {m.national_extend()}
        </SubmitButton>
      </PostForm>
    </details>
  );
}

function Window({ batch, view, result }: WindowProps) {
  const fields = { programmeId: view.programmeId, no: batch.no };
  return (
    <Section level={3} title={batch.label} note={m.national_quota_sum({ ...batch.totals })}>
      <div className="flex flex-wrap items-center gap-3">
        <StatusMark status={shapes[batch.standing]}>{batch.word}</StatusMark>
        {batch.planned ? (
          <span className="tabular-nums">{m.national_window({ from: batch.opensOn, to: batch.closesOn })}</span>
        ) : null}
        {view.mayDirect && batch.status === "planned" ? (
          <ConfirmDialog
            size="s"
            label={m.national_open_batch()}
            title={m.national_open_batch_title()}
            seals={view.today < batch.opensOn ? [m.national_open_batch_ahead({ day: batch.opensOn })] : []}
            fields={{ intent: "batchStatus", ...fields, status: "open" }}
          />
        ) : null}
        {view.mayDirect && batch.status === "open" ? (
          <ConfirmDialog
            size="s"
            label={m.national_close_batch()}
            title={m.national_close_batch_title()}
            fields={{ intent: "batchStatus", ...fields, status: "closed" }}
          />
        ) : null}
      </div>
      {batch.extensionReason ? (
        <p className="ui-hint">{m.national_extended({ reason: batch.extensionReason })}</p>
      ) : null}
      {view.mayDirect && (batch.status === "open" || batch.status === "closed") ? (
        <Extend batch={batch} view={view} result={result} />
      ) : null}
      {view.mayDirect && (batch.status === "planned" || batch.status === "none") ? (
        <PostForm className="mt-2 flex flex-wrap items-end gap-3">
          <input type="hidden" name="programmeId" value={view.programmeId} />
          <input type="hidden" name="no" value={batch.no} />
          <DateInput
            id={`opens-${batch.no}`}
            name="opensOn"
            label={m.national_opens_on()}
            required
            defaultValue={batch.opensOn}
          />
          <DateInput
            id={`closes-${batch.no}`}
            name="closesOn"
            label={m.national_closes_on()}
            required
            defaultValue={batch.closesOn}
          />
          <SubmitButton name="intent" value="planBatch">
            {m.national_plan_batch()}
          </SubmitButton>
        </PostForm>
      ) : null}
    </Section>
  );
}

function Quotas({ view }: { view: NationalView }) {
  return (
    <div className="ui-scroll" role="region" tabIndex={0} aria-label={m.national_quota()}>
      <table className="ui-table">
        <caption className="ui-sr">{m.national_quota()}</caption>
        <thead>
          <tr>
            <th scope="col">{m.national_sector()}</th>
            {view.batches.flatMap((b) => [
              <th key={`${b.no}q`} scope="col" className="ui-num">{`${b.label} · ${m.national_quota()}`}</th>,
              <th key={`${b.no}s`} scope="col" className="ui-num">
                {m.national_selected()}
              </th>,
              <th key={`${b.no}n`} scope="col">
                {m.national_quota_note()}
              </th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {view.quotas.map((row) => (
            <tr key={row.sectorId}>
              <th scope="row" className="min-w-24">
                {row.name}
              </th>
              {row.batches.flatMap((q, i) => [
                <td key={`${i}q`} className="ui-num">
                  {q ? q.quota : <None />}
                </td>,
                <td key={`${i}s`} className="ui-num">
                  {q ? (
                    q.over ? (
                      <StatusMark status="late">{`${q.selected} ${m.national_quota_over()}`}</StatusMark>
                    ) : (
                      q.selected
                    )
                  ) : (
                    <None />
                  )}
                </td>,
                <td key={`${i}n`} className="min-w-32">
                  {q?.note || <None />}
                </td>,
              ])}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Windows of the two batches and the places of each sector; the director changes them. */
export function Batches({ view, result }: { view: NationalView; result: ActionResult | undefined }) {
  const { errors } = typed(result, "quota");
  const again = (name: string) => ({
    defaultValue: typedText(result, "quota", name) ?? "",
    errors: errors[name],
  });
  return (
    <Section title={m.national_batches()} id="batches">
      <div className="grid gap-6 md:grid-cols-2">
        {view.batches.map((b) => (
          // a cell of its own: no rule between neighbours that stand side by side
          <div key={b.no}>
            <Window batch={b} view={view} result={result} />
          </div>
        ))}
      </div>
      <Quotas view={view} />
      {view.mayDirect ? (
        <ReasonedNumber
          intent="quota"
          result={result}
          hidden={{ programmeId: view.programmeId }}
          summary={m.national_set_quota()}
          save={m.national_quota_save()}
          number={{ name: "quota", label: m.national_quota() }}
          reason={{ name: "note", label: m.national_quota_note() }}
        >
          <Select
            id="quota-batch"
            name="batchNo"
            label={m.national_batch()}
            choices={view.batches.map((b) => ({ value: String(b.no), label: b.label }))}
            {...again("batchNo")}
          />
          <Select
            id="quota-sector"
            name="sectorId"
            label={m.national_sector()}
            choices={view.quotas.map((q) => ({ value: q.sectorId, label: q.name }))}
            {...again("sectorId")}
          />
        </ReasonedNumber>
      ) : null}
    </Section>
  );
}
