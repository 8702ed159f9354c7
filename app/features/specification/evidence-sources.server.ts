import { and, eq, inArray, isNotNull, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { type Effect, effectOf, oneDecimal } from "#app/features/effect/effects.rules.ts";
import type { Actor } from "#app/request/actor.ts";
import { type Dimension, HIGH_LEVEL, type Tags } from "#app/domain/vocabulary.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { inCodeOrder } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { indicators, indicatorValues, lessons, measures, pilotEffects, pilots, risks } from "#db/schema/index.ts";
import { stagesWhere } from "#workflows/index.ts";
import { controlOf } from "#seeds/catalogue/load.server.ts";
import { cellKey, tagsOfCell } from "./evidence.rules.ts";
import { bothSides } from "./sides.ts";
import type { DraftEvidence } from "./specification.schema.ts";

/* What a sector's clauses can rest on: sums over its pilots and systems, each with whom it speaks of, by ids alone. */

/** A thing a clause can rest on, with what it is about. No site is named: the sealed draft is read outside the sector. */
export interface Source extends DraftEvidence {
  /** `kind:ref`, as a form posts it. */
  id: string;
  dimension: Dimension | null;
  controlCode: string | null;
  /** The four tags of the measures that an effect is told of. */
  cell: string | null;
}
const source = (
  e: DraftEvidence,
  dimension: Dimension | null,
  { controlCode = null, cell = null }: { controlCode?: string | null; cell?: string | null } = {},
): Source => ({ ...e, id: `${e.kind}:${e.ref}`, dimension, controlCode, cell });

/** What the product says of figures it says in both languages: the sealed draft is read in either. */
const said = (words: (locale: Locale) => string): string => bothSides(words("zh-CN"), words("en"));
const dimensionWord = (d: Dimension, locale: Locale) => translate(`rule_word_dimension_${d}`, {}, locale);

/** Everything the sector's course gives as evidence: effects by batch and dimension, lessons, weak controls, indicators. */
export async function evidenceSources(tx: Tx, actor: Actor, projectId: string): Promise<Source[]> {
  const of = (t: { tenantId: PgColumn; projectId: PgColumn }) =>
    and(eq(t.tenantId, actor.tenantId), eq(t.projectId, projectId));
  const [pilotRows, effects, measureRows, lessonRows, riskRows, indicatorRows, values] = await Promise.all([
    tx
      .select({ id: pilots.id, siteId: pilots.siteId, batchNo: pilots.batchNo, systemId: pilots.systemId })
      .from(pilots)
      .where(of(pilots)),
    knownEffects(tx, of),
    measuresInPlace(tx, of),
    tx
      .select()
      .from(lessons)
      .where(of(lessons))
      .orderBy(...inCodeOrder(lessons.code)),
    tx
      .select({
        controlCode: risks.controlCode,
        catalogueVersion: risks.catalogueVersion,
        siteId: risks.siteId,
        systemId: risks.systemId,
        level: risks.level,
        dimension: risks.dimension,
        updatedAt: risks.updatedAt,
      })
      .from(risks)
      .where(and(of(risks), eq(risks.status, "confirmed"), isNotNull(risks.controlCode))),
    tx.select().from(indicators).where(of(indicators)),
    tx
      .select({
        indicatorId: indicatorValues.indicatorId,
        pilotId: indicatorValues.pilotId,
        period: indicatorValues.period,
        valueMilli: indicatorValues.valueMilli,
      })
      .from(indicatorValues)
      .where(of(indicatorValues)),
  ]);
  return [
    ...effectSources(pilotRows, effects, measureRows),
    ...lessonSources(lessonRows),
    ...riskSources(pilotRows, riskRows),
    ...indicatorSources(pilotRows, indicatorRows, values),
  ];
}

interface KnownEffect {
  pilotId: string;
  siteId: string;
  dimension: Dimension;
  beforeMilli: number;
  afterMilli: number;
  verified: boolean;
  updatedAt: Date;
}
/** Effects that were reported or verified, of pilots that came to operation: what a plan promises is no evidence. */
async function knownEffects(
  tx: Tx,
  of: (t: { tenantId: PgColumn; projectId: PgColumn }) => SQL | undefined,
): Promise<KnownEffect[]> {
  const rows = await tx
    .select({ effect: pilotEffects })
    .from(pilotEffects)
    .innerJoin(pilots, and(eq(pilots.tenantId, pilotEffects.tenantId), eq(pilots.id, pilotEffects.pilotId)))
    .where(and(of(pilotEffects), inArray(pilots.stage, stagesWhere("effective"))));
  return rows.flatMap(({ effect: { afterMilli, verifiedMilli, ...e } }) => {
    const after = verifiedMilli ?? afterMilli;
    return after === null ? [] : [{ ...e, afterMilli: after, verified: verifiedMilli !== null }];
  });
}

/** Tags that measures in place bear, by system: their own, and those of the control whose risk they treat. */
async function measuresInPlace(
  tx: Tx,
  of: (t: { tenantId: PgColumn; projectId: PgColumn }) => SQL | undefined,
): Promise<Map<string, Set<string>>> {
  const rows = await tx
    .select({
      systemId: risks.systemId,
      controlCode: risks.controlCode,
      version: risks.catalogueVersion,
      dimension: measures.dimension,
      object: measures.object,
      lifecycle: measures.lifecycle,
      mechanism: measures.mechanism,
    })
    .from(measures)
    .innerJoin(risks, and(eq(risks.tenantId, measures.tenantId), eq(risks.id, measures.riskId)))
    .where(and(of(measures), isNotNull(measures.doneOn)));
  const bySystem = new Map<string, Set<string>>();
  for (const { systemId, controlCode, version, dimension, object, lifecycle, mechanism } of rows) {
    const cells = bySystem.get(systemId) ?? new Set<string>();
    if (dimension && object && lifecycle && mechanism) cells.add(cellKey({ dimension, object, lifecycle, mechanism }));
    const control = controlCode ? controlOf(controlCode, version) : undefined;
    if (control) cells.add(cellKey(control));
    bySystem.set(systemId, cells);
  }
  return bySystem;
}

type PilotRow = { id: string; siteId: string; batchNo: number; systemId: string };
const batchWord = (no: number, locale: Locale) => translate(`rule_word_batch_${no}`, {}, locale);

/** The tags as a reader says them. */
function cellWords(tags: Tags, locale: Locale): string {
  const word = (list: "object" | "lifecycle" | "mechanism") => translate(`rule_word_${list}_${tags[list]}`, {}, locale);
  const [object, lifecycle, mechanism] = [word("object"), word("lifecycle"), word("mechanism")];
  const dimension = dimensionWord(tags.dimension, locale);
  return m.specification_tags_of({ dimension, object, lifecycle, mechanism }, { locale });
}

/** Effects by batch and tags: of the pilots whose measures in place bear those tags. */
function effectSources(
  pilotRows: readonly PilotRow[],
  effects: readonly KnownEffect[],
  inPlace: ReadonlyMap<string, ReadonlySet<string>>,
): Source[] {
  const pilotOf = new Map(pilotRows.map((p) => [p.id, p]));
  const groups = new Map<string, { batch: number; tags: Tags; rows: KnownEffect[] }>();
  for (const e of effects) {
    const pilot = pilotOf.get(e.pilotId);
    for (const cell of inPlace.get(pilot?.systemId ?? "") ?? []) {
      const tags = tagsOfCell(cell);
      if (!pilot || tags.dimension !== e.dimension) continue;
      const key = `${pilot.batchNo}/${cell}`;
      const group = groups.get(key) ?? { batch: pilot.batchNo, tags, rows: [] };
      group.rows.push(e);
      groups.set(key, group);
    }
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { batch, tags, rows }]) => {
      const effect = effectOf(rows);
      const sum = rows.reduce((n, r) => n + r.afterMilli - r.beforeMilli, 0);
      const change = Math.round(sum / rows.length);
      const figures = { n: rows.length, change: oneDecimal(Math.abs(change)) };
      const statement = said((locale) =>
        effectStatement(
          change,
          effect,
          { batch: batchWord(batch, locale), dimension: cellWords(tags, locale), ...figures },
          locale,
        ),
      );
      const evidence: DraftEvidence = {
        kind: "pilot",
        ref: `B${batch}-${cellKey(tags)}`,
        batchNo: batch,
        pilots: rows.length,
        statement,
        effectMilli: change,
        dissent: false,
        basis: {
          subject: `effect:${tags.dimension}`,
          members: rows.map((r) => ({ site: r.siteId, pilot: r.pilotId, version: r.updatedAt.toISOString() })),
          sums: { change: sum, verified: rows.filter((r) => r.verified).length },
        },
      };
      return source(evidence, tags.dimension, { cell: cellKey(tags) });
    });
}

/** Says «fell» only where the interval leaves no doubt about it, or where there is one pilot and no interval. */
function effectStatement(
  change: number,
  effect: Effect,
  words: { batch: string; n: number; dimension: string; change: string },
  locale: Locale,
): string {
  if (effect.change === null)
    return change < 0
      ? m.specification_statement_fell_single(words, { locale })
      : m.specification_statement_not_fell(words, { locale });
  const { low, high } = effect.change;
  if (effect.verdict === "fell")
    return m.specification_statement_fell({ ...words, low: oneDecimal(-high), high: oneDecimal(-low) }, { locale });
  if (effect.verdict === "rose" || change >= 0) return m.specification_statement_not_fell(words, { locale });
  return m.specification_statement_unclear({ ...words, low: oneDecimal(low), high: oneDecimal(high) }, { locale });
}

function lessonSources(rows: readonly (typeof lessons.$inferSelect)[]): Source[] {
  return rows
    .filter((l) => l.decision === "adopted" || l.decision === "adapted")
    .map((l) =>
      source(
        {
          kind: "lesson",
          ref: l.code,
          batchNo: l.batchNo,
          pilots: l.pilotId ? 1 : 0,
          statement: l.decision === "adapted" && l.reason ? `${l.text}（${l.reason}）` : l.text,
          effectMilli: null,
          dissent: false,
          basis: null,
        },
        l.dimension,
      ),
    );
}

/** When a system's risks changed last: what stands in for their values. */
const lastChange = (rows: readonly { systemId: string; updatedAt: Date }[], systemId: string): string =>
  new Date(Math.max(...rows.filter((r) => r.systemId === systemId).map((r) => r.updatedAt.getTime()))).toISOString();

/** Weak controls, each with the systems and risks that show it. */
export function riskSources(
  pilotRows: readonly PilotRow[],
  rows: readonly Pick<
    typeof risks.$inferSelect,
    "controlCode" | "catalogueVersion" | "siteId" | "systemId" | "level" | "dimension" | "updatedAt"
  >[],
): Source[] {
  const groups = new Map<string, (typeof rows)[number][]>();
  for (const r of rows) if (r.controlCode) groups.set(r.controlCode, [...(groups.get(r.controlCode) ?? []), r]);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, own]) => {
      const systems = new Map(own.map((r) => [r.systemId, r.siteId]));
      const piloted = pilotRows.filter((p) => systems.has(p.systemId));
      const high = own.filter((r) => r.level >= HIGH_LEVEL).length;
      const control = controlOf(code, own[0]?.catalogueVersion);
      const title = (locale: Locale) => control?.[locale === "en" ? "title_en" : "title_zh"] ?? code;
      const statement = said((locale) =>
        m.specification_statement_weak(
          { systems: systems.size, title: title(locale), risks: own.length, high },
          { locale },
        ),
      );
      return source(
        {
          kind: "risk",
          ref: code,
          batchNo: piloted.length > 0 ? Math.min(...piloted.map((p) => p.batchNo)) : 1,
          pilots: new Set(piloted.map((p) => p.systemId)).size,
          statement,
          effectMilli: null,
          dissent: false,
          basis: {
            subject: `weak:${code}`,
            members: [...systems].map(([pilot, site]) => ({ site, pilot, version: lastChange(own, pilot) })),
            sums: { systems: systems.size, risks: own.length, high },
          },
        },
        own[0]?.dimension ?? null,
        { controlCode: code },
      );
    });
}

function indicatorSources(
  pilotRows: readonly PilotRow[],
  rows: readonly (typeof indicators.$inferSelect)[],
  values: readonly { indicatorId: string; pilotId: string; period: string; valueMilli: number }[],
): Source[] {
  const batchOf = new Map(pilotRows.map((p) => [p.id, p.batchNo]));
  return rows.flatMap((i) => {
    if (i.baselineMilli === null) return [];
    const latest = new Map<string, { period: string; valueMilli: number }>();
    for (const v of values)
      if (v.indicatorId === i.id && v.period >= (latest.get(v.pilotId)?.period ?? "")) latest.set(v.pilotId, v);
    if (latest.size === 0) return [];
    const mean = Math.round([...latest.values()].reduce((n, v) => n + v.valueMilli, 0) / latest.size);
    const batchNo = Math.min(...[...latest.keys()].map((p) => batchOf.get(p) ?? 1));
    const figures = {
      name: i.name,
      unit: i.unit,
      before: oneDecimal(i.baselineMilli),
      after: oneDecimal(mean),
      n: latest.size,
    };
    const statement = said((locale) => m.specification_statement_indicator(figures, { locale }));
    return [
      source(
        {
          kind: "indicator",
          ref: i.code,
          batchNo,
          pilots: latest.size,
          statement,
          effectMilli: null,
          dissent: false,
          basis: null,
        },
        i.dimension,
      ),
    ];
  });
}
