import { and, desc, eq, sql } from "drizzle-orm";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import type { Fired } from "#app/features/workflow/workflow.server.ts";
import { type Instance, loadInstance } from "#app/features/workflow/instance.server.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { projectFacts, windowOf } from "#app/features/project/facts.server.ts";
import type { Remembered } from "#app/features/project/phases.rules.ts";
import { batchStep } from "#app/features/project/project.rules.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import { type ProjectMove, transitionProject } from "#app/features/project/move.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { AppError } from "#app/platform/errors.ts";
import { inCodeOrder } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { batchQuotas, lessons, pilots } from "#db/schema/index.ts";
import { effectOfSums, readSums } from "#app/features/effect/aggregate.rules.ts";
import { effectSentence } from "#app/features/effect/effects.rules.ts";
import { reasonText } from "#app/domain/reason-text.server.ts";
import { dimensions } from "#db/vocabulary.ts";
import { pilotLeaves } from "#workflows/index.ts";
import { adoptionMatrix, decidable, lessonsOf, pilotVoices, uptakesOf } from "./lessons.server.ts";
import { nationalLessonsFor, noneStated } from "./national-lessons.server.ts";
import { standingOf } from "#app/features/document/standing.server.ts";
import { isEditable } from "#app/features/document/document.server.ts";
import { effectSums, mayBegin, reviewOf } from "./review.server.ts";
import { panelView } from "./panel.server.ts";
import { healthNow, reportOwedOn } from "./pilots.view.server.ts";
import { nominationBarred, stageCounts } from "./pilot.server.ts";

/** Rows of the ranking; a batch of more is read in the list of pilots. */
const shown = 100;
/** Events of the project that belong to a batch. */
const batchEvents = new Set([
  "START_BATCH",
  "SKIP_BATCH_ONE",
  "START_REVIEW",
  "REOPEN_BATCH",
  "CLOSE_BATCH",
  "FINISH_LEARNING",
  "SKIP_BATCH_TWO",
]);

/**
 * An act on a batch as a whole.
 * @throws AppError `unknown_intent` for a project's other events: those that move a document are sent with it, elsewhere.
 */
export async function transitionBatch(tx: Tx, actor: Actor, move: ProjectMove): Promise<Fired> {
  if (!batchEvents.has(move.type)) throw new AppError("unknown_intent", 400, `no act ${move.type} on a batch`);
  return transitionProject(tx, actor, move);
}

/** National window, quota and what has been selected of them: everyone of the sector may know. */
async function frameOf(tx: Tx, actor: Actor, projectId: string, batchNo: 1 | 2) {
  const project = await loadProject(tx, projectId);
  const [window, [quota]] = await Promise.all([
    windowOf(tx, actor, project.programmeId, batchNo),
    tx
      .select({ quota: batchQuotas.quota, note: batchQuotas.note })
      .from(batchQuotas)
      .where(
        and(
          eq(batchQuotas.tenantId, project.tenantId),
          eq(batchQuotas.programmeId, project.programmeId),
          eq(batchQuotas.batchNo, batchNo),
        ),
      ),
  ]);
  const shown = window ? { opensOn: window.opensOn, closesOn: window.closesOn, status: window.standing } : null;
  return { project, window: shown, quota: quota?.quota ?? 0, quotaNote: quota?.note ?? "" };
}

const rankingOf = (tx: Tx, actor: Actor, projectId: string, batchNo: number) =>
  tx
    .select({
      id: pilots.id,
      code: pilots.code,
      name: pilots.name,
      direction: pilots.direction,
      grade: pilots.grade,
      stage: pilots.stage,
      health: healthNow(today(actor)).as("health_now"),
      scoreCenti: pilots.scoreCenti,
      rank: pilots.rank,
      noticeTo: pilots.noticeTo,
      nextReportDue: reportOwedOn.as("report_owed_on"),
    })
    .from(pilots)
    .where(and(eq(pilots.tenantId, actor.tenantId), eq(pilots.projectId, projectId), eq(pilots.batchNo, batchNo)))
    .orderBy(sql`${pilots.rank} asc nulls last`, ...inCodeOrder(pilots.code))
    .limit(shown);

/** Whether the sector passed a batch by, with that on record. */
function passedBy({ snapshot }: Pick<Instance, "snapshot">, batchNo: 1 | 2): boolean {
  const { context } = snapshot as { context: Remembered };
  return (batchNo === 1 ? context.batchOneSkipped : context.batchTwoSkipped) ?? false;
}

/** Everything of a batch page. Sites see the frame and the lessons; the national office the frame and the sealed review. */
export async function batchView(tx: Tx, actor: Actor, projectId: string, batchNo: 1 | 2, locale: Locale) {
  const frame = await frameOf(tx, actor, projectId, batchNo);
  const { project } = frame;
  const [instance, facts, sector] = await Promise.all([
    loadInstance(tx, project.id),
    projectFacts(tx, actor, project),
    actor.level === "sector" ? sectorPart(tx, actor, project, batchNo, locale) : null,
  ]);
  const known =
    actor.level === "site"
      ? await tx
          .select({ lesson: lessons })
          .from(lessons)
          .where(and(eq(lessons.tenantId, actor.tenantId), eq(lessons.projectId, projectId)))
          .orderBy(desc(lessons.batchNo), ...inCodeOrder(lessons.code))
      : [];
  const step = batchStep(instance.state, batchNo);
  const here = !["ahead", "past", "off"].includes(step);
  return {
    projectId,
    batchNo,
    reviews: may(actor.role, "review.write") && mayBegin(step),
    nominates: may(actor.role, "batch.write"),
    level: actor.level,
    window: frame.window,
    quota: frame.quota,
    quotaNote: frame.quotaNote,
    state: stateLabel("project", project.state, locale),
    here,
    step: step === "past" && passedBy(instance, batchNo) ? ("skipped" as const) : step,
    version: instance.lockVersion,
    acts: here ? eventOptions(instance, actor, facts, locale).filter((a) => batchEvents.has(a.type)) : [],
    sector,
    decides: batchNo === 2 && may(actor.role, "batch.write") && decidable(project.state),
    siteLessons: known.map((k) => ({ lesson: k.lesson, pilotCode: null, uptakeTitle: null, uptakeGone: false })),
  };
}

/** What the batch did to the risks, in sentences and figures, for the dimensions of which anything is known. */
function findingsOf(effects: Awaited<ReturnType<typeof effectSums>>, batchNo: 1 | 2, locale: Locale) {
  return dimensions.flatMap((dimension) => {
    const e = effects[dimension]?.sums;
    const effect = e
      ? effectOfSums(readSums({ n: e.pilots, sum: e.changeSum, squares: e.changeSquares }), e.sites)
      : null;
    return effect && e
      ? [
          {
            dimension,
            beforeMilli: e.beforeMilli,
            afterMilli: e.afterMilli,
            n: e.pilots,
            sentence: reasonText(effectSentence(effect, { batch: batchNo === 1 ? "1" : "2", dimension }), locale),
          },
        ]
      : [];
  });
}

async function sectorPart(tx: Tx, actor: Actor, project: ProjectRow, batchNo: 1 | 2, locale: Locale) {
  const projectId = project.id;
  const selecting = batchStep(project.state, batchNo) === "selecting";
  const [ranking, counts, review, list, passedOn, effects, panel, voices, uptakes, barred, none] = await Promise.all([
    rankingOf(tx, actor, projectId, batchNo),
    stageCounts(tx, actor, projectId),
    reviewOf(tx, projectId, batchNo),
    lessonsOf(tx, actor, projectId),
    nationalLessonsFor(tx, actor, projectId),
    effectSums(tx, actor, projectId, batchNo),
    panelView(tx, actor, projectId, batchNo),
    pilotVoices(tx, actor, projectId, batchNo),
    batchNo === 2 ? uptakesOf(tx, actor, projectId) : [],
    selecting ? nominationBarred(tx, actor, { projectId, batchNo, locale }) : null,
    batchNo === 2 ? noneStated(tx, project.programmeId) : null,
  ]);
  const standing = review ? await standingOf(tx, actor, review.document, locale, { latest: review.sealed }) : null;
  return {
    ranking: ranking.map((r) => ({ ...r, stageLabel: stateLabel("pilot", r.stage, locale) })),
    stages: pilotLeaves.flatMap((stage) => {
      const n = counts.find((c) => c.batchNo === batchNo && c.stage === stage)?.n ?? 0;
      return n === 0 ? [] : [{ stage, label: stateLabel("pilot", stage, locale), n }];
    }),
    lessons: list,
    voices,
    uptakes,
    adoption: adoptionMatrix(list.map((l) => l.lesson)),
    passedOn,
    /** That the national office said there is nothing to pass on, and why. */
    noneStated: none,
    /** Why nothing can be nominated now; null where it can, and outside the selection. */
    barred,
    findings: findingsOf(effects, batchNo, locale),
    panel: { ...panel, names: may(actor.role, "panel.name") },
    review:
      review && standing
        ? {
            documentId: review.document.id,
            body: review.body,
            rev: review.rev,
            editable: may(actor.role, "review.write") && isEditable(review.document),
            sha256: review.sealed?.sha256 ?? null,
            ...standing,
          }
        : null,
  };
}
