import { and, eq } from "drizzle-orm";
import { invalid, notFound } from "#app/platform/errors.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { measures } from "#db/schema/index.ts";

export interface MeasureDone {
  measureId: string;
  /** `YYYY-MM-DD` since which it is in place; null: it is not, after all. */
  doneOn: string | null;
}

/** @param fieldOf name of the form's field in which a day was written @throws invalid for a day to come */
export function demandPast(
  actor: Actor,
  list: readonly MeasureDone[],
  fieldOf: (measureId: string) => string = () => "doneOn",
): void {
  const ahead = list.filter(({ doneOn }) => doneOn !== null && doneOn > today(actor));
  if (ahead.length > 0)
    throw invalid(Object.fromEntries(ahead.map((one) => [fieldOf(one.measureId), ["error_field_day_ahead"]])));
}

/**
 * A site says since when measures are in place, or takes that back. At any time; the plan itself is not changed. What a report
 * says of them counts from its approval (`pilots/approved.server.ts`); whichever was said last stands.
 * @throws invalid for a day to come; notFound for somebody else's measure
 */
export async function reportMeasuresDone(tx: Tx, actor: Actor, list: readonly MeasureDone[]): Promise<void> {
  demandPast(actor, list);
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
