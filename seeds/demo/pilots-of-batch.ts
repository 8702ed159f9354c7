import { and, asc, eq, inArray } from "drizzle-orm";
import { movePilot } from "#app/features/pilots/pilot.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { pilots } from "#db/schema/index.ts";
import type { Actors } from "./actors.ts";
import type { batchDays } from "./scenarios.ts";
import { locale, type ScriptSite, type SectorScript } from "./sector-script.ts";

export type PilotRow = typeof pilots.$inferSelect;
/** The days of one batch. */
export type Days = ReturnType<typeof batchDays>;

/** What the generator knows a pilot by. */
export const code = (p: SectorScript, pilot: PilotRow) => `${p.plausible.code}/${pilot.code}`;
export const siteOf = (p: SectorScript, pilot: PilotRow): ScriptSite => {
  const found = p.sites.find((s) => s.id === pilot.siteId);
  if (!found) throw new Error(`no site of ${pilot.code}`);
  return found;
};
export const move = (cast: Actors, who: Actor, pilot: PilotRow, type: string, payload: Record<string, unknown> = {}) =>
  cast.act(who, (tx, a) => movePilot(tx, a, { pilotId: pilot.id, type, payload, locale }));

/** The pilots of a batch, by rank; of some stages where they are told. */
export async function pilotsIn(
  cast: Actors,
  p: SectorScript,
  batchNo: 1 | 2,
  stages?: readonly string[],
): Promise<PilotRow[]> {
  return cast.act(p.lead, (tx, a) =>
    tx
      .select()
      .from(pilots)
      .where(
        and(
          eq(pilots.tenantId, a.tenantId),
          eq(pilots.projectId, p.projectId),
          eq(pilots.batchNo, batchNo),
          stages ? inArray(pilots.stage, [...stages]) : undefined,
        ),
      )
      .orderBy(asc(pilots.rank), asc(pilots.code)),
  );
}
