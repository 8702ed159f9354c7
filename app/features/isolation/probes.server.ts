import { type Level, levelRole, levels } from "#db/roles.ts";
import type { Actor } from "#app/request/actor.ts";
import { judge, type Outcome, type Step } from "./engine.server.ts";
import type { ProbeKind, ProbeRole } from "#app/features/audit/check-record.schema.ts";
import { type Attacker, columnsOf, everything, lit, mayRead, type TableShape, tables } from "./model.server.ts";
import { mustBeEmpty, mustFail, signInTables } from "./statements.ts";
import { allFunctions, askedOfFunctions, callOf, type Trick, tricks } from "./tricks.server.ts";

/*
 * What is tried on the running system: statements that only read, in a transaction that cannot write. Every table × every
 * level, without a proof, with a wrong one and with the auditor's own; nobody else's proof is needed or asked for.
 */

export interface Probe {
  kind: ProbeKind;
  role: ProbeRole;
  login: "app" | "auth";
  /** What is tried, in English: statements and names of the catalogue. */
  name: string;
  /** The table it is aimed at; null where it is aimed at none. */
  table: string | null;
  steps: Step[];
  /** As with a trick: not null when something got through. */
  won(outcome: Outcome): string | null;
  /** SQLSTATEs, beside the refusal 42501, that show the wall held. */
  held?: readonly string[];
}

/** Rows of a table beyond one's own: through the whole table, and by the other tenant's id, which takes another plan. */
export function readsBeyond(a: Attacker, t: TableShape): Trick[] {
  const may = mayRead(a, t.name);
  const foreign = `not coalesce(${may}, false)`;
  const step = (condition: string): Step => ({
    level: a.level,
    secret: a.secret,
    sql: `select count(*) as n from public."${t.name}" where ${condition}`,
  });
  const all: Trick = { name: `read ${t.name} beyond one's own`, steps: [step(foreign)], won: judge.noRows };
  if (!t.has("tenant_id") || a.who?.tenantId === a.victim.tenantId || may.includes("true")) return [all];
  return [
    all,
    {
      name: `read ${t.name} by the other tenant's id`,
      steps: [step(`tenant_id = ${lit(a.victim.tenantId)} and (${foreign})`)],
      won: judge.noRows,
    },
  ];
}

interface Who {
  role: ProbeRole;
  level: Level | null;
  login: "app" | "auth";
}
const logins: readonly Who[] = [
  { role: "app", level: null, login: "app" },
  { role: "auth", level: null, login: "auth" },
];
const everybody: readonly Who[] = [...logins, ...levels.map((level): Who => ({ role: level, level, login: "app" }))];

/** The auditor, and everybody they might pretend to be: no proof, a wrong one, their own under another level's role. */
function attackers(actor: Actor, victimId: string): Attacker[] {
  const victim = { tenantId: victimId, siteId: victimId, neighbourId: null };
  const nobody = (level: Level, secret: string): Attacker => ({
    name: level,
    level,
    secret,
    who: null,
    granted: [],
    victim,
  });
  return [
    { ...nobody(actor.level, actor.secret), who: actor },
    ...levels.flatMap((level) => [
      nobody(level, ""),
      nobody(level, "0".repeat(40)),
      ...(level === actor.level ? [] : [nobody(level, actor.secret)]),
    ]),
  ];
}

function reading(all: readonly Attacker[]): Probe[] {
  const ofLevels = all.flatMap((a) =>
    tables
      .filter((t) => mayRead(a, t.name) !== everything)
      .flatMap((t) =>
        readsBeyond(a, t).map(
          (trick): Probe => ({ ...trick, kind: "read", role: a.level, login: "app", table: t.name }),
        ),
      ),
  );
  const ofLogins = logins.flatMap((w) =>
    tables.map(
      (t): Probe => ({
        kind: "read",
        role: w.role,
        login: w.login,
        table: t.name,
        name: `read ${t.name} without a role`,
        won: judge.refused,
        steps: [{ level: null, secret: "", sql: `select count(*) as n from public."${t.name}"` }],
      }),
    ),
  );
  return [...ofLevels, ...ofLogins];
}

/**
 * Changes that nobody was given the right to. EXPLAIN asks for the right and plans, and does nothing (EXPLAIN, Notes); what a
 * level may change, and of whose rows, the catalogue's policies tell.
 */
function changing({ role, level, login }: Who): Probe[] {
  const granted = (t: TableShape, verb: "insert" | "update" | "delete") =>
    level === null ? [] : columnsOf(t.name, level, verb);
  return tables.flatMap((t) => {
    const name = `public."${t.name}"`;
    const column = t.columns.find((c) => !granted(t, "update").includes(c.name));
    const list = [
      ...(granted(t, "insert").length > 0 ? [] : [`insert into ${name} default values`]),
      ...(column ? [`update ${name} set "${column.name}" = default`] : []),
      ...(granted(t, "delete").length > 0 ? [] : [`delete from ${name}`]),
    ];
    return list.map(
      (sql): Probe => ({
        kind: "change",
        role,
        login,
        table: t.name,
        name: sql,
        won: judge.refused,
        steps: [{ level, secret: "", sql: `explain ${sql}` }],
      }),
    );
  });
}

function functions({ role, level, login }: Who): Probe[] {
  return allFunctions()
    .filter(([, callers]) => !callers.includes(`anshi_${role}`))
    .map(
      ([signature]): Probe => ({
        kind: "function",
        role,
        login,
        table: null,
        name: `call auth.${signature}`,
        won: judge.refused,
        steps: [{ level, secret: "", sql: callOf(signature) }],
      }),
    );
}

function server({ role, level, login }: Who): Probe[] {
  const ask = (kind: ProbeKind, sql: string, table: string | null, won: Probe["won"] = judge.fails): Probe => ({
    kind,
    role,
    login,
    table,
    name: sql,
    won,
    steps: [{ level, secret: "", sql }],
  });
  const takes = [
    ...(login === "app" ? ["set role anshi_worker"] : levels.map((l) => `set role ${levelRole(l)}`)),
    ...mustFail.roles,
  ];
  return [
    // A role that is not there is nobody to become.
    ...takes.map((sql): Probe => ({ ...ask("role", sql, null), held: ["22023"] })),
    ...signInTables.map((t) => ask("signIn", `select 1 from auth.${t}`, `auth.${t}`)),
    ...mustFail.queue.map((sql) => ask("signIn", sql, sql.split(" ").at(-1) ?? null)),
    ...[...mustFail.files, ...mustFail.secrets].map((sql) => ask("server", sql, null)),
    ...mustBeEmpty.map((sql) => ask("server", sql, null, judge.noRows)),
  ];
}

/** @param actor the auditor. @param victimId another tenant's id. The same order every time. */
export function probesFor(actor: Actor, victimId: string): Probe[] {
  const all = attackers(actor, victimId);
  const own = { ...(all[0] as Attacker), who: actor };
  const trick = (kind: ProbeKind, level: Level, one: Trick): Probe => ({
    ...one,
    kind,
    role: level,
    login: "app",
    table: null,
  });
  return [
    ...reading(all),
    ...everybody.flatMap(changing),
    ...everybody.flatMap(functions),
    ...askedOfFunctions(
      own,
      levels.filter((l) => l !== actor.level && l !== "public"),
    ).map((one) => trick("function", actor.level, one)),
    ...all.flatMap((a) => tricks(a).map((one) => trick("trick", a.level, one))),
    ...everybody.flatMap(server),
  ];
}
