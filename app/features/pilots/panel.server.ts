import { and, asc, eq, sql } from "drizzle-orm";
import { invitePerson } from "#app/features/identity/invitations.server.ts";
import { type Member, listMembers } from "#app/features/identity/identity.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Actor } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import type { Dimension } from "#db/vocabulary.ts";
import { levelOfRole } from "#db/roles.ts";
import { rowsOf } from "#db/rows.ts";
import { type NominationForm, panelMembers, panelReleases, panels } from "#db/schema/index.ts";

/*
 * The panel of a batch: who scores its nominations, named before. The lead names colleagues and invites outside experts, each
 * declares their interests before they score, and who does not go on is released with a reason or has left. Marks stay hidden
 * from everybody but their author until all live seats have finished (db/schema/panel.ts).
 */

type PanelRow = typeof panels.$inferSelect;

/** The panel of a batch, where one was named. */
export async function panelOf(tx: Tx, projectId: string, batchNo: number): Promise<PanelRow | null> {
  const [row] = await tx
    .select()
    .from(panels)
    .where(and(eq(panels.projectId, projectId), eq(panels.batchNo, batchNo)));
  return row ?? null;
}

/** The panel, made where the batch has none. */
async function demandPanel(tx: Tx, actor: Actor, projectId: string, batchNo: 1 | 2): Promise<PanelRow> {
  const project = await loadProject(tx, projectId);
  await tx
    .insert(panels)
    .values({
      tenantId: project.tenantId,
      id: uuidv7(),
      projectId,
      batchNo,
      namedByName: actor.name,
      createdAt: actor.now,
    })
    .onConflictDoNothing({ target: [panels.tenantId, panels.projectId, panels.batchNo] });
  const panel = await panelOf(tx, projectId, batchNo);
  if (!panel) throw notFound({ logMessage: `panel of batch ${batchNo} of ${projectId}` });
  return panel;
}

/** Colleagues who serve at the sector's office, and experts who sat in an earlier panel, as they may be named. */
const nameable = (m: Member, actor: Actor): boolean =>
  m.tenantId === actor.tenantId && m.endedAt === null && ["sector", "expert"].includes(levelOfRole[m.role]);

/** Gives somebody a seat, also anew after a release. @throws invalid for whoever does not serve here; conflict `panel_seat_taken` */
export async function nameMember(
  tx: Tx,
  actor: Actor,
  { projectId, batchNo, membershipId }: { projectId: string; batchNo: 1 | 2; membershipId: string },
): Promise<void> {
  const member = (await listMembers(tx, actor)).find((m) => m.id === membershipId && nameable(m, actor));
  if (!member) throw invalid({ membershipId: ["error_field_unknown_id"] });
  const panel = await demandPanel(tx, actor, projectId, batchNo);
  if (await reseated(tx, actor, panel.id, membershipId)) return;
  // Nobody is two members, whatever memberships they have.
  if (await personSeated(tx, panel.id, membershipId))
    throw conflict({ code: "panel_seat_taken", params: { name: member.name } });
  const made = await tx
    .insert(panelMembers)
    .values({
      tenantId: panel.tenantId,
      id: uuidv7(),
      panelId: panel.id,
      membershipId,
      name: member.name,
      kind: levelOfRole[member.role] === "expert" ? "expert" : "office",
      createdAt: actor.now,
    })
    .onConflictDoNothing({ target: [panelMembers.tenantId, panelMembers.panelId, panelMembers.membershipId] })
    .returning({ id: panelMembers.id });
  if (made.length === 0) throw conflict({ code: "panel_seat_taken", params: { name: member.name } });
}

/** Gives a seat anew to whoever was released from it: they declare anew, and it counts from now on. Whether there was one. */
async function reseated(tx: Tx, actor: Actor, panelId: string, membershipId: string): Promise<boolean> {
  const [row] = rowsOf<{ done: boolean }>(
    await tx.execute(
      sql`select auth.reseat(${panelId}::uuid, ${membershipId}::uuid, ${actor.now.toISOString()}::timestamptz) as done`,
    ),
  );
  return row?.done ?? false;
}
async function personSeated(tx: Tx, panelId: string, membershipId: string): Promise<boolean> {
  const [row] = rowsOf<{ seated: boolean }>(
    await tx.execute(sql`select auth.person_seated(${panelId}::uuid, ${membershipId}::uuid) as seated`),
  );
  return row?.seated ?? false;
}

/** Invites an expert from outside to this panel alone; they have their seat when they accept. Returns the invitation's id. */
export async function inviteExpert(
  tx: Tx,
  actor: Actor,
  input: { projectId: string; batchNo: 1 | 2; email: string; name: string; language: "zh-CN" | "en" },
  { origin }: { origin: string },
): Promise<string> {
  const panel = await demandPanel(tx, actor, input.projectId, input.batchNo);
  return invitePerson(
    tx,
    actor,
    { ...input, role: "expert", tenantId: panel.tenantId, siteId: null, siteName: "", panelId: panel.id },
    { origin },
  );
}

/** The lead lets a member go, with a reason. What they handed in stays and counts. @throws notFound; conflict `panel_released` */
export async function releaseMember(
  tx: Tx,
  actor: Actor,
  {
    projectId,
    batchNo,
    membershipId,
    reason,
  }: { projectId: string; batchNo: 1 | 2; membershipId: string; reason: string },
): Promise<void> {
  const panel = await panelOf(tx, projectId, batchNo);
  const [seat] = panel
    ? await tx
        .select({ id: panelMembers.id })
        .from(panelMembers)
        .where(and(eq(panelMembers.panelId, panel.id), eq(panelMembers.membershipId, membershipId)))
    : [];
  if (!panel || !seat) throw notFound({ logMessage: `seat of ${membershipId}` });
  const made = await tx
    .insert(panelReleases)
    .values({
      tenantId: panel.tenantId,
      id: uuidv7(),
      panelId: panel.id,
      membershipId,
      reason,
      byName: actor.name,
      at: actor.now,
    })
    .onConflictDoNothing({ target: [panelReleases.tenantId, panelReleases.panelId, panelReleases.membershipId] })
    .returning({ id: panelReleases.id });
  if (made.length === 0) throw conflict({ code: "panel_released" });
}

/** Whether outside experts are told whose nominations they score. */
export async function setAnonymous(
  tx: Tx,
  actor: Actor,
  { projectId, batchNo, anonymous }: { projectId: string; batchNo: 1 | 2; anonymous: boolean },
): Promise<void> {
  const panel = await demandPanel(tx, actor, projectId, batchNo);
  await tx
    .update(panels)
    .set({ anonymous })
    .where(and(eq(panels.tenantId, panel.tenantId), eq(panels.id, panel.id)));
}

/** Seats whose members still serve. */
export const notReleased = sql`not exists (select 1 from ${panelReleases} r where r.tenant_id = ${panelMembers.tenantId}
  and r.panel_id = ${panelMembers.panelId} and r.membership_id = ${panelMembers.membershipId})`;

/** A member says what they have to do with whom, anew where that changes; they score from the first time on. @throws notFound for no seat of the caller's */
export async function declareInterests(
  tx: Tx,
  actor: Actor,
  { panelId, interests }: { panelId: string; interests: string },
): Promise<void> {
  const done = await tx
    .update(panelMembers)
    .set({ declaredAt: actor.now, interests })
    .where(
      and(
        eq(panelMembers.tenantId, actor.tenantId),
        eq(panelMembers.panelId, panelId),
        eq(panelMembers.membershipId, actor.membershipId),
        notReleased,
      ),
    )
    .returning({ id: panelMembers.id });
  if (done.length !== 1) throw notFound({ logMessage: `no seat in panel ${panelId}` });
}

/** The caller's own seats that they were not released from, the newest first. For either level. */
export const mySeats = (tx: Tx, actor: Actor) =>
  tx
    .select({
      panelId: panelMembers.panelId,
      declaredAt: panelMembers.declaredAt,
      interests: panelMembers.interests,
    })
    .from(panelMembers)
    .where(
      and(eq(panelMembers.tenantId, actor.tenantId), eq(panelMembers.membershipId, actor.membershipId), notReleased),
    )
    .orderBy(sql`${panelMembers.createdAt} desc`);

export interface SeatProgress {
  membershipId: string;
  name: string;
  kind: "office" | "expert";
  declared: boolean;
  recused: boolean;
  handedIn: boolean;
  /** Marks stay hidden until they have finished. */
  waitedFor: boolean;
  released: boolean;
}
/** Who of a pilot's panel has finished, without a mark. For the sector's office. */
export async function scoreProgress(tx: Tx, pilotId: string): Promise<SeatProgress[]> {
  const rows = rowsOf<{
    membership_id: string;
    name: string;
    kind: SeatProgress["kind"];
    declared: boolean;
    recused: boolean;
    handed_in: boolean;
    waited_for: boolean;
    released: boolean;
  }>(await tx.execute(sql`select * from auth.score_progress(${pilotId})`));
  return rows.map((r) => ({
    membershipId: r.membership_id,
    name: r.name,
    kind: r.kind,
    declared: r.declared,
    recused: r.recused,
    handedIn: r.handed_in,
    waitedFor: r.waited_for,
    released: r.released,
  }));
}

export interface Seat {
  membershipId: string;
  name: string;
  kind: "office" | "expert";
  declaredAt: Date | null;
  interests: string;
  /** The lead's reason, where they were released. */
  released: string | null;
  /** Serves no longer: nobody waits for them. */
  left: boolean;
  finished: number;
  pending: number;
  mine: boolean;
}
/** The panel of a batch with its seats, and whom the lead may name besides. For the sector's office. */
export async function panelView(tx: Tx, actor: Actor, projectId: string, batchNo: 1 | 2) {
  const panel = await panelOf(tx, projectId, batchNo);
  const names = may(actor.role, "panel.name") ? (await listMembers(tx, actor)).filter((m) => nameable(m, actor)) : [];
  if (!panel) return { id: null, anonymous: false, seats: [] as Seat[], nameable: chosen(names, []) };
  const [rows, standing, releases] = await Promise.all([
    tx.select().from(panelMembers).where(eq(panelMembers.panelId, panel.id)).orderBy(asc(panelMembers.createdAt)),
    tx.execute(sql`select * from auth.panel_standing(${panel.id})`),
    tx.select().from(panelReleases).where(eq(panelReleases.panelId, panel.id)),
  ]);
  const by = new Map(
    rowsOf<{ membership_id: string; serves: boolean; finished: number; pending: number }>(standing).map((r) => [
      r.membership_id,
      r,
    ]),
  );
  const seats = rows.map((r): Seat => {
    const now = by.get(r.membershipId);
    return {
      membershipId: r.membershipId,
      name: r.name,
      kind: r.kind,
      declaredAt: r.declaredAt,
      interests: r.interests,
      released: releases.find((x) => x.membershipId === r.membershipId)?.reason ?? null,
      left: now?.serves === false,
      finished: now?.finished ?? 0,
      pending: now?.pending ?? 0,
      mine: r.membershipId === actor.membershipId,
    };
  });
  return {
    id: panel.id,
    anonymous: panel.anonymous,
    seats,
    // Whoever was released may be named again.
    nameable: chosen(
      names,
      seats.filter((s) => s.released === null).map((s) => s.membershipId),
    ),
  };
}
const chosen = (members: readonly Member[], taken: readonly string[]) =>
  members.filter((m) => !taken.includes(m.id)).map((m) => ({ id: m.id, name: m.name, role: m.role }));

/** How many live seats each pilot's panel has, and how its members stand with the pilot. */
export async function panelFacts(tx: Tx, list: readonly { id: string }[]) {
  const ids = sql.join(
    list.map((p) => sql`${p.id}::uuid`),
    sql`, `,
  );
  const rows = rowsOf<{ pilot_id: string; members: number; scorers: number; pending: number }>(
    await tx.execute(sql`select * from auth.panel_progress(array[${ids}])`),
  );
  return new Map(
    rows.map((r) => [r.pilot_id, { panelMembers: r.members, scorers: r.scorers, scorersPending: r.pending }]),
  );
}

/** A nomination as an outside expert is given it; names are null where the call is anonymous. */
export interface PanelNomination {
  id: string;
  code: string;
  batchNo: number;
  direction: Dimension;
  grade: number;
  name: string | null;
  siteName: string | null;
  region: string | null;
  size: string;
  devices: number;
  description: string;
  anonymous: boolean;
  mustRecuse: boolean;
  round: number;
  /** Without partners where the call is anonymous. */
  nomination: Partial<NominationForm> | null;
}
/** The nominations that the calling expert is to score now. */
export async function panelNominations(tx: Tx): Promise<PanelNomination[]> {
  const rows = rowsOf<
    Omit<PanelNomination, "batchNo" | "siteName" | "mustRecuse"> & {
      batch_no: number;
      site_name: string | null;
      must_recuse: boolean;
    }
  >(await tx.execute(sql`select * from auth.panel_nominations()`));
  return rows.map(({ batch_no: batchNo, site_name: siteName, must_recuse: mustRecuse, ...r }) => ({
    ...r,
    batchNo,
    siteName,
    mustRecuse,
  }));
}

/** @throws notFound for a pilot that the calling expert is not to score */
export async function demandNomination(tx: Tx, pilotId: string): Promise<PanelNomination> {
  const one = (await panelNominations(tx)).find((n) => n.id === pilotId);
  if (!one) throw notFound({ logMessage: `nomination ${pilotId}` });
  return one;
}
