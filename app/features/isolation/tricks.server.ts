import { declaredFunctionGrants } from "#db/walls.ts";
import { judge, type Outcome, type Step } from "./engine.server.ts";
import { type Attacker, columnsOf, lit, mayRead } from "./model.server.ts";

/* Ways round a policy that only read: settings, names and statements that could make it look elsewhere, and functions that answer for others. */

/** A try without its place in a report. */
export interface Trick {
  name: string;
  steps: Step[];
  won(outcome: Outcome): string | null;
}

/** Table that a level's tricks are aimed at: the first of those worth it that the level reads at all. */
export function trickTable(a: Attacker): { table: string; seen: boolean } {
  const table = ["submissions", "documents", "pilots", "projects"].find(
    (t) => columnsOf(t, a.level, "select").length > 0,
  );
  return { table: table ?? "projects", seen: table !== undefined };
}
/** A statement that counts, as `n`, the rows of a table that are not the attacker's to read. */
export const foreignCount = (a: Attacker, table: string): string =>
  `select count(*) as n from public."${table}" where not coalesce(${mayRead(a, table)}, false)`;

/** Names under which other systems keep whose request it is. */
const settings = [
  "anshi.tenant",
  "anshi.tenant_id",
  "anshi.site",
  "anshi.membership",
  "anshi.role",
  "anshi.level",
  "app.tenant_id",
  "request.jwt.claims",
];

/** The tries of one attacker; `won` says of an outcome what it got, or null. */
export function tricks(a: Attacker): Trick[] {
  const { table, seen } = trickTable(a);
  const own = (sql: string): Step => ({ level: a.level, secret: a.secret, sql });
  const count = foreignCount(a, table);
  const beyond = `not coalesce(${mayRead(a, table)}, false)`;
  const noRows = judge.noRows;
  const block = `do $$ declare n bigint; begin execute $q$ ${seen ? count : "select 0 as n"} $q$ into n; if n > 0 then raise exception 'saw % rows', n; end if; end $$`;
  const asXml = `select count(*) as n from xmltable('//row' passing query_to_xml('${count.replaceAll("'", "''")}', true, false, '') columns n bigint path 'n') x where x.n > 0`;
  const cheap = `select count(*) as n from public."${table}" t where (case when ${beyond} then t::text else '0' end)::bigint = 0 and ${beyond}`;
  return [
    {
      name: "settings that name a tenant",
      steps: [
        own(settings.map((s) => `select set_config('${s}', '${a.victim.tenantId}', true)`).join("; ")),
        own(count),
      ],
      won: noRows,
    },
    {
      name: "a search_path of one's own",
      steps: [own("set local search_path = pg_temp, public, auth"), own(count)],
      won: noRows,
    },
    { name: "row_security off", steps: [own("set local row_security = off"), own(count)], won: noRows },
    { name: "an anonymous block", steps: [own(block)], won: (o) => (o.code === "P0001" ? o.text : null) },
    { name: "a table as XML", steps: [own(asXml)], won: noRows },
    {
      name: "TABLESAMPLE",
      steps: [own(`select count(*) as n from public."${table}" tablesample system (100) where ${beyond}`)],
      won: noRows,
    },
    {
      name: "a cheap function asked before the policy",
      steps: [own(cheap)],
      won: (o) => (o.code === "22P02" || o.code === "22003" ? o.text : noRows(o)),
    },
  ];
}

/** Every function of schema `auth` with the roles that may call it; some are the owner's alone. */
export const allFunctions = (): (readonly [signature: string, callers: readonly string[]])[] => [
  ...declaredFunctionGrants(),
  ["bootstrap_operator(uuid, uuid, text, text, text, uuid)", []] as const,
  ["digest(text)", []] as const,
];
/** A call with nulls of the right types. digest() is strict: of null it is never called. */
export function callOf(signature: string): string {
  if (signature === "digest(text)") return "select auth.digest('x')";
  const nulls = (args: string) =>
    args
      .slice(1, -1)
      .split(",")
      .map((t) => `null::${t.trim()}`)
      .join(", ");
  const open = signature.indexOf("(");
  return `select auth.${signature.slice(0, open)}(${nulls(signature.slice(open))})`.replace("(null::)", "()");
}

/** Functions that answer a member, asked for what is not theirs: another level's claim, members and e-mails of others. Not for operators, who may. */
export function askedOfFunctions(
  m: Attacker & { who: NonNullable<Attacker["who"]> },
  others: readonly Attacker["level"][],
): Trick[] {
  const own = (sql: string): Step => ({ level: m.level, secret: m.secret, sql });
  const ask = (name: string, sql: string): Trick => ({ name, steps: [own(sql)], won: judge.noRows });
  const claims = others.map((l) =>
    ask(
      `claim to be ${l}`,
      `select count(*) as n from (select auth.claim('${l}', w) as c from unnest('{tenant,site,membership}'::text[]) w) s where c is not null`,
    ),
  );
  if (m.who.role === "operator") return claims;
  const tenant = lit(m.who.tenantId);
  return [
    ...claims,
    ask(
      "list members of another tenant",
      `select count(*) as n from auth.members('${m.level}') where tenant_id <> ${tenant}`,
    ),
    ...["outbox", "accounts"].map((f) =>
      ask(`read the operator's ${f}`, `select count(*) as n from auth.${f}('${m.level}')`),
    ),
    ask(
      "invitations of another tenant",
      `select count(*) as n from auth.invitations('${m.level}') where tenant_name_zh <> (select name_zh from public.tenants where id = ${tenant})`,
    ),
  ];
}
