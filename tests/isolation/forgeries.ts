import { randomUUID } from "node:crypto";
import { type Attack, judge, type Step } from "./engine.ts";
import type { Field, Member } from "./field.ts";
import { columnsOf, tables } from "./model.ts";

/*
 * Rows that say what is not so: events nobody sent, seals by who may not seal, rows hung on somebody else's; and the
 * questions that keys answer («duplicate», «not present») to who asks cleverly.
 */

const lit = (text: string) => `'${text.replaceAll("'", "''")}'`;
const own = (m: Member, sql: string): Step => ({ level: m.level, secret: m.secret, sql });

/** A copy of the first row the caller sees, with some columns changed; `id` is new. */
function copied(table: string, changes: Readonly<Record<string, string | null | number>>, where = "true"): string {
  const shape = tables.find((t) => t.name === table);
  const names = (shape?.columns ?? []).filter((c) => !c.generated).map((c) => c.name);
  const row = JSON.stringify(shape?.has("id") ? { id: randomUUID(), ...changes } : changes);
  return `insert into public."${table}" (${names.map((n) => `"${n}"`).join(", ")}) select ${names.map((n) => `(s.r)."${n}"`).join(", ")} from (select jsonb_populate_record(t, ${lit(row)}::jsonb) as r from public."${table}" t where ${where} limit 1) s`;
}

/** By ids alone: what a policy lets past fails later (23502 and the like), which is told apart. */
function bare(table: string, values: Readonly<Record<string, string | number>>): string {
  const names = Object.keys(values);
  return `insert into public."${table}" (${names.join(", ")}) values (${names.map((n) => lit(String(values[n]))).join(", ")})`;
}

/** An event for an instance, as its author would have it. */
function event(m: Member, instance: string, changes: Readonly<Record<string, string>> = {}): string {
  const values: Record<string, string> = {
    tenant_id: "i.tenant_id",
    id: lit(randomUUID()),
    instance_id: "i.id",
    seq: "i.lock_version",
    machine: "i.machine",
    object_id: "i.object_id",
    project_id: "i.project_id",
    site_id: "i.site_id",
    national: "i.national",
    type: "'ATTACK'",
    from_state: "i.state",
    to_state: "i.state",
    payload: "'{}'",
    facts: "'{}'",
    actor_membership_id: lit(m.who.membershipId),
    actor_role: lit(m.who.role),
    actor_name: "'x'",
    at: "now()",
    ...changes,
  };
  return `insert into public.workflow_events (${Object.keys(values).join(", ")}) select ${Object.values(values).join(", ")} from public.workflow_instances i where ${instance} limit 1`;
}

function forgedEvents(m: Member): Attack[] {
  const base = { group: "forged", role: m.name, login: "app" } as const;
  if (!["site", "sector", "national"].includes(m.level)) return [];
  const mine =
    m.level === "site" ? `i.site_id = ${lit(m.who.siteId ?? "")}` : m.level === "national" ? "i.national" : "true";
  const project = "i.machine = 'project' and i.site_id is null";
  // Nothing to copy from (no such instance): nothing was added, which is as good.
  const notAdded = (o: Parameters<typeof judge.refused>[0]) =>
    o.code === null && o.rows === 0
      ? null
      : o.code === "23505" && o.text.includes("workflow_events_seq")
        ? "an event was let past the policy"
        : judge.refused(o);
  const forge = (name: string, sql: string): Attack => ({ ...base, name, steps: [own(m, sql)], won: notAdded });
  return [
    forge("an event in another person's name", event(m, mine, { actor_membership_id: lit(randomUUID()) })),
    forge(
      "an event in another role",
      event(m, mine, { actor_role: m.who.role === "regulator_lead" ? "'national_director'" : "'regulator_lead'" }),
    ),
    forge("an event of the future", event(m, mine, { seq: "i.lock_version + 7" })),
    forge("an event to a state it is not in", event(m, mine, { to_state: "'completed'" })),
    forge("an event on another object", event(m, mine, { object_id: lit(randomUUID()) })),
    forge("an event handed to the national office on its own", event(m, mine, { national: "not i.national" })),
    ...(m.level === "site"
      ? [
          forge("a site's event on the project", event(m, project, { site_id: lit(m.who.siteId ?? "") })),
          forge("a site's event on the project, as the project's", event(m, project)),
        ]
      : []),
    forge("an event changed", "update public.workflow_events set type = 'ATTACK'"),
    forge("an event taken away", "delete from public.workflow_events"),
  ];
}

/** Rows hung on what is somebody else's, or said in somebody else's name. */
function hung(m: Member): Attack[] {
  const base = { group: "forged", role: m.name, login: "app", won: judge.refused } as const;
  const tenant = m.who.tenantId;
  const site = m.who.siteId ?? "";
  const f = (kind: string) => m.foreign[kind] ?? randomUUID();
  const add = (name: string, table: string, values: Readonly<Record<string, string | number>>): Attack => ({
    ...base,
    name,
    steps: [own(m, bare(table, { tenant_id: tenant, ...values }))],
  });
  if (m.level === "site") {
    return [
      add("a draft of the neighbour's document", "drafts", {
        document_id: f("document_id"),
        site_id: site,
        body: "{}",
      }),
      add("an answer in the neighbour's document", "answers", {
        document_id: f("document_id"),
        site_id: site,
        control_code: "X",
      }),
      add("a seal on the neighbour's document", "submissions", {
        id: randomUUID(),
        document_id: f("document_id"),
        site_id: site,
        project_id: f("project_id"),
        kind: "surveyResponse",
        seq: 1,
        sealed_by_role: "site_lead",
      }),
      add("a document of the neighbour's system", "documents", {
        id: randomUUID(),
        system_id: f("system_id"),
        site_id: site,
        project_id: f("project_id"),
        kind: "surveyResponse",
      }),
      add("a report of the neighbour's pilot", "documents", {
        id: randomUUID(),
        pilot_id: f("pilot_id"),
        site_id: site,
        project_id: f("project_id"),
        kind: "progressReport",
      }),
      add("an asset in the neighbour's system", "assets", {
        id: randomUUID(),
        system_id: f("system_id"),
        site_id: site,
        name: "x",
      }),
      add("a value of the neighbour's pilot", "indicator_values", {
        id: randomUUID(),
        pilot_id: f("pilot_id"),
        site_id: site,
        project_id: f("project_id"),
      }),
      add("a state machine for the neighbour's document", "workflow_instances", {
        id: randomUUID(),
        object_id: f("document_id"),
        site_id: site,
        machine: "document",
        national: "false",
      }),
      add("a project's state machine", "workflow_instances", {
        id: randomUUID(),
        object_id: randomUUID(),
        site_id: site,
        machine: "project",
        national: "false",
      }),
      ...(m.who.role === "site_officer"
        ? [
            {
              ...base,
              name: "an officer seals",
              steps: [own(m, copied("submissions", { seq: 9999 }))],
              won: (o: Parameters<typeof judge.refused>[0]) =>
                o.code === null && o.rows === 0 ? null : judge.refused(o),
            },
          ]
        : []),
    ];
  }
  if (m.level === "sector") {
    return [
      add("a draft in a site's name", "drafts", { document_id: randomUUID(), site_id: m.victim.siteId, body: "{}" }),
      add("a seal in a site's name", "submissions", {
        id: randomUUID(),
        document_id: randomUUID(),
        site_id: m.victim.siteId,
        seq: 1,
      }),
      add("a sheet of another scorer", "pilot_scores", {
        id: randomUUID(),
        pilot_id: randomUUID(),
        membership_id: randomUUID(),
      }),
      add("a published file", "artifacts", { id: randomUUID(), object_id: randomUUID(), public: "true" }),
      {
        ...base,
        name: "a draft over a site's document",
        steps: [
          own(
            m,
            `insert into public.drafts (tenant_id, document_id, body) select tenant_id, id, '{}' from public.documents where site_id is not null limit 1`,
          ),
        ],
        won: (o) => (o.code === null && o.rows === 0 ? null : judge.refused(o)),
      },
    ];
  }
  if (m.level === "national") {
    const hidden = { submission_id: f("submission_id") };
    return [
      add("evidence from what was not handed over", "clause_evidence", {
        id: randomUUID(),
        clause_id: randomUUID(),
        sector_tenant_id: m.victim.tenantId,
        ...hidden,
        submission_sha256: "x",
      }),
      add("a lesson from what was not handed over", "national_lessons", {
        id: randomUUID(),
        from_sector: m.victim.tenantId,
        ...hidden,
      }),
      {
        ...base,
        name: "a mark on what was not handed over",
        steps: [
          own(
            m,
            bare("review_marks", {
              tenant_id: m.victim.tenantId,
              id: randomUUID(),
              document_id: f("document_id"),
              ...hidden,
              national: "true",
              verdict: "accepted",
              part: "x",
            }),
          ),
        ],
      },
    ];
  }
  if (m.level !== "assessor") return [];
  return [
    {
      ...base,
      name: "a finding on a pilot of no grant",
      steps: [
        own(
          m,
          bare("verifications", {
            tenant_id: m.victim.tenantId,
            id: randomUUID(),
            pilot_id: f("pilot_id"),
            site_id: m.victim.siteId,
            institution_id: tenant,
            kind: "design",
          }),
        ),
      ],
    },
    ...m.granted.slice(0, 1).map((pilot) => ({
      ...base,
      name: "a finding laid at another site's door",
      steps: [
        own(
          m,
          `insert into public.verifications (tenant_id, id, pilot_id, site_id, institution_id, kind) select tenant_id, ${lit(randomUUID())}, ${lit(pilot)}, ${lit(randomUUID())}, ${lit(tenant)}, 'design' from public.pilots where id = ${lit(pilot)}`,
        ),
      ],
    })),
    ...m.granted.slice(0, 1).map((pilot) => ({
      ...base,
      name: "a finding in another institution's name",
      steps: [
        own(
          m,
          `insert into public.verifications (tenant_id, id, pilot_id, site_id, institution_id, kind) select tenant_id, ${lit(randomUUID())}, ${lit(pilot)}, site_id, ${lit(m.victim.tenantId)}, 'design' from public.pilots where id = ${lit(pilot)}`,
        ),
      ],
    })),
  ];
}

/** The same insert twice, once with an id that exists elsewhere and once with one that exists nowhere: no difference may show. */
function oracles(m: Member): Attack[] {
  return tables.flatMap((t) => {
    if (columnsOf(t.name, m.level, "insert").length === 0 || columnsOf(t.name, m.level, "select").length === 0)
      return [];
    return t.columns
      .filter((c) => c.name in m.foreign && c.name !== "site_id")
      .map((c): Attack => {
        const changes = (id: string) => ({
          [c.name]: id,
          ...(t.has("seq") ? { seq: 88_888 } : {}),
          ...(t.has("code") ? { code: `Z-${randomUUID().slice(0, 8)}` } : {}),
          ...(t.has("period") ? { period: "Z" } : {}),
        });
        // A report, which its period alone tells from the next: a copied response meets the key of the system's own, and says nothing of the id.
        const where = t.name === "documents" ? "kind = 'progressReport'" : "true";
        const ask = (id: string) => [own(m, copied(t.name, changes(id), where))];
        return {
          name: `ask ${t.name}.${c.name} for somebody else's id`,
          group: "existence",
          role: m.name,
          login: "app",
          steps: ask(m.foreign[c.name] ?? ""),
          twin: ask(randomUUID()),
          won: (o) => (o.code === null && o.rows > 0 ? "it was taken" : null),
        };
      });
  });
}

/** Ids that exist, asked for one by one: as absent as ids that do not. */
function lookups(m: Member): Attack[] {
  const kinds: Readonly<Record<string, string>> = {
    project_id: "projects",
    document_id: "documents",
    system_id: "systems",
    submission_id: "submissions",
    pilot_id: "pilots",
    risk_id: "risks",
    instance_id: "workflow_instances",
    site_id: "sites",
  };
  return Object.entries(kinds).flatMap(([column, table]) => {
    const id = m.foreign[column];
    if (!id || columnsOf(table, m.level, "select").length === 0) return [];
    if (table === "projects" && (m.level === "national" || m.level === "site")) return [];
    const ask = (one: string) => [own(m, `select count(*) as n from public."${table}" where id = ${lit(one)}`)];
    return [
      {
        name: `look for ${table} by id`,
        group: "existence",
        role: m.name,
        login: "app" as const,
        steps: ask(id),
        twin: ask(randomUUID()),
        won: judge.noRows,
      },
    ];
  });
}

export const forgeries = (field: Field): Attack[] =>
  field.members.flatMap((m) => [...forgedEvents(m), ...hung(m), ...oracles(m), ...lookups(m)]);
