import { and, asc, eq, isNotNull, or } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { pilotScores, type pilots } from "#db/schema/index.ts";
import { farApart } from "./scoring.rules.ts";

type PilotRow = typeof pilots.$inferSelect;
export type ScoreRow = typeof pilotScores.$inferSelect;

/** The caller's own sheets that are finished: handed in, or stepped aside. */
export async function finishedSheets(
  tx: Tx,
  actor: Actor,
): Promise<{ pilotId: string; round: number; how: "recused" | "handedIn" }[]> {
  const rows = await tx
    .select({ pilotId: pilotScores.pilotId, round: pilotScores.round, recused: pilotScores.recused })
    .from(pilotScores)
    .where(
      and(
        eq(pilotScores.tenantId, actor.tenantId),
        eq(pilotScores.membershipId, actor.membershipId),
        or(pilotScores.recused, isNotNull(pilotScores.totalCenti)),
      ),
    );
  return rows.map(({ recused, ...r }) => ({ ...r, how: recused ? ("recused" as const) : ("handedIn" as const) }));
}

/** Sheets of the present round that the caller may see. */
export const sheetsOf = (tx: Tx, pilot: PilotRow) =>
  tx
    .select()
    .from(pilotScores)
    .where(
      and(
        eq(pilotScores.tenantId, pilot.tenantId),
        eq(pilotScores.pilotId, pilot.id),
        eq(pilotScores.round, pilot.scoringRound),
      ),
    )
    .orderBy(asc(pilotScores.at));
/** Whether marks lie far apart and no note of this round says why they stand. */
export const unreconciled = (pilot: PilotRow, rows: readonly Pick<ScoreRow, "recused" | "totalCenti">[]): boolean =>
  pilot.reconciledRound !== pilot.scoringRound &&
  farApart(rows.flatMap((r) => (r.recused || r.totalCenti === null ? [] : [r.totalCenti])));

/** Whether the marks of a pilot want a note; for the lead, who alone sees them. */
export const wantsNote = async (tx: Tx, pilot: PilotRow): Promise<boolean> =>
  pilot.stage === "scoring" && unreconciled(pilot, await sheetsOf(tx, pilot));
