import type { ReactElement } from "react";
import { m } from "#app/i18n/paraglide/messages.js";
import { joinList } from "#app/i18n/pick.ts";
import { Bars, Figure } from "../kit/figure.tsx";
import { DataTable, type Cell } from "../kit/table.tsx";
import type { AssetRow, Level, MeasureRow, PdfLocale, ThreatRow, VulnerabilityRow } from "../types.ts";
import { levelName, type Captions } from "./captions.ts";

const LEVELS: readonly Level[] = [5, 4, 3, 2, 1];

/** A level as a word on its colour. */
export function levelCell(level: Level, locale: PdfLocale): Cell {
  return { text: levelName(level, locale), level };
}

export function assetTable(rows: readonly AssetRow[], caption: string, locale: PdfLocale): ReactElement {
  return (
    <DataTable
      caption={caption}
      columns={[
        { head: m.pdf_col_code({}, { locale }), share: 9 },
        { head: m.pdf_col_name({}, { locale }), share: 27 },
        { head: m.pdf_col_kind({}, { locale }), share: 15 },
        { head: m.pdf_col_owner({}, { locale }), share: 15 },
        { head: m.pdf_col_confidentiality({}, { locale }), share: 8.5, align: "center" },
        { head: m.pdf_col_integrity({}, { locale }), share: 8.5, align: "center" },
        { head: m.pdf_col_availability({}, { locale }), share: 8.5, align: "center" },
        { head: m.pdf_col_value({}, { locale }), share: 10, align: "center" },
      ]}
      rows={rows.map((row) => [
        row.code,
        row.name,
        row.kind,
        row.owner,
        String(row.confidentiality),
        String(row.integrity),
        String(row.availability),
        { text: String(row.value), level: row.value },
      ])}
    />
  );
}

export function assetsByValue(rows: readonly AssetRow[], captions: Captions, locale: PdfLocale): ReactElement {
  const bars = LEVELS.map((level) => {
    const count = rows.filter((row) => row.value === level).length;
    return { label: `${level} ${levelName(level, locale)}`, value: count, text: String(count), level };
  });
  return (
    <Figure caption={captions.figure(m.pdf_assets_summary({}, { locale }))}>
      <Bars bars={bars} labelWidth={80} />
    </Figure>
  );
}

export function threatTable(rows: readonly ThreatRow[], caption: string, locale: PdfLocale): ReactElement {
  return (
    <DataTable
      caption={caption}
      columns={[
        { head: m.pdf_col_code({}, { locale }), share: 9 },
        { head: m.pdf_col_threat({}, { locale }), share: 21 },
        { head: m.pdf_col_source({}, { locale }), share: 15 },
        { head: m.pdf_col_description({}, { locale }), share: 43 },
        { head: m.pdf_col_frequency({}, { locale }), share: 12, align: "center" },
      ]}
      rows={rows.map((row) => [row.code, row.name, row.source, row.description, levelCell(row.frequency, locale)])}
    />
  );
}

export function vulnerabilityTable(
  rows: readonly VulnerabilityRow[],
  caption: string,
  locale: PdfLocale,
): ReactElement {
  return (
    <DataTable
      caption={caption}
      columns={[
        { head: m.pdf_col_code({}, { locale }), share: 9 },
        { head: m.pdf_col_vulnerability({}, { locale }), share: 23 },
        { head: m.pdf_col_asset({}, { locale }), share: 18 },
        { head: m.pdf_col_description({}, { locale }), share: 38 },
        { head: m.pdf_col_severity({}, { locale }), share: 12, align: "center" },
      ]}
      rows={rows.map((row) => [row.code, row.name, row.asset, row.description, levelCell(row.severity, locale)])}
    />
  );
}

export function measureTable(rows: readonly MeasureRow[], caption: string, locale: PdfLocale): ReactElement {
  return (
    <DataTable
      caption={caption}
      columns={[
        { head: m.pdf_col_code({}, { locale }), share: 9 },
        { head: m.pdf_col_measure({}, { locale }), share: 36 },
        { head: m.pdf_col_risks({}, { locale }), share: 18 },
        { head: m.pdf_col_owner({}, { locale }), share: 14 },
        { head: m.pdf_col_due({}, { locale }), share: 12 },
        { head: m.pdf_col_residual({}, { locale }), share: 11, align: "center" },
      ]}
      rows={rows.map((row) => [
        row.code,
        row.name,
        joinList(row.risks, locale),
        row.owner,
        row.due,
        levelCell(row.residual, locale),
      ])}
    />
  );
}
