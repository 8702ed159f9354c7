import { m } from "#app/i18n/paraglide/messages.js";
import { joinList } from "#app/i18n/pick.ts";
import { DisabledAct } from "#app/ui/act.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DateInput } from "#app/ui/inputs.tsx";
import type { EditingView } from "../editing.view.server.ts";

function Days({ view }: { view: EditingView }) {
  const { from, to } = view.consultation;
  return (
    <>
      <DateInput id="consult-from" name="from" label={m.specification_consult_from()} required defaultValue={from} />
      <DateInput id="consult-to" name="to" label={m.specification_consult_to()} required defaultValue={to} />
      <p className="ui-hint">{m.specification_consult_least({ days: view.facts.consultationMinDays })}</p>
    </>
  );
}

/** What is not in it yet: nobody is surprised by it afterwards, for the text is closed until the last day. */
function Missing({ view }: { view: EditingView }) {
  const { empty, withoutEnglish } = view.consultation;
  const list = [
    ...(empty.length > 0 ? [m.specification_consult_empty({ chapters: joinList(empty) })] : []),
    ...(withoutEnglish.length > 0
      ? [
          m.specification_consult_no_english({
            count: withoutEnglish.length,
            clauses: joinList(withoutEnglish.slice(0, 12)),
          }),
        ]
      : []),
    ...view.gaps.map((g) => g.text),
  ];
  if (list.length === 0) return <p>{m.specification_consult_complete()}</p>;
  return (
    <>
      <p>{m.specification_consult_missing()}</p>
      <ul className="ui-list">
        {list.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </>
  );
}

/** The way out for comments: the editor proposes the days, the director sees what becomes public and opens it. */
export function Consultation({ view }: { view: EditingView }) {
  if (view.state !== "drafting") return null;
  const open = view.acts.find((a) => a.type === "OPEN_CONSULTATION");
  if (!open)
    return (
      <ConfirmDialog
        label={m.specification_consult_propose()}
        title={m.specification_consult_propose()}
        confirmLabel={m.specification_consult_propose_save()}
        fields={{ intent: "proposeConsultation" }}
        body={
          <>
            <p>{m.specification_consult_propose_text()}</p>
            <Missing view={view} />
            <Days view={view} />
          </>
        }
      />
    );
  const dated = new Set([
    "reason_specification_no_consultation_window",
    "reason_specification_consultation_past",
    "reason_specification_consultation_short",
  ]);
  const closed = open.reasons.filter((r) => !dated.has(r.code));
  return closed.length > 0 ? (
    <DisabledAct kind="main" reasons={closed.map((r) => r.text)}>
      {m.specification_open_consultation()}
    </DisabledAct>
  ) : (
    <ConfirmDialog
      kind="main"
      label={m.specification_open_consultation()}
      title={m.specification_consult_open_title()}
      fields={{ intent: "openConsultation", expectedVersion: view.version }}
      seals={[
        `${view.number} ${view.title}`,
        m.specification_consult_public({ count: view.facts.clauseCount }),
        m.specification_consult_closed_text(),
      ]}
      body={
        <>
          <Missing view={view} />
          <Days view={view} />
        </>
      }
    />
  );
}
