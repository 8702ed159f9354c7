import type postgres from "postgres";
import { PgDialect } from "drizzle-orm/pg-core";
import type { SQL } from "drizzle-orm";
import { type Backstage, backstageRole, declaredWalls, type Verb } from "./policies.ts";
import { backupRole, type Level, levelRole, levels, workerRole } from "./roles.ts";
import { roleComplaints } from "./catalogue-roles.server.ts";
import {
  auditedTables,
  auditTriggerNames,
  declaredBackstageGrants,
  declaredFunctionGrants,
  declaredGrants,
  queueSchema,
} from "./walls.ts";

/*
 * What the walls of a database really are, read from pg_catalog and held against the declarations. Every function
 * answers with complaints in words; none means sound.
 */

/** A policy as the catalogue has it. */
export interface FoundPolicy {
  name: string;
  table: string;
  command: "r" | "a" | "w" | "d" | "*";
  permissive: boolean;
  roles: string[];
  using: string | null;
  check: string | null;
}
export interface DeclaredPolicy {
  name: string;
  table: string;
  level: Level;
  verb: Verb;
  using: string | null;
  check: string | null;
}

/** Policies of the worker and of the owner's triggers: no request takes their roles, so no attack is aimed at them. */
export interface BackstagePolicy extends Omit<DeclaredPolicy, "level"> {
  role: string;
}

const commandOf = { select: "r", insert: "a", update: "w", delete: "d" } as const;
const dialect = new PgDialect();
const textOf = (sql: SQL): string => dialect.sqlToQuery(sql).sql;

/** Tables of the national frame: one row for everybody, read by all who are signed in, so not divided by tenant. */
export const nationalFrame = new Set(["programmes", "batches", "action_milestones", "tenants"]);

/** Every policy the declarations stand for. */
export function declaredPolicies(): DeclaredPolicy[] {
  return [...declaredWalls().values()].flatMap(({ table, access }) =>
    Object.entries(access).flatMap(([level, verbs]) =>
      Object.entries(verbs).map(([verb, rule]) => {
        const using = verb === "insert" ? null : textOf(rule.using ?? fail(`${table} ${level} ${verb} without using`));
        const check =
          verb === "insert" || verb === "update"
            ? textOf(rule.check ?? rule.using ?? fail(`${table} ${level} ${verb} without check`))
            : null;
        return { name: `${table}_${level}_${verb}`, table, level: level as Level, verb: verb as Verb, using, check };
      }),
    ),
  );
}
function backstagePolicies(): BackstagePolicy[] {
  return [...declaredWalls().values()].flatMap(({ table, backstage }) =>
    Object.entries(backstage).flatMap(([who, verbs]) =>
      Object.entries(verbs).map(([verb, rule]) => {
        const reads = verb === "insert" ? null : textOf(rule.using ?? fail(`${table} ${who} ${verb} without using`));
        const writes =
          verb === "insert" || verb === "update"
            ? textOf(rule.check ?? rule.using ?? fail(`${table} ${who} ${verb} without check`))
            : null;
        return {
          name: `${table}_${who}_${verb}`,
          table,
          role: backstageRole[who as Backstage],
          verb: verb as Verb,
          using: reads,
          check: writes,
        };
      }),
    ),
  );
}
/** All of them, each with the one role it is for. */
export const everyPolicy = (): BackstagePolicy[] => [
  ...declaredPolicies().map((p) => ({ ...p, role: levelRole(p.level) })),
  ...backstagePolicies(),
];
function fail(text: string): never {
  throw new Error(text);
}

type Sql = postgres.Sql | postgres.TransactionSql;

/** @param only one policy's name; else all. */
export async function foundPolicies(sql: Sql, only: string | null = null): Promise<FoundPolicy[]> {
  const rows = await sql<FoundPolicy[]>`
  select p.polname as name, c.relname as table, p.polcmd::text as command, p.polpermissive as permissive,
      array(select case when r = 0 then 'PUBLIC' else r::regrole::text end from unnest(p.polroles) r) as roles,
      pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
    from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace <> ${queueSchema}::regnamespace and (${only}::text is null or p.polname = ${only}) order by 2, 1`;
  return rows.map((p) => ({ ...p, using: unqualified(p.using), check: unqualified(p.check) }));
}
/** Names are written with their schema for whom they are out of sight, and `anshi_app` sees into no schema. */
const unqualified = (text: string | null): string | null => text?.replaceAll(/\bpublic\.(?=[a-z"])/g, "") ?? null;

/** Clauses of each declared policy as one server writes them down, by `table.policy`. */
export type Expressions = ReadonlyMap<string, { using: string | null; check: string | null }>;

/** Policies: one level each, both clauses written, exactly the declared ones. @param expected from `expectedExpressions`; null leaves the clauses' texts unread. */
export function policyComplaints(found: readonly FoundPolicy[], expected: Expressions | null): string[] {
  const byName = new Map(found.map((p) => [`${p.table}.${p.name}`, p]));
  const declared = everyPolicy();
  const known = new Set(declared.map((d) => `${d.table}.${d.name}`));
  const odd = found.flatMap((p) => {
    const key = `${p.table}.${p.name}`;
    return [
      known.has(key) ? "" : `policy ${key} is declared nowhere`,
      p.permissive ? "" : `policy ${key} is restrictive`,
      p.roles.length === 1 && p.roles[0] !== "PUBLIC"
        ? ""
        : `policy ${key} is for ${p.roles.join(", ")}: one level each`,
      p.command === "*" ? `policy ${key} is for all verbs at once` : "",
      p.command !== "a" && p.using === null ? `policy ${key} has no USING` : "",
      (p.command === "a" || p.command === "w") && p.check === null ? `policy ${key} has no WITH CHECK` : "",
    ];
  });
  const missing = declared.flatMap((d) => {
    const key = `${d.table}.${d.name}`;
    const p = byName.get(key);
    if (!p) return [`policy ${key} is missing: ${d.role} was granted ${d.verb}`];
    const wanted = expected === null ? p : expected.get(key);
    return [
      p.command === commandOf[d.verb] ? "" : `policy ${key} is for another verb`,
      p.roles.join() === d.role ? "" : `policy ${key} is for ${p.roles.join()}, declared for ${d.role}`,
      p.using === wanted?.using ? "" : `USING of ${key} is not the declared one: ${p.using}`,
      p.check === wanted?.check ? "" : `WITH CHECK of ${key} is not the declared one: ${p.check}`,
    ];
  });
  return [...odd, ...missing].filter(Boolean);
}

/**
 * The declared expressions as this server writes them down: each is laid on an empty temporary copy of its table and read
 * back, so that no lock is asked on a table that somebody works with.
 */
export async function expectedExpressions(sql: postgres.Sql): Promise<Expressions> {
  const declared = everyPolicy();
  let written: FoundPolicy[] = [];
  const undo = new Error("undo");
  await sql
    .begin(async (tx) => {
      const tables = [...new Set(declared.map((d) => d.table))];
      await tx.unsafe(tables.map((t) => `create temporary table "${t}" (like public."${t}")`).join("; "));
      for (const [i, d] of declared.entries()) {
        const clauses = `${d.using === null ? "" : ` using (${d.using})`}${d.check === null ? "" : ` with check (${d.check})`}`;
        await tx.unsafe(`create policy "zz_${i}" on pg_temp."${d.table}" for ${d.verb} to ${d.role}${clauses}`);
      }
      // Under its own name the copy would stand before the table, and the server would write every other name in full.
      await tx.unsafe(tables.map((t) => `alter table pg_temp."${t}" rename to "zz_${t}"`).join("; "));
      written = (await foundPolicies(tx)).filter((p) => p.table.startsWith("zz_"));
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  const byName = new Map(written.map((p) => [p.name, p]));
  const asNamed = (text: string | null | undefined, table: string) =>
    text?.replaceAll(`zz_${table}.`, `${table}.`) ?? null;
  return new Map(
    declared.map((d, i) => {
      const of = byName.get(`zz_${i}`);
      return [`${d.table}.${d.name}`, { using: asNamed(of?.using, d.table), check: asNamed(of?.check, d.table) }];
    }),
  );
}

/** RLS on every table of public, forced but for reference tables, each declared; every view asks as its reader. */
export async function tableComplaints(sql: Sql): Promise<string[]> {
  const rows = await sql<
    { name: string; kind: string; enabled: boolean; forced: boolean; owner: string; options: string[] | null }[]
  >`
    select relname as name, relkind::text as kind, relrowsecurity as enabled, relforcerowsecurity as forced, relowner::regrole::text as owner, reloptions as options
      from pg_class where relnamespace = 'public'::regnamespace and relkind not in ('i', 'I', 'c', 't') order by 1`;
  const walls = declaredWalls();
  const present = new Set(rows.map((r) => r.name));
  const of = rows.flatMap((r) => {
    if (r.owner !== "anshi_owner") return [`${r.name} belongs to ${r.owner}`];
    if (r.kind === "S") return [];
    if (r.kind === "v")
      return r.options?.includes("security_invoker=true") ? [] : [`view ${r.name} is not security_invoker`];
    if (r.kind !== "r" && r.kind !== "p") return [`${r.name} is of kind ${r.kind}: its rows stand behind no policy`];
    const wall = walls.get(r.name);
    return [
      wall ? "" : `table ${r.name} has no declared wall`,
      r.enabled ? "" : `RLS is not enabled on ${r.name}`,
      r.forced || wall?.reference ? "" : `RLS is not forced on ${r.name}`,
    ];
  });
  return [
    ...of,
    ...[...walls.keys()].map((t) => (present.has(t) ? "" : `table ${t} is declared and not there`)),
  ].filter(Boolean);
}

/** Grants: column by column as declared, to level roles alone; beyond that only DELETE, which has no columns. */
export async function grantComplaints(sql: Sql): Promise<string[]> {
  const whole = await sql<{ table: string; grantee: string; privilege: string }[]>`
    select c.relname as table, case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end as grantee, lower(a.privilege_type) as privilege
      from pg_class c, aclexplode(c.relacl) a where c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace) and a.grantee <> c.relowner`;
  const columns = await sql<{ table: string; column: string; grantee: string; privilege: string }[]>`
    select c.relname as table, t.attname as column, case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end as grantee, lower(a.privilege_type) as privilege
      from pg_class c join pg_attribute t on t.attrelid = c.oid and not t.attisdropped, aclexplode(t.attacl) a
      where c.relnamespace in ('public'::regnamespace, 'auth'::regnamespace) and a.grantee <> c.relowner`;
  const key = (table: string, grantee: string, privilege: string, column = "") =>
    `${privilege}${column && ` (${column})`} on ${table} to ${grantee}`;
  const declared = new Set(
    [
      ...declaredGrants().map((g) => ({ ...g, role: levelRole(g.level) as string })),
      ...declaredBackstageGrants().map((g) => ({ ...g, role: backstageRole[g.who] })),
    ].flatMap((g) =>
      g.verb === "delete" ? [key(g.table, g.role, g.verb)] : g.columns.map((c) => key(g.table, g.role, g.verb, c)),
    ),
  );
  const found = new Set([
    ...whole.map((g) => key(g.table, g.grantee, g.privilege)),
    ...columns.map((g) => key(g.table, g.grantee, g.privilege, g.column)),
  ]);
  return [
    ...[...found].filter((g) => !declared.has(g)).map((g) => `granted and not declared: ${g}`),
    ...[...declared].filter((g) => !found.has(g)).map((g) => `declared and not granted: ${g}`),
  ];
}

/** Functions of ours: a fixed search_path, the owner's when they act as the owner, callable by exactly the declared roles. */
export async function functionComplaints(sql: Sql): Promise<string[]> {
  const rows = await sql<
    { name: string; owner: string; definer: boolean; config: string[] | null; callers: string[] }[]
  >`
    select p.proname || '(' || oidvectortypes(p.proargtypes) || ')' as name, p.proowner::regrole::text as owner, p.prosecdef as definer, p.proconfig as config,
        array(select case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee <> p.proowner order by 1) as callers
      from pg_proc p where p.pronamespace in ('public'::regnamespace, 'auth'::regnamespace, 'meta'::regnamespace)`;
  const declared = declaredFunctionGrants();
  const typeNames = (signature: string) => signature.replaceAll("timestamptz", "timestamp with time zone");
  const wanted = new Map([...declared].map(([signature, roles]) => [typeNames(signature), [...roles].sort()]));
  const names = new Set(rows.map((r) => r.name));
  return [
    ...rows.flatMap((r) => [
      r.owner === "anshi_owner" ? "" : `function ${r.name} belongs to ${r.owner}${r.definer ? " and acts as it" : ""}`,
      r.config?.includes("search_path=pg_catalog, pg_temp") ? "" : `function ${r.name} has no fixed search_path`,
      r.callers.join() === (wanted.get(r.name) ?? []).join()
        ? ""
        : `function ${r.name} may be called by ${r.callers.join() || "nobody"}, declared: ${(wanted.get(r.name) ?? []).join() || "nobody"}`,
    ]),
    ...[...wanted.keys()].map((name) => (names.has(name) ? "" : `function ${name} is declared and not there`)),
  ].filter(Boolean);
}

/** Keys: the tenant leads every primary key of tenant rows and is part of every reference between them. */
export async function keyComplaints(sql: Sql): Promise<string[]> {
  const rows = await sql<
    { name: string; kind: string; table: string; columns: string[]; parent: string | null; theirs: string[] | null }[]
  >`
    select k.conname as name, k.contype::text as kind, c.relname as table, p.relname as parent,
        array(select a.attname from unnest(k.conkey) with ordinality as u(n, o) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n order by u.o) as columns,
        array(select a.attname from unnest(k.confkey) with ordinality as u(n, o) join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.n order by u.o) as theirs
      from pg_constraint k join pg_class c on c.oid = k.conrelid left join pg_class p on p.oid = k.confrelid
      where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'f')`;
  const tenantRows = (table: string) => declaredWalls().get(table)?.reference === false && !nationalFrame.has(table);
  const withKey = new Set(rows.filter((r) => r.kind === "p").map((r) => r.table));
  return [
    ...[...declaredWalls().keys()].map((t) => (withKey.has(t) ? "" : `${t} has no primary key`)),
    ...rows.map((r) => {
      if (!tenantRows(r.table)) return "";
      if (r.kind === "p")
        return r.columns[0] === "tenant_id" ? "" : `the primary key of ${r.table} begins with ${r.columns[0]}`;
      if (r.parent === null || !tenantRows(r.parent)) return "";
      return r.theirs?.[0] === "tenant_id" && r.columns.length > 1
        ? ""
        : `${r.name} leads to ${r.parent} without its tenant`;
    }),
  ].filter(Boolean);
}

/** Triggers of ours: jobs queued with what they tell of, the former secret of a webhook kept for a day, the audit chain. */
const ownTriggers = [
  ...auditedTables().flatMap(auditTriggerNames),
  "workflow_events_audit",
  "sessions_audit",
  "sign_in_attempts_audit",
  "memberships_audit",
  "api_tokens_audit",
  "users_audit",
  "audit_entries_chain",
  "workflow_events_tell",
  "webhook_deliveries_queue",
  "webhook_deliveries_requeue",
  "webhook_endpoints_rotate",
  "invitations_by_lead",
  "pilot_scores_final",
  "panel_members_person",
  "mails_queue",
  "mails_requeue",
  "notices_ring_insert",
  "notices_ring_update",
  "comments_tell",
];

/** The job queue: the worker's and nobody else's, whatever its own maker granted. */
export async function queueComplaints(sql: Sql): Promise<string[]> {
  const grants = await sql<{ what: string }[]>`
    select distinct grantee || ' on ' || name as what from (
      select c.relname as name, case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end as grantee
        from pg_class c, aclexplode(c.relacl) a where c.relnamespace = ${queueSchema}::regnamespace and a.grantee <> c.relowner
      union all
      select p.proname, case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end
        from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where p.pronamespace = ${queueSchema}::regnamespace and a.grantee <> p.proowner
    ) s where grantee <> ${workerRole}`;
  const open = await sql<{ what: string }[]>`
    select c.relname || case when c.relrowsecurity then ' has the policy ' || p.polname || ' for ' || array_to_string(array(select case when r = 0 then 'PUBLIC' else r::regrole::text end from unnest(p.polroles) r), ', ') else ' has no row security' end as what
      from pg_class c left join pg_policy p on p.polrelid = c.oid
      where c.relnamespace = ${queueSchema}::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
        and (not c.relrowsecurity or p.polname is not null and p.polroles <> array[${workerRole}::regrole::oid])`;
  return [...grants.map((g) => `granted in the queue: ${g.what}`), ...open.map((o) => `queue: ${o.what}`)];
}

/** Schemas, database and what else could open a way: defaults, triggers, rules, published tables. */
export async function surroundingComplaints(sql: Sql): Promise<string[]> {
  const rights = await sql<{ what: string }[]>`
    select grantee || ' ' || lower(privilege) || ' on schema ' || nspname as what from (
      select n.nspname, a.privilege_type as privilege, case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end as grantee
        from pg_namespace n, aclexplode(n.nspacl) a where n.nspname in ('public', 'auth', 'meta', ${queueSchema}) and a.grantee <> n.nspowner) s
    union all
    select case when a.grantee = 0 then 'PUBLIC' else a.grantee::regrole::text end || ' ' || lower(a.privilege_type) || ' on database'
      from pg_database d, aclexplode(d.datacl) a where d.datname = current_database() and a.grantee <> d.datdba`;
  const allowed = new Set([
    ...levels.flatMap((l) => ["public", "auth"].map((s) => `${levelRole(l)} usage on schema ${s}`)),
    ...["public", "auth", queueSchema].map((s) => `${workerRole} usage on schema ${s}`),
    "anshi_auth usage on schema auth",
    "anshi_app usage on schema meta",
    "anshi_app connect on database",
    "anshi_auth connect on database",
    `${backupRole} connect on database`,
  ]);
  const odd = await sql<{ what: string }[]>`
    select 'default privileges of ' || defaclrole::regrole as what from pg_default_acl
    union all select 'trigger ' || tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where not tgisinternal and c.relnamespace <> ${queueSchema}::regnamespace and not tgname = any (${[...ownTriggers]})
    union all select 'event trigger ' || evtname from pg_event_trigger
    union all select 'rule ' || rulename from pg_rewrite w join pg_class c on c.oid = w.ev_class where c.relnamespace = 'public'::regnamespace and rulename <> '_RETURN'
    union all select 'publication ' || pubname from pg_publication
    union all select 'foreign server ' || srvname from pg_foreign_server`;
  return [...rights.filter((r) => !allowed.has(r.what)).map((r) => r.what), ...odd.map((o) => o.what)];
}

/** Rules one after another: where one cannot be asked, those behind it are not, and none is left to fail unheard. */
export async function askInTurn(sql: Sql, rules: readonly ((sql: Sql) => Promise<string[]>)[]): Promise<string[]> {
  const complaints: string[] = [];
  for (const rule of rules) complaints.push(...(await rule(sql)));
  return complaints;
}

/** Walls against their declarations. @param expected as with `policyComplaints`. Reads the catalogue alone, which every role may. */
export async function catalogueComplaints(sql: Sql, expected: Expressions | null): Promise<string[]> {
  const found = policyComplaints(await foundPolicies(sql), expected);
  return [
    ...found,
    ...(await askInTurn(sql, [
      tableComplaints,
      grantComplaints,
      functionComplaints,
      keyComplaints,
      roleComplaints,
      surroundingComplaints,
      queueComplaints,
    ])),
  ];
}
