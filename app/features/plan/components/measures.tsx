import { getFormProps, useForm } from "@conform-to/react";
import { Link } from "@remix-run/react";
import { m } from "#app/i18n/paraglide/messages.js";
import { ActButton } from "#app/ui/act.tsx";
import { SubmitButton } from "#app/ui/button.tsx";
import { selectProps, textProps } from "#app/ui/conform.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, Select, TextInput } from "#app/ui/inputs.tsx";
import { Badge, RiskLevel, StatusMark, riskStep } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import { choicesOf, type Page, type PartProps } from "./part-props.ts";

type Risk = Page["risks"][number];
type Measure = Risk["measures"][number];

type Fields = Record<
  | "title"
  | "dimension"
  | "object"
  | "lifecycle"
  | "mechanism"
  | "budgetLineId"
  | "startsOn"
  | "endsOn"
  | "owner"
  | "threatCut"
  | "vulnerabilityCut",
  string
>;

/** The four tags of a measure, any of which may still be open. */
function TagFields({ page, fields }: { page: Page; fields: ReturnType<typeof useForm<Fields>>[1] }) {
  return (
    <div className="ui-filter">
      <Select
        label={m.plan_dimension()}
        choices={choicesOf(page.words.dimension)}
        empty={m.plan_open()}
        {...selectProps(fields.dimension)}
      />
      <Select
        label={m.plan_object()}
        choices={choicesOf(page.words.object)}
        empty={m.plan_open()}
        {...selectProps(fields.object)}
      />
      <Select
        label={m.plan_lifecycle()}
        choices={choicesOf(page.words.lifecycle)}
        empty={m.plan_open()}
        {...selectProps(fields.lifecycle)}
      />
      <Select
        label={m.plan_mechanism()}
        choices={choicesOf(page.words.mechanism)}
        empty={m.plan_open()}
        {...selectProps(fields.mechanism)}
      />
    </div>
  );
}

/** The text fields of a measure; a new one begins with the tags of its risk. */
function MeasureForm({
  page,
  risk,
  measure,
  result,
}: {
  page: Page;
  risk: Risk;
  measure: Measure | null;
  result: PartProps["result"];
}) {
  const intent = measure ? "updateMeasure" : "addMeasure";
  const from = measure ?? {
    title: "",
    dimension: risk.dimension,
    object: risk.object,
    lifecycle: risk.lifecycle,
    mechanism: risk.mechanism,
    budgetLineId: null,
    startsOn: null,
    endsOn: null,
    owner: risk.owner,
    threatCut: 0,
    vulnerabilityCut: 1,
  };
  const [form, fields] = useForm<Fields>({
    id: measure ? `measure-form-${measure.id}-${measure.rev}` : `measure-new-${risk.id}`,
    lastResult: result && !result.ok && result.intent === intent ? result.lastResult : null,
    defaultValue: {
      ...from,
      dimension: from.dimension ?? "",
      object: from.object ?? "",
      lifecycle: from.lifecycle ?? "",
      mechanism: from.mechanism ?? "",
      budgetLineId: from.budgetLineId ?? "",
      startsOn: from.startsOn ?? "",
      endsOn: from.endsOn ?? "",
      threatCut: String(from.threatCut),
      vulnerabilityCut: String(from.vulnerabilityCut),
    },
  });
  const lines = page.budgets.find((b) => b.siteId === risk.siteId)?.lines ?? [];
  const cuts = [0, 1, 2, 3, 4].map((n) => ({ value: String(n), label: String(n) }));
  return (
    <PostForm {...getFormProps(form)} className="ui-stack" preventScrollReset>
      {measure ? (
        <>
          <input type="hidden" name="measureId" value={measure.id} />
          <input type="hidden" name="rev" value={measure.rev} />
        </>
      ) : (
        <input type="hidden" name="riskId" value={risk.id} />
      )}
      <TextInput label={m.plan_measure_title()} maxLength={300} {...textProps(fields.title)} />
      <TagFields page={page} fields={fields} />
      <div className="ui-filter">
        <DateInput label={m.plan_starts()} {...textProps(fields.startsOn)} />
        <DateInput label={m.plan_ends()} {...textProps(fields.endsOn)} />
        <TextInput label={m.risk_owner()} maxLength={100} {...textProps(fields.owner)} />
        <Select
          label={m.plan_budget_line()}
          choices={lines.map((l) => ({ value: l.id, label: l.title }))}
          empty={m.plan_open()}
          {...selectProps(fields.budgetLineId)}
        />
      </div>
      <div className="ui-filter">
        <Select label={m.plan_threat_cut()} choices={cuts} {...selectProps(fields.threatCut)} />
        <Select label={m.plan_vulnerability_cut()} choices={cuts} {...selectProps(fields.vulnerabilityCut)} />
        <SubmitButton name="intent" value={intent}>
          {measure ? m.plan_save() : m.plan_measure_add()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}

function Done({ measure, today }: { measure: Measure; today: string }) {
  return (
    <PostForm className="ui-filter" preventScrollReset>
      <input type="hidden" name="measureId" value={measure.id} />
      <DateInput name="doneOn" label={m.plan_done_on()} hideLabel defaultValue={measure.doneOn ?? today} />
      <SubmitButton name="intent" value="done" size="s">
        {m.plan_report_done()}
      </SubmitButton>
    </PostForm>
  );
}

const deleteColumn = (): Column<Measure> => ({
  key: "acts",
  head: m.plan_acts(),
  hideHead: true,
  text: () => "",
  cell: (x) => (
    <ActButton
      size="s"
      act={{
        key: "delete",
        label: m.plan_delete(),
        kind: "danger",
        post: { intent: "deleteMeasure", measureId: x.id, rev: x.rev },
        confirm: { title: m.plan_delete_measure({ code: x.code }), confirmLabel: m.plan_delete() },
      }}
    />
  ),
});

/** Not for the national office, which sees the plan as approved: an empty cell would say that a measure is not in place. */
const doneColumn = (page: Page): Column<Measure> => ({
  key: "done",
  head: m.plan_done(),
  text: (x) => x.doneOn ?? "",
  cell: (x) =>
    x.doneOn ? (
      <StatusMark status="done">{x.doneOn}</StatusMark>
    ) : page.level === "site" ? (
      <Done measure={x} today={page.today} />
    ) : null,
});

function columns({ page }: PartProps): Column<Measure>[] {
  const { words } = page;
  const lacks = (value: string | null, list: Record<string, string>) =>
    value ? (
      <span className="inline-block first-letter:uppercase">{list[value] ?? value}</span>
    ) : (
      <StatusMark status="late">{m.plan_missing()}</StatusMark>
    );
  return [
    {
      key: "code",
      head: m.plan_col_code(),
      rowHead: true,
      text: (x) => x.code,
      cell: (x) =>
        page.editable ? (
          <Link
            to={`?edit=${x.id}#measure-${x.id}`}
            preventScrollReset
            id={`measure-${x.id}`}
            className="whitespace-nowrap"
          >
            {x.code}
          </Link>
        ) : (
          <span id={`measure-${x.id}`} className="whitespace-nowrap">
            {x.code}
          </span>
        ),
    },
    { key: "title", head: m.plan_measure_title(), cell: (x) => x.title },
    {
      key: "dimension",
      head: m.plan_dimension(),
      text: (x) => x.dimension ?? "",
      cell: (x) => lacks(x.dimension, words.dimension),
    },
    {
      key: "lifecycle",
      head: m.plan_lifecycle(),
      text: (x) => x.lifecycle ?? "",
      cell: (x) => lacks(x.lifecycle, words.lifecycle),
    },
    {
      key: "dates",
      head: m.plan_dates(),
      text: (x) => `${x.startsOn ?? ""} ${x.endsOn ?? ""}`,
      cell: (x) =>
        x.startsOn && x.endsOn ? (
          <span className="flex flex-col whitespace-nowrap">
            <span>{x.startsOn}</span>
            <span>{x.endsOn}</span>
          </span>
        ) : null,
    },
    { key: "owner", head: m.risk_owner(), short: true, cell: (x) => x.owner || null },
    {
      key: "budget",
      head: m.plan_budget_line(),
      text: (x) => x.budgetTitle,
      cell: (x) => x.budgetTitle || <StatusMark status="late">{m.plan_missing()}</StatusMark>,
    },
    ...(page.level === "national" ? [] : [doneColumn(page)]),
    ...(page.editable ? [deleteColumn()] : []),
  ];
}

/** Measures under the risk they answer. */
export function Measures(props: PartProps) {
  const { page, open, result } = props;
  return (
    <Section
      id="measures"
      title={m.plan_measures()}
      note={
        page.level === "site"
          ? m.plan_measures_note_site()
          : page.level === "national"
            ? m.plan_measures_note_national()
            : m.plan_measures_note()
      }
    >
      {page.risks.length === 0 ? <p className="ui-hint">{m.plan_no_risks()}</p> : null}
      {page.risks.map((r) => (
        <Section
          key={r.id}
          id={`risk-${r.id}`}
          level={3}
          title={`${r.code} ${r.vulnerability}`}
          note={`${r.threat} · ${r.siteName}`}
          acts={
            <>
              <RiskLevel level={riskStep(r.level)} />
              {r.residualLevel === null ? null : (
                <>
                  <span className="ui-hint">{m.plan_becomes()}</span>
                  <RiskLevel level={riskStep(r.residualLevel)} />
                </>
              )}
              {page.editable ? (
                <Link to={`?for=${r.id}#risk-${r.id}`} preventScrollReset>
                  {m.plan_measure_add()}
                </Link>
              ) : null}
            </>
          }
        >
          {r.measures.length === 0 && open.for !== r.id ? (
            <StatusMark status="late">{m.plan_no_measure()}</StatusMark>
          ) : null}
          {r.measures.length === 0 ? null : (
            <DataTable
              plain
              prefix={`m${r.code}_`}
              caption={`${m.plan_measures()} ${r.code}`}
              columns={columns(props)}
              rows={r.measures}
              rowKey={(x) => x.id}
              empty={m.plan_no_measure()}
              current={open.edit ?? null}
              extra={(x) =>
                page.editable && x.id === open.edit ? (
                  <MeasureForm key={`${x.id}${x.rev}`} page={page} risk={r} measure={x} result={result} />
                ) : null
              }
            />
          )}
          {page.editable && open.for === r.id ? (
            <MeasureForm page={page} risk={r} measure={null} result={result} />
          ) : null}
        </Section>
      ))}
      {page.strayMeasures > 0 ? <Badge>{m.plan_stray({ count: page.strayMeasures })}</Badge> : null}
    </Section>
  );
}
