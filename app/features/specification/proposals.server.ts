import { and, eq, inArray, isNotNull, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { type Effect, effectOf, oneDecimal } from "#app/features/effect/effects.rules.ts";
import type { Actor } from "#app/request/actor.ts";
import { type Dimension, HIGH_LEVEL } from "#app/domain/vocabulary.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Tx } from "#db/client.server.ts";
import { indicators, indicatorValues, lessons, pilotEffects, pilots, risks } from "#db/schema/index.ts";
import { stagesWhere } from "#workflows/index.ts";
import { controlById, specificationTexts } from "#seeds/catalogue/index.ts";
import { addSectorClauses } from "./sector-draft.server.ts";
import { bothSides } from "./sides.ts";
import { verbOf } from "./verbs.rules.ts";
import type { DraftClause, DraftEvidence } from "./specification.schema.ts";

/** A thing a clause can rest on, with what it is about. No site is named: the sealed draft is read outside the sector. */
export interface Source extends DraftEvidence {
  /** `kind:ref`, as a form posts it. */
  id: string;
  dimension: Dimension | null;
  controlCode: string | null;
}
const source = (e: DraftEvidence, dimension: Dimension | null, controlCode: string | null = null): Source => ({
  ...e,
  id: `${e.kind}:${e.ref}`,
  dimension,
  controlCode,
});

/** What the product says of figures it says in both languages: the sealed draft is read in either. */
const said = (words: (locale: Locale) => string): string => bothSides(words("zh-CN"), words("en"));
const dimensionWord = (d: Dimension, locale: Locale) => translate(`rule_word_dimension_${d}`, {}, locale);

/** Everything the sector's course gives as evidence: effects by batch and dimension, lessons, weak controls, indicators. */
export async function evidenceSources(tx: Tx, actor: Actor, projectId: string): Promise<Source[]> {
  const of = (t: { tenantId: PgColumn; projectId: PgColumn }) =>
    and(eq(t.tenantId, actor.tenantId), eq(t.projectId, projectId));
  const [pilotRows, effects, lessonRows, riskRows, indicatorRows, values] = await Promise.all([
    tx.select({ id: pilots.id, batchNo: pilots.batchNo, systemId: pilots.systemId }).from(pilots).where(of(pilots)),
    knownEffects(tx, of),
    tx.select().from(lessons).where(of(lessons)),
    tx
      .select({
        controlCode: risks.controlCode,
        systemId: risks.systemId,
        level: risks.level,
        dimension: risks.dimension,
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
    ...effectSources(pilotRows, effects),
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
  return rows.flatMap(({ effect: { pilotId, siteId, dimension, beforeMilli, afterMilli, verifiedMilli } }) => {
    const after = verifiedMilli ?? afterMilli;
    if (after === null) return [];
    return [{ pilotId, siteId, dimension, beforeMilli, afterMilli: after, verified: verifiedMilli !== null }];
  });
}

type PilotRow = { id: string; batchNo: number; systemId: string };
const batchWord = (no: number, locale: Locale) => translate(`rule_word_batch_${no}`, {}, locale);

function effectSources(pilotRows: readonly PilotRow[], effects: readonly KnownEffect[]): Source[] {
  const batchOf = new Map(pilotRows.map((p) => [p.id, p.batchNo]));
  const groups = new Map<string, (typeof effects)[number][]>();
  for (const e of effects) {
    const key = `${batchOf.get(e.pilotId) ?? 1}/${e.dimension}`;
    groups.set(key, [...(groups.get(key) ?? []), e]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, rows]) => {
      const [batch, first] = [Number(key[0]), rows[0]];
      if (!first) return [];
      const effect = effectOf(rows);
      const change = Math.round(rows.reduce((n, r) => n + r.afterMilli - r.beforeMilli, 0) / rows.length);
      const statement = said((locale) =>
        effectStatement(
          change,
          effect,
          {
            batch: batchWord(batch, locale),
            n: rows.length,
            dimension: dimensionWord(first.dimension, locale),
            change: oneDecimal(Math.abs(change)),
          },
          locale,
        ),
      );
      return [
        source(
          {
            kind: "pilot",
            ref: `B${batch}-${first.dimension}`,
            batchNo: batch,
            pilots: rows.length,
            statement,
            effectMilli: change,
            dissent: false,
          },
          first.dimension,
        ),
      ];
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
        },
        l.dimension,
      ),
    );
}

/** Weak controls, each with the systems and risks that show it. */
export function riskSources(
  pilotRows: readonly PilotRow[],
  rows: readonly { controlCode: string | null; systemId: string; level: number; dimension: Dimension }[],
): Source[] {
  const groups = new Map<string, (typeof rows)[number][]>();
  for (const r of rows) if (r.controlCode) groups.set(r.controlCode, [...(groups.get(r.controlCode) ?? []), r]);
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, own]) => {
      const systems = new Set(own.map((r) => r.systemId));
      const piloted = pilotRows.filter((p) => systems.has(p.systemId));
      const high = own.filter((r) => r.level >= HIGH_LEVEL).length;
      const title = (locale: Locale) => controlById.get(code)?.[locale === "en" ? "title_en" : "title_zh"] ?? code;
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
        },
        own[0]?.dimension ?? null,
        code,
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
        { kind: "indicator", ref: i.code, batchNo, pilots: latest.size, statement, effectMilli: null, dissent: false },
        i.dimension,
      ),
    ];
  });
}

const evidenceOf = ({ id: _id, dimension: _d, controlCode: _c, ...e }: Source): DraftEvidence => e;

/** By control. */
const firstTexts = new Map(specificationTexts.clauses.map((c) => [c.control, c]));

/**
 * A clause for each weak control, and one for each lesson that was taken up. The latter has no heading yet: sectors would
 * give different lessons the same one, and equal headings go together in the national edition.
 */
export function proposedClauses(sources: readonly Source[]): DraftClause[] {
  const effects = sources.filter((s) => s.kind === "pilot");
  const forDimension = (d: Dimension | null) => effects.filter((s) => s.dimension === d).map(evidenceOf);
  const fromControls = sources
    .filter((s) => s.kind === "risk")
    .flatMap((s): DraftClause[] => {
      const control = controlById.get(s.ref);
      const first = firstTexts.get(s.ref);
      if (!control || !first) return [];
      const { dimension, object, lifecycle, mechanism } = control;
      return [
        {
          key: control.id,
          chapter: first.chapter,
          title: control.title_zh,
          text: first.text_zh,
          titleEn: control.title_en,
          textEn: first.text_en,
          verb: verbOf(first.text_zh),
          tags: { dimension, object, lifecycle, mechanism },
          evidence: [evidenceOf(s), ...forDimension(dimension)],
          evidenceNone: false,
        },
      ];
    });
  const fromLessons = sources
    .filter((s) => s.kind === "lesson")
    .map((s): DraftClause => {
      const bare = s.statement.replace(/[。.]\s*$/u, "");
      const text =
        verbOf(s.statement) === "none"
          ? m.specification_lesson_clause({ text: bare }, { locale: "zh-CN" })
          : s.statement;
      return {
        key: `L-${s.ref}`,
        chapter: "operation",
        title: "",
        text,
        titleEn: "",
        textEn: "",
        verb: verbOf(text),
        tags: { dimension: s.dimension, object: "solution", lifecycle: "operation", mechanism: "defend" },
        evidence: [evidenceOf(s), ...forDimension(s.dimension)],
        evidenceNone: false,
      };
    });
  return [...fromControls, ...fromLessons];
}

/** Adds first texts to the draft from what the sector's pilots have shown. Clauses that are there already stay as they are. */
export async function proposeClauses(
  tx: Tx,
  actor: Actor,
  { projectId, rev }: { projectId: string; rev: number },
): Promise<{ rev: number; added: number }> {
  const sources = await evidenceSources(tx, actor, projectId);
  return addSectorClauses(tx, actor, { projectId, rev, clauses: proposedClauses(sources) });
}
