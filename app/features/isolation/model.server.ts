import { is } from "drizzle-orm";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import type { Actor } from "#app/request/actor.ts";
import { declaredWalls, type Verb } from "#db/policies.ts";
import type { Level } from "#db/roles.ts";
import * as schema from "#db/schema/index.ts";
import { declaredGrants } from "#db/walls.ts";

/*
 * Who may see and change what, written a second time and in another way than the policies: with the caller's ids as
 * plain values. The probes, and all attacks of tests/isolation, ask for everything outside of it.
 */

/** Somebody who tries: a member with their secret, or a level's role with no secret, a wrong one, or one of another level. */
export interface Attacker {
  /** As it stands in the report. */
  name: string;
  level: Level;
  secret: string;
  /** What the secret stands for at this level; null when it stands for nothing. */
  who: Pick<Actor, "tenantId" | "siteId" | "membershipId" | "role"> | null;
  /** Pilots in live grants of the attacker's institution. */
  granted: readonly string[];
  /** Whom they want: a tenant and a site that are not theirs. */
  victim: Victim;
}
interface Victim {
  tenantId: string;
  siteId: string;
  /** Another site of the attacker's own tenant, when they belong to a site. */
  neighbourId: string | null;
}

export interface TableShape {
  name: string;
  /** `type` in PostgreSQL's words, `words` of a closed list. */
  columns: { name: string; generated: boolean; type: string; words: readonly string[] | undefined }[];
  has(column: string): boolean;
}

/** Every table of the product, as its schema declares it. */
export const tables: readonly TableShape[] = Object.values(schema as Record<string, unknown>)
  .filter((t): t is PgTable => is(t, PgTable))
  .map((t) => getTableConfig(t))
  .map((t) => ({
    name: t.name,
    columns: t.columns.map((c) => ({
      name: c.name,
      generated: c.generatedIdentity !== undefined,
      type: c.getSQLType(),
      words: c.enumValues,
    })),
    has: (column: string) => t.columns.some((c) => c.name === column),
  }));

const grants = declaredGrants();
/** Columns a level was given for a verb; none when it was not given the verb at all. */
export const columnsOf = (table: string, level: Level, verb: Verb): readonly string[] =>
  grants.find((g) => g.table === table && g.level === level && g.verb === verb)?.columns ?? [];

export const nothing = "false";
export const everything = "true";
/** A text as a literal of SQL. */
export const lit = (text: string) => `'${text.replaceAll("'", "''")}'`;
const among = (column: string, ids: readonly string[]) =>
  ids.length === 0 ? nothing : `${column} in (${ids.map(lit).join(", ")})`;

export const publicTables = new Set(["specifications", "clauses", "clause_tellings", "artifacts"]);
export const signedInFrame = new Set(["batches", "action_milestones"]);
const mine = new Set(["visits", "idempotency_keys", "notices", "notice_choices"]);

type Rule = (
  a: Required<{ tenant: string; site: string; member: string; role: string; granted: readonly string[] }>,
) => string;
const ofTenant: Rule = (a) => `tenant_id = ${a.tenant}`;
const ofSite: Rule = (a) => `tenant_id = ${a.tenant} and site_id = ${a.site}`;
const ofNoSite: Rule = (a) => `tenant_id = ${a.tenant} and site_id is null`;
const ofMember: Rule = (a) => `tenant_id = ${a.tenant} and membership_id = ${a.member}`;
const ofInstitution: Rule = (a) => `institution_id = ${a.tenant}`;
/** The trail and its sealing, of the member's own tenant; for a sector not what its sites are still writing. */
const trail = (entries: Rule): Record<string, Rule> => ({
  audit_entries: entries,
  audit_heads: ofTenant,
  audit_leaves: ofTenant,
});
/** Files: a measure's at once, a document's when a submission names them. */
export const filed = "(submission_id is not null or measure_id is not null)";
const handedOver: Rule = () => "national";
const handedOverOrOwn: Rule = (a) => `(national or tenant_id = ${a.tenant})`;

/** Tables a level reads some rows of; what is not listed it does not read at all. */
const readable: Record<Level, Readonly<Record<string, Rule>>> = {
  site: {
    sites: (a) => `tenant_id = ${a.tenant} and id = ${a.site}`,
    ...Object.fromEntries(
      ["projects", "lessons", "indicators", "batch_quotas", "break_glass"].map((t) => [t, ofTenant]),
    ),
    ...Object.fromEntries(
      [
        "systems",
        "documents",
        "drafts",
        "submissions",
        "review_marks",
        "answers",
        "assets",
        "register_assets",
        "measures",
        "budget_lines",
        "pilots",
        "indicator_values",
        "pilot_effects",
        "grants",
        "verifications",
        "workflow_events",
        "webhook_endpoints",
        "webhook_deliveries",
        "evidence",
        "corrections",
      ].map((t) => [t, ofSite]),
    ),
    risks: (a) => `${ofSite(a)} and status = 'confirmed'`,
    workflow_instances: (a) =>
      `tenant_id = ${a.tenant} and (site_id = ${a.site} or (site_id is null and machine = 'project'))`,
  },
  sector: {
    ...Object.fromEntries(
      [
        "sites",
        "systems",
        "projects",
        "batch_quotas",
        "documents",
        "submissions",
        "review_marks",
        "register_assets",
        "risks",
        "measures",
        "budget_lines",
        "indicators",
        "pilots",
        "objections",
        "indicator_values",
        "pilot_effects",
        "lessons",
        "grants",
        "verifications",
        "workflow_instances",
        "workflow_events",
        "artifacts",
        "break_glass",
        "corrections",
      ].map((t) => [t, ofTenant]),
    ),
    ...Object.fromEntries(["drafts", "webhook_endpoints", "webhook_deliveries"].map((t) => [t, ofNoSite])),
    ...Object.fromEntries(["panels", "panel_members", "panel_releases", "silent_pilots"].map((t) => [t, ofTenant])),
    score_notes: (a) => (a.role === "regulator_lead" ? ofTenant(a) : nothing),
    // The lead at most all: what is in scoring they see once every member has finished.
    pilot_scores: (a) =>
      `tenant_id = ${a.tenant}${a.role === "regulator_lead" ? "" : ` and membership_id = ${a.member}`}`,
    ...Object.fromEntries(["national_lessons", "lesson_statements"].map((t) => [t, () => everything])),
    evidence: (a) => `${ofTenant(a)} and ${filed}`,
    ...trail((a) => `${ofTenant(a)} and (site_id is null or act <> 'change')`),
  },
  national: {
    ...trail(ofTenant),
    projects: () => everything,
    batch_quotas: () => everything,
    documents: handedOver,
    submissions: handedOver,
    review_marks: handedOver,
    workflow_instances: handedOverOrOwn,
    workflow_events: handedOverOrOwn,
    artifacts: handedOverOrOwn,
    ...Object.fromEntries(
      [
        "specifications",
        "specification_seals",
        "clauses",
        "clause_evidence",
        "clause_tellings",
        "disclosures",
        "comments",
        "national_lessons",
        "lesson_statements",
        "break_glass",
      ].map((t) => [t, ofTenant]),
    ),
    ...Object.fromEntries(["webhook_endpoints", "webhook_deliveries"].map((t) => [t, ofNoSite])),
  },
  assessor: {
    grants: ofInstitution,
    verifications: ofInstitution,
    pilots: (a) => among("id", a.granted),
    evidence: (a) => `${among("pilot_id", a.granted)} and ${filed}`,
    workflow_instances: (a) => `machine = 'pilot' and ${among("object_id", a.granted)}`,
    workflow_events: (a) => `machine = 'pilot' and ${among("object_id", a.granted)}`,
  },
  // Their own seats and sheets; nominations come by function, without names where the call says so.
  expert: { panel_members: ofMember, panel_releases: ofMember, pilot_scores: ofMember },
  auditor: {
    ...Object.fromEntries(
      ["projects", "documents", "submissions", "workflow_instances", "workflow_events", "break_glass"].map((t) => [
        t,
        ofTenant,
      ]),
    ),
    ...trail(ofTenant),
  },
  // Requests alone, of all tenants: whom they have asked and what was answered. What a request opens is no policy of theirs.
  operator: { ...trail(ofTenant), break_glass: () => everything },
  public: {},
};

/** Rows of a table that the attacker may read, as a condition over its columns with plain values. */
export function mayRead(a: Attacker, table: string): string {
  if (declaredWalls().get(table)?.reference) return everything;
  const free = publicTables.has(table) ? "public" : nothing;
  if (a.who === null) {
    // Who is on no level sees what is out for all; the frame stands open to every signed-in level's role.
    return signedInFrame.has(table) && a.level !== "public" ? everything : free;
  }
  if (signedInFrame.has(table)) return everything;
  const ids = {
    tenant: lit(a.who.tenantId),
    site: a.who.siteId ? lit(a.who.siteId) : "null",
    member: lit(a.who.membershipId),
    role: a.who.role,
    granted: a.granted,
  };
  if (mine.has(table)) return `tenant_id = ${ids.tenant} and membership_id = ${ids.member}`;
  const rule = readable[a.level][table];
  return rule ? `(${rule(ids)}) or ${free}` : free;
}
