import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { Figure, Gantt, ShareBar, Slope } from "../kit/figure.tsx";
import { Callout, Section } from "../kit/prose.tsx";
import { DataTable } from "../kit/table.tsx";
import type {
  Dimension,
  LifecycleStage,
  PdfLocale,
  PilotPlanData,
  PlanIndicator,
  PlanMeasure,
  PlanRisk,
  PlanSite,
  PlanTask,
} from "../types.ts";
import { batchName, dayNumber, dimensionName, money, percent, stageName, type Captions } from "./captions.ts";
import { levelCell } from "./risk-tables.tsx";

const DIMENSIONS: readonly Dimension[] = ["supervision", "identity", "network", "privacy"];
const STAGES: readonly LifecycleStage[] = ["design", "acceptance", "operation"];

export function sites(rows: readonly PlanSite[], captions: Captions, locale: PdfLocale): ReactElement {
  return (
    <DataTable
      caption={captions.table(m.pdf_plan_sites({}, { locale }))}
      columns={[
        { head: m.pdf_col_site({}, { locale }), share: 25 },
        { head: m.pdf_col_system({}, { locale }), share: 25 },
        { head: m.pdf_col_grade({}, { locale }), share: 11, align: "center" },
        { head: m.pdf_col_batch({}, { locale }), share: 12, align: "center" },
        { head: m.pdf_col_reason({}, { locale }), share: 27 },
      ]}
      rows={rows.map((row) => [row.name, row.system, row.grade, batchName(row.batch, locale), row.reason])}
    />
  );
}

export function highRisks(risks: readonly PlanRisk[], captions: Captions, locale: PdfLocale): ReactElement {
  return (
    <DataTable
      caption={captions.table(m.pdf_plan_high_risks({}, { locale }))}
      columns={[
        { head: m.pdf_col_code({}, { locale }), share: 13 },
        { head: m.pdf_col_name({}, { locale }), share: 57 },
        { head: m.pdf_col_level({}, { locale }), share: 15, align: "center" },
        { head: m.pdf_col_measures_count({}, { locale }), share: 15, align: "right" },
      ]}
      rows={risks.map((risk) => [risk.code, risk.name, levelCell(risk.level, locale), String(risk.measures.length)])}
    />
  );
}

export function indicators(rows: readonly PlanIndicator[], captions: Captions, locale: PdfLocale): ReactElement {
  return (
    <>
      <DataTable
        caption={captions.table(m.pdf_plan_indicators({}, { locale }))}
        columns={[
          { head: m.pdf_col_indicator({}, { locale }), share: 33 },
          { head: m.pdf_col_unit({}, { locale }), share: 12, align: "center" },
          { head: m.pdf_col_baseline({}, { locale }), share: 12, align: "right" },
          { head: m.pdf_col_target({}, { locale }), share: 12, align: "right" },
          { head: m.pdf_col_method({}, { locale }), share: 31 },
        ]}
        rows={rows.map((row) => [
          row.name,
          row.unit,
          String(row.baseline),
          { text: String(row.target), strong: true },
          row.method,
        ])}
      />
      <Figure caption={captions.figure(m.pdf_plan_slope({}, { locale }))}>
        <Slope
          rows={rows.slice(0, 8).map((row) => ({
            label: row.name,
            from: row.baseline,
            to: row.target,
            fromText: String(row.baseline),
            toText: String(row.target),
          }))}
          fromTitle={m.pdf_col_baseline({}, { locale })}
          toTitle={m.pdf_col_target({}, { locale })}
        />
      </Figure>
    </>
  );
}

function measureRows(rows: readonly PlanMeasure[], caption: string, locale: PdfLocale): ReactElement {
  return (
    <DataTable
      caption={caption}
      columns={[
        { head: m.pdf_col_code({}, { locale }), share: 10 },
        { head: m.pdf_col_measure({}, { locale }), share: 30 },
        { head: m.pdf_col_dimension({}, { locale }), share: 18 },
        { head: m.pdf_col_stage({}, { locale }), share: 12 },
        { head: m.pdf_col_period({}, { locale }), share: 16 },
        { head: m.pdf_col_budget({}, { locale }), unit: m.pdf_unit_wan({}, { locale }), share: 14, align: "right" },
      ]}
      rows={rows.map((row) => [
        row.code,
        row.name,
        dimensionName(row.dimension, locale),
        stageName(row.stage, locale),
        `${row.start} – ${row.end}`,
        money(row.budget),
      ])}
    />
  );
}

/** Coverage first, then each high risk with its measures. */
export function measures(risks: readonly PlanRisk[], no: string, captions: Captions, locale: PdfLocale): ReactElement {
  const all = risks.flatMap((risk) => risk.measures);
  const count = (dimension: Dimension, stage: LifecycleStage): string => {
    const found = all.filter((measure) => measure.dimension === dimension && measure.stage === stage).length;
    return found > 0 ? String(found) : "–";
  };
  return (
    <>
      <DataTable
        caption={captions.table(m.pdf_plan_matrix({}, { locale }))}
        columns={[
          { head: m.pdf_col_dimension({}, { locale }), share: 46 },
          ...STAGES.map((stage) => ({ head: stageName(stage, locale), share: 18, align: "right" as const })),
        ]}
        rows={DIMENSIONS.map((dimension) => [
          dimensionName(dimension, locale),
          ...STAGES.map((stage) => count(dimension, stage)),
        ])}
      />
      {risks.map((risk, i) => (
        <Section
          key={risk.code}
          id={`measures-${risk.code}`}
          no={`${no}.${i + 1}`}
          title={m.pdf_plan_measures_of({ code: risk.code, name: risk.name }, { locale })}
        >
          {measureRows(risk.measures, captions.table(`${m.pdf_plan_measures({}, { locale })} ${risk.code}`), locale)}
        </Section>
      ))}
    </>
  );
}

export function schedule(tasks: readonly PlanTask[], captions: Captions, locale: PdfLocale): ReactElement {
  const rows = tasks.map((task) => ({
    label: task.name,
    start: dayNumber(task.start),
    end: dayNumber(task.end),
    tone: task.batch === 1 || task.milestone ? ("accent" as const) : ("plain" as const),
    ...(task.milestone ? { milestone: true } : {}),
  }));
  return (
    <>
      <Figure caption={captions.figure(m.pdf_plan_gantt({}, { locale }))}>
        <Gantt rows={rows} />
      </Figure>
      <DataTable
        caption={captions.table(m.pdf_plan_gantt({}, { locale }))}
        columns={[
          { head: m.pdf_col_name({}, { locale }), share: 50 },
          { head: m.pdf_col_batch({}, { locale }), share: 18, align: "center" },
          { head: m.pdf_col_period({}, { locale }), share: 32 },
        ]}
        rows={tasks.map((task) => [
          task.name,
          task.batch ? batchName(task.batch, locale) : "–",
          task.milestone ? task.start : `${task.start} – ${task.end}`,
        ])}
      />
    </>
  );
}

export function budget(data: PilotPlanData, captions: Captions, locale: PdfLocale): ReactElement {
  const total = data.budget.reduce((sum, line) => sum + line.total, 0);
  const security = data.budget.reduce((sum, line) => sum + line.security, 0);
  const share = total > 0 ? security / total : 0;
  const unit = m.pdf_unit_wan({}, { locale });
  const part = (line: { total: number; security: number }): string =>
    line.total > 0 ? percent(line.security / line.total) : "–";
  return (
    <>
      <DataTable
        caption={captions.table(m.pdf_plan_budget_table({}, { locale }))}
        columns={[
          { head: m.pdf_col_item({}, { locale }), share: 43 },
          { head: m.pdf_col_budget({}, { locale }), unit, share: 20, align: "right" },
          { head: m.pdf_col_security({}, { locale }), unit, share: 20, align: "right" },
          { head: m.pdf_col_share({}, { locale }), share: 17, align: "right" },
        ]}
        rows={[
          ...data.budget.map((line) => [line.item, money(line.total), money(line.security), part(line)]),
          [
            { text: m.pdf_plan_total({}, { locale }), strong: true },
            { text: money(total), strong: true },
            { text: money(security), strong: true },
            { text: percent(share), strong: true },
          ],
        ]}
      />
      <Figure caption={captions.figure(m.pdf_plan_share({}, { locale }))}>
        <ShareBar
          share={share}
          threshold={data.securityThreshold}
          shareText={m.pdf_plan_share_text({ share: percent(share) }, { locale })}
          thresholdText={m.pdf_plan_threshold_text({ share: percent(data.securityThreshold) }, { locale })}
        />
      </Figure>
      {data.shortfallReason && share < data.securityThreshold ? (
        <Callout label={m.pdf_plan_shortfall({}, { locale })}>{data.shortfallReason}</Callout>
      ) : null}
    </>
  );
}
