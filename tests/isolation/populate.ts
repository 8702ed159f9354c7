import { declareAll } from "#app/declarations.server.ts";
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { is } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import type { World } from "#tests/builders/world.ts";
import { declaredWalls } from "#db/policies.ts";
import * as schema from "#db/schema/index.ts";
import { answerValues, dimensions, lifecycles, mechanisms, objects } from "#db/vocabulary.ts";

/*
 * Rows in every table for every site and sector of a test world, past all keys (as the superuser, in replica mode): an
 * attack on an empty table proves nothing.
 */

const words: Readonly<Record<string, readonly string[]>> = {
  dimension: dimensions,
  object: objects,
  lifecycle: lifecycles,
  mechanism: mechanisms,
  value: answerValues,
  result: ["passed"],
  purpose: ["design"],
};

interface Owner {
  tenantId: string;
  siteId: string | null;
  membershipId: string;
  national: boolean;
}
type ColumnConfig = ReturnType<typeof getTableConfig>["columns"][number];

function valueFor(table: string, column: ColumnConfig, owner: Owner): unknown {
  const name = column.name;
  const type = column.getSQLType();
  if (name === "tenant_id") return owner.tenantId;
  if (name === "site_id" && (column.notNull || owner.siteId !== null)) return owner.siteId ?? randomUUID();
  if (name === "site_id") return null;
  if (table === "sites" && name === "id" && owner.siteId) return randomUUID();
  if (name === "membership_id" || name === "actor_membership_id") return owner.membershipId;
  if (name === "national") return owner.national;
  if (type === "boolean") return false;
  if (type === "uuid") return randomUUID();
  if (type.startsWith("timestamp")) return "2014-06-01T00:00:00Z";
  if (type === "date") return "2014-06-01";
  if (type === "jsonb") return {};
  if (type === "text[]") return [];
  if (type !== "text") return 1;
  const known =
    column.enumValues && column.enumValues.length > 0
      ? column.enumValues
      : table === "risks" && name === "value"
        ? undefined
        : words[name];
  return known?.[0] ?? `x${randomUUID().slice(0, 12)}`;
}

const pgTables = Object.values(schema as Record<string, unknown>)
  .filter((t): t is PgTable => is(t, PgTable))
  .map((t) => getTableConfig(t));

/** @returns how many rows were put. One pilot of the first sector is granted to the world's institution. */
export async function populate(w: World): Promise<number> {
  declareAll();
  const sql = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
  let put = 0;
  const owners = ownersOf(w);
  await sql.begin(async (tx) => {
    await tx.unsafe("set local session_replication_role = replica");
    for (const t of pgTables) {
      if (declaredWalls().get(t.name)?.reference) continue;
      const columns = t.columns.filter((c) => c.generatedIdentity === undefined);
      for (const owner of owners) {
        const row = Object.fromEntries(columns.map((c) => [c.name, valueFor(t.name, c, owner)]));
        // A mark that was handed in is final, whoever asks: one that is not shows what the policies alone hold.
        if (t.name === "pilot_scores") Object.assign(row, { recused: false, total_centi: null });
        if (t.name === "risks") row["status"] = owner.national ? "proposed" : "confirmed";
        // Of a document each: one that is sealed and one that is not.
        if (t.name === "evidence")
          Object.assign(row, { measure_id: null, ...(owner.national ? {} : { submission_id: null }) });
        if (t.name === "break_glass")
          Object.assign(row, {
            reason: "核对报送件的状态与编号，报表打不开，客户已经确认过",
            minutes: 60,
            refused_at: null,
          });
        await tx`insert into ${tx(t.name)} ${tx(row as Record<string, postgres.SerializableParameter>)} on conflict do nothing`;
        put += 1;
      }
    }
    await grantOne(tx, w);
    await seatSome(tx, w);
  });
  await sql.end();
  return put;
}

/** For each site an own row, and one handed to the national office; for each sector and the national office one of no site. */
function ownersOf(w: World): Owner[] {
  const of = (a: Actor, siteId: string | null) =>
    [false, true].map((national) => ({ tenantId: a.tenantId, siteId, membershipId: a.membershipId, national }));
  return [
    ...w.sectors.flatMap((s) => [
      ...s.sites.flatMap((site) => [
        ...of({ ...s.regulator, membershipId: site.officer.membershipId }, site.id),
        ...of({ ...s.regulator, membershipId: site.lead.membershipId }, site.id),
      ]),
      ...of(s.regulator, null),
      ...of(s.regulator2, null),
      ...of(s.lead, null),
      ...of(s.expert, null),
      ...of(s.auditor, null),
    ]),
    ...[w.director, w.editor, w.assessor, w.operator].flatMap((a) => of(a, null)),
  ];
}

async function grantOne(tx: postgres.TransactionSql, w: World): Promise<void> {
  const [sector] = w.sectors;
  const site = sector.sites[0];
  const [pilot] = await tx<
    { id: string }[]
  >`select id from pilots where tenant_id = ${sector.id} and site_id = ${site?.id ?? null} limit 1`;
  if (!pilot) throw new Error("no pilot to grant");
  await tx`insert into grants (tenant_id, id, institution_id, pilot_id, site_id, purpose, starts_at, ends_at, granted_by_name)
    values (${sector.id}, ${randomUUID()}, ${w.institutionId}, ${pilot.id}, ${site?.id ?? null}, 'design', '2000-01-01', '2100-01-01', 'x')`;
  for (const handedOver of [true, false])
    await tx.unsafe(
      `update evidence set pilot_id = $1 where (tenant_id, id) = (select tenant_id, id from evidence where tenant_id = $2 and (submission_id is not null) = $3 limit 1)`,
      [pilot.id, sector.id, handedOver],
    );
  for (const table of ["workflow_instances", "workflow_events"])
    await tx.unsafe(
      `update ${table} set machine = 'pilot', object_id = $1 where (tenant_id, id) = (select tenant_id, id from ${table} where tenant_id = $2 limit 1)`,
      [pilot.id, sector.id],
    );
}

/** In each sector a pilot in scoring, with two regulators and an expert who are to score it. */
async function seatSome(tx: postgres.TransactionSql, w: World): Promise<void> {
  for (const s of w.sectors) {
    const [pilot] = await tx<
      { id: string; project_id: string; batch_no: number }[]
    >`update pilots set stage = 'scoring', scoring_since = null where (tenant_id, id) = (select tenant_id, id from pilots where tenant_id = ${s.id} order by id desc limit 1) returning id, project_id, batch_no`;
    if (!pilot) throw new Error("no pilot to score");
    const panelId = randomUUID();
    await tx`insert into panels (tenant_id, id, project_id, batch_no, named_by_name) values (${s.id}, ${panelId}, ${pilot.project_id}, ${pilot.batch_no}, 'x')
      on conflict (tenant_id, project_id, batch_no) do update set id = ${panelId}`;
    for (const { membershipId, level } of [s.regulator, s.regulator2, s.expert])
      await tx`insert into panel_members (tenant_id, id, panel_id, membership_id, name, kind, declared_at)
        values (${s.id}, ${randomUUID()}, ${panelId}, ${membershipId}, 'x', ${level === "expert" ? "expert" : "office"}, now())`;
  }
}

/** Everybody of a world who may attack: of each sector and site one of each role. */
export const everyone = (w: World): Actor[] => [
  ...w.sectors.flatMap((s) => [
    s.regulator,
    s.regulator2,
    s.lead,
    s.expert,
    s.auditor,
    ...s.sites.flatMap((site) => [site.officer, site.lead]),
  ]),
  w.editor,
  w.director,
  w.assessor,
  w.operator,
];
