import { and, eq, gt, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { invalid, notFound } from "#app/platform/errors.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { measures, pilots, programmes, projects, risks } from "#db/schema/index.ts";

/** Measures that are not in place on a day, and among them those that are late: what `measureProgress` says, asked of rows. */
export const openMeasures = (day: string): SQL | undefined => or(isNull(measures.doneOn), gt(measures.doneOn, day));
export const lateMeasures = (day: string): SQL | undefined => and(openMeasures(day), lt(measures.endsOn, day));

/**
 * Since when each measure of a project is in place, by the rows as they stand; null for a reader who sees what was sealed alone
 * (the national office), to whom nothing may be said of it.
 */
export async function measuresInPlace(
  tx: Tx,
  actor: Actor,
  projectId: string,
): Promise<ReadonlyMap<string, string | null> | null> {
  if (actor.level === "national") return null;
  const rows = await tx
    .select({ id: measures.id, doneOn: measures.doneOn })
    .from(measures)
    .where(and(eq(measures.tenantId, actor.tenantId), eq(measures.projectId, projectId)));
  return new Map(rows.map((r) => [r.id, r.doneOn]));
}

export interface MeasureDone {
  measureId: string;
  /** `YYYY-MM-DD` since which it is in place; null: it is not, after all. */
  doneOn: string | null;
}

/**
 * The first day on which each measure can be in place: the day its system became a pilot, else the programme's first.
 * Measures that the caller does not see are left out.
 */
async function firstDays(tx: Tx, actor: Actor, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx
    .select({
      id: measures.id,
      day: sql<string>`coalesce(to_char(min(${pilots.createdAt}) at time zone 'Asia/Shanghai', 'YYYY-MM-DD'), ${programmes.startsOn}::text)`,
    })
    .from(measures)
    .innerJoin(projects, and(eq(projects.tenantId, measures.tenantId), eq(projects.id, measures.projectId)))
    .innerJoin(programmes, eq(programmes.id, projects.programmeId))
    .leftJoin(risks, and(eq(risks.tenantId, measures.tenantId), eq(risks.id, measures.riskId)))
    .leftJoin(
      pilots,
      and(
        eq(pilots.tenantId, measures.tenantId),
        eq(pilots.projectId, measures.projectId),
        eq(pilots.systemId, risks.systemId),
      ),
    )
    .where(and(eq(measures.tenantId, actor.tenantId), inArray(measures.id, [...ids])))
    .groupBy(measures.tenantId, measures.id, programmes.startsOn);
  return new Map(rows.map((r) => [r.id, r.day]));
}

/**
 * A measure is in place since a day of its pilot that is not ahead, whichever way it is said.
 * @param fieldOf name of the form's field in which a day was written @throws invalid for a day ahead, or before the pilot
 */
export async function demandWithin(
  tx: Tx,
  actor: Actor,
  list: readonly MeasureDone[],
  fieldOf: (measureId: string) => string = () => "doneOn",
): Promise<void> {
  const said = list.flatMap(({ measureId, doneOn }) => (doneOn === null ? [] : [{ measureId, doneOn }]));
  if (said.length === 0) return;
  const first = await firstDays(
    tx,
    actor,
    said.map((one) => one.measureId),
  );
  const faults = said.flatMap(({ measureId, doneOn }): [string, string[]][] => {
    const from = first.get(measureId);
    if (doneOn > today(actor)) return [[fieldOf(measureId), ["error_field_day_ahead"]]];
    return from !== undefined && doneOn < from
      ? [[fieldOf(measureId), [`error_measure_before_pilot|day=${from}`]]]
      : [];
  });
  if (faults.length > 0) throw invalid(Object.fromEntries(faults));
}

/**
 * A site says since when measures are in place, or takes that back. At any time; the plan itself is not changed. What a report
 * says of them counts from its approval (`pilots/approved.server.ts`); whichever was said last stands.
 * @throws invalid as `demandWithin`; notFound for somebody else's measure
 */
export async function reportMeasuresDone(tx: Tx, actor: Actor, list: readonly MeasureDone[]): Promise<void> {
  await demandWithin(tx, actor, list);
  await Promise.all(
    list.map(async ({ measureId, doneOn }) => {
      const done = await tx
        .update(measures)
        .set({ doneOn, saidOn: doneOn, saidAt: actor.now, updatedAt: actor.now })
        .where(and(eq(measures.tenantId, actor.tenantId), eq(measures.id, measureId)))
        .returning({ id: measures.id });
      if (done.length !== 1) throw notFound({ logMessage: `measure ${measureId}` });
    }),
  );
}
