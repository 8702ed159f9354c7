import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import type { Member } from "#app/features/disclosure/disclosure.rules.ts";
import type { Actor } from "#app/request/actor.ts";
import { notFound } from "#app/platform/errors.ts";
import { matching } from "#app/platform/fields.ts";
import type { Tx } from "#db/client.server.ts";
import { programmes, projects, submissions, tenants, workflowEvents } from "#db/schema/index.ts";
import { type Dimension, dimensions } from "#db/vocabulary.ts";
import { effectOfSums, readSums } from "#app/features/effect/aggregate.rules.ts";
import { type Effect, effectSentence, type Sentence } from "#app/features/effect/effects.rules.ts";
import { type Figures, type Moment, type Told, toldOverTime } from "./told.rules.ts";

/*
 * Sectors side by side, from the sealed reviews they handed on, as far as the rule of `disclosure` lets it be told: no figure
 * speaks of fewer than k sites, and none follows from those told before, today or in any week before (PRODUCT.md, «Who sees
 * what» 3). Nothing of it is kept: seals and the courses of the projects are, and the same telling follows from them each time.
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
const member = z.object({ site: z.string(), pilot: z.string(), version: z.string() });
const summary = z.looseObject({
  batchNo: z.number().int(),
  pilots: z.number().int(),
  accepted: z.number().int().catch(0),
  lessons: z.number().int(),
  effects: z.partialRecord(z.enum(dimensions), sums).catch({}),
  /** Whom the sums are of. Reviews sealed before this was recorded have none, and of them nothing is told. */
  members: z.partialRecord(z.enum(dimensions), z.array(member)).catch({}),
});
const decided = z.array(z.looseObject({ decision: z.string() })).catch([]);

/** What may be told of one group: a sector, or all of them together. */
export interface GroupCell {
  effect: Effect | null;
  beforeMilli: number | null;
  afterMilli: number | null;
  sentence: Sentence;
  /** There are figures, and they may not be told. */
  suppressed: boolean;
  /** When it was told, where newer figures may not be told: they differ by fewer than k sites. */
  since: Date | null;
}
interface SectorCell extends GroupCell {
  sectorId: string;
  /** Both batches together, where the batch alone is not told. */
  both: GroupCell | null;
}
interface NationalPanel {
  dimension: Dimension;
  cells: SectorCell[];
  /** All sectors together, in this batch and in both. */
  total: GroupCell;
  everything: GroupCell;
  hidden: number;
}
interface SectorLine {
  sectorId: string;
  code: string;
  zh: string;
  en: string;
  pilots: number;
  /** Null where the batch has fewer than k pilots. */
  accepted: number | null;
  lessons: number;
  /** What the sector did with lessons, from its review of batch two. */
  adoption: Record<"adopted" | "adapted" | "refused" | "open", number> | null;
  submissionId: string;
  sha256: string;
  /** There are figures, and the review does not record whom they are of: nothing of them can be judged. */
  unnamed: boolean;
}
export interface NationalComparison {
  k: number;
  batch: 1 | 2;
  sectors: SectorLine[];
  panels: NationalPanel[];
}

type Review = {
  sectorId: string;
  code: string;
  zh: string;
  en: string;
  id: string;
  sha256: string;
  sealedAt: Date;
  decisions: unknown;
} & z.output<typeof summary>;

const membersOf = (r: Review, dimension: Dimension): Member[] =>
  (r.members[dimension] ?? []).map((one) => ({ sector: r.sectorId, batch: r.batchNo, ...one }));
const isUnnamed = (r: Review): boolean =>
  dimensions.some((d) => (r.effects[d]?.pilots ?? 0) !== (r.members[d] ?? []).length);
function figuresOf(r: Review, dimension: Dimension): Figures | null {
  const own = r.effects[dimension];
  if (!own) return null;
  const { pilots, sites, beforeMilli, afterMilli } = own;
  const change = readSums({ n: pilots, sum: own.changeSum, squares: own.changeSquares });
  return { change, sites, beforeMilli, afterMilli };
}

/** All national reviews of the programme, as they were sealed: the newest of a sector and batch is what it says now. */
async function reviews(tx: Tx, programmeId: string): Promise<Review[]> {
  const rows = await tx
    .select({
      sectorId: submissions.tenantId,
      code: tenants.code,
      zh: tenants.nameZh,
      en: tenants.nameEn,
      id: submissions.id,
      sha256: submissions.sha256,
      sealedAt: submissions.sealedAt,
      summary: submissions.summary,
      decisions: sql<unknown>`${submissions.content} -> 'lessons'`,
    })
    .from(submissions)
    .innerJoin(projects, and(eq(projects.tenantId, submissions.tenantId), eq(projects.id, submissions.projectId)))
    .innerJoin(tenants, eq(tenants.id, submissions.tenantId))
    .where(
      and(eq(submissions.national, true), eq(submissions.kind, "batchReview"), eq(projects.programmeId, programmeId)),
    )
    .orderBy(asc(submissions.id));
  return rows.flatMap(({ summary: given, ...r }) => {
    const parsed = summary.safeParse(given);
    return parsed.success ? [{ ...r, ...parsed.data }] : [];
  });
}

/** When a project came into a batch and left it: while one is in it, its sector is waited for. */
async function courses(tx: Tx, programmeId: string) {
  const rows = await tx
    .select({
      id: workflowEvents.id,
      sectorId: workflowEvents.tenantId,
      at: workflowEvents.at,
      to: workflowEvents.toState,
    })
    .from(workflowEvents)
    .where(
      and(
        eq(workflowEvents.machine, "project"),
        inArray(
          workflowEvents.objectId,
          tx.select({ id: projects.id }).from(projects).where(eq(projects.programmeId, programmeId)),
        ),
      ),
    )
    .orderBy(asc(workflowEvents.id));
  const batchOf = (state: string): 1 | 2 | null =>
    state.startsWith("batchOne") ? 1 : state.startsWith("batchTwo") ? 2 : null;
  return rows.map(({ id, at, sectorId, to }) => ({ id, at, course: { sectorId, batch: batchOf(to) } }));
}

function adoptionOf(decisions: unknown): SectorLine["adoption"] {
  const list = decided.parse(decisions);
  const n = (decision: string) => list.filter((l) => l.decision === decision).length;
  return { adopted: n("adopted"), adapted: n("adapted"), refused: n("refused"), open: n("open") };
}

function cellOf(told: Told | null, of: { batch: "1" | "2" | "all"; dimension: Dimension; k: number }): GroupCell {
  const { batch, dimension, k } = of;
  if (!told?.figures)
    return {
      effect: null,
      beforeMilli: null,
      afterMilli: null,
      suppressed: told !== null,
      since: null,
      sentence: told
        ? { key: "rule_compare_suppressed", params: { batch, dimension, k } }
        : effectSentence(effectOfSums(readSums({ n: 0, sum: 0, squares: 0 }), 0), { batch, dimension }),
    };
  const { change, sites, beforeMilli, afterMilli } = told.figures;
  const effect = effectOfSums(change, sites);
  const since = told.current ? null : told.at;
  return {
    effect,
    beforeMilli,
    afterMilli,
    suppressed: false,
    since,
    sentence: effectSentence(effect, { batch, dimension }),
  };
}

function panelOf(
  dimension: Dimension,
  moments: readonly Moment<Review>[],
  sectorIds: readonly string[],
  { batch, k, firstK }: { batch: 1 | 2; k: number; firstK: number },
): NationalPanel {
  const told = toldOverTime(
    moments,
    (r) => ({
      sector: r.sectorId,
      batch: r.batchNo,
      members: membersOf(r, dimension),
      figures: figuresOf(r, dimension),
    }),
    `effect:${dimension}`,
    firstK,
  );
  const one = batch === 1 ? "1" : "2";
  const cell = (key: string, word: "1" | "2" | "all") => cellOf(told.get(key) ?? null, { batch: word, dimension, k });
  const cells = sectorIds.map((sectorId): SectorCell => {
    const own = cell(`${sectorId}/${batch}`, one);
    const both = own.suppressed ? cell(`${sectorId}/all`, "all") : null;
    return { sectorId, ...own, both: both?.effect ? both : null };
  });
  return {
    dimension,
    cells,
    total: cell(`all/${batch}`, one),
    everything: cell("all/all", "all"),
    hidden: cells.filter((c) => c.suppressed).length,
  };
}

/** @throws notFound for a programme that is not there. */
export async function nationalComparison(
  tx: Tx,
  _actor: Actor,
  programmeId: string,
  batch: 1 | 2 = 1,
): Promise<NationalComparison> {
  const [[programme], all, steps] = await Promise.all([
    tx
      .select({ k: programmes.kThreshold, changes: programmes.kChanges })
      .from(programmes)
      .where(eq(programmes.id, programmeId)),
    reviews(tx, programmeId),
    courses(tx, programmeId),
  ]);
  if (!programme) throw notFound({ logMessage: `programme ${programmeId}` });
  const { k } = programme;
  const latest = new Map(all.filter((r) => r.batchNo === batch).map((r) => [r.sectorId, r]));
  const own = [...latest.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  // In the order in which they came about: ids begin with the true time, of which business time may run ahead or behind.
  const moments: Moment<Review>[] = [
    ...all.map((review) => ({ id: review.id, at: review.sealedAt, review })),
    ...steps,
    ...programme.changes.map((c) => ({ id: c.id, at: new Date(c.at), k: c.to })),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
  const sectorIds = own.map((r) => r.sectorId);
  const firstK = programme.changes[0]?.from ?? k;
  return {
    k,
    batch,
    sectors: own.map((r) => ({
      sectorId: r.sectorId,
      code: r.code,
      zh: r.zh,
      en: r.en,
      pilots: r.pilots,
      accepted: r.pilots < k ? null : r.accepted,
      lessons: r.lessons,
      adoption: batch === 2 ? adoptionOf(r.decisions) : null,
      submissionId: r.id,
      sha256: r.sha256,
      unnamed: isUnnamed(r),
    })),
    panels: dimensions.map((d) => panelOf(d, moments, sectorIds, { batch, k, firstK })),
  };
}
