import { groupBy } from "#app/platform/collections.ts";
import { and, asc, desc, eq, isNotNull, or } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { pilotScores, type pilots, scoreNotes } from "#db/schema/index.ts";
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
export interface ScoreNote {
  text: string;
  at: Date;
}
/** The lead's note of this round on marks that lie far apart, the newest; for a lead alone. */
export async function noteOf(tx: Tx, pilot: PilotRow): Promise<ScoreNote | null> {
  const [note] = await tx
    .select({ text: scoreNotes.text, at: scoreNotes.at })
    .from(scoreNotes)
    .where(
      and(
        eq(scoreNotes.tenantId, pilot.tenantId),
        eq(scoreNotes.pilotId, pilot.id),
        eq(scoreNotes.round, pilot.scoringRound),
      ),
    )
    .orderBy(desc(scoreNotes.at))
    .limit(1);
  return note ?? null;
}
/** Whether marks lie far apart and no note says why they stand, or the last mark came in after it. */
export const unreconciled = (
  note: ScoreNote | null,
  rows: readonly Pick<ScoreRow, "recused" | "totalCenti" | "at">[],
): boolean => {
  const counted = rows.flatMap((r) => (r.recused || r.totalCenti === null ? [] : [{ total: r.totalCenti, at: r.at }]));
  const told = note !== null && counted.every((r) => r.at <= note.at);
  return !told && farApart(counted.map((r) => r.total));
};

/** Those pilots in scoring whose marks want a note; for the lead, who alone sees them. */
export async function wantNotes(tx: Tx, list: readonly PilotRow[]): Promise<Set<string>> {
  const scored = list.filter((p) => p.stage === "scoring");
  if (scored.length === 0) return new Set();
  const rounds = <T extends typeof pilotScores | typeof scoreNotes>(t: T) =>
    and(
      eq(t.tenantId, scored[0]?.tenantId ?? ""),
      or(...scored.map((p) => and(eq(t.pilotId, p.id), eq(t.round, p.scoringRound)))),
    );
  const [sheets, notes] = await Promise.all([
    tx.select().from(pilotScores).where(rounds(pilotScores)),
    tx
      .selectDistinctOn([scoreNotes.pilotId], { pilotId: scoreNotes.pilotId, text: scoreNotes.text, at: scoreNotes.at })
      .from(scoreNotes)
      .where(rounds(scoreNotes))
      .orderBy(scoreNotes.pilotId, desc(scoreNotes.at)),
  ]);
  const [ofPilot, noteOfPilot] = [groupBy(sheets, (s) => s.pilotId), new Map(notes.map((n) => [n.pilotId, n]))];
  const wants = (id: string) => unreconciled(noteOfPilot.get(id) ?? null, ofPilot.get(id) ?? []);
  return new Set(scored.map((p) => p.id).filter(wants));
}
