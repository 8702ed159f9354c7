import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "#app/request/actor.ts";
import { notFound } from "#app/platform/errors.ts";
import { matching } from "#app/platform/fields.ts";
import type { Tx } from "#db/client.server.ts";
import { programmes, projects, submissions, tenants } from "#db/schema/index.ts";
import { type Dimension, dimensions } from "#db/vocabulary.ts";
import { addSums, effectOfSums, noSums, readSums, type Sums } from "#app/features/effect/aggregate.rules.ts";
import { type Effect, effectSentence, type Sentence } from "#app/features/effect/effects.rules.ts";
import { type GroupCount, suppressGroups } from "#app/features/effect/suppression.rules.ts";

/*
 * Sectors side by side, from the sealed reviews they handed on. A group of fewer than k sites is not shown, and neither is
 * what would give it away: the total less the others (PRODUCT.md, «Who sees what» 3).
 */

const exactSum = z.union([z.number().int(), matching(/^-?\d{1,60}$/)]);
const sums = z.object({
  pilots: z.number().int(),
  sites: z.number().int(),
  beforeMilli: z.number(),
  afterMilli: z.number(),
  // Digits where a number would not be exact.
  changeSum: exactSum,
  changeSquares: exactSum,
});
type SectorSums = z.output<typeof sums>;
const summary = z.looseObject({
  batchNo: z.number().int(),
  pilots: z.number().int(),
  accepted: z.number().int().catch(0),
  lessons: z.number().int(),
  effects: z.partialRecord(z.enum(dimensions), sums).catch({}),
});
const decided = z.looseObject({ lessons: z.array(z.looseObject({ decision: z.string() })).catch([]) });

interface SectorCell {
  sectorId: string;
  effect: Effect | null;
  beforeMilli: number | null;
  afterMilli: number | null;
  sentence: Sentence;
  /** Too few sites, or needed to protect another group. */
  suppressed: boolean;
}
interface NationalPanel {
  dimension: Dimension;
  cells: SectorCell[];
  /** All sectors together; null when that would tell of a hidden group. */
  total: Effect | null;
  sentence: Sentence | null;
  hidden: number;
}
interface SectorLine {
  sectorId: string;
  code: string;
  zh: string;
  en: string;
  pilots: number;
  accepted: number;
  lessons: number;
  /** What the sector did with lessons, from its review of batch two. */
  adoption: Record<"adopted" | "adapted" | "refused" | "open", number> | null;
  submissionId: string;
  sha256: string;
}
export interface NationalComparison {
  k: number;
  batch: 1 | 2;
  sectors: SectorLine[];
  panels: NationalPanel[];
}

interface Sector extends SectorLine {
  effects: Partial<Record<Dimension, SectorSums>>;
}

const toSums = (e: SectorSums): Sums => readSums({ n: e.pilots, sum: e.changeSum, squares: e.changeSquares });

function panelOf(dimension: Dimension, sectors: readonly Sector[], k: number, batch: "1" | "2"): NationalPanel {
  const groups: GroupCount[] = sectors.map((s) => ({ key: s.sectorId, count: s.effects[dimension]?.sites ?? 0 }));
  const { hidden, totalHidden } = suppressGroups(groups, k);
  const cells = sectors.map((s): SectorCell => {
    const own = s.effects[dimension];
    const effect = effectOfSums(own ? toSums(own) : noSums, own?.sites ?? 0);
    if (hidden.includes(s.sectorId))
      return {
        sectorId: s.sectorId,
        effect: null,
        beforeMilli: null,
        afterMilli: null,
        suppressed: true,
        sentence: { key: "rule_compare_suppressed", params: { batch, dimension, k, n: effect.n } },
      };
    return {
      sectorId: s.sectorId,
      effect,
      beforeMilli: own?.beforeMilli ?? null,
      afterMilli: own?.afterMilli ?? null,
      suppressed: false,
      sentence: effectSentence(effect, { batch, dimension }),
    };
  });
  const all = sectors.flatMap((s) => s.effects[dimension] ?? []);
  const pooled = all.map(toSums).reduce(addSums, noSums);
  const total = totalHidden
    ? null
    : effectOfSums(
        pooled,
        all.reduce((n, e) => n + e.sites, 0),
      );
  return {
    dimension,
    cells,
    total,
    sentence: total ? effectSentence(total, { batch, dimension }) : null,
    hidden: hidden.length,
  };
}

/** The latest national review of a batch from each sector of a programme. */
async function reviews(tx: Tx, programmeId: string, batch: 1 | 2): Promise<Sector[]> {
  const rows = await tx
    .selectDistinctOn([tenants.code], {
      sectorId: submissions.tenantId,
      code: tenants.code,
      zh: tenants.nameZh,
      en: tenants.nameEn,
      id: submissions.id,
      sha256: submissions.sha256,
      summary: submissions.summary,
      content: submissions.content,
    })
    .from(submissions)
    .innerJoin(projects, and(eq(projects.tenantId, submissions.tenantId), eq(projects.id, submissions.projectId)))
    .innerJoin(tenants, eq(tenants.id, submissions.tenantId))
    .where(
      and(
        eq(submissions.national, true),
        eq(submissions.kind, "batchReview"),
        eq(projects.programmeId, programmeId),
        sql`${submissions.summary} ->> 'batchNo' = ${String(batch)}`,
      ),
    )
    .orderBy(tenants.code, desc(submissions.seq));
  return rows.flatMap((r) => {
    const parsed = summary.safeParse(r.summary);
    if (!parsed.success) return [];
    const { pilots, accepted, lessons, effects } = parsed.data;
    return [
      {
        sectorId: r.sectorId,
        code: r.code,
        zh: r.zh,
        en: r.en,
        pilots,
        accepted,
        lessons,
        effects,
        adoption: batch === 2 ? adoptionOf(r.content) : null,
        submissionId: r.id,
        sha256: r.sha256,
      },
    ];
  });
}
function adoptionOf(content: unknown): SectorLine["adoption"] {
  const list = decided.safeParse(content).data?.lessons ?? [];
  const n = (decision: string) => list.filter((l) => l.decision === decision).length;
  return { adopted: n("adopted"), adapted: n("adapted"), refused: n("refused"), open: n("open") };
}

/** @throws notFound for a programme that is not there. */
export async function nationalComparison(
  tx: Tx,
  _actor: Actor,
  programmeId: string,
  batch: 1 | 2 = 1,
): Promise<NationalComparison> {
  const [[programme], sectors] = await Promise.all([
    tx.select({ k: programmes.kThreshold }).from(programmes).where(eq(programmes.id, programmeId)),
    reviews(tx, programmeId, batch),
  ]);
  if (!programme) throw notFound({ logMessage: `programme ${programmeId}` });
  const panels = dimensions.map((d) => panelOf(d, sectors, programme.k, batch === 1 ? "1" : "2"));
  return { k: programme.k, batch, sectors: sectors.map(({ effects: _e, ...line }) => line), panels };
}
