import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { Bars, Figure, HeatMap } from "../kit/figure.tsx";
import { DataTable } from "../kit/table.tsx";
import type { Level, PdfLocale, RiskReportData, RiskRow } from "../types.ts";
import { levelName, type Captions } from "./captions.ts";
import { levelCell } from "./risk-tables.tsx";

const UP: readonly Level[] = [1, 2, 3, 4, 5];

export function heatMap(
  { risks, matrix }: Pick<RiskReportData, "risks" | "matrix">,
  captions: Captions,
  locale: PdfLocale,
): ReactElement {
  const counts = UP.map((loss) =>
    UP.map((likelihood) => risks.filter((risk) => risk.loss === loss && risk.likelihood === likelihood).length),
  );
  // A register made by another method shows the level its own risks have; the matrix fills the cells that hold none.
  const levels = UP.map((loss, i) =>
    UP.map(
      (likelihood, k) =>
        risks.find((risk) => risk.loss === loss && risk.likelihood === likelihood)?.level ?? matrix[i]?.[k] ?? 5,
    ),
  );
  return (
    <Figure caption={captions.figure(m.pdf_heatmap({}, { locale }))}>
      <HeatMap
        counts={counts}
        levels={levels}
        rowTitle={m.pdf_col_loss({}, { locale })}
        columnTitle={m.pdf_col_likelihood({}, { locale })}
        levelNames={UP.map((level) => levelName(level, locale))}
      />
    </Figure>
  );
}

export function distribution(risks: readonly RiskRow[], captions: Captions, locale: PdfLocale): ReactElement {
  const bars = [...UP].reverse().map((level) => {
    const count = risks.filter((risk) => risk.level === level).length;
    const share = risks.length > 0 ? ` (${((100 * count) / risks.length).toFixed(1)}%)` : "";
    return { label: `${level} ${levelName(level, locale)}`, value: count, text: `${count}${share}`, level };
  });
  return (
    <Figure caption={captions.figure(m.pdf_distribution({}, { locale }))}>
      <Bars bars={bars} labelWidth={80} />
    </Figure>
  );
}

export function riskRegister(risks: readonly RiskRow[], captions: Captions, locale: PdfLocale): ReactElement {
  return (
    <DataTable
      caption={captions.table(m.pdf_register({}, { locale }))}
      note={m.pdf_register_note({}, { locale })}
      columns={[
        { head: m.pdf_col_code({}, { locale }), share: 9.5 },
        { head: m.pdf_col_asset({}, { locale }), share: 15.5 },
        { head: m.pdf_col_threat({}, { locale }), share: 14.5 },
        { head: m.pdf_col_vulnerability({}, { locale }), share: 19 },
        { head: m.pdf_col_atv({}, { locale }), share: 8.5, align: "center" },
        { head: m.pdf_col_likelihood({}, { locale }), share: locale === "zh-CN" ? 8.5 : 11.5, align: "center" },
        { head: m.pdf_col_loss({}, { locale }), share: 7, align: "center" },
        { head: m.pdf_col_score({}, { locale }), share: 8.5, align: "right" },
        { head: m.pdf_col_level({}, { locale }), share: 11, align: "center" },
      ]}
      rows={risks.map((risk) => [
        risk.code,
        risk.asset,
        risk.threat,
        risk.vulnerability,
        `${risk.assetValue}/${risk.threatFrequency}/${risk.severity}`,
        String(risk.likelihood),
        String(risk.loss),
        Number.isInteger(risk.score) ? String(risk.score) : risk.score.toFixed(2),
        levelCell(risk.level, locale),
      ])}
    />
  );
}

interface Ranked {
  readonly name: string;
  readonly count: number;
  readonly highest: RiskRow;
}

/** Vulnerabilities by the highest score they lead to, then by the number of risks, then by name. */
function rankVulnerabilities(risks: readonly RiskRow[]): Ranked[] {
  const groups = new Map<string, RiskRow[]>();
  for (const risk of risks) groups.set(risk.vulnerability, [...(groups.get(risk.vulnerability) ?? []), risk]);
  const ranked: Ranked[] = [];
  for (const [name, rows] of groups) {
    const highest = rows.reduce((best, row) => (row.score > best.score ? row : best));
    ranked.push({ name, count: rows.length, highest });
  }
  return ranked.sort((a, b) => b.highest.score - a.highest.score || b.count - a.count || (a.name < b.name ? -1 : 1));
}

export function ranking(risks: readonly RiskRow[], captions: Captions, locale: PdfLocale): ReactElement {
  return (
    <DataTable
      caption={captions.table(m.pdf_ranking({}, { locale }))}
      columns={[
        { head: m.pdf_col_rank({}, { locale }), share: 9, align: "right" },
        { head: m.pdf_col_vulnerability({}, { locale }), share: 52 },
        { head: m.pdf_col_count({}, { locale }), share: 12, align: "right" },
        { head: m.pdf_col_score({}, { locale }), share: 12, align: "right" },
        { head: m.pdf_col_highest({}, { locale }), share: 15, align: "center" },
      ]}
      rows={rankVulnerabilities(risks).map((row, i) => [
        String(i + 1),
        row.name,
        String(row.count),
        String(row.highest.score),
        levelCell(row.highest.level, locale),
      ])}
    />
  );
}
