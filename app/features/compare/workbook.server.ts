import type { CellValue } from "hucre/xlsx";
import { sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { reasonText, wordText } from "#app/domain/reason-text.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { type Sheet, workbook } from "#app/platform/workbook.server.ts";
import { byCode } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import type { Dimension } from "#db/vocabulary.ts";
import type { ComparisonFilter } from "./compare.schema.ts";
import { knownWord } from "./compare.view.server.ts";
import { chosenPilots, type Comparison, type Known } from "./comparison.server.ts";
import type { NationalComparison } from "./national-comparison.server.ts";
import type { Replaceable } from "./replaceable.server.ts";

const units = (milli: number | null | undefined): number | null =>
  milli === null || milli === undefined ? null : Math.round(milli) / 1000;

/** Every pilot of a comparison with its effects: the rows behind the marks, without the marks' limit. */
async function pilotRows(
  tx: Tx,
  actor: Actor,
  { projectId, filter }: { projectId: string; filter: ComparisonFilter },
  locale: Locale,
): Promise<CellValue[][]> {
  type Row = {
    code: string;
    name: string;
    batch: number;
    grade: number;
    size: string;
    stage: string;
    dimension: Dimension;
    before: string;
    after: string | null;
    promised: string | null;
    known: Known;
  };
  const rows = await tx.execute<Row>(sql`
    select p.code, p.name, p.batch_no as batch, p.grade, s.size, p.stage, e.dimension, e.before_milli::text as before, coalesce(e.verified_milli, e.after_milli)::text as after, e.promised_milli::text as promised,
      case when e.verified_milli is not null then 'verified' when e.after_milli is not null then 'reported' else 'promised' end as known
    from pilot_effects e join pilots p on p.tenant_id = e.tenant_id and p.id = e.pilot_id join sites s on s.tenant_id = p.tenant_id and s.id = p.site_id
    where e.tenant_id = ${actor.tenantId} and e.project_id = ${projectId} and ${chosenPilots(filter)} order by ${byCode(sql`p.code`)}, e.dimension limit 100000`);
  return [...(rows as Iterable<Row>)].map((r) => [
    r.code,
    r.name,
    r.batch,
    r.grade,
    translate(`compare_size_${r.size}`, {}, locale),
    translate(`wf_pilot_state_${r.stage}`, {}, locale),
    wordText("dimension", r.dimension, locale),
    units(Number(r.before)),
    r.after === null ? null : units(Number(r.after)),
    r.after === null ? null : units(Number(r.after) - Number(r.before)),
    knownWord(r.known, locale),
    r.promised === null ? null : units(Number(r.promised) - Number(r.before)),
  ]);
}

/** The change of each dimension, with its finding. */
function dimensionSheet({ panels }: Comparison, locale: Locale): Sheet {
  const o = { locale };
  return {
    name: m.compare_sheet_dimensions({}, o),
    columns: [
      { head: m.compare_dimension({}, o), width: 14 },
      { head: m.compare_n({}, o), width: 8 },
      { head: m.compare_sites({}, o), width: 8 },
      { head: m.compare_before({}, o), width: 12 },
      { head: m.compare_after({}, o), width: 12 },
      { head: m.compare_change({}, o), width: 12 },
      { head: m.compare_median_change({}, o), width: 12 },
      { head: m.compare_low({}, o), width: 12 },
      { head: m.compare_high({}, o), width: 12 },
      { head: m.compare_known_reported({}, o), width: 10 },
      { head: m.compare_known_verified({}, o), width: 10 },
      { head: m.compare_known_promised({}, o), width: 10 },
      { head: m.compare_promised({}, o), width: 12 },
      { head: m.compare_finding({}, o), width: 70 },
    ],
    rows: panels.map((p) => [
      wordText("dimension", p.dimension, locale),
      p.effect.n,
      p.effect.sites,
      units(p.beforeMilli),
      units(p.afterMilli),
      units(p.effect.change?.mean),
      units(p.medianMilli),
      units(p.effect.change?.low),
      units(p.effect.change?.high),
      p.known.reported,
      p.known.verified,
      p.known.promised,
      units(p.promisedMilli),
      reasonText(p.sentence, locale),
    ]),
  };
}

/** Indicators against their targets. */
function indicatorSheet({ indicators, filter }: Comparison, locale: Locale): Sheet {
  const o = { locale };
  return {
    name: m.compare_sheet_indicators({}, o),
    columns: [
      { head: m.compare_code({}, o), width: 10 },
      { head: m.compare_indicator({}, o), width: 40 },
      { head: m.compare_unit({}, o) },
      { head: m.compare_dimension({}, o) },
      { head: m.compare_n({}, o) },
      { head: m.compare_baseline({}, o) },
      { head: m.compare_target({}, o) },
      { head: m.compare_mean({}, o) },
      { head: m.compare_median({}, o) },
      { head: m.compare_reached({}, o) },
      ...(filter.awaiting ? [{ head: m.compare_awaiting_n({}, o) }] : []),
      { head: m.compare_change({}, o) },
      { head: m.compare_low({}, o) },
      { head: m.compare_high({}, o) },
    ],
    rows: indicators.map((i) => [
      i.code,
      i.name,
      i.unit,
      wordText("dimension", i.dimension, locale),
      i.effect.n,
      units(i.baselineMilli),
      units(i.targetMilli),
      units(i.meanMilli),
      units(i.medianMilli),
      i.reached,
      ...(filter.awaiting ? [i.awaiting] : []),
      units(i.effect.change?.mean),
      units(i.effect.change?.low),
      units(i.effect.change?.high),
    ]),
  };
}

/** The two batches, like with like. */
function batchSheet({ panels }: Comparison, locale: Locale): Sheet {
  const o = { locale };
  return {
    name: m.compare_sheet_batches({}, o),
    columns: [
      { head: m.compare_dimension({}, o) },
      { head: m.compare_grade({}, o) },
      { head: m.compare_size({}, o) },
      { head: m.compare_n_one({}, o) },
      { head: m.compare_n_two({}, o) },
      { head: m.compare_mean_one({}, o) },
      { head: m.compare_mean_two({}, o) },
      { head: m.compare_difference({}, o) },
    ],
    rows: panels.flatMap((p) =>
      p.batches.strata.map((s) => [
        wordText("dimension", p.dimension, locale),
        s.tags.grade ?? null,
        s.tags.size ? translate(`compare_size_${s.tags.size}`, {}, locale) : null,
        s.nA,
        s.nB,
        units(s.meanA),
        units(s.meanB),
        units(s.difference),
      ]),
    ),
  };
}

/** What only its supplier can replace. */
function replaceableSheet({ bound }: Replaceable, locale: Locale): Sheet {
  const o = { locale };
  return {
    name: m.compare_sheet_replaceable({}, o),
    columns: [
      { head: m.compare_supplier({}, o), width: 30 },
      { head: m.compare_asset({}, o), width: 30 },
      { head: m.compare_object({}, o), width: 14 },
      { head: m.compare_code({}, o), width: 12 },
      { head: m.compare_pilot({}, o), width: 36 },
    ],
    rows: bound.map((a) => [a.supplier, a.name, wordText("object", a.object, locale), a.pilotCode, a.systemName]),
  };
}

/** The pilots behind the marks. */
function pilotSheet(rows: CellValue[][], locale: Locale): Sheet {
  const o = { locale };
  return {
    name: m.compare_sheet_pilots({}, o),
    columns: [
      { head: m.compare_code({}, o), width: 10 },
      { head: m.compare_pilot({}, o), width: 36 },
      { head: m.compare_batch({}, o) },
      { head: m.compare_grade({}, o) },
      { head: m.compare_size({}, o) },
      { head: m.compare_stage({}, o) },
      { head: m.compare_dimension({}, o) },
      { head: m.compare_before({}, o) },
      { head: m.compare_after({}, o) },
      { head: m.compare_change({}, o) },
      { head: m.compare_known({}, o) },
      { head: m.compare_promised({}, o) },
    ],
    rows,
  };
}

/** What the workbook is called, in its properties and at the foot of each page: whether figures await review stands in it. */
const comparisonTitle = (filter: ComparisonFilter, locale: Locale): string => {
  const title = m.compare_title({}, { locale });
  return filter.awaiting ? `${title} · ${m.compare_awaiting({}, { locale })}` : title;
};

/** The comparison of a sector to take along: findings, indicators, strata, pilots. */
export async function comparisonWorkbook(
  tx: Tx,
  actor: Actor,
  projectId: string,
  data: Comparison,
  way: Replaceable,
  locale: Locale,
): Promise<Uint8Array> {
  return workbook({
    title: comparisonTitle(data.filter, locale),
    sheets: [
      dimensionSheet(data, locale),
      indicatorSheet(data, locale),
      batchSheet(data, locale),
      replaceableSheet(way, locale),
      pilotSheet(await pilotRows(tx, actor, { projectId, filter: data.filter }, locale), locale),
    ],
  });
}

/** Sectors side by side to take along; what is suppressed stays so. */
export async function nationalWorkbook(data: NationalComparison, locale: Locale): Promise<Uint8Array> {
  const o = { locale };
  const unnamed = new Set(data.sectors.filter((s) => s.unnamed).map((s) => s.sectorId));
  const name = (id: string) => {
    const s = data.sectors.find((x) => x.sectorId === id);
    return s ? (locale === "en" ? s.en : s.zh) : "";
  };
  return workbook({
    title: m.compare_title({}, o),
    sheets: [
      {
        name: m.compare_sheet_sectors({}, o),
        columns: [
          { head: m.compare_sector({}, o), width: 16 },
          { head: m.compare_dimension({}, o), width: 14 },
          { head: m.compare_n({}, o), width: 8 },
          { head: m.compare_before({}, o), width: 12 },
          { head: m.compare_after({}, o), width: 12 },
          { head: m.compare_change({}, o), width: 12 },
          { head: m.compare_low({}, o), width: 12 },
          { head: m.compare_high({}, o), width: 12 },
          { head: m.compare_finding({}, o), width: 70 },
        ],
        rows: data.panels.flatMap((p) =>
          [
            ...p.cells.flatMap((c) => [
              { who: name(c.sectorId), cell: c, unnamed: unnamed.has(c.sectorId) },
              ...(c.both ? [{ who: m.compare_both_batches({ name: name(c.sectorId) }, o), cell: c.both }] : []),
            ]),
            { who: m.compare_all_sectors({}, o), cell: p.total },
            { who: m.compare_both_batches({ name: m.compare_all_sectors({}, o) }, o), cell: p.everything },
          ].map(({ who, cell: c, unnamed: unjudged = false }) => [
            who,
            wordText("dimension", p.dimension, locale),
            c.effect?.n ?? null,
            units(c.beforeMilli),
            units(c.afterMilli),
            units(c.effect?.change?.mean),
            units(c.effect?.change?.low),
            units(c.effect?.change?.high),
            !c.suppressed
              ? reasonText(c.sentence, locale)
              : unjudged
                ? m.compare_unnamed({}, o)
                : m.compare_suppressed({ k: data.k }, o),
          ]),
        ),
      },
    ],
  });
}
