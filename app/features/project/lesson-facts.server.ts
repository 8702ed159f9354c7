import { and, eq, exists, inArray, not, or, sql, type SQL } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import {
  indicators,
  lessons,
  lessonStatements,
  measures,
  nationalLessons,
  pilots,
  type projects,
  silentPilots,
} from "#db/schema/index.ts";
import { inCodeOrder } from "#db/codes.ts";
import { type ProjectFacts, stagesWhere } from "#workflows/index.ts";

/* What the gates of a batch ask of its lessons. */

type ProjectRow = typeof projects.$inferSelect;

const gone = (of: typeof measures | typeof indicators) =>
  sql`not exists (select 1 from ${of} where ${of.tenantId} = ${lessons.tenantId} and ${of.id} = ${lessons.uptakeId})`;
/** Adopted or adapted, and nothing that exists takes it up: never named, or gone from the plan since. */
export const uptakeMissing: SQL<boolean> = sql<boolean>`(${lessons.decision} in ('adopted', 'adapted') and case ${lessons.uptakeKind} when 'clause' then ${lessons.uptake} = '' when 'measure' then ${gone(measures)} when 'indicator' then ${gone(indicators)} else true end)`;

/** Pilots of a batch that were selected once, also those that failed or left since: each has taught something, or says why not. */
export const wasSelected = (tenantId: string, projectId: string, batchNo: number) =>
  and(
    eq(pilots.tenantId, tenantId),
    eq(pilots.projectId, projectId),
    eq(pilots.batchNo, batchNo),
    or(
      inArray(pilots.stage, stagesWhere("takesPlace")),
      and(
        eq(pilots.stage, "withdrawn"),
        sql`exists (select 1 from workflow_events e where e.tenant_id = ${pilots.tenantId} and e.object_id = ${pilots.id} and e.type = 'SELECT')`,
      ),
    ),
  );

type LessonFact =
  | "lessonsUndecided"
  | "nationalLessonsUnread"
  | "lessonsHandedOn"
  | "lessonsWithoutUptake"
  | "pilotsWithoutLesson";
/** @param no the batch in which the project stands */
export async function lessonFacts(tx: Tx, p: ProjectRow, no: number): Promise<Pick<ProjectFacts, LessonFact>> {
  const own = and(eq(lessons.tenantId, p.tenantId), eq(lessons.projectId, p.id));
  const [known, passedOn, stated, untaken, silent] = await Promise.all([
    tx
      .select({ nationalLessonId: lessons.nationalLessonId, decision: lessons.decision })
      .from(lessons)
      .where(and(own, eq(lessons.batchNo, 1))),
    tx
      .select({ id: nationalLessons.id, fromSector: nationalLessons.fromSector })
      .from(nationalLessons)
      .where(and(eq(nationalLessons.programmeId, p.programmeId), eq(nationalLessons.batchNo, 1))),
    tx
      .select({ id: lessonStatements.id })
      .from(lessonStatements)
      .where(and(eq(lessonStatements.programmeId, p.programmeId), eq(lessonStatements.batchNo, 1))),
    tx
      .select({ code: lessons.code })
      .from(lessons)
      .where(and(own, eq(lessons.batchNo, 1), uptakeMissing))
      .orderBy(...inCodeOrder(lessons.code)),
    silentOf(tx, p, no),
  ]);
  const taken = new Set(known.flatMap((l) => (l.nationalLessonId ? [l.nationalLessonId] : [])));
  return {
    lessonsUndecided: known.filter((l) => l.decision === "open").length,
    nationalLessonsUnread: passedOn.filter((l) => l.fromSector !== p.tenantId && !taken.has(l.id)).length,
    lessonsHandedOn: passedOn.length > 0 || stated.length > 0,
    lessonsWithoutUptake: untaken.map((l) => l.code),
    pilotsWithoutLesson: silent,
  };
}

/** Codes of the batch's pilots that neither have a lesson nor a reason why there is none. */
async function silentOf(tx: Tx, p: Pick<ProjectRow, "tenantId" | "id">, no: number): Promise<string[]> {
  const lessonOf = tx
    .select({ one: sql`1` })
    .from(lessons)
    .where(and(eq(lessons.tenantId, pilots.tenantId), eq(lessons.pilotId, pilots.id)));
  const reasonOf = tx
    .select({ one: sql`1` })
    .from(silentPilots)
    .where(and(eq(silentPilots.tenantId, pilots.tenantId), eq(silentPilots.pilotId, pilots.id)));
  const rows = await tx
    .select({ code: pilots.code })
    .from(pilots)
    .where(and(wasSelected(p.tenantId, p.id, no), not(exists(lessonOf)), not(exists(reasonOf))))
    .orderBy(...inCodeOrder(pilots.code));
  return rows.map((r) => r.code);
}

/** Codes of the lessons that a clause of the sector's draft is to take up. */
export async function lessonsForClauses(tx: Tx, p: Pick<ProjectRow, "tenantId" | "id">): Promise<string[]> {
  const rows = await tx
    .select({ code: lessons.code })
    .from(lessons)
    .where(
      and(
        eq(lessons.tenantId, p.tenantId),
        eq(lessons.projectId, p.id),
        eq(lessons.uptakeKind, "clause"),
        inArray(lessons.decision, ["adopted", "adapted"]),
      ),
    )
    .orderBy(...inCodeOrder(lessons.code));
  return rows.map((r) => r.code);
}
