import { and, eq, sql } from "drizzle-orm";
import { saveText } from "#app/features/document/approval.server.ts";
import {
  createDocument,
  type DocumentRow,
  isEditable,
  latestSubmission,
  loadDocument,
  loadDraft,
  projectDocument,
} from "#app/features/document/document.server.ts";
import type { Subject } from "#app/features/document/kind.ts";
import type { BatchStep } from "#app/features/project/project.rules.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import { inCodeOrder } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { lessons, pilots } from "#db/schema/index.ts";
import type { Dimension } from "#db/vocabulary.ts";
import { emptyReview, type ReviewBody } from "./pilots.schema.ts";
import { stagesWhere } from "#workflows/index.ts";
import { demandBatchStep } from "./facts.server.ts";
import { pilotVoices } from "./lessons.server.ts";

/*
 * The review of a batch: conclusions, problems, advice, and with them the figures and lessons as they stand when it is
 * sealed. Once the lead has approved it a copy goes to the national office; no site is named in it.
 */

/**
 * Sums over the pilots of one dimension whose effect is reported or verified: enough for the mean change and its interval, and
 * nothing of a single pilot. What the plans promise is in none of it.
 */
export interface SealedEffect {
  pilots: number;
  sites: number;
  /** How many of them are verified, where any is. */
  verified?: number;
  /** Means, thousandths, rounded. */
  beforeMilli: number;
  afterMilli: number;
  /** Sum and sum of squares of after − before, thousandths; digits where a number would not be exact. */
  changeSum: number | string;
  changeSquares: number | string;
}
interface SealedLesson {
  code: string;
  dimension: Dimension;
  text: string;
  decision: string;
  reason: string;
}
export interface SealedReview extends ReviewBody {
  batchNo: number;
  sector: { code: string; zh: string; en: string };
  stages: Record<string, number>;
  effects: Partial<Record<Dimension, SealedEffect>>;
  lessons: SealedLesson[];
  /** Pilots that gave none, each with the reason; absent where there is none of them. */
  silent?: { pilot: string; reason: string }[];
}

/** Steps of a batch in which its review may be begun: nothing is to be said of one that has not taken place. */
const reviewable: readonly BatchStep[] = ["running", "reviewing"];
export const mayBegin = (step: BatchStep): boolean => reviewable.includes(step);

/** Begins the review of a batch, or finds the one begun. @throws conflict `batch_step` before it runs and once it is over; notFound */
export async function startBatchReview(
  tx: Tx,
  actor: Actor,
  { projectId, batchNo }: { projectId: string; batchNo: 1 | 2 },
): Promise<DocumentRow> {
  const known = await projectDocument(tx, projectId, "batchReview", String(batchNo));
  if (known) return known;
  const project = await loadProject(tx, projectId);
  await demandBatchStep(tx, projectId, batchNo, reviewable);
  return createDocument(tx, actor, {
    kind: "batchReview",
    projectId: project.id,
    period: String(batchNo),
    title: `${project.code} · ${batchNo}`,
  });
}

/** @throws notFound */
export async function loadReview(tx: Tx, documentId: string): Promise<DocumentRow> {
  const document = await loadDocument(tx, documentId);
  if (document.kind !== "batchReview") throw notFound({ logMessage: `${documentId} is no batch review` });
  return document;
}

/** The review of a batch with its text: the draft while it may be changed, else what was sealed. Null before it was begun. */
export async function reviewOf(tx: Tx, projectId: string, batchNo: 1 | 2) {
  const document = await projectDocument(tx, projectId, "batchReview", String(batchNo));
  if (!document) return null;
  const [draft, sealed] = await Promise.all([
    loadDraft<ReviewBody>(tx, document.id, emptyReview),
    latestSubmission(tx, document.id),
  ]);
  const content = sealed?.content as SealedReview | undefined;
  const body: ReviewBody =
    isEditable(document) || !content
      ? draft.body
      : { conclusions: content.conclusions, problems: content.problems, advice: content.advice };
  return { document, body, rev: draft.rev, sealed };
}

/** Saves the working text. Returns the new `rev`. @throws conflict `stale_revision`. */
export async function saveBatchReview(
  tx: Tx,
  actor: Actor,
  { documentId, body, rev }: { documentId: string; body: ReviewBody; rev: number },
): Promise<number> {
  return saveText(tx, actor, await loadReview(tx, documentId), { body, rev });
}

/** Whom a sum is of, by ids: what may be told of it outside is judged by them. No word and no value of theirs. */
interface EffectMember {
  site: string;
  pilot: string;
  /** When the values last became others. */
  version: string;
}
interface SumRow {
  dimension: Dimension;
  members: EffectMember[];
  verified: number;
  pilots: number;
  sites: number;
  before: string;
  after: string;
  change: string;
  squares: string;
}
/** Effects of a batch by dimension, as far as they are reported or verified: one statement, sums only. */
export async function effectSums(
  tx: Tx,
  actor: Actor,
  projectId: string,
  batchNo: number,
): Promise<Partial<Record<Dimension, { sums: SealedEffect; members: EffectMember[] }>>> {
  const rows = await tx.execute<SumRow & Record<string, unknown>>(sql`
    select e.dimension, json_agg(json_build_object('site', e.site_id, 'pilot', e.pilot_id, 'version', to_char(e.updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by e.pilot_id) as members, count(*) filter (where e.verified_milli is not null)::int as verified, count(*)::int as pilots, count(distinct e.site_id)::int as sites,
      sum(e.before_milli)::text as before, sum(e.after)::text as after,
      sum(e.after - e.before_milli)::text as change, sum((e.after - e.before_milli)::numeric * (e.after - e.before_milli))::text as squares
    from (select *, coalesce(verified_milli, after_milli) as after from pilot_effects) e join pilots p on p.tenant_id = e.tenant_id and p.id = e.pilot_id
    where e.tenant_id = ${actor.tenantId} and e.project_id = ${projectId} and p.batch_no = ${batchNo} and p.stage in ${stagesWhere("effective")} and e.after is not null
    group by e.dimension order by e.dimension`);
  const list = [...(rows as Iterable<SumRow>)];
  return Object.fromEntries(
    list.map((r) => [
      r.dimension,
      {
        members: r.members,
        sums: {
          pilots: r.pilots,
          sites: r.sites,
          ...(r.verified > 0 ? { verified: r.verified } : {}),
          beforeMilli: Math.round(Number(r.before) / r.pilots),
          afterMilli: Math.round(Number(r.after) / r.pilots),
          changeSum: exactly(r.change),
          changeSquares: exactly(r.squares),
        },
      },
    ]),
  );
}

/** Digits as a number where that is exact, as seals have had it from the first. */
const exactly = (digits: string): number | string => (Number.isSafeInteger(Number(digits)) ? Number(digits) : digits);

const batchOf = (document: Pick<DocumentRow, "period">): 1 | 2 => (document.period === "2" ? 2 : 1);

const lessonsKnown = (tx: Tx, actor: Actor, projectId: string) =>
  tx
    .select({
      code: lessons.code,
      dimension: lessons.dimension,
      text: lessons.text,
      decision: lessons.decision,
      reason: lessons.reason,
      batchNo: lessons.batchNo,
      nationalLessonId: lessons.nationalLessonId,
    })
    .from(lessons)
    .where(and(eq(lessons.tenantId, actor.tenantId), eq(lessons.projectId, projectId)))
    .orderBy(...inCodeOrder(lessons.code));

/** The review as it would be sealed now, and what lists need of it. */
export async function reviewAsNow(
  tx: Tx,
  actor: Actor,
  document: Subject,
): Promise<{ content: SealedReview; summary: object; unheard: string[] }> {
  const batchNo = batchOf(document);
  const of = and(
    eq(pilots.tenantId, actor.tenantId),
    eq(pilots.projectId, document.projectId),
    eq(pilots.batchNo, batchNo),
  );
  const [draft, effects, stages, known, voices] = await Promise.all([
    loadDraft<ReviewBody>(tx, document.id, emptyReview),
    effectSums(tx, actor, document.projectId, batchNo),
    tx.select({ stage: pilots.stage, n: sql<number>`count(*)::int` }).from(pilots).where(of).groupBy(pilots.stage),
    lessonsKnown(tx, actor, document.projectId),
    pilotVoices(tx, actor, document.projectId, batchNo),
  ]);
  const silent = voices.flatMap((v) => (v.reason === null ? [] : [{ pilot: v.code, reason: v.reason }]));
  const by = <T>(pick: (e: { sums: SealedEffect; members: EffectMember[] }) => T) =>
    Object.fromEntries(Object.entries(effects).map(([d, e]) => [d, pick(e)])) as Partial<Record<Dimension, T>>;
  const byStage = Object.fromEntries(stages.map((s) => [s.stage, s.n]));
  // The second review also tells what became of the lessons of the first: that is the adoption the country sees.
  const told = known
    .filter((l) => (batchNo === 1 ? l.batchNo === 1 && l.nationalLessonId === null : true))
    .map(({ code, dimension, text, decision, reason }) => ({ code, dimension, text, decision, reason }));
  const content: SealedReview = {
    ...draft.body,
    batchNo,
    sector: { code: actor.tenantCode, ...actor.tenantName },
    stages: byStage,
    effects: by((e) => e.sums),
    lessons: told,
    ...(silent.length > 0 ? { silent } : {}),
  };
  const summary = {
    batchNo,
    pilots: stagesWhere("takesPlace").reduce((n, stage) => n + (byStage[stage] ?? 0), 0),
    accepted: byStage["accepted"] ?? 0,
    lessons: known.filter((l) => l.batchNo === batchNo && l.nationalLessonId === null).length,
    effects: by((e) => e.sums),
    members: by((e) => e.members),
  };
  const unheard = voices.filter((v) => v.lessons === 0 && v.reason === null).map((v) => v.code);
  return { content, summary, unheard };
}

/** What a review lacks, and how far it is, as facts of its machine. @param unheard pilots of which no lesson and no reason is known */
export function reviewFacts(
  content: SealedReview,
  unheard: readonly string[],
  locale: Locale,
): { completeness: number; missingParts: string[] } {
  const missing = [
    ...(content.conclusions.trim() === "" ? [translate("pilots_review_conclusions", {}, locale)] : []),
    ...(unheard.length > 0 ? [translate("pilots_review_lessons_of", { pilots: unheard.join(" · ") }, locale)] : []),
  ];
  return { completeness: missing.length === 0 ? 100 : 50, missingParts: missing };
}
