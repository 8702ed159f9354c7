import { and, asc, eq, sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { may, openIn } from "#app/request/permissions.ts";
import { sitesServed } from "#app/features/identity/identity.server.ts";
import type { Reason } from "#app/domain/reasons.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { rowsOf } from "#db/rows.ts";
import { objections, pilotScores, scoreNotes, sites } from "#db/schema/index.ts";
import { reviewRubric } from "#seeds/catalogue/index.ts";
import { loadPilot, type PilotRow } from "./facts.server.ts";
import { demandNomination, mySeats, scoreProgress } from "./panel.server.ts";
import { noteOf, type ScoreRow, sheetsOf, unreconciled, wantNotes } from "./sheets.server.ts";
import { type PilotScore, rankPilots, sheetTotal } from "./scoring.rules.ts";
import { mustRecuse, mustRecuseUnnamed } from "./screening.rules.ts";

/*
 * Blind scoring by the panel of the batch: the database shows a scorer their own sheet only, and the lead, who ranks, no mark
 * of a pilot before every live seat has finished with it. A mark that was handed in is final, so that whoever has seen the
 * others' cannot move their own.
 */

/** What whoever scores must know of a pilot: a member of the office reads its row, an outside expert is told by function. */
interface Judged {
  tenantId: string;
  id: string;
  stage: string;
  scoringRound: number;
  mustRecuse: Reason | null;
}

/** @throws conflict `scoring_closed`, `panel_not_member`, `panel_undeclared`; notFound for what the caller may not see */
async function inScoring(tx: Tx, actor: Actor, pilotId: string): Promise<Judged> {
  const [judged, seats] = await Promise.all([
    actor.level === "expert" ? judgedByExpert(tx, actor, pilotId) : judgedByOffice(tx, actor, pilotId),
    seatIn(tx, actor, pilotId),
  ]);
  if (!openIn("pilot.score", judged.stage))
    throw conflict({ code: "scoring_closed", logMessage: `pilot ${judged.id} is in ${judged.stage}` });
  if (!seats) throw conflict({ code: "panel_not_member", logMessage: `no live seat for pilot ${pilotId}` });
  return judged;
}
async function judgedByOffice(tx: Tx, actor: Actor, pilotId: string): Promise<Judged> {
  const pilot = await loadPilot(tx, pilotId);
  return { ...pilot, mustRecuse: await recusalOf(tx, actor, pilot) };
}
async function judgedByExpert(tx: Tx, actor: Actor, pilotId: string): Promise<Judged> {
  const one = await demandNomination(tx, pilotId);
  return {
    tenantId: actor.tenantId,
    id: one.id,
    stage: "scoring",
    // The database puts the sheet into the pilot's present round.
    scoringRound: one.round,
    mustRecuse: one.mustRecuse ? mustRecuseUnnamed() : null,
  };
}
/** Whether the caller is to score the pilot now, as the policies see it. */
async function seatIn(tx: Tx, actor: Actor, pilotId: string): Promise<boolean> {
  const [row] = rowsOf<{ mine: boolean }>(
    await tx.execute(sql`select ${pilotId}::uuid = any (auth.panel_pilots()) as mine`),
  );
  if (row?.mine) return true;
  const seats = await mySeats(tx, actor);
  if (seats.some((s) => s.declaredAt === null)) throw conflict({ code: "panel_undeclared" });
  return false;
}
const own = (actor: Actor, { id, scoringRound }: Pick<Judged, "id" | "scoringRound">) =>
  and(
    eq(pilotScores.tenantId, actor.tenantId),
    eq(pilotScores.pilotId, id),
    eq(pilotScores.membershipId, actor.membershipId),
    eq(pilotScores.round, scoringRound),
  );

/** The caller's own sheet of the present round, or null. */
export async function mySheet(
  tx: Tx,
  actor: Actor,
  pilot: Pick<Judged, "id" | "scoringRound">,
): Promise<ScoreRow | null> {
  const [row] = await tx.select().from(pilotScores).where(own(actor, pilot));
  return row ?? null;
}

/** Why the caller may not judge the pilot, by all that their account is or was, not by the membership they act in; null where nothing is known. */
export async function recusalOf(tx: Tx, actor: Actor, pilot: PilotRow): Promise<Reason | null> {
  const [ties, [site]] = await Promise.all([
    sitesServed(tx, actor),
    tx
      .select({ name: sites.name })
      .from(sites)
      .where(and(eq(sites.tenantId, pilot.tenantId), eq(sites.id, pilot.siteId))),
  ]);
  return mustRecuse(ties, { siteId: pilot.siteId, name: site?.name ?? "" });
}

export interface ScoreInput {
  pilotId: string;
  /** 0–100 by criterion of the rubric; one that is missing keeps the sheet open. */
  points: Readonly<Record<string, number | null | undefined>>;
  comment: string;
}

/**
 * Saves the caller's sheet while scoring is open, and hands it in for good once every criterion has its points. Returns its
 * total in hundredths, null while incomplete.
 * @throws conflict `score_final`, `scorer_recused`, `must_recuse`
 */
export async function submitScore(
  tx: Tx,
  actor: Actor,
  { pilotId, points, comment }: ScoreInput,
): Promise<number | null> {
  const pilot = await inScoring(tx, actor, pilotId);
  const known = new Set(reviewRubric.map((c) => c.code));
  const wrong = Object.keys(points).filter((code) => !known.has(code));
  if (wrong.length > 0)
    throw invalid(Object.fromEntries(wrong.map((code) => [`points.${code}`, ["error_field_choice"]])));
  const given = Object.fromEntries(
    Object.entries(points).flatMap(([code, value]) => (typeof value === "number" ? [[code, value] as const] : [])),
  );
  const sheet = await mySheet(tx, actor, pilot);
  if (sheet?.recused) throw conflict({ code: "scorer_recused" });
  if (pilot.mustRecuse)
    throw conflict({ code: "must_recuse", messageKey: pilot.mustRecuse.key, params: pilot.mustRecuse.params });
  if (sheet && sheet.totalCenti !== null) throw conflict({ code: "score_final" });
  const totalCenti = sheetTotal(given, reviewRubric);
  await upsert(tx, actor, pilot, { recused: false, recusalReason: "", points: given, totalCenti, comment });
  return totalCenti;
}

/** Steps aside for good; whatever was scored before is dropped. @throws conflict `score_final` once the marks were known */
export async function recuse(
  tx: Tx,
  actor: Actor,
  { pilotId, reason: why }: { pilotId: string; reason: string },
): Promise<void> {
  const pilot = await inScoring(tx, actor, pilotId);
  const sheet = await mySheet(tx, actor, pilot);
  if (sheet?.recused) throw conflict({ code: "scorer_recused" });
  if (sheet && sheet.totalCenti !== null && !(await marksUnknown(tx, sheet))) throw conflict({ code: "score_final" });
  await upsert(tx, actor, pilot, { recused: true, recusalReason: why, points: null, totalCenti: null, comment: "" });
}

/** Whether somebody's mark is still waited for, so that none of them is known. */
async function marksHidden(tx: Tx, pilotId: string): Promise<boolean> {
  const [row] = rowsOf<{ hidden: boolean }>(
    await tx.execute(sql`select ${pilotId}::uuid = any (auth.hidden_marks()) as hidden`),
  );
  return row?.hidden ?? false;
}

/**
 * Whether no mark of the pilot can have been shown since the sheet was handed in: somebody who was waited for then still is.
 * A seat that was given later hides the marks anew from whoever had not seen them, and opens nothing again.
 */
export async function marksUnknown(tx: Tx, sheet: Pick<ScoreRow, "pilotId" | "at">): Promise<boolean> {
  const [row] = rowsOf<{ unknown: boolean }>(
    await tx.execute(
      sql`select auth.marks_unknown(${sheet.pilotId}::uuid, ${sheet.at.toISOString()}::timestamptz) as unknown`,
    ),
  );
  return row?.unknown ?? false;
}

async function upsert(
  tx: Tx,
  actor: Actor,
  pilot: Judged,
  values: Pick<ScoreRow, "recused" | "recusalReason" | "points" | "totalCenti" | "comment">,
): Promise<void> {
  const set = { ...values, at: actor.now };
  await tx
    .insert(pilotScores)
    .values({
      tenantId: pilot.tenantId,
      id: uuidv7(),
      pilotId: pilot.id,
      membershipId: actor.membershipId,
      round: pilot.scoringRound,
      scorerName: actor.name,
      ...set,
    })
    .onConflictDoUpdate({
      target: [pilotScores.tenantId, pilotScores.pilotId, pilotScores.membershipId, pilotScores.round],
      set,
    });
}

export interface Scoring {
  /** A line a member of the panel; of pilots scored before there were panels, a line a sheet. */
  sheets: {
    scorerName: string;
    recused: boolean;
    handedIn: boolean;
    /** Released by the lead, or left: nobody waits for them. */
    released: boolean;
    totalCenti: number | null;
    outlier: boolean;
    comment: string;
    mine: boolean;
  }[];
  /** Figures are shown once every live seat has finished. */
  open: boolean;
  /** Somebody is waited for, so that no mark is known and whoever handed in may still step aside. */
  hidden: boolean;
  result: PilotScore | null;
  /** Marks lie far apart, and no note of this round says why they stand. */
  unreconciled: boolean;
  /** That note. */
  note: string | null;
}

/** For the lead: who has finished, and the figures once all have. For another of the office: their own sheet. */
export async function scoringOf(tx: Tx, actor: Actor, pilot: PilotRow): Promise<Scoring> {
  const ranks = may(actor.role, "panel.name");
  const [rows, seats, hidden, note] = await Promise.all([
    sheetsOf(tx, pilot),
    scoreProgress(tx, pilot.id),
    pilot.stage === "scoring" ? marksHidden(tx, pilot.id) : false,
    ranks ? noteOf(tx, pilot) : null,
  ]);
  const sheets = rows.map((r) => ({
    scorerId: r.membershipId,
    pilotId: r.pilotId,
    recused: r.recused,
    points: r.points,
  }));
  const open = ranks && !hidden;
  const [result = null] = open ? rankPilots([pilot.id], sheets, reviewRubric) : [];
  const outliers = new Set(result?.totals.filter((t) => t.outlier).map((t) => t.scorerId));
  const lines = [
    ...seats,
    // Sheets without a seat: from before panels were named.
    ...rows
      .filter((r) => !seats.some((s) => s.membershipId === r.membershipId))
      .map((r) => ({
        membershipId: r.membershipId,
        name: r.scorerName,
        recused: r.recused,
        handedIn: r.totalCenti !== null,
        released: false,
      })),
  ];
  return {
    open,
    hidden,
    result,
    unreconciled: open && unreconciled(note, rows),
    note: open ? (note?.text ?? null) : null,
    sheets: lines.map((s) => {
      const sheet = rows.find((r) => r.membershipId === s.membershipId);
      const mine = s.membershipId === actor.membershipId;
      const told = open || mine;
      return {
        scorerName: s.name,
        recused: s.recused,
        handedIn: s.handedIn,
        released: s.released && !s.handedIn && !s.recused,
        totalCenti: told ? (sheet?.totalCenti ?? null) : null,
        outlier: outliers.has(s.membershipId),
        comment: told ? (sheet?.comment ?? "") : "",
        mine,
      };
    }),
  };
}
/** The lead says why marks that lie far apart stand. @throws conflict `scoring_closed`, `marks_hidden`, `marks_agree` */
export async function reconcile(
  tx: Tx,
  actor: Actor,
  { pilotId, reconciliation }: { pilotId: string; reconciliation: string },
): Promise<void> {
  const pilot = await loadPilot(tx, pilotId);
  if (!openIn("pilot.score", pilot.stage)) throw conflict({ code: "scoring_closed" });
  if (await marksHidden(tx, pilotId)) throw conflict({ code: "marks_hidden" });
  if (!(await wantNotes(tx, [pilot])).has(pilot.id)) throw conflict({ code: "marks_agree" });
  await tx.insert(scoreNotes).values({
    tenantId: pilot.tenantId,
    id: uuidv7(),
    pilotId: pilot.id,
    round: pilot.scoringRound,
    text: reconciliation,
    byName: actor.name,
    at: actor.now,
  });
}

/**
 * Mean score (hundredths, half up) and competition rank of every pilot of the batch whose scoring was brought to its end, with
 * marks enough to compare: one statement. Whoever left or was rejected in the middle of it has neither.
 * The mean is compared as numeric, whose sixteen digits tell any two fractions of whole hundredths apart.
 */
export async function rankBatch(tx: Tx, pilot: Pick<PilotRow, "tenantId" | "projectId" | "batchNo">): Promise<void> {
  await tx.execute(sql`
    update pilots p set score_centi = r.mean, rank = r.rank
    from (
      select pilot_id, round(mean)::int as mean, (rank() over (order by mean desc))::int as rank
      from auth.score_means(${pilot.projectId}, ${pilot.batchNo})
    ) r
    where p.tenant_id = ${pilot.tenantId} and p.id = r.pilot_id and (p.score_centi, p.rank) is distinct from (r.mean, r.rank)`);
}

/** Notes an objection raised during the public notice. Returns its id. */
export async function raiseObjection(
  tx: Tx,
  actor: Actor,
  input: { pilotId: string; raisedBy: string; text: string },
): Promise<string> {
  const pilot = await loadPilot(tx, input.pilotId);
  if (!openIn("objection.raise", pilot.stage))
    throw conflict({ code: "notice_closed", logMessage: `pilot ${pilot.id} is in ${pilot.stage}` });
  const id = uuidv7();
  await tx.insert(objections).values({
    tenantId: pilot.tenantId,
    id,
    pilotId: pilot.id,
    raisedBy: input.raisedBy,
    text: input.text,
    at: actor.now,
  });
  return id;
}

/** Answers an objection, once. @throws conflict `objection_settled`; notFound. */
export async function settleObjection(
  tx: Tx,
  actor: Actor,
  { objectionId, settlement }: { objectionId: string; settlement: string },
): Promise<void> {
  const done = await tx
    .update(objections)
    .set({ settledAt: actor.now, settlement })
    .where(and(eq(objections.tenantId, actor.tenantId), eq(objections.id, objectionId), sql`settled_at is null`))
    .returning({ id: objections.id });
  if (done.length === 1) return;
  const [present] = await tx
    .select({ id: objections.id })
    .from(objections)
    .where(and(eq(objections.tenantId, actor.tenantId), eq(objections.id, objectionId)));
  throw present ? conflict({ code: "objection_settled" }) : notFound({ logMessage: `objection ${objectionId}` });
}

/** The objections to a pilot's notice, the oldest first. */
export const objectionsOf = (tx: Tx, pilot: PilotRow) =>
  tx
    .select()
    .from(objections)
    .where(and(eq(objections.tenantId, pilot.tenantId), eq(objections.pilotId, pilot.id)))
    .orderBy(asc(objections.at));
