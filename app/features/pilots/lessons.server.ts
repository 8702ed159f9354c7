import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import { noteChange } from "#app/features/document/approval.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { openMeasures } from "#app/features/plan/measures-done.server.ts";
import { uptakeMissing, wasSelected } from "#app/features/project/lesson-facts.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { conflict, invalid, notFound, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { codeOf, inCodeOrder, largestNumber } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { indicators, lessons, measures, pilots, silentPilots } from "#db/schema/index.ts";
import { type Dimension, dimensions } from "#db/vocabulary.ts";
import type { z } from "zod";
import { demandBatchStep, loadPilot } from "./facts.server.ts";
import type { lessonDecisionSchema } from "./pilots.schema.ts";

/*
 * Lessons of a sector's batches, and the learning gate: batch two selects only when every lesson of batch one, its own and
 * those of the other sectors, is adopted, adapted or refused with a reason, and what was adopted is taken up by something.
 */

export type LessonRow = typeof lessons.$inferSelect;

/** Notes a lesson of a batch while it runs or is reviewed; then its review is sealed. Returns its id. @throws conflict `batch_step`; notFound. */
export async function recordLesson(
  tx: Tx,
  actor: Actor,
  input: { projectId: string; batchNo: 1 | 2; pilotId?: string | null | undefined; dimension: Dimension; text: string },
): Promise<string> {
  const project = await loadProject(tx, input.projectId);
  await demandBatchStep(tx, project.id, input.batchNo, ["running", "reviewing"]);
  await demandPilotOf(tx, project.id, input.batchNo, input.pilotId);
  const prefix = `L${input.batchNo}`;
  const [last] = await tx
    .select({ no: largestNumber(lessons.code) })
    .from(lessons)
    .where(
      and(
        eq(lessons.tenantId, actor.tenantId),
        eq(lessons.projectId, project.id),
        sql`starts_with(${lessons.code}, ${`${prefix}-`})`,
      ),
    );
  const id = uuidv7();
  await tx.insert(lessons).values({
    tenantId: actor.tenantId,
    id,
    projectId: project.id,
    batchNo: input.batchNo,
    pilotId: input.pilotId ?? null,
    code: codeOf(prefix, 2, (last?.no ?? 0) + 1),
    dimension: input.dimension,
    text: input.text,
    createdAt: actor.now,
  });
  if (input.pilotId) await tx.delete(silentPilots).where(silenceOf(actor, input.pilotId));
  await noteChange(tx, actor, "batchReview", { projectId: project.id });
  return id;
}

/** @throws notFound for a pilot of another batch */
async function demandPilotOf(tx: Tx, projectId: string, batchNo: number, pilotId: string | null | undefined) {
  if (!pilotId) return;
  const pilot = await loadPilot(tx, pilotId);
  if (pilot.projectId !== projectId || pilot.batchNo !== batchNo)
    throw notFound({ logMessage: `pilot ${pilot.id} of another batch` });
}

/**
 * Puts a lesson of the batch right, until its review is closed: what it says, of what, and whom it comes from.
 * @throws conflict `batch_step`, `stale_revision`; notFound, also for one that was taken over
 */
export async function correctLesson(
  tx: Tx,
  actor: Actor,
  input: {
    projectId: string;
    batchNo: 1 | 2;
    lessonId: string;
    rev: number;
    pilotId?: string | null | undefined;
    dimension: Dimension;
    text: string;
  },
): Promise<void> {
  const { projectId, batchNo, lessonId, rev, dimension, text } = input;
  await demandBatchStep(tx, projectId, batchNo, ["running", "reviewing"]);
  await demandPilotOf(tx, projectId, batchNo, input.pilotId);
  const own = and(
    eq(lessons.tenantId, actor.tenantId),
    eq(lessons.projectId, projectId),
    eq(lessons.batchNo, batchNo),
    eq(lessons.id, lessonId),
    isNull(lessons.nationalLessonId),
  );
  const done = await tx
    .update(lessons)
    .set({ pilotId: input.pilotId ?? null, dimension, text, rev: rev + 1 })
    .where(and(own, eq(lessons.rev, rev)))
    .returning({ id: lessons.id });
  if (done.length !== 1) {
    const [present] = await tx.select().from(lessons).where(own);
    throw present
      ? staleRevision(present.rev > rev ? null : "", { rev: present.rev, theirs: present.text })
      : notFound({ logMessage: `lesson ${lessonId}` });
  }
  if (input.pilotId) await tx.delete(silentPilots).where(silenceOf(actor, input.pilotId));
  await noteChange(tx, actor, "batchReview", { projectId });
}
const silenceOf = (actor: Actor, pilotId: string) =>
  and(eq(silentPilots.tenantId, actor.tenantId), eq(silentPilots.pilotId, pilotId));

/**
 * Says why a pilot gave no lesson, or says it anew; recording one takes that back.
 * @throws conflict `pilot_has_lesson`, `batch_step`; notFound
 */
export async function stateSilence(
  tx: Tx,
  actor: Actor,
  { projectId, batchNo, pilotId, reason }: { projectId: string; batchNo: 1 | 2; pilotId: string; reason: string },
): Promise<void> {
  const project = await loadProject(tx, projectId);
  await demandBatchStep(tx, project.id, batchNo, ["running", "reviewing"]);
  const pilot = await loadPilot(tx, pilotId);
  if (pilot.projectId !== project.id || pilot.batchNo !== batchNo)
    throw notFound({ logMessage: `pilot ${pilot.id} of another batch` });
  const [own] = await tx
    .select({ code: lessons.code })
    .from(lessons)
    .where(and(eq(lessons.tenantId, actor.tenantId), eq(lessons.pilotId, pilot.id)))
    .limit(1);
  if (own) throw conflict({ code: "pilot_has_lesson", params: { pilot: pilot.code, lesson: own.code } });
  await tx
    .insert(silentPilots)
    .values({
      tenantId: actor.tenantId,
      id: uuidv7(),
      pilotId: pilot.id,
      reason,
      byName: actor.name,
      createdAt: actor.now,
    })
    .onConflictDoUpdate({
      target: [silentPilots.tenantId, silentPilots.pilotId],
      set: { reason, byName: actor.name },
    });
  await noteChange(tx, actor, "batchReview", { projectId: project.id });
}

/** Pilots of a batch that were selected, with the lessons they gave or the reason why they gave none; by code. */
export const pilotVoices = (tx: Tx, actor: Actor, projectId: string, batchNo: number) =>
  tx
    .select({
      id: pilots.id,
      code: pilots.code,
      name: pilots.name,
      lessons: sql<number>`(select count(*)::int from lessons l where l.tenant_id = ${pilots.tenantId} and l.pilot_id = ${pilots.id})`,
      reason: silentPilots.reason,
    })
    .from(pilots)
    .leftJoin(silentPilots, and(eq(silentPilots.tenantId, pilots.tenantId), eq(silentPilots.pilotId, pilots.id)))
    .where(wasSelected(actor.tenantId, projectId, batchNo))
    .orderBy(...inCodeOrder(pilots.code));

/** The lessons of batch one may be decided from the learning phase until the sector's draft of the specification has gone up. */
export const decidable = (state: string): boolean =>
  state.startsWith("batchTwo.") || state === "specification.drafting";

type Uptake = Pick<LessonRow, "uptakeKind" | "uptakeId" | "uptake">;
const nothing: Uptake = { uptakeKind: null, uptakeId: null, uptake: "" };

/**
 * What takes up a lesson: a measure or an indicator of the plan by its code, or the heading of a clause to be written. A
 * measure that is in place already came before the lesson and takes up nothing. @throws invalid
 */
async function uptakeOf(tx: Tx, actor: Actor, projectId: string, input: DecisionInput): Promise<Uptake> {
  if (input.decision === "refused") return nothing;
  const { uptakeKind: kind, uptake: named } = input;
  if (!kind) throw invalid({ uptakeKind: ["error_lesson_uptake_missing"] });
  if (named === "") throw invalid({ uptake: ["error_lesson_uptake_missing"] });
  if (kind === "clause") return { uptakeKind: kind, uptakeId: null, uptake: named };
  const code = named.split(/\s/u)[0]?.toUpperCase() ?? "";
  const table = kind === "measure" ? measures : indicators;
  const [row] = await tx
    .select({ id: table.id, code: table.code, doneOn: kind === "measure" ? measures.doneOn : sql<null>`null` })
    .from(table)
    .where(and(eq(table.tenantId, actor.tenantId), eq(table.projectId, projectId), eq(table.code, code)));
  if (!row) throw invalid({ uptake: [kind === "measure" ? "error_lesson_no_measure" : "error_lesson_no_indicator"] });
  if (row.doneOn !== null && row.doneOn <= today(actor)) throw invalid({ uptake: ["error_lesson_measure_done"] });
  return { uptakeKind: kind, uptakeId: row.id, uptake: row.code };
}

type DecisionInput = Omit<z.output<typeof lessonDecisionSchema>, "lessons">;

/**
 * Decides lessons of batch one together, or decides them anew. One that changed meanwhile is left as it is and named; where
 * that is the only one, it is refused. Returns how many were decided.
 * @throws conflict `stale_revision`, `lessons_not_due`; invalid; notFound
 */
export async function decideLessons(
  tx: Tx,
  actor: Actor,
  { projectId, lessons: chosen, ...input }: z.output<typeof lessonDecisionSchema> & { projectId: string },
): Promise<{ decided: number; left: string[] }> {
  const project = await loadProject(tx, projectId);
  if (!decidable(project.state)) throw conflict({ code: "lessons_not_due" });
  const revs = new Map(chosen.map((c) => [c.id, c.rev]));
  const of = and(eq(lessons.tenantId, actor.tenantId), eq(lessons.projectId, project.id), eq(lessons.batchNo, 1));
  const rows = await tx
    .select()
    .from(lessons)
    .where(and(of, inArray(lessons.id, [...revs.keys()])))
    .orderBy(lessons.id)
    .for("update");
  if (rows.length !== revs.size) throw notFound({ logMessage: `${revs.size - rows.length} lessons of ${projectId}` });
  const present = rows.filter((r) => r.rev === revs.get(r.id));
  const changed = rows.find((r) => !present.includes(r));
  if (present.length === 0 && changed)
    throw staleRevision(changed.decidedByName, {
      rev: changed.rev,
      theirs: { decision: changed.decision, reason: changed.reason },
    });
  const uptake = await uptakeOf(tx, actor, project.id, input);
  await tx
    .update(lessons)
    .set({
      decision: input.decision,
      reason: input.reason,
      ...uptake,
      decidedByName: actor.name,
      decidedAt: actor.now,
      rev: sql`${lessons.rev} + 1`,
    })
    .where(
      and(
        of,
        inArray(
          lessons.id,
          present.map((r) => r.id),
        ),
      ),
    );
  await noteChange(tx, actor, "batchReview", { projectId: project.id });
  return {
    decided: present.length,
    left: rows.filter((r) => !present.includes(r)).map((r) => r.code),
  };
}

/** Lessons of a project with the pilot they come from and what takes them up, undecided first. */
export const lessonsOf = (tx: Tx, actor: Actor, projectId: string) =>
  tx
    .select({
      lesson: lessons,
      pilotCode: pilots.code,
      uptakeTitle: sql<string | null>`coalesce(${measures.title}, ${indicators.name})`,
      uptakeGone: uptakeMissing.as("uptake_gone"),
    })
    .from(lessons)
    .leftJoin(pilots, and(eq(pilots.tenantId, lessons.tenantId), eq(pilots.id, lessons.pilotId)))
    .leftJoin(measures, and(eq(measures.tenantId, lessons.tenantId), eq(measures.id, lessons.uptakeId)))
    .leftJoin(indicators, and(eq(indicators.tenantId, lessons.tenantId), eq(indicators.id, lessons.uptakeId)))
    .where(and(eq(lessons.tenantId, actor.tenantId), eq(lessons.projectId, projectId)))
    .orderBy(sql`${lessons.decision} <> 'open'`, asc(lessons.batchNo), ...inCodeOrder(lessons.code));

/** Most rows of the plan that a form offers; any other is named by its code as well. */
const offered = 300;
/** What may take up a lesson: measures that are not in place yet, and indicators, by code. */
export async function uptakesOf(tx: Tx, actor: Actor, projectId: string): Promise<{ code: string; title: string }[]> {
  const open = and(
    eq(measures.tenantId, actor.tenantId),
    eq(measures.projectId, projectId),
    openMeasures(today(actor)),
  );
  const [todo, known] = await Promise.all([
    tx
      .select({ code: measures.code, title: measures.title })
      .from(measures)
      .where(open)
      .orderBy(...inCodeOrder(measures.code))
      .limit(offered),
    tx
      .select({ code: indicators.code, title: indicators.name })
      .from(indicators)
      .where(and(eq(indicators.tenantId, actor.tenantId), eq(indicators.projectId, projectId)))
      .orderBy(...inCodeOrder(indicators.code))
      .limit(offered),
  ]);
  return [...todo, ...known];
}

const decisions = ["adopted", "adapted", "refused", "open"] as const;
export type AdoptionRow = { dimension: Dimension; total: number } & Record<(typeof decisions)[number], number>;

/** Dimension × decision over the lessons that batch two had to decide: the adoption matrix. */
export function adoptionMatrix(list: readonly Pick<LessonRow, "dimension" | "decision" | "batchNo">[]): AdoptionRow[] {
  return dimensions.map((dimension) => {
    const own = list.filter((l) => l.dimension === dimension && l.batchNo === 1);
    const n = (decision: string) => own.filter((l) => l.decision === decision).length;
    return {
      dimension,
      adopted: n("adopted"),
      adapted: n("adapted"),
      refused: n("refused"),
      open: n("open"),
      total: own.length,
    };
  });
}
