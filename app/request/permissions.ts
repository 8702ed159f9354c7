import { levelOfRole, type MemberRole, type SignedInLevel } from "#db/roles.ts";
import { writtenStates } from "#workflows/document/states.ts";
import { pilotRunning } from "#workflows/pilot/stages.ts";
import { sendersOf } from "#workflows/authority.ts";

/*
 * Roles × actions × states, as data: pages, endpoints, jobs and exports ask it, the auditor reads it as a page, the tests
 * hold the running product to it. What moves a state machine each machine says itself (`workflows/authority.ts`); the
 * permission to send anything at all to one is computed from that. Which rows a person sees the database decides; `reach`
 * says it in words, and the matrix of tests asks whether the words are true.
 */

const siteRoles = ["site_officer", "site_lead"] as const;
const sectorRoles = ["regulator", "regulator_lead"] as const;
const nationalRoles = ["national_editor", "national_director"] as const;
const everyone = [...siteRoles, ...sectorRoles, "assessor", "expert", ...nationalRoles, "auditor", "operator"] as const;
/** Who hands out roles. */
const givers = ["site_lead", "regulator_lead", "national_director", "operator"] as const;

/** What an action is done to. */
export const objectKinds = [
  "account",
  "member",
  "token",
  "webhook",
  "tenant",
  "programme",
  "actionPlan",
  "project",
  "site",
  "surveyResponse",
  "risk",
  "riskReport",
  "pilotPlan",
  "measure",
  "pilot",
  "panel",
  "progressReport",
  "batch",
  "batchReview",
  "evidence",
  "grant",
  "comparison",
  "specDraft",
  "specification",
  "document",
  "audit",
  "access",
  "seal",
] as const;
export type ObjectKind = (typeof objectKinds)[number];

interface Rule {
  readonly of: ObjectKind;
  readonly roles: readonly MemberRole[];
  /** States of the object's own machine in which it can be done, as dotted paths; absent where the state does not matter. */
  readonly in?: readonly string[];
}

/** A text is worked on until it goes up, and after it came back; an approved one may change and then needs approval anew. */
const reworked = writtenStates;
const surveyStates = ["survey.preparing", "survey.collecting", "survey.closing"] as const;
const planning = [...surveyStates, "riskReport.drafting", "riskReport.inReview", "pilotPlan.drafting"] as const;
/** Rows of an approved plan may still change while its batches run; the plan then needs approval anew. */
const batches = [
  "batchOne.selecting",
  "batchOne.running",
  "batchOne.reviewing",
  "batchTwo.learning",
  "batchTwo.selecting",
  "batchTwo.running",
  "batchTwo.reviewing",
] as const;

const permissions = {
  "home.read": { of: "account", roles: everyone },
  "settings.own": { of: "account", roles: everyone },
  "tasks.read": { of: "account", roles: everyone },
  "notices.own": { of: "account", roles: everyone },
  "search.read": { of: "account", roles: everyone },
  "tokens.own": { of: "token", roles: everyone },
  "members.read": { of: "member", roles: givers },
  "members.write": { of: "member", roles: givers },
  "permissions.read": { of: "member", roles: [...givers, "auditor"] },
  "webhooks.write": { of: "webhook", roles: ["site_lead", "regulator_lead", "national_director"] },
  "tenants.write": { of: "tenant", roles: ["operator"] },
  "national.read": { of: "programme", roles: nationalRoles },
  "national.write": { of: "programme", roles: nationalRoles },
  "programme.write": { of: "programme", roles: ["national_director"] },
  "actionPlan.read": { of: "actionPlan", roles: everyone },
  "actionPlan.write": { of: "actionPlan", roles: nationalRoles },
  "actionPlan.accept": { of: "actionPlan", roles: ["national_director"] },
  "project.read": { of: "project", roles: [...siteRoles, ...sectorRoles, ...nationalRoles, "auditor"] },
  "project.create": { of: "project", roles: ["regulator_lead"] },
  "project.act": { of: "project", roles: sendersOf("project") },
  "project.correct": { of: "project", roles: ["regulator_lead"] },
  "site.read": { of: "site", roles: [...siteRoles, ...sectorRoles] },
  "site.write": { of: "site", roles: sectorRoles },
  "site.correct": { of: "site", roles: ["site_lead", ...sectorRoles] },
  "site.extend": { of: "site", roles: ["regulator_lead"] },
  "survey.read": { of: "surveyResponse", roles: [...siteRoles, ...sectorRoles] },
  "survey.answer": { of: "surveyResponse", roles: siteRoles, in: reworked },
  "survey.run": { of: "project", roles: sectorRoles },
  "survey.act": { of: "surveyResponse", roles: sendersOf("document", "surveyResponse") },
  "asset.write": { of: "surveyResponse", roles: siteRoles, in: reworked },
  "risk.read": { of: "risk", roles: [...siteRoles, ...sectorRoles] },
  "risk.write": { of: "risk", roles: sectorRoles },
  "risk.method": { of: "project", roles: sectorRoles, in: [...surveyStates, "riskReport.drafting"] },
  "risk.page": { of: "riskReport", roles: [...siteRoles, ...sectorRoles, ...nationalRoles] },
  "report.read": { of: "riskReport", roles: [...sectorRoles, ...nationalRoles] },
  "report.write": { of: "riskReport", roles: sectorRoles, in: reworked },
  "report.act": { of: "riskReport", roles: sendersOf("document", "riskReport") },
  "plan.read": { of: "pilotPlan", roles: [...siteRoles, ...sectorRoles, ...nationalRoles] },
  "plan.print": { of: "pilotPlan", roles: [...sectorRoles, ...nationalRoles] },
  "plan.write": { of: "pilotPlan", roles: sectorRoles, in: reworked },
  "plan.act": { of: "pilotPlan", roles: sendersOf("document", "pilotPlan") },
  "measure.write": { of: "project", roles: sectorRoles, in: [...planning, ...batches] },
  "measure.report": { of: "measure", roles: siteRoles },
  "pilot.read": { of: "pilot", roles: [...siteRoles, ...sectorRoles, "assessor", "expert"] },
  "pilot.act": { of: "pilot", roles: sendersOf("pilot") },
  "nomination.write": { of: "pilot", roles: siteRoles, in: ["nominated"] },
  "panel.name": { of: "panel", roles: ["regulator_lead"] },
  "panel.declare": { of: "panel", roles: [...sectorRoles, "expert"] },
  "pilot.score": { of: "pilot", roles: [...sectorRoles, "expert"], in: ["scoring"] },
  "pilot.reconcile": { of: "pilot", roles: ["regulator_lead"], in: ["scoring"] },
  "objection.raise": { of: "pilot", roles: sectorRoles, in: ["publicNotice"] },
  "objection.settle": { of: "pilot", roles: sectorRoles },
  "pilot.verify": { of: "pilot", roles: ["assessor"] },
  "progress.read": { of: "progressReport", roles: [...siteRoles, ...sectorRoles] },
  "progress.start": { of: "pilot", roles: siteRoles, in: pilotRunning.filter((stage) => stage !== "selected") },
  "progress.write": { of: "progressReport", roles: siteRoles, in: reworked },
  "progress.act": { of: "progressReport", roles: sendersOf("document", "progressReport") },
  "evidence.read": { of: "evidence", roles: [...siteRoles, ...sectorRoles, "assessor"] },
  "evidence.write": { of: "evidence", roles: siteRoles },
  "batch.read": { of: "batch", roles: [...siteRoles, ...sectorRoles, ...nationalRoles] },
  "batch.write": { of: "batch", roles: sectorRoles },
  "review.write": { of: "batchReview", roles: sectorRoles, in: reworked },
  "review.act": { of: "batchReview", roles: sendersOf("document", "batchReview") },
  "grant.write": { of: "grant", roles: ["regulator_lead"] },
  "compare.read": { of: "comparison", roles: [...sectorRoles, ...nationalRoles] },
  // The rows behind it are the sector's; the national office compares what was handed on to it.
  "compare.pilots": { of: "comparison", roles: sectorRoles },
  "specification.draft": { of: "specDraft", roles: sectorRoles, in: reworked },
  "specification.read": { of: "specDraft", roles: [...sectorRoles, ...nationalRoles] },
  "specification.act": { of: "specDraft", roles: sendersOf("document", "specDraft") },
  // All kinds alike, for programs; the pages ask by kind.
  "document.read": { of: "document", roles: [...siteRoles, ...sectorRoles, ...nationalRoles] },
  "document.act": { of: "document", roles: sendersOf("document") },
  "edition.read": { of: "specification", roles: nationalRoles },
  "edition.create": { of: "specification", roles: nationalRoles },
  "edition.text": { of: "specification", roles: nationalRoles, in: ["drafting", "reviewing"] },
  "edition.settle": { of: "specification", roles: nationalRoles, in: ["consultation", "reviewing"] },
  "edition.renew": { of: "specification", roles: nationalRoles, in: ["published"] },
  "edition.act": { of: "specification", roles: sendersOf("specification") },
  "published.read": { of: "specification", roles: everyone },
  "glass.see": { of: "access", roles: [...siteRoles, ...sectorRoles, ...nationalRoles, "auditor", "operator"] },
  "glass.ask": { of: "access", roles: ["operator"] },
  "glass.read": { of: "access", roles: ["operator"] },
  "glass.answer": { of: "access", roles: ["regulator_lead", "national_director"] },
  "glass.end": { of: "access", roles: ["regulator_lead", "national_director", "operator"] },
  "audit.read": { of: "audit", roles: ["auditor", "regulator_lead", "national_director", "operator"] },
  // The whole chain: a regulator's lead does not see a site's drafting, so theirs would have holes.
  "audit.export": { of: "audit", roles: ["auditor", "national_director", "operator"] },
  "seal.read": { of: "seal", roles: [...siteRoles, ...sectorRoles, ...nationalRoles, "auditor"] },
  "isolation.check": { of: "audit", roles: ["auditor"] },
} as const satisfies Record<string, Rule>;

export type Permission = keyof typeof permissions;
/** The rules with one type: states may be absent. */
export const rules: Readonly<Record<Permission, Rule>> = permissions;

/** Whether a role may do an action at all. */
export const may = (role: MemberRole, permission: Permission): boolean => rules[permission].roles.includes(role);

/** Roles whose sign-in needs a second factor (MFA_REQUIRED=leads, unless it is everyone): they approve, select, publish, or open accounts. */
export const leadRoles: readonly MemberRole[] = givers;

/** Roles that each role may hand out; the database checks it again. A site is known to its sector alone: its people are added there. */
export const handsOut: Readonly<Record<(typeof givers)[number], readonly MemberRole[]>> = {
  operator: [...sectorRoles, "assessor", ...nationalRoles, "auditor", "operator"],
  regulator_lead: [...siteRoles, ...sectorRoles, "auditor"],
  national_director: [...nationalRoles, "auditor"],
  site_lead: siteRoles,
};
export const grantable = (role: MemberRole): readonly MemberRole[] =>
  Object.hasOwn(handsOut, role) ? handsOut[role as keyof typeof handsOut] : [];

/** Actions that a state of their object can forbid. */
export type StatefulPermission = {
  [K in Permission]: (typeof permissions)[K] extends { in: readonly string[] } ? K : never;
}[Permission];
/** Whether an action can be done in this state of its object. */
export const openIn = (permission: StatefulPermission, state: string): boolean =>
  (permissions[permission].in as readonly string[]).includes(state);

/**
 * Whose rows a level sees: the person's own, their site's (`own`), their tenant's, what a live grant names, what their panel scores, what was handed on to
 * the national office, what is out for the public, or all there are.
 */
const reaches = ["self", "own", "tenant", "granted", "panel", "handed", "public", "all"] as const;
export type Reach = (typeof reaches)[number];

const everybody = (one: Reach): Record<SignedInLevel, Reach> => ({
  site: one,
  sector: one,
  assessor: one,
  expert: one,
  national: one,
  auditor: one,
  operator: one,
});
const ofSites = { site: "own", sector: "tenant" } as const;
const ofSector = { sector: "tenant", national: "handed" } as const;

/** A level that is absent sees none. Policies decide (`db/schema`); this says what they let through, and tests compare. */
const reach: Readonly<Record<ObjectKind, Readonly<Partial<Record<SignedInLevel, Reach>>>>> = {
  account: everybody("self"),
  token: everybody("self"),
  member: { site: "own", sector: "tenant", national: "tenant", auditor: "tenant", operator: "all" },
  webhook: { site: "own", sector: "tenant", national: "tenant" },
  tenant: { operator: "all" },
  programme: everybody("all"),
  actionPlan: everybody("all"),
  project: { site: "tenant", sector: "tenant", auditor: "tenant", national: "all" },
  site: ofSites,
  surveyResponse: ofSites,
  risk: ofSites,
  riskReport: { ...ofSector, site: "own" },
  pilotPlan: { ...ofSector, site: "own" },
  measure: ofSites,
  pilot: { ...ofSites, assessor: "granted", expert: "panel" },
  panel: { sector: "tenant", expert: "self" },
  progressReport: ofSites,
  batch: { ...ofSector, site: "tenant" },
  batchReview: ofSector,
  evidence: { ...ofSites, assessor: "granted" },
  grant: { sector: "tenant", assessor: "granted" },
  comparison: ofSector,
  specDraft: ofSector,
  document: { ...ofSites, national: "handed" },
  specification: { ...everybody("public"), national: "all" },
  audit: { sector: "tenant", auditor: "tenant", national: "tenant", operator: "tenant" },
  seal: { ...ofSites, national: "handed", auditor: "tenant" },
  access: { site: "tenant", sector: "tenant", national: "tenant", auditor: "tenant", operator: "all" },
};
/** Whose objects of a kind a role sees; null for none. */
export const reachOf = (role: MemberRole, kind: ObjectKind): Reach | null => reach[kind][levelOfRole[role]] ?? null;
