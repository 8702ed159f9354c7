import { randomUUID } from "node:crypto";
import { readsBeyond } from "#app/features/isolation/probes.server.ts";
import { type Attack, judge, type Step } from "./engine.ts";
import { type Attacker, columnsOf, mayWrite, type TableShape, tables } from "./model.ts";

/*
 * Every table × every verb, for one attacker: generated from the schema, so a new table is attacked from its first day.
 */

const lit = (text: string) => `'${text.replaceAll("'", "''")}'`;
const own = (a: Attacker, sql: string): Step => ({ level: a.level, secret: a.secret, sql });

const reading = (a: Attacker, t: TableShape): Attack[] =>
  readsBeyond(a, t).map((trick) => ({
    ...trick,
    group: "read",
    role: a.name,
    login: "app",
    aim: { table: t.name, level: a.level, verb: "select" },
  }));

/** Without WHERE and with a constant no SELECT policy helps out: the verb's own policy stands alone. */
function changing(a: Attacker, t: TableShape): Attack[] {
  const granted = columnsOf(t.name, a.level, "update");
  const column =
    t.columns.filter((c) => granted.includes(c.name)).sort((x, y) => y.worth - x.worth)[0] ?? t.columns.at(-1);
  const name = column?.name ?? "id";
  const seen = columnsOf(t.name, a.level, "select").length > 0;
  const count = own(
    a,
    seen ? `select count(*) as n from public."${t.name}" where ${mayWrite(a, t.name)}` : "select 0 as n",
  );
  const aim = { table: t.name, level: a.level, verb: "update" } as const;
  const base = { role: a.name, login: "app" } as const;
  const keep = (c: string) =>
    own(a, `update public."${t.name}" set "${c}" = "${c}" where not coalesce(${mayWrite(a, t.name)}, false)`);
  const list: Attack[] = [
    {
      ...base,
      aim,
      group: "change",
      name: `change ${t.name} beyond one's own`,
      steps: [keep(name)],
      won: judge.noRows,
    },
    {
      ...base,
      aim,
      group: "change",
      name: `change all of ${t.name} blindly`,
      steps: [count, own(a, `update public."${t.name}" set "${name}" = ${column?.constant ?? "null"}`)],
      won: judge.noMoreThanBefore,
    },
    {
      ...base,
      aim: { ...aim, verb: "delete" },
      group: "delete",
      name: `delete ${t.name} beyond one's own`,
      steps: [own(a, `delete from public."${t.name}" where not coalesce(${mayWrite(a, t.name)}, false)`)],
      won: judge.noRows,
    },
    {
      ...base,
      aim: { ...aim, verb: "delete" },
      group: "delete",
      name: `delete all of ${t.name} blindly`,
      steps: [count, own(a, `delete from public."${t.name}"`)],
      won: judge.noMoreThanBefore,
    },
    {
      ...base,
      group: "delete",
      name: `truncate ${t.name}`,
      steps: [own(a, `truncate public."${t.name}" cascade`)],
      won: judge.refused,
    },
  ];
  if (t.has("tenant_id")) {
    const move = `update public."${t.name}" set tenant_id = ${lit(a.victim.tenantId)}`;
    list.push({
      ...base,
      group: "move",
      name: `move rows of ${t.name} to the other tenant`,
      steps: [own(a, move)],
      won: judge.refused,
    });
  }
  if (t.has("site_id") && a.level === "site") {
    const move = `update public."${t.name}" set site_id = ${lit(a.victim.neighbourId ?? a.victim.siteId)}`;
    list.push({
      ...base,
      group: "move",
      name: `move rows of ${t.name} to another site`,
      steps: [own(a, move)],
      won: judge.refused,
    });
  }
  return list;
}

/** What policies ask for beside whose a row is: with it, nothing but that can be what refuses. */
const fitting = (a: Attacker): Readonly<Record<string, string>> => ({
  scope: a.level,
  kind: "test",
  thing: "site",
  machine: "document",
  sealed_by_role: a.who?.role ?? "site_lead",
});

/**
 * The policy is asked before NOT NULL, CHECK and keys: so a row of ids alone either is refused by it (42501), or
 * fails later, which shows that the policy would have let it in.
 */
function adding(a: Attacker, t: TableShape): Attack[] {
  const base = { group: "insert", role: a.name, login: "app", won: judge.refused } as const;
  const aim = { table: t.name, level: a.level, verb: "insert" } as const;
  const row = (values: Readonly<Record<string, string>>) => {
    const names = t.columns.filter((c) => !c.generated && c.name in values).map((c) => c.name);
    return own(
      a,
      `insert into public."${t.name}" (${names.map((n) => `"${n}"`).join(", ")}) values (${names.map((n) => lit(values[n] ?? "")).join(", ")})`,
    );
  };
  const ids = {
    id: t.name === "action_milestones" ? "x" : randomUUID(),
    membership_id: a.who?.membershipId ?? randomUUID(),
    institution_id: a.who?.tenantId ?? randomUUID(),
  };
  const flags = { national: "false", public: "false" };
  if (!t.has("tenant_id"))
    return [
      {
        ...base,
        ...(a.who?.role === "operator" ? {} : { aim }),
        name: `add to ${t.name}`,
        steps: [row({ ...ids, version: "1", code: "X", no: "1", size: "1" })],
        won: a.who?.role === "operator" && t.name === "tenants" ? () => null : judge.refused,
      },
    ];
  const list: Attack[] = [];
  const anyTenant = t.name === "batch_quotas" && a.who !== null && a.level === "national";
  if (!anyTenant)
    list.push({
      ...base,
      aim,
      name: `add to ${t.name} of the other tenant`,
      steps: [row({ ...ids, ...flags, tenant_id: a.victim.tenantId, site_id: a.victim.siteId })],
    });
  if (!anyTenant && t.has("site_id"))
    list.push({
      ...base,
      aim,
      name: `add to ${t.name} of the other tenant, else as it should be`,
      steps: [
        row({
          ...ids,
          ...flags,
          ...fitting(a),
          tenant_id: a.victim.tenantId,
          ...(a.level === "site" ? { site_id: a.victim.siteId } : {}),
        }),
      ],
    });
  if (t.has("site_id") && a.level === "site" && a.who) {
    list.push({
      ...base,
      aim,
      name: `add to ${t.name} for another site`,
      steps: [row({ ...ids, ...flags, tenant_id: a.who.tenantId, site_id: a.victim.neighbourId ?? a.victim.siteId })],
    });
  }
  if (t.has("membership_id") && a.who) {
    list.push({
      ...base,
      aim,
      name: `add to ${t.name} in another member's name`,
      steps: [row({ ...ids, tenant_id: a.who.tenantId, membership_id: randomUUID() })],
    });
  }
  return list;
}

/** @param only one table, for the test that takes a policy away. */
export const rowAttacks = (a: Attacker, only?: string): Attack[] =>
  tables.flatMap((t) =>
    only === undefined || t.name === only ? [...reading(a, t), ...changing(a, t), ...adding(a, t)] : [],
  );
