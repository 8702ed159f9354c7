import { type SQL, sql } from "drizzle-orm";
import { type PgPolicy, pgPolicy, pgRole } from "drizzle-orm/pg-core";
import { type Level, levelRole, levels, workerRole } from "./roles.ts";

/*
 * One declaration per table says who may do what. It yields the row policies (through drizzle-kit, into the generated
 * migrations) and, by `walls.ts`, the column-listed grants and FORCE, which the generator does not know.
 */

export type Verb = "select" | "insert" | "update" | "delete";

interface Rule {
  /** Rows the verb may touch (select, update, delete). */
  using?: SQL;
  /** What the row must be afterwards (insert, update). */
  check?: SQL;
  /** Columns the level may write; all columns where absent. */
  columns?: readonly string[];
}
export type Access = Partial<Record<Level, Partial<Record<Verb, Rule>>>>;

/** Who is no level and still meets a policy: the worker, and the owner, in whose name triggers run. */
export type Backstage = "worker" | "owner";
export type BackstageAccess = Partial<Record<Backstage, Partial<Record<Verb, Rule>>>>;

export interface TableWall {
  table: string;
  /** Reference tables hold no tenant's rows: RLS is on, the owner may still load them. */
  reference: boolean;
  access: Access;
  backstage: BackstageAccess;
  /** Whether changes of its rows go to the audit chain: every table with a tenant, but where it says no. */
  audited: boolean;
}

const walls = new Map<string, TableWall>();
/** Every declared wall, by table name. Complete once `schema/index.ts` is imported. */
export const declaredWalls = (): ReadonlyMap<string, TableWall> => walls;

const roleOf = Object.fromEntries(levels.map((l) => [l, pgRole(levelRole(l)).existing()])) as Record<
  Level,
  ReturnType<typeof pgRole>
>;

export const backstageRole: Record<Backstage, string> = { worker: workerRole, owner: "anshi_owner" };

/** Declares the walls of one table and returns its policies for the table's extra configuration. */
export function wall(
  table: string,
  access: Access,
  options: { reference?: boolean; backstage?: BackstageAccess; audited?: boolean } = {},
): PgPolicy[] {
  const backstage = options.backstage ?? {};
  walls.set(table, {
    table,
    reference: options.reference ?? false,
    access,
    backstage,
    audited: options.audited ?? true,
  });
  const existing = (who: string) =>
    who in backstageRole ? pgRole(backstageRole[who as Backstage]).existing() : roleOf[who as Level];
  return Object.entries({ ...access, ...backstage }).flatMap(([who, verbs]) =>
    Object.entries(verbs).map(([verb, rule]) => {
      const role = existing(who);
      const name = `${table}_${who}_${verb}`;
      if (verb === "select") return pgPolicy(name, { for: "select", to: role, using: rule.using ?? nothing });
      if (verb === "delete") return pgPolicy(name, { for: "delete", to: role, using: rule.using ?? nothing });
      if (verb === "insert") return pgPolicy(name, { for: "insert", to: role, withCheck: rule.check ?? nothing });
      const using = rule.using ?? nothing;
      return pgPolicy(name, { for: "update", to: role, using, withCheck: rule.check ?? using });
    }),
  );
}

const nothing = sql`false`;
export const everything = sql`true`;

/*
 * What a policy compares comes from the session's secret through auth.claim(), once a statement, never from a setting
 * that a client may write. claim() answers null when the secret's membership is of another level than the role taken.
 */
const claim = (level: Exclude<Level, "public">, what: "tenant" | "site" | "membership") =>
  sql.raw(`(select auth.claim('${level}', '${what}'))`);

/** Rows of the caller's own sector, for people of a site. */
export const siteTenant = sql`tenant_id = ${claim("site", "tenant")}`;
/** Rows of the caller's own site. */
export const siteOwn = sql`tenant_id = ${claim("site", "tenant")} and site_id = ${claim("site", "site")}`;
export const siteOwnId = sql`tenant_id = ${claim("site", "tenant")} and id = ${claim("site", "site")}`;
/** Survey responses of a calling site's sector, for the owner alone: auth.survey_ranks() counts them and tells no row. */
export const surveyOfCaller = sql`kind = 'surveyResponse' and tenant_id = ${claim("site", "tenant")}`;
/** Rows of tenants whose lead has let the calling operator in, for the owner alone: auth.break_glass_read() tells the chain of each. */
export const openBreakGlass = sql.raw("tenant_id = any ((select auth.broken_glass())::uuid[])");
export const sectorOwn = sql`tenant_id = ${claim("sector", "tenant")}`;
/** Any sector: what the national office passes on to all of them. */
export const sectorAny = sql`${claim("sector", "tenant")} is not null`;
/** Rows of a sector that belong to no site: the sector's own documents and drafts. */
export const sectorOnly = sql`tenant_id = ${claim("sector", "tenant")} and site_id is null`;
/** Rows of the tenant of whoever asks about a panel, for the owner alone: functions tell sector and experts what each may know of it. */
export const ofPanelCaller = sql`tenant_id in (${claim("sector", "tenant")}, ${claim("expert", "tenant")})`;
/** As `ofPanelCaller`, and rows of the tenant whose invitation to a panel is accepted in this very transaction, by somebody who has no session yet. */
export const ofPanelGuest = sql`(${ofPanelCaller}) or tenant_id = any ((select auth.accepting_tenants())::uuid[])`;
/** Pilots that the caller is to score now, as a member of their panel; an array fetched once a statement keeps the index. */
export const scoredByCaller = sql.raw("pilot_id = any ((select auth.panel_pilots())::uuid[])");
/** Pilots whose marks are still hidden from their sector. */
export const marksHidden = sql.raw("pilot_id = any ((select auth.hidden_marks())::uuid[])");
/** People who serve in the caller's sector, at its office or as outside experts. */
export const colleague = sql.raw("membership_id = any ((select auth.colleagues())::uuid[])");
export const auditorOwn = sql`tenant_id = ${claim("auditor", "tenant")}`;
export const nationalOwn = sql`tenant_id = ${claim("national", "tenant")}`;
/** Rows a sector has handed to the national office. */
export const nationalSees = sql`national and ${claim("national", "tenant")} is not null`;
export const nationalAny = sql`${claim("national", "tenant")} is not null`;
export const operatorOwn = sql`tenant_id = ${claim("operator", "tenant")}`;
export const operatorAny = sql`${claim("operator", "membership")} is not null`;
/** Pilots named in a live grant of the caller's testing institution; an array fetched once a statement keeps the index. */
export const grantedPilot = (column: "id" | "pilot_id") =>
  sql.raw(`${column} = any ((select auth.granted_pilots())::uuid[])`);
export const assessorInstitution = sql`institution_id = ${claim("assessor", "tenant")}`;
export const mineAsMember = (level: Exclude<Level, "public">) =>
  sql`tenant_id = ${claim(level, "tenant")} and membership_id = ${claim(level, "membership")}`;
export const isPublic = sql.raw("public");

/**
 * The row that a new row hangs on must be one that the caller sees, and agree with it. A foreign key alone would take
 * any existing row (its own check bypasses policies) and so tell that it exists; this is asked before any key is.
 * @param same columns of the new row and, after `=`, of its parent: `document_id=id`, or one name for both.
 */
export const hangsOn = (table: string, parent: string, same: readonly string[], extra = ""): SQL =>
  sql.raw(
    `exists (select 1 from public.${parent} p where ${same
      .map((pair) => pair.split("="))
      .map(([own = "", theirs = own]) =>
        nullable.has(own) ? `p.${theirs} is not distinct from ${table}.${own}` : `p.${theirs} = ${table}.${own}`,
      )
      .join(" and ")}${extra && ` and ${extra}`})`,
  );
const nullable = new Set(["site_id", "project_id"]);
/** An event tells of its instance as it stands, after the change, and of the caller. */
export const eventOf = (level: Exclude<Level, "public">): SQL =>
  sql`actor_membership_id = ${claim(level, "membership")} and actor_role in ((select auth.claim_role('${sql.raw(level)}')), 'system') and ${hangsOn("workflow_events", "workflow_instances", ["tenant_id", "instance_id=id", "machine", "object_id", "project_id", "site_id", "national", "seq=lock_version", "to_state=state"])}`;

/** Same access for several levels. */
export const forLevels = (ls: readonly Level[], verbs: Partial<Record<Verb, Rule>>): Access =>
  Object.fromEntries(ls.map((l) => [l, verbs]));
/** Everyone may read: catalogues and other things that belong to no tenant. */
export const readableByAll = (): Access => forLevels(levels, { select: { using: everything } });

/** What the national office has published is read by everyone, signed in or not. */
export const levelsReadPublic = (): Access =>
  forLevels(["public", "site", "assessor", "expert", "auditor", "operator"], { select: { using: isPublic } });
