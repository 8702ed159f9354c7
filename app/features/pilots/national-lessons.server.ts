import { and, asc, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { noteChange } from "#app/features/document/approval.server.ts";
import { batchStep } from "#app/features/project/project.rules.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { conflict } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Actor } from "#app/request/actor.ts";
import { inCodeOrder } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { lessons, lessonStatements, nationalLessons, projects, submissions, tenants } from "#db/schema/index.ts";
import { dimensions } from "#db/vocabulary.ts";

/* What the national office hands on of the sectors' batch one, to every other sector; and that there is nothing to hand on. */

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

interface ToPassOn {
  /** Lessons of batch one that would go out now, and of how many sectors. */
  ready: number;
  sectors: number;
  /** Went out before. */
  passedOn: number;
  /** That there are none, as the office stated it. */
  none: { reason: string; byName: string } | null;
  /** Sectors that have not closed or skipped batch one: their lessons are still to come. */
  underWay: number;
}
/** What the office stated of batch one's lessons: that there are none, and why; null where it did not. */
export async function noneStated(tx: Tx, programmeId: string): Promise<ToPassOn["none"]> {
  const [none] = await tx
    .select({ reason: lessonStatements.reason, byName: lessonStatements.byName })
    .from(lessonStatements)
    .where(and(eq(lessonStatements.programmeId, programmeId), eq(lessonStatements.batchNo, 1)));
  return none ?? null;
}

/** What of the lessons of batch one waits to go out, and what was said of them. */
export async function lessonsToPassOn(tx: Tx, actor: Actor, programmeId: string): Promise<ToPassOn> {
  const [rows, before, none, states] = await Promise.all([
    reviewedLessons(tx, actor, programmeId),
    tx
      .select({ fromSector: nationalLessons.fromSector, code: nationalLessons.code })
      .from(nationalLessons)
      .where(eq(nationalLessons.programmeId, programmeId)),
    noneStated(tx, programmeId),
    tx.select({ state: projects.state }).from(projects).where(eq(projects.programmeId, programmeId)),
  ]);
  const known = new Set(before.map((l) => `${l.fromSector}/${l.code}`));
  const fresh = rows.filter((l) => !known.has(`${l.fromSector}/${l.code}`));
  return {
    ready: fresh.length,
    sectors: new Set(fresh.map((l) => l.fromSector)).size,
    passedOn: before.length,
    none,
    underWay: states.filter(({ state }) => !["past", "off"].includes(batchStep(state, 1))).length,
  };
}

/**
 * National office: states that batch one gave no lessons, so that the sectors' learning does not wait for any. Lessons that come
 * later may be handed on all the same. @throws conflict `lessons_ready`, `lessons_handed_on`, `lessons_none_stated`
 */
export async function stateNoLessons(
  tx: Tx,
  actor: Actor,
  { programmeId, reason }: { programmeId: string; reason: string },
): Promise<void> {
  const { ready, passedOn, none } = await lessonsToPassOn(tx, actor, programmeId);
  if (passedOn > 0) throw conflict({ code: "lessons_handed_on", params: { count: passedOn } });
  if (ready > 0) throw conflict({ code: "lessons_ready", params: { count: ready } });
  if (none) throw conflict({ code: "lessons_none_stated", params: { name: none.byName } });
  await tx.insert(lessonStatements).values({
    tenantId: actor.tenantId,
    id: uuidv7(),
    programmeId,
    batchNo: 1,
    reason,
    byName: actor.name,
    createdAt: actor.now,
  });
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
