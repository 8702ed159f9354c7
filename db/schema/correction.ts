import { foreignKey, index, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import { hangsOn, ofPanelCaller, sectorOwn, siteOwn, wall } from "../policies.ts";
import { correctedThings } from "../vocabulary.ts";
import { at, id, maxLength, oneOf, tenantId } from "./columns.ts";
import { projects } from "./project.ts";
import { sites } from "./tenancy.ts";

/** One field that was put right: as it stood and as it stands, in the words of the register. */
export interface CorrectedField {
  field: string;
  before: string;
  after: string;
}

/** What of the register was put right after it was entered, by whom and why. Only added to. */
export const corrections = pgTable(
  "corrections",
  {
    tenantId: tenantId(),
    id: id(),
    thing: text("thing", { enum: correctedThings }).notNull(),
    /** The site, the system, the project; of an extension the site. */
    objectId: uuid("object_id").notNull(),
    siteId: uuid("site_id"),
    projectId: uuid("project_id"),
    fields: jsonb("fields").$type<CorrectedField[]>().notNull(),
    reason: text("reason").notNull(),
    byName: text("by_name").notNull(),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.siteId], foreignColumns: [sites.tenantId, sites.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    index("corrections_site").on(t.tenantId, t.siteId, t.at),
    index("corrections_project").on(t.tenantId, t.projectId, t.at),
    oneOf("corrections", t.thing, correctedThings),
    maxLength("corrections", t.reason, 2000),
    ...wall(
      "corrections",
      {
        site: {
          select: { using: siteOwn },
          insert: { check: sql`${siteOwn} and thing in ('site', 'system')` },
        },
        sector: {
          select: { using: sectorOwn },
          insert: {
            check: sql`${sectorOwn} and (site_id is null or ${hangsOn("corrections", "sites", ["tenant_id", "site_id=id"])}) and (project_id is null or ${hangsOn("corrections", "projects", ["tenant_id", "project_id=id"])})`,
          },
        },
      },
      // Names of before are names too, where a call hides whose nominations it gives.
      { backstage: { owner: { select: { using: ofPanelCaller } } } },
    ),
  ],
);
