import { useForm } from "@conform-to/react";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import type { ActionResult } from "#app/request/page.server.ts";
import { typed, typedText } from "#app/request/refused.ts";
import type { pilotView } from "../pilot.view.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pickField } from "#app/i18n/pick.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { NumberInput, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, Section } from "#app/ui/page.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { farApartCenti } from "../scoring.rules.ts";
import { stageIs } from "#workflows/pilot/stages.ts";

type Selection = NonNullable<Jsonify<Awaited<ReturnType<typeof pilotView>>>["selection"]>;
const points = (centi: number | null): string => (centi === null ? "" : (centi / 100).toFixed(2));

/** Errors of a failed act, by field of its form. */
const errorsOf = (result: ActionResult | undefined, intent: string): Record<string, string[] | null> =>
  typed(result, intent).errors;
export const fieldOf = (result: ActionResult | undefined, intent: string, name: string, fallback = "") => ({
  name,
  defaultValue: typedText(result, intent, name) ?? fallback,
  errors: errorsOf(result, intent)[name] ?? undefined,
});

function Recuse({ reason = "" }: { reason?: string }) {
  return (
    <ConfirmDialog
      label={m.pilots_recuse()}
      title={m.pilots_recuse_title()}
      confirmLabel={m.pilots_recuse()}
      fields={{ intent: "recuse" }}
      body={
        <>
          <p>{m.pilots_recuse_text()}</p>
          <TextArea
            name="reason"
            label={m.pilots_recuse_reason()}
            required
            rows={3}
            maxLength={1000}
            defaultValue={reason}
          />
        </>
      }
    />
  );
}

type OwnSheet = Pick<Selection, "sheet" | "rubric" | "mustRecuse" | "seat" | "mayRecuse">;
/** The caller's own sheet while scoring is open; for who must not judge, the reason and the way out instead. */
export function Sheet({ selection, result }: { selection: OwnSheet; result: ActionResult | undefined }) {
  const { sheet, rubric, mustRecuse, seat, mayRecuse } = selection;
  const [form] = useForm({ ...failureOf(result, "score"), id: "score" });
  if (sheet?.recused) return <p>{m.pilots_pair({ a: m.pilots_recused(), b: sheet.recusalReason })}</p>;
  if (mustRecuse)
    return (
      <Notice tone="late" title={m.pilots_must_recuse()} act={<Recuse reason={mustRecuse} />}>
        {mustRecuse}
      </Notice>
    );
  if (seat === null) return <p>{m.error_panel_not_member()}</p>;
  if (!seat.declared) return <p>{m.error_panel_undeclared()}</p>;
  if (sheet && sheet.totalCenti !== null)
    return (
      <>
        <KeyValue
          items={[
            ...rubric.map((c) => ({ key: pickField(c, "title"), value: sheet.points?.[c.code] ?? null })),
            { key: m.pilots_total(), value: points(sheet.totalCenti) },
            { key: m.pilots_comment(), value: sheet.comment },
          ]}
        />
        {mayRecuse ? (
          <div className="mt-3">
            <Recuse />
          </div>
        ) : null}
      </>
    );
  return (
    <>
      <PostForm id={form.id} className="ui-form mt-4" noValidate>
        {rubric.map((c) => (
          <NumberInput
            key={c.code}
            whole
            label={pickField(c, "title")}
            hint={m.pilots_weight({ n: c.weight })}
            unit={m.pilots_points()}
            {...fieldOf(result, "score", `points.${c.code}`, String(sheet?.points?.[c.code] ?? ""))}
          />
        ))}
        <TextArea
          label={m.pilots_comment()}
          optional
          rows={2}
          maxLength={2000}
          {...fieldOf(result, "score", "comment", sheet?.comment ?? "")}
        />
        <div className="ui-form-acts">
          <SubmitButton name="intent" value="score" kind="plain">
            {m.pilots_submit_score()}
          </SubmitButton>
        </div>
      </PostForm>
      <div className="mt-3">
        <Recuse />
      </div>
    </>
  );
}

/** Who scored, and what: figures once all are in. */
export function Scoring({
  selection,
  stage,
  result,
}: {
  selection: Selection;
  stage: string;
  result: ActionResult | undefined;
}) {
  const { scoring } = selection;
  if (stageIs(stage, "unscored")) return null;
  return (
    <Section title={m.pilots_scoring()} note={m.pilots_scoring_blind()}>
      <DataTable
        plain
        caption={m.pilots_scoring()}
        rows={scoring.sheets.map((s, i) => ({ ...s, key: String(i) }))}
        rowKey={(r) => r.key}
        empty={m.pilots_no_sheets()}
        columns={[
          { key: "who", head: m.pilots_scorer(), rowHead: true, cell: (r) => r.scorerName },
          {
            key: "state",
            head: m.pilots_state(),
            cell: (r) =>
              r.recused ? (
                <StatusMark status="off">{m.pilots_recused()}</StatusMark>
              ) : r.released ? (
                <StatusMark status="off">{m.pilots_released()}</StatusMark>
              ) : r.handedIn ? (
                <StatusMark status="done">{m.pilots_handed_in()}</StatusMark>
              ) : (
                <StatusMark status="waiting">{m.pilots_pending()}</StatusMark>
              ),
          },
          {
            key: "total",
            head: m.pilots_total(),
            numeric: true,
            cell: (r) => (r.totalCenti !== null ? points(r.totalCenti) : r.handedIn ? m.pilots_hidden_until() : ""),
          },
          {
            key: "comment",
            head: m.pilots_comment(),
            cell: (r) => (r.outlier ? `${m.pilots_outlier()} · ${r.comment}` : r.comment),
          },
        ]}
      />
      {scoring.meanCenti === null ? null : <p>{m.pilots_mean({ mean: points(scoring.meanCenti) })}</p>}
      {scoring.open && scoring.reasons.length > 0 ? (
        <ul className="ui-list">
          {scoring.reasons.map((r) => (
            <li key={r}>{r}</li>
          ))}
        </ul>
      ) : null}
      {scoring.reconciliation !== "" ? (
        <p>{m.pilots_pair({ a: m.pilots_reconcile(), b: scoring.reconciliation })}</p>
      ) : null}
      {selection.ranks && stage === "scoring" && scoring.unreconciled ? <Reconcile result={result} /> : null}
      {stage === "scoring" ? (
        <Section level={3} title={m.pilots_my_sheet()} note={m.pilots_score_final_note()}>
          <Sheet selection={selection} result={result} />
        </Section>
      ) : null}
    </Section>
  );
}

/** Marks that lie far apart want a word from the lead before scoring can finish. */
const Reconcile = ({ result }: { result: ActionResult | undefined }) => (
  <Section level={3} title={m.pilots_reconcile()} note={m.pilots_reconcile_text({ points: farApartCenti / 100 })}>
    <PostForm className="ui-form" noValidate>
      <TextArea
        label={m.pilots_reconcile()}
        rows={3}
        maxLength={2000}
        {...fieldOf(result, "reconcile", "reconciliation")}
      />
      <div className="ui-form-acts">
        <SubmitButton name="intent" value="reconcile">
          {m.pilots_reconcile_save()}
        </SubmitButton>
      </div>
    </PostForm>
  </Section>
);

/** Objections of the public notice. */
export function Objections({
  selection,
  stage,
  result,
}: {
  selection: Selection;
  stage: string;
  result: ActionResult | undefined;
}) {
  if (stage !== "publicNotice" && selection.objections.length === 0) return null;
  return (
    <Section title={m.pilots_objections()}>
      <DataTable
        plain
        caption={m.pilots_objections()}
        rows={selection.objections}
        rowKey={(r) => r.id}
        empty={m.pilots_no_objection()}
        columns={[
          { key: "by", head: m.pilots_raised_by(), cell: (r) => r.raisedBy },
          { key: "text", head: m.pilots_objection_text(), rowHead: true, cell: (r) => r.text },
          {
            key: "state",
            head: m.pilots_state(),
            cell: (r) =>
              r.settledAt ? (
                <>
                  <StatusMark status="done">{m.pilots_settled_on({ day: formatDate(r.settledAt) })}</StatusMark>
                  <p>{r.settlement}</p>
                </>
              ) : (
                <ConfirmDialog
                  size="s"
                  label={m.pilots_settle()}
                  title={m.pilots_settle()}
                  confirmLabel={m.pilots_settle()}
                  fields={{ intent: "settle", objectionId: r.id }}
                  body={<TextArea name="settlement" label={m.pilots_settlement()} required rows={4} maxLength={4000} />}
                />
              ),
          },
        ]}
      />
      {stage === "publicNotice" ? (
        <PostForm className="ui-form mt-4" noValidate>
          <TextInput label={m.pilots_raised_by()} maxLength={200} {...fieldOf(result, "object", "raisedBy")} />
          <TextArea
            label={m.pilots_objection_text()}
            rows={3}
            maxLength={4000}
            {...fieldOf(result, "object", "text")}
          />
          <div className="ui-form-acts">
            <SubmitButton name="intent" value="object">
              {m.pilots_raise()}
            </SubmitButton>
          </div>
        </PostForm>
      ) : null}
    </Section>
  );
}
