import type postgres from "postgres";
import { backupRole, levelRole, levels, workerRole } from "../roles.ts";
import type { Manifest, Trail } from "./manifest.ts";

/* What a manifest tells of a database, read in one snapshot by somebody who sees every row. */

type Sql = postgres.Sql | postgres.TransactionSql | postgres.ReservedSql;

export interface OwnTable {
  schema: string;
  name: string;
}

/** Every table that is none of the server's own: ours, sign-in's, the job queue's. */
export async function ownTables(sql: Sql): Promise<OwnTable[]> {
  return await sql<OwnTable[]>`
    select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname <> 'information_schema' and n.nspname not like 'pg\\_%' order by 1, 2`;
}

/** Rows of each, by `schema.table`. */
export async function countsOf(sql: Sql): Promise<Record<string, number>> {
  const tables = await ownTables(sql);
  if (tables.length === 0) return {};
  const each = tables.map(
    ({ schema, name }) => `select '${schema}.${name}' as name, count(*)::float8 as n from "${schema}"."${name}"`,
  );
  const rows = await sql.unsafe<{ name: string; n: number }[]>(each.join(" union all "));
  return Object.fromEntries(rows.map((r) => [r.name, r.n]));
}

export async function migrationsOf(sql: Sql): Promise<Manifest["migrations"]> {
  return [
    ...(await sql<
      { idx: number; tag: string; sha256: string }[]
    >`select idx, tag, sha256 from meta.migrations order by idx`),
  ];
}

/** Heads of all audit chains and the newest root of the national tree. */
export async function trailOf(sql: Sql): Promise<Trail> {
  const chains = await sql<
    { tenant: string; seq: number; hash: string }[]
  >`select tenant_id::text as tenant, seq::float8 as seq, hash from public.audit_heads order by 1`;
  const [tree] = await sql<
    { size: number; root: string }[]
  >`select size::float8 as size, root from public.audit_roots order by size desc limit 1`;
  return { chains: [...chains], tree: tree ? { ...tree } : null };
}

/** Who is who in the server, without anybody's password. */
export async function rolesOf(sql: Sql): Promise<Manifest["roles"]> {
  const names = ["anshi_owner", "anshi_auth", "anshi_app", backupRole, workerRole, ...levels.map(levelRole)];
  return [
    ...(await sql<Manifest["roles"]>`
      select rolname as name, rolcanlogin as login, rolbypassrls as bypassrls, rolcreaterole as createrole, rolinherit as inherit,
          array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid order by 1) as of
        from pg_roles r where rolname = any (${names}) order by 1`),
  ];
}

export async function serverOf(sql: Sql): Promise<Manifest["server"]> {
  const [row] = await sql<
    { major: number; version: string }[]
  >`select current_setting('server_version_num')::integer / 10000 as major, current_setting('server_version') as version`;
  return { major: row?.major ?? 0, version: row?.version ?? "", platform: `${process.platform}-${process.arch}` };
}

/** A row that names a file in storage. `path` is the file's place there and in a backup. */
export interface StoredRow {
  path: string;
  kind: "evidence" | "printed";
  bytes: number;
  sha256: string;
  /** Of evidence: `tenant/row`, the id it lies under. */
  id: string | null;
}

/** Every file that rows speak of: evidence under its row's id, printed documents under their digest, each once. */
export async function storedRows(sql: Sql): Promise<StoredRow[]> {
  return [
    ...(await sql<StoredRow[]>`
      select 'kept/' || tenant_id || '/' || id as path, 'evidence' as kind, bytes::float8 as bytes, sha256, tenant_id || '/' || id as id from public.evidence
      union all
      select distinct left(sha256, 2) || '/' || sha256, 'printed', bytes::float8, sha256, null from public.artifacts
      order by 1`),
  ];
}
