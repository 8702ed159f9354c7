import { and, asc, desc, eq, sql } from "drizzle-orm";
import { noteChange } from "#app/features/document/approval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { notFound, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { codeOf, inCodeOrder, largestNumber } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { lessons, nationalLessons, pilots, submissions, projects, tenants } from "#db/schema/index.ts";
import { type Dimension, dimensions } from "#db/vocabulary.ts";
import { z } from "zod";
import { demandBatchStep, loadPilot } from "./facts.server.ts";

/*
 * The learning gate: batch two selects only when every lesson of batch one is adopted, adapted or refused with a reason. A
 * sector that was not in batch one learns from what the national office passes on of the others.
 */

export type LessonRow = typeof lessons.$inferSelect;
export type Decision = "adopted" | "adapted" | "refused";

/** Notes a lesson of a batch while it runs or is reviewed; then its review is sealed. Returns its id. @throws conflict `batch_step`; notFound. */
export async function recordLesson(
  tx: Tx,
  actor: Actor,
  input: { projectId: string; batchNo: 1 | 2; pilotId?: string | null | undefined; dimension: Dimension; text: string },
): Promise<string> {
  const project = await loadProject(tx, input.projectId);
  await demandBatchStep(tx, project.id, input.batchNo, ["running", "reviewing"]);
  if (input.pilotId) {
    const pilot = await loadPilot(tx, input.pilotId);
    if (pilot.projectId !== project.id || pilot.batchNo !== input.batchNo)
      throw notFound({ logMessage: `pilot ${pilot.id} of another batch` });
  }
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
  await noteChange(tx, actor, "batchReview", { projectId: project.id });
  return id;
}

/** Decides a lesson, or decides it anew. @throws conflict `stale_revision`; notFound. */
export async function decideLesson(
  tx: Tx,
  actor: Actor,
  input: { lessonId: string; rev: number; decision: Decision; reason: string },
): Promise<number> {
  const done = await tx
    .update(lessons)
    .set({
      decision: input.decision,
      reason: input.reason,
      decidedByName: actor.name,
      decidedAt: actor.now,
      rev: input.rev + 1,
    })
    .where(and(eq(lessons.tenantId, actor.tenantId), eq(lessons.id, input.lessonId), eq(lessons.rev, input.rev)))
    .returning({ rev: lessons.rev, projectId: lessons.projectId });
  if (done[0]) {
    await noteChange(tx, actor, "batchReview", { projectId: done[0].projectId });
    return done[0].rev;
  }
  const [present] = await tx
    .select()
    .from(lessons)
    .where(and(eq(lessons.tenantId, actor.tenantId), eq(lessons.id, input.lessonId)));
  if (!present) throw notFound({ logMessage: `lesson ${input.lessonId}` });
  throw staleRevision(present.decidedByName, {
    rev: present.rev,
    theirs: { decision: present.decision, reason: present.reason },
  });
}

/** Lessons of a project with the pilot they come from, undecided first. */
export const lessonsOf = (tx: Tx, actor: Actor, projectId: string) =>
  tx
    .select({ lesson: lessons, pilotCode: pilots.code })
    .from(lessons)
    .leftJoin(pilots, and(eq(pilots.tenantId, lessons.tenantId), eq(pilots.id, lessons.pilotId)))
    .where(and(eq(lessons.tenantId, actor.tenantId), eq(lessons.projectId, projectId)))
    .orderBy(sql`${lessons.decision} <> 'open'`, asc(lessons.batchNo), ...inCodeOrder(lessons.code));

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

const sealedLessons = z.object({
  lessons: z.array(z.object({ code: z.string(), dimension: z.enum(dimensions), text: z.string().max(2000) })),
});

/** Lessons of the sectors' approved reviews of batch one as rows to pass on, of each sector its last review. */
async function reviewedLessons(tx: Tx, actor: Actor, programmeId: string) {
  const reviews = await tx
    .selectDistinctOn([submissions.tenantId], {
      tenantId: submissions.tenantId,
      id: submissions.id,
      content: submissions.content,
    })
    .from(submissions)
    .innerJoin(projects, and(eq(projects.tenantId, submissions.tenantId), eq(projects.id, submissions.projectId)))
    .where(
      and(
        eq(submissions.national, true),
        eq(submissions.kind, "batchReview"),
        eq(projects.programmeId, programmeId),
        sql`${submissions.summary} ->> 'batchNo' = '1'`,
      ),
    )
    .orderBy(submissions.tenantId, desc(submissions.seq));
  return reviews.flatMap((r) => {
    const parsed = sealedLessons.safeParse(r.content);
    if (!parsed.success) return [];
    return parsed.data.lessons.map((l) => ({
      tenantId: actor.tenantId,
      id: uuidv7(),
      programmeId,
      batchNo: 1,
      fromSector: r.tenantId,
      submissionId: r.id,
      code: l.code,
      dimension: l.dimension,
      text: l.text,
      createdAt: actor.now,
    }));
  });
}

/** How many lessons of batch one would go out now, of how many sectors, and how many went out before. */
export async function lessonsToPassOn(
  tx: Tx,
  actor: Actor,
  programmeId: string,
): Promise<{ ready: number; sectors: number; passedOn: number }> {
  const [rows, before] = await Promise.all([
    reviewedLessons(tx, actor, programmeId),
    tx
      .select({ fromSector: nationalLessons.fromSector, code: nationalLessons.code })
      .from(nationalLessons)
      .where(eq(nationalLessons.programmeId, programmeId)),
  ]);
  const known = new Set(before.map((l) => `${l.fromSector}/${l.code}`));
  const fresh = rows.filter((l) => !known.has(`${l.fromSector}/${l.code}`));
  return { ready: fresh.length, sectors: new Set(fresh.map((l) => l.fromSector)).size, passedOn: before.length };
}

/**
 * National office: passes the lessons of every sector's approved review of batch one on to all sectors. May be called
 * again when another review has come in. Returns how many were added.
 */
export async function publishNationalLessons(tx: Tx, actor: Actor, programmeId: string): Promise<number> {
  const rows = await reviewedLessons(tx, actor, programmeId);
  if (rows.length === 0) return 0;
  const added = await tx
    .insert(nationalLessons)
    .values(rows)
    .onConflictDoNothing()
    .returning({ id: nationalLessons.id });
  return added.length;
}

/** What the national office passes on of other sectors' batch one, with whether this project took it over already. */
export async function nationalLessonsFor(tx: Tx, actor: Actor, projectId: string) {
  const project = await loadProject(tx, projectId);
  return tx
    .select({
      id: nationalLessons.id,
      code: nationalLessons.code,
      dimension: nationalLessons.dimension,
      text: nationalLessons.text,
      sectorCode: tenants.code,
      sectorZh: tenants.nameZh,
      sectorEn: tenants.nameEn,
      takenOver: sql<boolean>`${lessons.id} is not null`,
    })
    .from(nationalLessons)
    .innerJoin(tenants, eq(tenants.id, nationalLessons.fromSector))
    .leftJoin(
      lessons,
      and(
        eq(lessons.tenantId, actor.tenantId),
        eq(lessons.projectId, project.id),
        eq(lessons.nationalLessonId, nationalLessons.id),
      ),
    )
    .where(
      and(
        eq(nationalLessons.programmeId, project.programmeId),
        eq(nationalLessons.batchNo, 1),
        sql`${nationalLessons.fromSector} <> ${actor.tenantId}`,
      ),
    )
    .orderBy(asc(tenants.code), ...inCodeOrder(nationalLessons.code));
}

/** Takes the other sectors' lessons over to decide on each. Returns how many were added; one taken over before stays as it is. */
export async function takeOverNationalLessons(tx: Tx, actor: Actor, projectId: string): Promise<number> {
  const offered = (await nationalLessonsFor(tx, actor, projectId)).filter((l) => !l.takenOver);
  if (offered.length === 0) return 0;
  await tx.insert(lessons).values(
    offered.map((l) => ({
      tenantId: actor.tenantId,
      id: uuidv7(),
      projectId,
      batchNo: 1,
      nationalLessonId: l.id,
      code: `N-${l.sectorCode}-${l.code}`,
      dimension: l.dimension,
      text: l.text,
      createdAt: actor.now,
    })),
  );
  await noteChange(tx, actor, "batchReview", { projectId });
  return offered.length;
}
