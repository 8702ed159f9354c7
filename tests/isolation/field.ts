import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { rowsOf } from "#db/rows.ts";
import { type Database, withActor } from "#db/client.server.ts";
import { levels } from "#db/roles.ts";
import type { Canaries } from "./engine.ts";
import { type Attacker, columnsOf, tables } from "./model.ts";

/*
 * The field: who attacks whom, with ids that exist. Ids of others are read by those others themselves.
 */

/** An id of each kind that belongs to somebody else, by the name of the column that would hold it. */
type ForeignIds = Readonly<Record<string, string>>;
export interface Member extends Attacker {
  actor: Actor;
  who: NonNullable<Attacker["who"]>;
  foreign: ForeignIds;
}
/** Somebody who does not attack: their secret, and what it stands for. */
export type Bystander = Pick<Member, "name" | "level" | "secret" | "who">;
export interface Field {
  members: Member[];
  /** Members who do not attack themselves: on whose connection, or after whose statements, others do. */
  others: Bystander[];
  /** Level roles with no secret, a wrong one, or one that belongs to another level. */
  pretenders: Attacker[];
  /** Names in sectors other than the first, to which the attackers of sectors and sites belong. */
  canaries: Canaries;
  /** Ids of the second sector. */
  elsewhere: ForeignIds;
}

const columnOfTable: Readonly<Record<string, string>> = {
  projects: "project_id",
  documents: "document_id",
  systems: "system_id",
  submissions: "submission_id",
  pilots: "pilot_id",
  risks: "risk_id",
  indicators: "indicator_id",
  register_assets: "asset_id",
  workflow_instances: "instance_id",
  budget_lines: "budget_line_id",
  specifications: "specification_id",
  clauses: "clause_id",
  sites: "site_id",
};

/** First id of each kind that a witness sees and that meets a condition. */
async function idsSeen(
  db: Database,
  witness: Actor,
  condition: (has: (column: string) => boolean, table: string) => string,
): Promise<Record<string, string>> {
  return withActor(db.read, witness, async (tx) => {
    const found: Record<string, string> = {};
    for (const t of tables) {
      const column = columnOfTable[t.name];
      if (!column || !columnsOf(t.name, witness.level, "select").includes("id")) continue;
      const asked = sql.raw(`select id from public."${t.name}" where ${condition(t.has, t.name)} order by id limit 1`);
      const [row] = rowsOf<{ id: string }>(await tx.execute(asked));
      if (row) found[column] = row.id;
    }
    return found;
  });
}

/**
 * @param actors signed-in members: at least two sectors, and for each site role two sites of one sector where there are.
 * @param ofEachRole how many of each role attack; the others are only attacked.
 */
export async function layField(db: Database, actors: readonly Actor[], ofEachRole: number): Promise<Field> {
  const sectorWitness = new Map(actors.filter((a) => a.level === "sector").map((a) => [a.tenantId, a]));
  const sectors = [...sectorWitness.keys()];
  const members: Member[] = [];
  for (const actor of chosen(actors, ofEachRole)) {
    const otherSector = sectors.find((t) => t !== actor.tenantId);
    const victimTenant = otherSector ?? sectors[0];
    const witness = victimTenant ? sectorWitness.get(victimTenant) : undefined;
    if (!victimTenant || !witness) continue;
    const home = actor.level === "site" ? sectorWitness.get(actor.tenantId) : undefined;
    const granted = actor.level === "assessor" ? await grantedTo(db, actor) : [];
    const notGranted = `not in ('${[randomUUID(), ...granted].join("', '")}')`;
    const foreign = await idsSeen(db, witness, (has, table) => {
      if (actor.level === "national" && has("national")) return "not national";
      // What is out for all is the national office's own.
      if (actor.level === "national" && has("public")) return "false";
      if (actor.level !== "assessor") return "true";
      return table === "pilots" ? `id ${notGranted}` : has("object_id") ? `object_id ${notGranted}` : "true";
    });
    // Between sites of one sector the ids are the neighbour's: nearer than another sector's, and no less hidden.
    const beside = home
      ? await idsSeen(db, home, (has) =>
          has("site_id") ? `site_id <> '${actor.siteId}'` : has("contact") ? `id <> '${actor.siteId}'` : "false",
        )
      : {};
    members.push({
      name: actor.role,
      level: actor.level,
      secret: actor.secret,
      who: actor,
      actor,
      granted,
      victim: {
        tenantId: victimTenant,
        siteId: foreign["site_id"] ?? randomUUID(),
        neighbourId: beside["site_id"] ?? null,
      },
      foreign: { ...foreign, ...beside },
    });
  }
  const canaries = await namesElsewhere(db, [...sectorWitness.values()]);
  const second = sectorWitness.get(sectors[1] ?? "");
  const elsewhere = second ? await idsSeen(db, second, () => "true") : {};
  const others = actors
    .filter((a) => !members.some((m) => m.actor === a))
    .map((a) => ({ name: `another ${a.role}`, level: a.level, secret: a.secret, who: a }));
  return { members, others, pretenders: pretendersAmong(members), canaries, elsewhere };
}

function chosen(actors: readonly Actor[], ofEachRole: number): Actor[] {
  const taken = new Map<string, number>();
  return actors.filter((a) => {
    const n = (taken.get(a.role) ?? 0) + 1;
    taken.set(a.role, n);
    return n <= ofEachRole;
  });
}

/** Pilots the institution itself may see now: what the grants it reads say, told by plain comparison. */
async function grantedTo(db: Database, actor: Actor): Promise<string[]> {
  return withActor(db.read, actor, async (tx) => {
    const rows =
      await tx.execute(sql`select g.pilot_id from grants g, (select clock_offset_ms from programmes order by starts_on desc limit 1) p
      where g.institution_id = ${actor.tenantId} and g.revoked_at is null and now() + p.clock_offset_ms * interval '1 ms' between g.starts_at and g.ends_at`);
    return rowsOf<{ pilot_id: string }>(rows).map((r) => r.pilot_id);
  });
}
/** Names of sites and systems that occur in other sectors and not in the first. */
async function namesElsewhere(db: Database, witnesses: readonly Actor[]): Promise<string[]> {
  const [own = [], ...others] = await Promise.all(witnesses.map((witness) => namesSeen(db, witness)));
  return [...new Set(others.flat())].filter((name) => name.length > 3 && !own.some((o) => o.includes(name)));
}
async function namesSeen(db: Database, witness: Actor): Promise<string[]> {
  return withActor(db.read, witness, async (tx) =>
    rowsOf<{ name: string }>(await tx.execute(sql`select name from sites union select name from systems`)).map(
      (r) => r.name,
    ),
  );
}

function pretendersAmong(members: readonly Member[]): Attacker[] {
  const victim = members[0]?.victim ?? { tenantId: randomUUID(), siteId: randomUUID(), neighbourId: null };
  const oneOfEach = new Map(members.map((m) => [m.level, m]));
  return levels.flatMap((level) => [
    { name: `anshi_${level}, no secret`, level, secret: "", who: null, granted: [], victim },
    { name: `anshi_${level}, wrong secret`, level, secret: "0".repeat(40), who: null, granted: [], victim },
    ...[...oneOfEach.values()]
      .filter((m) => m.level !== level)
      .map((m) => ({
        name: `anshi_${level}, secret of another level`,
        level,
        secret: m.secret,
        who: null,
        granted: [],
        victim: m.victim,
      })),
  ]);
}
