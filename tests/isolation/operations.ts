import { levelRole, levels } from "#db/roles.ts";
import type { Field, Member } from "./field.ts";
import { type Attacker, columnsOf, mayRead, mayWrite, type TableShape, tables } from "./model.ts";

/*
 * Operations made up at random: reads, joins, changes, moves, upserts, merges and functions, aimed at own, sibling and
 * foreign rows, now and then under a role or settings taken on the way. Each is one statement that answers with a number:
 * how many rows of somebody else came back. The same seed makes the same operations.
 */

export interface Operation {
  /** A statement before it: a role, a setting. Where there is one, both are undone afterwards. */
  before: string | null;
  sql: string;
  kind: Kind;
}
export const kinds = [
  "read",
  "join",
  "change",
  "move",
  "delete",
  "insert",
  "upsert",
  "merge",
  "whole",
  "function",
] as const;
export type Kind = (typeof kinds)[number];
type Next = (below: number) => number;

const lit = (text: string) => `'${text.replaceAll("'", "''")}'`;
const pick = <T>(next: Next, from: readonly T[]): T => {
  const one = from[next(from.length)];
  if (one === undefined) throw new Error("nothing to pick from");
  return one;
};
const nowhere = "00000000-0000-4000-8000-000000000000";

/** Whoever attacks, with every id they might name: own ones, a sibling's, a stranger's, one of nobody. */
export interface Visitor {
  attacker: Attacker;
  /** Whose secret it is: taking that level's role makes them that member, and no other role does. */
  owner: Member | null;
  ids: readonly string[];
  /** Secrets they do not have but might guess wrongly, and one of another level. */
  forged: readonly string[];
}
export function visitors(field: Field): Visitor[] {
  const forged = (m: Attacker) => ["0".repeat(40), "", m.who?.membershipId ?? nowhere, m.victim.tenantId];
  const idsOf = (m: Member) => [
    m.who.tenantId,
    m.who.siteId ?? nowhere,
    m.who.membershipId,
    m.victim.tenantId,
    m.victim.siteId,
    m.victim.neighbourId ?? nowhere,
    ...Object.values(m.foreign),
    nowhere,
  ];
  return [
    ...field.members.map((m) => ({ attacker: m, owner: m, ids: idsOf(m), forged: forged(m) })),
    ...field.pretenders.map((p) => ({
      attacker: p,
      owner: field.members.find((m) => m.secret === p.secret) ?? null,
      ids: [p.victim.tenantId, p.victim.siteId, ...Object.values(field.elsewhere), nowhere],
      forged: forged(p),
    })),
  ];
}

/** One statement's surroundings: who they are while it runs. A role taken without its secret stands for nobody. */
interface Scene {
  next: Next;
  a: Attacker;
  /** Level that their secret is of. */
  level: Attacker["level"] | undefined;
  ids: readonly string[];
}
const name = (t: TableShape) => `public."${t.name}"`;
const strange = (s: Scene, t: TableShape) => `not coalesce(${mayRead(s.a, t.name)}, false)`;
const id = (s: Scene) => lit(pick(s.next, s.ids));
/** Tables they were given something on come four times as often as the others. */
function table(s: Scene, verb: "select" | "insert" | "update" | "delete"): TableShape {
  const given = tables.filter((t) => columnsOf(t.name, s.a.level, verb).length > 0);
  return given.length > 0 && s.next(5) > 0 ? pick(s.next, given) : pick(s.next, tables);
}

function condition(s: Scene, t: TableShape, depth = 0): string {
  const column = pick(s.next, t.columns).name;
  const other = pick(s.next, tables);
  const one = [
    () => "true",
    () => (t.has("tenant_id") ? `tenant_id = ${id(s)}` : "true"),
    () => (t.has("site_id") ? `site_id = ${id(s)}` : `"${column}" is not null`),
    () => (t.has("id") ? `id::text = ${id(s)}` : "true"),
    () => `"${column}"::text > ''`,
    () => `"${column}"::text like '%${s.next(10)}%'`,
    () => `"${column}"::text in (${id(s)}, ${id(s)})`,
    () =>
      t.has("tenant_id") && other.has("tenant_id")
        ? `exists (select 1 from ${name(other)} o where o.tenant_id = ${name(t)}.tenant_id)`
        : "true",
    () => (depth > 1 ? "true" : `(${condition(s, t, depth + 1)}) or (${condition(s, t, depth + 1)})`),
    () => (depth > 1 ? "true" : `not (${condition(s, t, depth + 1)})`),
    () => strange(s, t),
  ];
  return pick(s.next, one)();
}
/** With RETURNING the policies for reading are asked as well; without it, every second time, only the digest can tell. */
const returned = (s: Scene, statement: string, mine: string) =>
  s.next(2) === 0
    ? `with done as (${statement}) select 0`
    : `with got as (${statement} returning ${mine} as mine) select count(*) from got where not coalesce(mine, false)`;
/** Blind, a statement without a condition asks for no right to read. */
const where = (s: Scene, t: TableShape) => (s.next(3) === 0 ? "" : ` where ${condition(s, t)}`);
const value = (s: Scene, column: TableShape["columns"][number]): string =>
  pick(s.next, [
    () => column.constant,
    () => `"${column.name}"`,
    () => (column.worth === 1 ? id(s) : column.constant),
    () => "default",
  ])();

const makers: Record<Kind, (s: Scene) => string> = {
  read: (s) => {
    const t = table(s, "select");
    const tail = pick(s.next, ["", " limit 5", " for update skip locked", " for share nowait", " offset 1"]);
    return `select count(*) from (select 1 from ${name(t)} where (${condition(s, t)}) and ${strange(s, t)}${tail}) x`;
  },
  join: (s) => {
    const [t, u] = [table(s, "select"), table(s, "select")];
    const side = (x: TableShape) =>
      `(select ${x.has("tenant_id") ? "tenant_id" : "null::uuid as tenant_id"}, ${strange(s, x)} as strange from ${name(x)} where ${condition(s, x)} limit 40)`;
    const how = pick(s.next, [
      "a join B b on a.tenant_id = b.tenant_id",
      "a full join B b on a.tenant_id = b.tenant_id",
      "a cross join B b",
      "a left join lateral B b on true",
      "a left join B b on b.tenant_id <> a.tenant_id",
    ]);
    return `select count(*) from ${side(t)} ${how.replace("B", side(u))} where a.strange or b.strange`;
  },
  change: (s) => {
    const t = table(s, "update");
    const columns = columnsOf(t.name, s.a.level, "update");
    const may = t.columns.filter((c) => columns.includes(c.name));
    const c = pick(s.next, may.length > 0 && s.next(6) > 0 ? may : t.columns);
    const from = s.next(4) === 0 ? ` from ${name(pick(s.next, tables))} o` : "";
    return returned(
      s,
      `update ${name(t)} set "${c.name}" = ${value(s, c)}${from}${from ? "" : where(s, t)}`,
      mayRead(s.a, t.name),
    );
  },
  move: (s) => {
    const wanted = table(s, "update");
    const t = wanted.has("tenant_id")
      ? wanted
      : pick(
          s.next,
          tables.filter((x) => x.has("tenant_id")),
        );
    const column = t.has("site_id") && s.next(2) === 0 ? "site_id" : "tenant_id";
    return returned(s, `update ${name(t)} set ${column} = ${id(s)}${where(s, t)}`, mayRead(s.a, t.name));
  },
  delete: (s) => {
    const t = table(s, "delete");
    return returned(s, `delete from ${name(t)}${where(s, t)}`, mayWrite(s.a, t.name));
  },
  insert: (s) => inserted(s, ""),
  upsert: (s) => inserted(s, pick(s.next, [" on conflict do nothing", "UPDATE"])),
  merge: (s) => {
    const [t, u] = [table(s, "update"), table(s, "select")];
    const c = pick(s.next, t.columns);
    const act = pick(s.next, [`update set "${c.name}" = ${c.constant}`, "delete", "do nothing"]);
    return `with got as (merge into ${name(t)} using (select ${u.has("tenant_id") ? "tenant_id" : "null::uuid as tenant_id"} from ${name(u)} limit 3) o on ${t.has("tenant_id") ? `${name(t)}.tenant_id = o.tenant_id` : "true"} when matched then ${act} returning 1) select 0 from got`;
  },
  whole: (s) => {
    const t = table(s, "select");
    const rows = `select 1 as x from ${name(t)} where ${strange(s, t)}`;
    return pick(s.next, [
      `select count(*) from xmltable('//row' passing query_to_xml(${lit(rows)}, true, false, '') columns x int path 'x')`,
      `select count(*) from (with recursive r as (select 1 as x from ${name(t)} where ${strange(s, t)} union select x from r) select * from r) q`,
      `select count(*) from (select count(*) over (partition by ctid) from ${name(t)} tablesample system (100) where ${strange(s, t)}) q`,
      `select coalesce(jsonb_array_length(jsonb_agg(x)), 0) from (${rows}) q`,
      `select count(*) from (${rows} union all ${rows} intersect all ${rows}) q`,
      `select count(*) filter (where ${strange(s, t)}) from ${name(t)} group by grouping sets (()) limit 1`,
    ]);
  },
  function: (s) => {
    const level = pick(s.next, levels);
    const f = pick(s.next, [
      `auth.claim('${level}', 'tenant') is not null and '${level}' <> '${s.level ?? ""}'`,
      `auth.claim('${level}', ${id(s)}) is not null`,
      `auth.end_membership('${level}', ${id(s)}) and not '${level}' in ('operator', 'sector', 'site')`,
      `auth.switch_account('${level}', ${id(s)}, true) and '${level}' <> 'operator'`,
      `auth.revoke_token('${level}', ${id(s)}) and false`,
      `auth.consultation_open(${id(s)}, ${id(s)}, ${id(s)}) and false`,
      `auth.audit('${level}', 'read', ${id(s)}, '{}') is null and false`,
      `auth.survey_ranks(${id(s)}) is null and false`,
      `auth.get_session(sha256('x')) is not null`,
      `auth.find_login('x') is not null`,
    ]);
    return `select case when ${f} then 1 else 0 end`;
  },
};

/** A row of their own copied with ids put in, or ids alone; the policy is asked before keys and checks are. */
function inserted(s: Scene, conflict: string): string {
  const t = table(s, "insert");
  const names = t.columns.filter((c) => !c.generated).map((c) => c.name);
  const ids = names.filter((n) => /(^|_)id$|^from_sector$/.test(n));
  const changes = Object.fromEntries(
    ids.filter((n) => n === "id" || s.next(3) === 0).map((n) => [n, pick(s.next, s.ids)]),
  );
  const columns = names.map((n) => `"${n}"`).join(", ");
  const rows = `select ${names.map((n) => `(q.r)."${n}"`).join(", ")} from (select jsonb_populate_record(t, ${lit(JSON.stringify(changes))}::jsonb) as r from ${name(t)} t limit 2) q`;
  const some = pick(s.next, names);
  const then =
    conflict === "UPDATE"
      ? ` on conflict (${t.has("tenant_id") ? "tenant_id, " : ""}${t.has("id") ? "id" : some}) do update set "${some}" = excluded."${some}"`
      : conflict;
  return returned(s, `insert into ${name(t)} (${columns}) ${rows}${then}`, mayRead(s.a, t.name));
}

/** A role or settings on the way, one time in six; who they then are as the policies should see it. */
function turned(next: Next, v: Visitor): { before: string | null; a: Attacker; secret: boolean } {
  if (next(6) > 0) return { before: null, a: v.attacker, secret: true };
  const level = pick(next, levels);
  const as = (l: Attacker["level"], secret: boolean): Attacker =>
    secret && v.owner?.level === l ? v.owner : { ...v.attacker, level: l, who: null, granted: [] };
  const still = (before: string) => ({ before, a: v.attacker, secret: true });
  return pick(next, [
    () => ({ before: `set local role ${levelRole(level)}`, a: as(level, true), secret: true }),
    () => ({
      before: `select set_config('anshi.secret', ${lit(pick(next, v.forged))}, true)`,
      a: as(v.attacker.level, false),
      secret: false,
    }),
    () =>
      still(
        `select set_config('${pick(next, ["anshi.tenant", "anshi.site", "anshi.level", "anshi.role", "anshi.membership", "request.jwt.claims"])}', ${lit(pick(next, v.ids))}, true)`,
      ),
    () => still(`set local search_path = ${pick(next, ["pg_temp, public", "auth, public", "public, pg_catalog"])}`),
    () => still("set local row_security = off"),
    () =>
      still(
        `set local role ${pick(next, ["anshi_owner", "anshi_auth", "anshi_worker", "postgres", "pg_read_all_data"])}`,
      ),
    () => still("set local plan_cache_mode = force_generic_plan"),
  ])();
}

/** A function may end the visitor's own membership: undone, or all that follows would be asked by nobody. */
const undone = "select 1";
export function makeOperation(next: Next, v: Visitor): Operation {
  const { before, a, secret } = turned(next, v);
  const kind = pick(next, kinds);
  const sql = makers[kind]({ next, a, level: secret ? v.owner?.level : undefined, ids: v.ids });
  return { before: before ?? (kind === "function" ? undone : null), kind, sql };
}
