import { asc, eq, ne, sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { type Database, type Tx, withActor } from "#db/client.server.ts";
import {
  batches,
  corrections,
  grants,
  lessons,
  panelReleases,
  pilotScores,
  verifications,
  workflowEvents,
} from "#db/schema/index.ts";
import { rowsOf } from "#db/rows.ts";
import { milestoneRefusal } from "./national-script.ts";
import type { ProgrammeResult } from "./programme-script.ts";
import { on } from "./schedule.ts";

/*
 * What happened, in the order of the business clock, as each tenant's own people read it: every transition of every machine, and
 * what goes wrong beside them. `bad` names the kind of a bad day.
 */

interface Row {
  at: string;
  who: string;
  role: string;
  tenant: string;
  machine: string;
  object: string;
  event: string;
  from: string;
  to: string;
  reason: string;
  contentHash: string | null;
  bad: string | null;
}

/** Events of machines that nobody hopes for, by machine and event. */
const badEvents: Readonly<Record<string, string>> = {
  "pilot RETURN_NOMINATION": "returned nomination",
  "pilot RETURN_DESIGN": "returned design",
  "pilot FAIL_ACCEPTANCE": "failed acceptance",
  "pilot WITHDRAW": "withdrawn pilot",
  "pilot SUSPEND": "suspended pilot",
  "pilot FAIL": "failed pilot",
  "document RETURN": "returned document",
  "document NOTE_CHANGE": "approval that no longer covers",
  "project RETURN_RISK_REPORT": "returned document",
  "project RETURN_PLAN_NATIONAL": "returned document",
  "project SKIP_BATCH_ONE": "skipped batch",
};

const blank = { role: "", object: "", from: "", to: "", contentHash: null };
async function transitionsOf(tx: Tx, who: Actor, tenant: string): Promise<Row[]> {
  const events = await tx
    .select()
    .from(workflowEvents)
    .where(eq(workflowEvents.tenantId, who.tenantId))
    .orderBy(asc(workflowEvents.no));
  return events.map((e) => ({
    at: e.at.toISOString(),
    who: e.actorName,
    role: e.actorRole,
    tenant,
    machine: e.machine,
    object: e.objectId,
    event: e.type,
    from: e.fromState,
    to: e.toState,
    reason: e.reason,
    contentHash: e.contentHash,
    bad: badEvents[`${e.machine} ${e.type}`] ?? null,
  }));
}

/** What no machine tells of a sector: who stepped aside or was released, grants that ended unused, lessons refused, corrections. */
async function besideOf(tx: Tx, who: Actor, tenant: string): Promise<Row[]> {
  const row = (machine: string, bad: string, of: Pick<Row, "at" | "who" | "reason" | "object">): Row => ({
    ...blank,
    tenant,
    machine,
    event: bad,
    bad,
    ...of,
  });
  const unused = sql`not exists (select 1 from ${verifications} v where v.pilot_id = ${grants.pilotId} and v.kind = ${grants.purpose} and v.at between ${grants.startsAt} and ${grants.endsAt})`;
  const [recused, released, ended, refused, corrected] = await Promise.all([
    tx.select().from(pilotScores).where(eq(pilotScores.recused, true)),
    tx.select().from(panelReleases),
    tx.select().from(grants).where(unused),
    tx.select().from(lessons).where(eq(lessons.decision, "refused")),
    tx.select().from(corrections),
  ]);
  return [
    ...recused.map((r) =>
      row("panel", "recusal", {
        at: r.at.toISOString(),
        who: r.scorerName,
        reason: r.recusalReason,
        object: r.pilotId,
      }),
    ),
    ...released.map((r) =>
      row("panel", "released scorer", { at: r.at.toISOString(), who: r.byName, reason: r.reason, object: r.panelId }),
    ),
    ...ended.map((g) =>
      row("grant", "expired grant", {
        at: g.endsAt.toISOString(),
        who: g.grantedByName,
        reason: g.purpose,
        object: g.pilotId,
      }),
    ),
    ...refused.map((l) =>
      row("lesson", "lesson refused", {
        at: l.decidedAt?.toISOString() ?? "",
        who: l.decidedByName,
        reason: l.reason,
        object: l.id,
      }),
    ),
    ...corrected.map((c) =>
      row("register", c.thing === "extension" ? "site given longer" : "correction after approval", {
        at: c.at.toISOString(),
        who: c.byName,
        reason: c.reason,
        object: c.objectId,
      }),
    ),
  ];
}

/** The national office's own: windows opened once more, milestones sent back, which stand in its trail alone. */
async function nationalOf(tx: Tx): Promise<Row[]> {
  const extended = await tx.select().from(batches).where(ne(batches.extensionReason, ""));
  const refusals = rowsOf<{ name: string }>(
    await tx.execute(sql`select name from audit_entries where object_type = 'action_milestones' and role = 'national_director'
      and details -> 'columns' ? 'refusal' and not details -> 'columns' ? 'accepted_at' order by no`),
  );
  return [
    ...extended.map((b) => ({
      ...blank,
      at: b.closedAt?.toISOString() ?? "",
      who: "",
      tenant: "NATIONAL",
      machine: "batch",
      event: "late window extended",
      reason: b.extensionReason,
      bad: "late window extended",
    })),
    ...refusals.map((r) => ({
      ...blank,
      at: on(milestoneRefusal.on, "10:00").toISOString(),
      who: r.name,
      tenant: "NATIONAL",
      machine: "milestone",
      event: "milestone refused",
      reason: milestoneRefusal.reason,
      bad: "milestone refused",
    })),
  ];
}

/** All of it, and how many transitions there were. */
export async function timeline(
  db: Database,
  { sectors, national }: ProgrammeResult,
): Promise<{ rows: Row[]; transitions: number; bad: Record<string, number> }> {
  const read = <T>(who: Actor, work: (tx: Tx) => Promise<T>) => withActor(db.read, who, work);
  const moves: Row[] = [];
  const beside: Row[] = [];
  for (const s of sectors) {
    moves.push(...(await read(s.lead, (tx) => transitionsOf(tx, s.lead, s.plausible.code))));
    beside.push(...(await read(s.lead, (tx) => besideOf(tx, s.lead, s.plausible.code))));
  }
  moves.push(...(await read(national.director, (tx) => transitionsOf(tx, national.director, "NATIONAL"))));
  beside.push(...(await read(national.director, nationalOf)));
  const rows = [...moves, ...beside].toSorted((a, b) => a.at.localeCompare(b.at));
  const bad: Record<string, number> = {};
  for (const row of rows) if (row.bad) bad[row.bad] = (bad[row.bad] ?? 0) + 1;
  return { rows, transitions: moves.length, bad };
}
