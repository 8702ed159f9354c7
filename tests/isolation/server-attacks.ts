import { levels } from "#db/roles.ts";
import { mustBeEmpty, mustFail as asked, signInTables } from "#app/features/isolation/statements.ts";
import { type Attack, judge, type Outcome } from "./engine.ts";
import type { Field } from "./field.ts";
import { columnsOf, numbers, tables } from "./model.ts";

/*
 * Arbitrary SQL: as the login roles themselves and as every level without a secret.
 */

/** Must fail, whoever tries: what the product asks itself, and what would change something. */
const mustFail: Readonly<Record<string, readonly string[]>> = {
  "other roles": [
    ...asked.roles,
    "alter role anshi_app superuser",
    "alter role anshi_app bypassrls",
    "alter role anshi_app createrole",
    "alter role anshi_sector login",
    "alter role anshi_owner password 'x'",
    "grant anshi_owner to anshi_app",
    "grant pg_read_all_data to anshi_app",
    "grant anshi_national to anshi_site",
    "create role attack",
    "drop role anshi_public",
  ],
  definitions: [
    "alter table public.pilots disable row level security",
    "alter table public.pilots no force row level security",
    "alter table public.pilots owner to anshi_app",
    "drop policy pilots_site_select on public.pilots",
    "alter policy pilots_site_select on public.pilots using (true)",
    "create policy hole on public.pilots using (true)",
    "grant select on public.pilots to public",
    "grant all on auth.users to anshi_app",
    "alter default privileges for role anshi_owner grant select on tables to public",
    "create table public.attack (x int)",
    "create table auth.attack (x int)",
    "create temporary table attack (x int)",
    "create temporary view attack as select 1",
    "create schema attack",
    "create view public.attack as select * from public.drafts",
    "create materialized view public.attack as select * from public.drafts",
    "create sequence public.attack",
    "create function public.attack() returns int language sql as 'select 1'",
    "create function pg_temp.claim(text, text) returns uuid language sql as 'select null::uuid'",
    "create function auth.claim(text, text) returns uuid language sql as 'select null::uuid'",
    "create or replace function auth.claim(wanted text, what text) returns uuid language sql as 'select null::uuid'",
    "alter function auth.claim(text, text) security invoker",
    "drop function auth.claim(text, text)",
    "create operator public.=== (leftarg = uuid, rightarg = uuid, function = uuid_eq)",
    "create trigger attack after insert on public.pilots for each row execute function suppress_redundant_updates_trigger()",
    "create rule attack as on select to public.pilots do instead select 1",
    "create type public.attack as (x int)",
    "create domain public.attack as int",
    "create extension dblink",
    "create extension file_fdw",
    "create language plpython3u",
    "create publication attack for all tables",
    "create subscription attack connection 'host=127.0.0.1' publication attack",
    "create event trigger attack on ddl_command_start execute function suppress_redundant_updates_trigger()",
    "create server attack foreign data wrapper postgres",
    "reassign owned by anshi_owner to anshi_app",
    "drop owned by anshi_owner",
    "drop table public.visits",
    "drop schema public cascade",
    "comment on table public.pilots is 'x'",
    "security label on table public.pilots is 'x'",
    "alter database postgres set search_path = x",
    "alter system set row_security = off",
    "vacuum full public.pilots",
    "cluster public.pilots using pilots_list",
    "reindex table public.pilots",
    "refresh materialized view public.attack",
  ],
  "the server's files": [
    ...asked.files,
    "copy public.tenants to '/tmp/attack'",
    "copy public.tenants to program 'cat'",
    "copy public.visits from '/etc/passwd'",
    "copy public.visits from program 'id'",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/attack')",
    "load 'attack'",
    "select pg_reload_conf()",
    "select pg_rotate_logfile()",
    "select pg_switch_wal()",
    "select pg_backup_start('x')",
    "select pg_create_physical_replication_slot('attack')",
  ],
  "the server's secrets": asked.secrets,
  "sign-in tables": signInTables.flatMap((t) => [
    `select 1 from auth.${t}`,
    `insert into auth.${t} default values`,
    `delete from auth.${t}`,
    `truncate auth.${t}`,
    `lock table auth.${t} in access share mode`,
  ]),
  "job queue": [
    ...asked.queue,
    "select graphile_worker.add_job('webhooks.fan', '{}')",
    "delete from graphile_worker._private_jobs",
    "select auth.queue_webhook_fan()",
    "select auth.queue_mail()",
  ],
  "migration record": [
    "insert into meta.migrations (idx, tag, sha256) values (99, 'x', 'x')",
    "update meta.migrations set tag = 'x'",
    "delete from meta.migrations",
    "update meta.walls set declared = ''",
    "delete from meta.walls",
    "update meta.demonstration set ended_at = null",
    "insert into meta.demonstration (run) values (gen_random_uuid())",
    "delete from meta.demonstration",
  ],
};

function everywhere(): Attack[] {
  const who = [
    { role: "anshi_app", level: null, login: "app" },
    { role: "anshi_auth", level: null, login: "auth" },
    ...levels.map((level) => ({ role: `anshi_${level}, no secret`, level, login: "app" }) as const),
  ] as const;
  return who.flatMap(({ role, level, login }) => [
    ...Object.entries(mustFail).flatMap(([group, list]) =>
      list.map(
        (sql): Attack => ({ name: sql, group, role, login, steps: [{ level, secret: "", sql }], won: judge.fails }),
      ),
    ),
    ...mustBeEmpty.map(
      (sql): Attack => ({
        name: sql,
        group: "statistics",
        role,
        login,
        steps: [{ level, secret: "", sql }],
        won: judge.noRows,
      }),
    ),
    ...tables.flatMap((t) =>
      (level === null
        ? [
            `select count(*) as n from public."${t.name}"`,
            `delete from public."${t.name}"`,
            `lock table public."${t.name}" in share mode`,
          ]
        : []
      ).map(
        (sql): Attack => ({
          name: sql,
          group: "no role taken",
          role,
          login,
          steps: [{ level, secret: "", sql }],
          won: judge.refused,
        }),
      ),
    ),
  ]);
}
/** The worker's role is the sign-in's alone to take, and even its taker reads no more than the worker needs. */
const workersRole = (): Attack[] => [
  ...[null, ...levels].map(
    (level): Attack => ({
      name: "set role anshi_worker",
      group: "other roles",
      role: level === null ? "anshi_app" : `anshi_${level}, no secret`,
      login: "app",
      steps: [{ level, secret: "", sql: "set role anshi_worker" }],
      won: judge.fails,
    }),
  ),
  ...[
    "select reason from public.workflow_events",
    "select actor_name from public.workflow_events",
    "select 1 from public.drafts",
    "select 1 from auth.sessions",
    "delete from public.webhook_endpoints",
  ].map(
    (sql): Attack => ({
      name: `as the worker: ${sql}`,
      group: "no role taken",
      role: "anshi_auth",
      login: "auth",
      steps: [
        { level: null, secret: "", sql: "set local role anshi_worker" },
        { level: null, secret: "", sql },
      ],
      won: judge.refused,
    }),
  ),
];
const authTakesLevels = (): Attack[] =>
  levels.map((level) => ({
    name: `set role anshi_${level}`,
    group: "other roles",
    role: "anshi_auth",
    login: "auth",
    steps: [{ level: null, secret: "", sql: `set role anshi_${level}` }],
    won: judge.fails,
  }));

/** Shapes of statements over a table `t` and another `u`; each answers with rows only when a wall has a hole. */
const shapes: readonly ((t: string, u: string) => string)[] = [
  (t) => `table ${t}`,
  (t, u) => `select a.* from ${t} a cross join ${u} b`,
  (t, u) => `select a.tenant_id from ${t} a full join ${u} b using (tenant_id)`,
  (t, u) => `select x.* from ${t} a, lateral (select b.* from ${u} b where b.tenant_id = a.tenant_id) x`,
  (t, u) => `select tenant_id from ${t} union all select tenant_id from ${u}`,
  (t, u) => `select 1 from (select 1) o where exists (select 1 from ${t}) or exists (select 1 from ${u})`,
  (t) =>
    `with recursive r as (select tenant_id from ${t} union select r.tenant_id from r join ${t} x using (tenant_id)) select * from r`,
  (t) => `with gone as (delete from ${t} returning *) select * from gone`,
  (t) => `select count(*) over (), ctid, xmin, tableoid from ${t}`,
  (t) => `select tenant_id, count(*) from ${t} group by grouping sets ((tenant_id)) having count(*) > 0`,
  (t) => `select 1 from ${t} where tenant_id is not null for share skip locked`,
  (t, u) => `merge into ${t} a using ${u} b on a.tenant_id = b.tenant_id when matched then delete`,
  (t, u) => `delete from ${t} a using ${u} b where a.tenant_id = b.tenant_id returning b.*`,
  (t) => `select * from ${t} tablesample bernoulli (100)`,
  (t) => `select unnest(array_agg(a)) from ${t} a`,
  (t) => `select jsonb_array_elements(jsonb_agg(to_jsonb(a))) from ${t} a`,
  (t) =>
    `select * from xpath('//row', query_to_xml('select * from ${t}', true, false, '')) x where array_length(x, 1) > 0`,
  (t) => `select 1 where (select count(*) from ${t}) > 0`,
];

/** Statements made up at random, by the login role and every level without a secret. */
function fuzz(count: number, seed: number): Attack[] {
  const next = numbers(seed);
  const names = tables
    .filter(
      (t) => t.has("tenant_id") && !t.has("public") && !["programmes", "batches", "action_milestones"].includes(t.name),
    )
    .map((t) => t.name);
  const quiet = (o: Outcome) => judge.noRows({ ...o, n: null });
  return Array.from({ length: count }, (): Attack => {
    const level = [...levels, null][next(levels.length + 1)] ?? null;
    const seen = level === null ? names : names.filter((n) => columnsOf(n, level, "select").length > 0);
    const pick = () => `public."${(seen.length > 0 ? seen : names)[next((seen.length > 0 ? seen : names).length)]}"`;
    const sql = shapes[next(shapes.length)]?.(pick(), pick()) ?? "select 1 where false";
    return {
      name: sql,
      group: "made up",
      role: level === null ? "anshi_app" : `anshi_${level}, no secret`,
      login: "app",
      steps: [{ level, secret: "", sql }],
      won: quiet,
    };
  });
}

export const serverAttacks = (_field: Field): Attack[] => [
  ...everywhere(),
  ...authTakesLevels(),
  ...workersRole(),
  ...fuzz(1500, 20130603),
];
