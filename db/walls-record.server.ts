import { createHash } from "node:crypto";
import type postgres from "postgres";
import { everyPolicy, expectedExpressions, type Expressions } from "./catalogue.server.ts";

/*
 * The declared expressions as this server writes them down, kept where every role may read them. Only who may create
 * policies can ask a server how it would write one; the running system may not, and still has to tell a policy that was
 * changed from one that was not.
 */

type Sql = postgres.Sql | postgres.TransactionSql;

/** A server of another major release may write the same expression otherwise; another release of ours declares others. */
const markOf = async (sql: Sql): Promise<{ server: number; declared: string }> => {
  const [row] = await sql<{ major: number }[]>`select current_setting('server_version_num')::integer / 10000 as major`;
  return {
    server: row?.major ?? 0,
    declared: createHash("sha256").update(JSON.stringify(everyPolicy())).digest("hex"),
  };
};

/** Puts the record anew where it is not of this release and this server. @param sql the owner's connection. */
export async function recordWalls(sql: postgres.Sql): Promise<void> {
  await sql`create table if not exists meta.walls (one boolean primary key default true check (one), server integer not null, declared text not null, expected jsonb not null, at timestamptz not null default now())`;
  await sql`grant select on meta.walls to anshi_app`;
  const mark = await markOf(sql);
  const [kept] = await sql`select 1 from meta.walls where server = ${mark.server} and declared = ${mark.declared}`;
  if (kept) return;
  const asked = await expectedExpressions(sql).catch(withoutTemporary);
  if (asked === null) return;
  const expected = [...asked].map(([policy, { using, check }]) => ({ policy, using, check }));
  await sql`
    insert into meta.walls (server, declared, expected) values (${mark.server}, ${mark.declared}, ${sql.json(expected)})
      on conflict (one) do update set server = excluded.server, declared = excluded.declared, expected = excluded.expected, at = now()`;
}

/** An owner who may make no temporary table on their own database: the tables are theirs to bring up to date all the same. */
function withoutTemporary(error: unknown): null {
  if ((error as { code?: unknown }).code === "42501") return null;
  throw error;
}

/** What was recorded of this release on this server; null where nothing was. */
export async function recordedWalls(sql: Sql): Promise<Expressions | null> {
  const mark = await markOf(sql);
  const [kept] = await sql<
    { policies: string }[]
  >`select expected::text as policies from meta.walls where server = ${mark.server} and declared = ${mark.declared}`;
  if (!kept) return null;
  const list = JSON.parse(kept.policies) as { policy: string; using: string | null; check: string | null }[];
  return new Map(list.map(({ policy, using, check }) => [policy, { using, check }]));
}
