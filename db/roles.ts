/**
 * The levels at which a request may act, each with a NOLOGIN role of its own, so that every policy is written for one
 * level and the planner keeps its index (a level switch inside one policy was measured at 100 to 2,000 times slower).
 */
export const levels = ["site", "sector", "assessor", "expert", "national", "auditor", "operator", "public"] as const;
export type Level = (typeof levels)[number];
export type SignedInLevel = Exclude<Level, "public">;

export const signedInLevels: readonly SignedInLevel[] = levels.filter((l): l is SignedInLevel => l !== "public");

/** Name of the NOLOGIN database role of a level. */
export const levelRole = (level: Level): `anshi_${Level}` => `anshi_${level}`;

/**
 * Takes jobs from the queue and tells webhooks: no level of a request, nobody signs in as it, and only the login role
 * that may make sessions anyway (`anshi_auth`) can take it.
 */
export const workerRole = "anshi_worker";

/** Reads every row for a dump and nothing else. BYPASSRLS is a superuser's to give, so whoever runs the server makes it (deploy/roles.sh). */
export const backupRole = "anshi_backup";

export const memberRoles = [
  "site_officer",
  "site_lead",
  "regulator",
  "regulator_lead",
  "assessor",
  "expert",
  "national_editor",
  "national_director",
  "auditor",
  "operator",
] as const;
export type MemberRole = (typeof memberRoles)[number];

/** The level at which each role acts; the database holds the same rule as a CHECK on auth.memberships. */
export const levelOfRole: Record<MemberRole, SignedInLevel> = {
  site_officer: "site",
  site_lead: "site",
  regulator: "sector",
  regulator_lead: "sector",
  assessor: "assessor",
  expert: "expert",
  national_editor: "national",
  national_director: "national",
  auditor: "auditor",
  operator: "operator",
};
