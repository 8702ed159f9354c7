import { and, asc, eq, sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { openIn } from "#app/request/permissions.ts";
import { sitesServed } from "#app/features/identity/identity.server.ts";
import type { Reason } from "#app/domain/reasons.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { objections, pilotScores, sites } from "#db/schema/index.ts";
import { reviewRubric } from "#seeds/catalogue/index.ts";
import { loadPilot, type PilotRow } from "./facts.server.ts";
import { type PilotScore, rankPilots, sheetTotal } from "./scoring.rules.ts";
import { mustRecuse } from "./screening.rules.ts";
import { stagesWhere } from "#workflows/index.ts";

/*
 * Blind scoring: the database shows a scorer their own sheet only. The lead, who ranks, could see all of them; the page shows
 * them figures once all are in, so that a lead who scores as well is not led by the others.
 */

export type ScoreRow = typeof pilotScores.$inferSelect;

async function inScoring(tx: Tx, pilotId: string): Promise<PilotRow> {
  const pilot = await loadPilot(tx, pilotId);
  if (!openIn("pilot.score", pilot.stage))
    throw conflict({ code: "scoring_closed", logMessage: `pilot ${pilot.id} is in ${pilot.stage}` });
  return pilot;
}
const own = (actor: Actor, pilotId: string) =>
  and(
    eq(pilotScores.tenantId, actor.tenantId),
    eq(pilotScores.pilotId, pilotId),
    eq(pilotScores.membershipId, actor.membershipId),
  );

/** The caller's own sheet, or null. */
export async function mySheet(tx: Tx, actor: Actor, pilotId: string): Promise<ScoreRow | null> {
  const [row] = await tx.select().from(pilotScores).where(own(actor, pilotId));
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

/** Hands in, or changes, the caller's sheet while scoring is open. Returns its total in hundredths, null while incomplete. */
export async function submitScore(
  tx: Tx,
  actor: Actor,
  { pilotId, points, comment }: ScoreInput,
): Promise<number | null> {
  const pilot = await inScoring(tx, pilotId);
  const known = new Set(reviewRubric.map((c) => c.code));
  const wrong = Object.keys(points).filter((code) => !known.has(code));
  if (wrong.length > 0)
    throw invalid(Object.fromEntries(wrong.map((code) => [`points.${code}`, ["error_field_choice"]])));
  const given = Object.fromEntries(
    Object.entries(points).flatMap(([code, value]) => (typeof value === "number" ? [[code, value] as const] : [])),
  );
  const [sheet, tied] = await Promise.all([mySheet(tx, actor, pilotId), recusalOf(tx, actor, pilot)]);
  if (sheet?.recused) throw conflict({ code: "scorer_recused" });
  if (tied) throw conflict({ code: "must_recuse", params: tied.params });
  const totalCenti = sheetTotal(given, reviewRubric);
  await upsert(tx, actor, pilot, { recused: false, recusalReason: "", points: given, totalCenti, comment });
  return totalCenti;
}

/** Steps aside for good; whatever was scored before is dropped. */
export async function recuse(
  tx: Tx,
  actor: Actor,
  { pilotId, reason }: { pilotId: string; reason: string },
): Promise<void> {
  const pilot = await inScoring(tx, pilotId);
  await upsert(tx, actor, pilot, { recused: true, recusalReason: reason, points: null, totalCenti: null, comment: "" });
}

async function upsert(
  tx: Tx,
  actor: Actor,
  pilot: PilotRow,
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
      scorerName: actor.name,
      ...set,
    })
    .onConflictDoUpdate({ target: [pilotScores.tenantId, pilotScores.pilotId, pilotScores.membershipId], set });
}

export interface Scoring {
  sheets: {
    scorerName: string;
    recused: boolean;
    handedIn: boolean;
    totalCenti: number | null;
    outlier: boolean;
    comment: string;
    mine: boolean;
  }[];
  /** Figures are shown once every scorer has handed in. */
  open: boolean;
  result: PilotScore | null;
}

/** For the lead: who has handed in, and the figures once all have. For another scorer: their own sheet. */
export async function scoringOf(tx: Tx, actor: Actor, pilot: PilotRow): Promise<Scoring> {
  const rows = await tx
    .select()
    .from(pilotScores)
    .where(and(eq(pilotScores.tenantId, pilot.tenantId), eq(pilotScores.pilotId, pilot.id)))
    .orderBy(asc(pilotScores.at));
  const sheets = rows.map((r) => ({
    scorerId: r.membershipId,
    pilotId: r.pilotId,
    recused: r.recused,
    points: r.points,
  }));
  const [result = null] = rankPilots([pilot.id], sheets, reviewRubric);
  const open =
    !openIn("pilot.score", pilot.stage) ||
    (result !== null && result.meanCenti !== null && result.pending.length === 0);
  const outliers = new Set(result?.totals.filter((t) => t.outlier).map((t) => t.scorerId));
  return {
    open,
    result: open ? result : null,
    sheets: rows.map((r) => {
      const mine = r.membershipId === actor.membershipId;
      const told = open || mine;
      return {
        scorerName: r.scorerName,
        recused: r.recused,
        handedIn: r.totalCenti !== null,
        totalCenti: told ? r.totalCenti : null,
        outlier: open && outliers.has(r.membershipId),
        comment: told ? r.comment : "",
        mine,
      };
    }),
  };
}

/**
 * Mean score (hundredths, half up) and competition rank of every pilot of the batch whose scoring is over: one statement.
 * The mean is compared as numeric, whose sixteen digits tell any two fractions of whole hundredths apart.
 */
export async function rankBatch(tx: Tx, pilot: Pick<PilotRow, "tenantId" | "projectId" | "batchNo">): Promise<void> {
  await tx.execute(sql`
    update pilots p set score_centi = r.mean, rank = r.rank
    from (
      select s.pilot_id, round(avg(s.total_centi))::int as mean, (rank() over (order by avg(s.total_centi) desc))::int as rank
      from pilot_scores s join pilots q on q.tenant_id = s.tenant_id and q.id = s.pilot_id
      where s.tenant_id = ${pilot.tenantId} and q.project_id = ${pilot.projectId} and q.batch_no = ${pilot.batchNo}
        and q.stage not in ${[...stagesWhere("unscored"), "scoring"]} and not s.recused and s.total_centi is not null
      group by s.pilot_id
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
