import type { MemberRole } from "#db/roles.ts";

/*
 * Roles × actions, as data: the code asks it, the tests read it. What moves a state machine is not here; each machine
 * says itself who may send which event. What rows a person sees is not here either; the database decides that.
 */

const siteRoles = ["site_officer", "site_lead"] as const;
const sectorRoles = ["regulator", "regulator_lead"] as const;
const nationalRoles = ["national_editor", "national_director"] as const;
const everyone = [...siteRoles, ...sectorRoles, "assessor", ...nationalRoles, "auditor", "operator"] as const;

export const permissions = {
  "home.read": everyone,
  "settings.own": everyone,
  "tokens.own": everyone,
  "members.read": ["site_lead", "regulator_lead", "national_director", "operator"],
  "members.write": ["site_lead", "regulator_lead", "national_director", "operator"],
  "webhooks.write": ["site_lead", "regulator_lead", "national_director"],
  "tenants.write": ["operator"],
  "glass.ask": ["operator"],
  "glass.answer": ["regulator_lead", "national_director"],
  "glass.end": ["regulator_lead", "national_director", "operator"],
  "glass.see": [...siteRoles, ...sectorRoles, ...nationalRoles, "auditor", "operator"],
  "project.read": [...siteRoles, ...sectorRoles, ...nationalRoles, "auditor"],
  "project.create": ["regulator_lead"],
  "project.write": sectorRoles,
  "site.write": sectorRoles,
  "survey.read": [...siteRoles, ...sectorRoles],
  "survey.answer": siteRoles,
  "survey.review": sectorRoles,
  "asset.write": siteRoles,
  "risk.read": [...siteRoles, ...sectorRoles],
  "risk.write": sectorRoles,
  "risk.page": [...siteRoles, ...sectorRoles, ...nationalRoles],
  "report.read": [...sectorRoles, ...nationalRoles],
  "report.write": sectorRoles,
  "plan.read": [...siteRoles, ...sectorRoles, ...nationalRoles],
  "plan.print": [...sectorRoles, ...nationalRoles],
  "plan.write": sectorRoles,
  "plan.act": [...sectorRoles, ...nationalRoles],
  "measure.report": siteRoles,
  "pilot.read": [...siteRoles, ...sectorRoles, "assessor"],
  "pilot.score": sectorRoles,
  "pilot.write": sectorRoles,
  "pilot.verify": ["assessor"],
  "progress.write": siteRoles,
  "evidence.read": [...siteRoles, ...sectorRoles, "assessor"],
  "evidence.write": siteRoles,
  "batch.read": [...siteRoles, ...sectorRoles, ...nationalRoles],
  "batch.write": sectorRoles,
  "grant.write": ["regulator_lead"],
  "compare.read": [...sectorRoles, ...nationalRoles],
  "national.read": nationalRoles,
  "national.write": nationalRoles,
  "programme.write": ["national_director"],
  "actionPlan.read": everyone,
  "actionPlan.write": nationalRoles,
  "specification.draft": sectorRoles,
  "specification.read": [...sectorRoles, ...nationalRoles],
  "specification.write": nationalRoles,
  "audit.read": ["auditor", "regulator_lead", "national_director", "operator"],
  // The whole chain: a regulator's lead does not see a site's drafting, so his would have holes.
  "audit.export": ["auditor", "national_director", "operator"],
  "isolation.check": ["auditor"],
  "tasks.read": everyone,
  "search.read": everyone,
} as const satisfies Record<string, readonly MemberRole[]>;

/** Roles whose sign-in needs a second factor (MFA_REQUIRED=leads, unless it is everyone): they approve, select, publish, or open accounts. */
export const leadRoles = ["site_lead", "regulator_lead", "national_director", "operator"] as const satisfies readonly MemberRole[];

export type Permission = keyof typeof permissions;

/** Whether a role may do an action at all. */
export const may = (role: MemberRole, permission: Permission): boolean => (permissions[permission] as readonly MemberRole[]).includes(role);
