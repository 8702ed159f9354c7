import { randomUUID } from "node:crypto";
import { levels, levelRole } from "#db/roles.ts";
import {
  allFunctions,
  askedOfFunctions,
  callOf,
  foreignCount,
  tricks,
  trickTable,
} from "#app/features/isolation/tricks.server.ts";
import { type Attack, judge, type Outcome, type Step } from "./engine.ts";
import type { Field, Member } from "./field.ts";
import { type Attacker, columnsOf, mayRead, tables } from "./model.ts";
import { rowAttacks } from "./row-attacks.ts";
import { serverAttacks } from "./server-attacks.ts";
import { statementAttacks } from "./statement-attacks.ts";
import { forgeries } from "./forgeries.ts";

/** What a level could see at all, counted over every table that is divided by tenant. */
function everythingSeen(level: Attacker["level"]): string {
  const shown = tables.filter(
    (t) =>
      t.has("tenant_id") &&
      columnsOf(t.name, level, "select").length > 0 &&
      !["programmes", "batches", "action_milestones"].includes(t.name),
  );
  return `select ${shown.map((t) => `(select count(*) from public."${t.name}"${t.has("public") ? " where not public" : ""})`).join(" + ") || "0"} as n`;
}
const fewPretenders = (field: Field) => field.pretenders.filter((p) => !p.name.endsWith("another level"));

/** Proofs that are over: a token past its end, one revoked, a membership that was ended, a grant that ran out. */
function deadProofs(field: Field): Attack[] {
  return field.members.flatMap((m) => {
    const token = `ans_${randomUUID().replaceAll("-", "")}00000000`;
    const mine = (sql: string): Step => ({ level: m.level, secret: m.secret, sql });
    const look: Step = { level: m.level, secret: token, sql: everythingSeen(m.level) };
    const id = randomUUID();
    const create = (until: string) =>
      mine(`select auth.create_token('${m.level}', sha256('${token}'), '${id}', 'attack', '{read}', ${until})`);
    const base = { group: "dead proofs", role: m.name, login: "app", won: judge.noRows } as const;
    const list: Attack[] = [
      { ...base, name: "a token past its end", steps: [create("now() - interval '1 second'"), look] },
      {
        ...base,
        name: "a revoked token",
        steps: [create("now() + interval '1 day'"), mine(`select auth.revoke_token('${m.level}', '${id}')`), look],
      },
    ];
    const boss = field.members.find((b) => endsMembershipsOf(b, m));
    if (boss) {
      const by = (who: Member, sql: string): Step => ({ level: who.level, secret: who.secret, sql });
      // An operator ends memberships of a tenant that has a lead when that lead has let them in.
      const lead =
        boss.who.role === "operator"
          ? field.members.find(
              (one) =>
                ["regulator_lead", "national_director"].includes(one.who.role) && one.who.tenantId === m.who.tenantId,
            )
          : undefined;
      const access = randomUUID();
      const consent = lead
        ? [
            by(
              boss,
              `select auth.break_glass_ask('${access}', '${m.who.tenantId}', 'a reason of twenty characters', 60)`,
            ),
            by(lead, `select auth.break_glass_answer('${lead.level}', '${access}', true)`),
          ]
        : [];
      const end = [...consent, by(boss, `select auth.end_membership('${boss.level}', '${m.who.membershipId}')`)];
      list.push({ ...base, name: "the secret of an ended membership", steps: [...end, { ...look, secret: m.secret }] });
      list.push({
        ...base,
        name: "a token of an ended membership",
        steps: [create("now() + interval '1 day'"), ...end, look],
      });
    }
    return list;
  });
}
const endsMembershipsOf = (b: Member, m: Member): boolean =>
  b !== m &&
  (b.who.role === "operator" ||
    (b.who.role === "regulator_lead" && b.who.tenantId === m.who.tenantId) ||
    (b.who.role === "site_lead" && b.who.siteId === m.who.siteId));

/** A testing institution whose grants have all been ended or taken back. */
function deadGrants(field: Field): Attack[] {
  const assessor = field.members.find((m) => m.level === "assessor");
  const leads = field.members.filter((m) => m.who.role === "regulator_lead");
  if (!assessor) return [];
  const look: Step = {
    level: "assessor",
    secret: assessor.secret,
    sql: "select (select count(*) from public.pilots) + (select count(*) from public.workflow_instances) + (select count(*) from public.workflow_events) as n",
  };
  const after = (set: string): Step[] => [
    ...leads.map((l) => ({ level: l.level, secret: l.secret, sql: `update public.grants set ${set}` })),
    look,
  ];
  const base = { group: "dead proofs", role: "assessor", login: "app", won: judge.noRows } as const;
  return [
    {
      ...base,
      name: "pilots of grants that ran out",
      steps: after("ends_at = auth.business_now() - interval '1 second'"),
    },
    { ...base, name: "pilots of grants taken back", steps: after("revoked_at = now()") },
  ];
}

/** Settings, names and statements that could make a policy look elsewhere. */
function trickery(field: Field): Attack[] {
  return [...field.members, ...fewPretenders(field)].flatMap((a) => {
    const { table, seen } = trickTable(a);
    const base = { group: "trickery", role: a.name, login: "app" } as const;
    const own = (sql: string): Step => ({ level: a.level, secret: a.secret, sql });
    const victim = field.members.find((m) => m.level === a.level && m.who.tenantId !== a.who?.tenantId);
    const list: Attack[] = [
      ...tricks(a).map((trick) => ({ ...base, ...trick })),
      {
        ...base,
        name: "rows locked for others",
        steps: [own(`select 1 from public."${table}" where not coalesce(${mayRead(a, table)}, false) for update`)],
        won: judge.noRows,
      },
    ];
    if (victim && seen) {
      const theirs: Step = {
        level: victim.level,
        secret: victim.secret,
        sql: `prepare left_over as ${foreignCount(a, table)}; execute left_over`,
      };
      list.push({
        ...base,
        name: "a statement another request left prepared",
        steps: [theirs, own("execute left_over")],
        won: judge.noRows,
      });
      list.push({
        ...base,
        name: "a cursor another request left open",
        steps: [
          {
            ...theirs,
            sql: `declare left_open cursor for ${foreignCount(a, table).replace("count(*) as n", "1 as n")}`,
          },
          own(`select 1; ${foreignCount(a, table)}`),
        ],
        won: judge.noRows,
      });
    }
    return list;
  });
}

/** Functions of `auth`: those of sign-in answer no request; those of members answer for the caller's own alone. */
function functions(field: Field): Attack[] {
  const all = allFunctions();
  const base = { group: "functions", won: judge.refused } as const;
  const asLevels = levels.flatMap((level) =>
    all
      .filter(([, callers]) => !callers.includes(levelRole(level)))
      .map(
        ([signature]): Attack => ({
          ...base,
          name: `call ${signature}`,
          role: `anshi_${level}, no secret`,
          login: "app",
          steps: [{ level, secret: "", sql: callOf(signature) }],
        }),
      ),
  );
  const asApp = all.map(
    ([signature]): Attack => ({
      ...base,
      name: `call ${signature}`,
      role: "anshi_app",
      login: "app",
      steps: [{ level: null, secret: "", sql: callOf(signature) }],
    }),
  );
  const asAuth = all
    .filter(([, callers]) => !callers.includes("anshi_auth"))
    .map(
      ([signature]): Attack => ({
        ...base,
        name: `call ${signature}`,
        role: "anshi_auth",
        login: "auth",
        steps: [{ level: null, secret: "", sql: callOf(signature) }],
      }),
    );
  return [...asLevels, ...asApp, ...asAuth, ...field.members.flatMap((m) => memberFunctions(field, m))];
}

function memberFunctions(field: Field, m: Member): Attack[] {
  const base = { group: "functions", role: m.name, login: "app" } as const;
  const own = (sql: string): Step => ({ level: m.level, secret: m.secret, sql });
  const stranger = field.members.find((o) => o.who.tenantId !== m.who.tenantId) ?? m;
  const add = (role: string, level: string, tenant: string, site: string | null, email = "attack@test.example") =>
    own(
      `select auth.add_member('${m.level}', '${randomUUID()}', '${randomUUID()}', '${email}', 'x', 'x', '${tenant}', ${site ? `'${site}'` : "null"}, '', '${role}', '${level}')`,
    );
  const operator = m.who.role === "operator";
  const no = (o: Outcome) => (o.code === null && o.text.includes("true") ? "it was done" : null);
  const others = levels.filter((l) => l !== m.level && l !== "public");
  const list: Attack[] = askedOfFunctions(m, others).map((trick) => ({ ...base, ...trick }));
  list.push(
    {
      ...base,
      name: "end a stranger's membership",
      steps: [own(`select auth.end_membership('${m.level}', '${stranger.who.membershipId}')`)],
      won: no,
    },
    {
      ...base,
      name: "take a stranger's second factor away",
      steps: [own(`select auth.clear_factors('${m.level}', '${stranger.actor.userId}')`)],
      won: no,
    },
    {
      ...base,
      name: "invite into another tenant",
      steps: [
        own(
          `select auth.invite('${m.level}', sha256('${randomUUID()}'), '${randomUUID()}', 'attack@test.example', 'x', '${m.victim.tenantId}', null, '', 'regulator', 'sector', now() + interval '1 day', '${randomUUID()}', 'x', 'x', 'x')`,
        ),
      ],
      won: judge.refused,
    },
    {
      ...base,
      name: "add a member to another tenant",
      steps: [add("regulator", "sector", m.victim.tenantId, null)],
      won: judge.refused,
    },
    {
      ...base,
      name: "add a site's member to another tenant",
      steps: [add("site_lead", "site", m.victim.tenantId, m.victim.siteId)],
      won: judge.refused,
    },
  );
  // What follows is an operator's to do.
  if (operator) return list;
  list.push(
    {
      ...base,
      name: "switch a stranger's account off",
      steps: [own(`select auth.switch_account('${m.level}', '${stranger.actor.userId}', true)`)],
      won: no,
    },
    {
      ...base,
      name: "make oneself an operator",
      steps: [add("operator", "operator", m.who.tenantId, null)],
      won: judge.refused,
    },
    {
      ...base,
      name: "make oneself an auditor",
      steps: [add("auditor", "auditor", m.who.tenantId, null, m.actor.email)],
      won: judge.refused,
    },
  );
  if (m.level !== "national" || m.who.role === "national_editor")
    list.push({
      ...base,
      name: "make oneself national",
      steps: [add("national_director", "national", m.who.tenantId, null)],
      won: judge.refused,
    });
  if (m.level === "site")
    list.push(
      {
        ...base,
        name: "a site makes itself a regulator",
        steps: [add("regulator_lead", "sector", m.who.tenantId, null)],
        won: judge.refused,
      },
      {
        ...base,
        name: "a member for the neighbour",
        steps: [add("site_lead", "site", m.who.tenantId, m.victim.neighbourId ?? randomUUID())],
        won: judge.refused,
      },
    );
  if (["site_officer", "regulator", "national_editor", "assessor", "auditor"].includes(m.who.role))
    list.push({
      ...base,
      name: "add a member without being a lead",
      steps: [add(m.who.role, m.level, m.who.tenantId, m.who.siteId)],
      won: judge.refused,
    });
  return list;
}

/** Everything that is tried on the database. */
export function allAttacks(field: Field): Attack[] {
  const withoutProof = field.pretenders.filter((p) => p.name.endsWith("no secret")).flatMap((p) => rowAttacks(p));
  const wrongProof = field.pretenders
    .filter((p) => !p.name.endsWith("no secret"))
    .flatMap((p) => rowAttacks(p).filter((a) => a.group === "read"));
  return [
    ...field.members.flatMap((m) => rowAttacks(m)),
    ...withoutProof,
    ...wrongProof,
    ...deadProofs(field),
    ...deadGrants(field),
    ...trickery(field),
    ...functions(field),
    ...forgeries(field),
    ...serverAttacks(field),
    ...statementAttacks(field),
  ];
}
