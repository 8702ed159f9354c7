import { getFormProps, useForm } from "@conform-to/react";
import { Link } from "@remix-run/react";
import { formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { ActButton } from "#app/ui/act.tsx";
import { SubmitButton } from "#app/ui/button.tsx";
import { selectProps, textProps } from "#app/ui/conform.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { NumberInput, Select, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import { choicesOf, type Page, type PartProps } from "./part-props.ts";

type Indicator = Page["indicators"][number];
type Fields = Record<"name" | "unit" | "dimension" | "direction" | "baseline" | "target" | "low" | "high", string>;
const figure = (milli: number | null): string => (milli === null ? "" : String(milli / 1000));

function IndicatorForm({
  page,
  indicator,
  result,
}: {
  page: Page;
  indicator: Indicator | null;
  result: PartProps["result"];
}) {
  const intent = indicator ? "updateIndicator" : "addIndicator";
  const nature = page.natures.find((n) => n.id === indicator?.id);
  const own = indicator && !page.units.some((u) => u.value === indicator.unit) ? indicator.unit : null;
  const [form, fields] = useForm<Fields>({
    id: `indicator-${indicator?.id ?? "new"}`,
    lastResult: result && !result.ok && result.intent === intent ? result.lastResult : null,
    defaultValue: {
      name: indicator?.name ?? "",
      unit: indicator?.unit ?? "%",
      dimension: indicator?.dimension ?? "identity",
      direction: indicator?.direction ?? "up",
      baseline: figure(indicator?.baselineMilli ?? null),
      target: figure(indicator?.targetMilli ?? null),
      low: figure(nature?.lowMilli ?? null),
      high: figure(nature?.highMilli ?? null),
    },
  });
  const directions = [
    { value: "up", label: m.plan_direction_up() },
    { value: "down", label: m.plan_direction_down() },
  ];
  return (
    <PostForm {...getFormProps(form)} className="ui-filter" preventScrollReset>
      {indicator ? <input type="hidden" name="indicatorId" value={indicator.id} /> : null}
      <TextInput label={m.plan_indicator()} maxLength={200} {...textProps(fields.name)} />
      <Select
        label={m.plan_unit()}
        choices={own === null ? page.units : [{ value: own, label: own }, ...page.units]}
        {...selectProps(fields.unit)}
      />
      <Select label={m.plan_dimension()} choices={choicesOf(page.words.dimension)} {...selectProps(fields.dimension)} />
      <Select label={m.plan_direction()} choices={directions} {...selectProps(fields.direction)} />
      <NumberInput label={m.plan_baseline()} {...textProps(fields.baseline)} />
      <NumberInput label={m.plan_target()} {...textProps(fields.target)} />
      <NumberInput label={m.plan_least()} optional {...textProps(fields.low)} />
      <NumberInput label={m.plan_greatest()} optional {...textProps(fields.high)} />
      <SubmitButton name="intent" value={intent}>
        {indicator ? m.plan_save() : m.plan_indicator_add()}
      </SubmitButton>
    </PostForm>
  );
}

const deleteColumn = (): Column<Indicator> => ({
  key: "acts",
  head: m.plan_acts(),
  hideHead: true,
  text: () => "",
  cell: (i) => (
    <ActButton
      size="s"
      act={{
        key: "delete",
        label: m.plan_delete(),
        kind: "danger",
        post: { intent: "deleteIndicator", indicatorId: i.id },
        confirm: { title: m.plan_delete_indicator({ code: i.code }), confirmLabel: m.plan_delete() },
      }}
    />
  ),
});

function columns({ page }: PartProps): Column<Indicator>[] {
  const value = (milli: number | null) =>
    milli === null ? <StatusMark status="late">{m.plan_missing()}</StatusMark> : formatNumber(milli / 1000);
  return [
    {
      key: "code",
      head: m.plan_col_code(),
      short: true,
      text: (i) => i.code,
      cell: (i) =>
        page.editable ? (
          <Link to={`?indicator=${i.id}#indicators`} preventScrollReset>
            {i.code}
          </Link>
        ) : (
          i.code
        ),
    },
    { key: "name", head: m.plan_indicator(), rowHead: true, cell: (i) => i.name },
    { key: "dimension", head: m.plan_dimension(), cell: (i) => page.words.dimension[i.dimension] ?? i.dimension },
    {
      key: "direction",
      head: m.plan_direction(),
      cell: (i) => (i.direction === "up" ? m.plan_direction_up() : m.plan_direction_down()),
    },
    {
      key: "unit",
      head: m.plan_unit(),
      text: (i) => i.unit,
      cell: (i) =>
        page.natures.some((n) => n.id === i.id && !n.settled) ? (
          <StatusMark status="due">{m.plan_unsettled({ unit: i.unit })}</StatusMark>
        ) : (
          i.unit
        ),
    },
    {
      key: "baseline",
      head: m.plan_baseline(),
      numeric: true,
      text: (i) => figure(i.baselineMilli),
      cell: (i) => value(i.baselineMilli),
    },
    {
      key: "target",
      head: m.plan_target(),
      numeric: true,
      text: (i) => figure(i.targetMilli),
      cell: (i) => value(i.targetMilli),
    },
    ...(page.editable ? [deleteColumn()] : []),
  ];
}

/** What the pilots are measured by: where it stands, and where it is to go. */
export function Indicators(props: PartProps) {
  const { page, open, result } = props;
  return (
    <Section
      id="indicators"
      title={m.plan_indicators()}
      acts={
        page.editable ? (
          <Link to="?indicator=new#indicators" preventScrollReset>
            {m.plan_indicator_add()}
          </Link>
        ) : null
      }
    >
      {page.editable && open.indicator === "new" ? (
        <IndicatorForm page={page} indicator={null} result={result} />
      ) : null}
      <DataTable
        plain
        prefix="i_"
        caption={m.plan_indicators()}
        columns={columns(props)}
        rows={page.indicators}
        rowKey={(i) => i.id}
        empty={m.plan_indicators_none()}
        current={open.indicator ?? null}
        extra={(i) =>
          page.editable && i.id === open.indicator ? (
            <IndicatorForm key={i.id} page={page} indicator={i} result={result} />
          ) : null
        }
      />
    </Section>
  );
}
