import { boolean, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import { openBreakGlass, hangsOn, sectorOwn, siteOwn, wall } from "../policies.ts";
import { threats, vulnerabilities } from "./catalogue.ts";
import { createdAt, id, maxLength, objects, oneOf, tagChecks, tagColumns, tenantId, updatedAt } from "./columns.ts";
import { submissions } from "./document.ts";
import { projects } from "./project.ts";
import { sites, systems } from "./tenancy.ts";
import { riskMethods, treatments } from "../vocabulary.ts";

const assetColumns = () => ({
  tenantId: tenantId(),
  id: id(),
  siteId: uuid("site_id").notNull(),
  systemId: uuid("system_id").notNull(),
  name: text("name").notNull(),
  object: text("object", { enum: objects }).notNull(),
  supplier: text("supplier").notNull().default(""),
  /** Only one supplier can deliver it: feeds the replaceable index. */
  singleSource: boolean("single_source").notNull().default(false),
  /** Something else was tried in its place and worked: a tested way out. */
  replacementTested: boolean("replacement_tested").notNull().default(false),
  /** Confidentiality, integrity, availability, 1–5. */
  c: integer("c").notNull(),
  i: integer("i").notNull(),
  a: integer("a").notNull(),
});

/** A site's working list of assets; sealed with the survey response. */
export const assets = pgTable(
  "assets",
  {
    ...assetColumns(),
    note: text("note").notNull().default(""),
    rev: integer("rev").notNull().default(1),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.siteId], foreignColumns: [sites.tenantId, sites.id] }),
    foreignKey({ columns: [t.tenantId, t.systemId], foreignColumns: [systems.tenantId, systems.id] }),
    index("assets_system").on(t.tenantId, t.siteId, t.systemId),
    oneOf("assets", t.object, objects),
    maxLength("assets", t.name, 200),
    maxLength("assets", t.note, 2000),
    ...wall("assets", {
      site: {
        select: { using: siteOwn },
        insert: {
          check: sql`${siteOwn} and ${hangsOn("assets", "systems", ["tenant_id", "system_id=id", "site_id"])}`,
        },
        update: {
          using: siteOwn,
          columns: [
            "name",
            "object",
            "supplier",
            "single_source",
            "replacement_tested",
            "c",
            "i",
            "a",
            "note",
            "rev",
            "updated_at",
          ],
        },
        delete: { using: siteOwn },
      },
    }),
  ],
);

/** The register's assets, taken over from sealed submissions, with the value derived from C, I and A. */
export const registerAssets = pgTable(
  "register_assets",
  {
    ...assetColumns(),
    projectId: uuid("project_id").notNull(),
    value: integer("value").notNull(),
    submissionId: uuid("submission_id").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    foreignKey({ columns: [t.tenantId, t.systemId], foreignColumns: [systems.tenantId, systems.id] }),
    foreignKey({ columns: [t.tenantId, t.submissionId], foreignColumns: [submissions.tenantId, submissions.id] }),
    index("register_assets_project").on(t.tenantId, t.projectId, t.siteId),
    ...wall("register_assets", {
      site: { select: { using: siteOwn } },
      sector: {
        select: { using: sectorOwn },
        insert: { check: sectorOwn },
        update: {
          using: sectorOwn,
          columns: [
            "name",
            "object",
            "supplier",
            "single_source",
            "replacement_tested",
            "c",
            "i",
            "a",
            "value",
            "submission_id",
          ],
        },
        delete: { using: sectorOwn },
      },
    }),
  ],
);

export const riskStatuses = ["proposed", "confirmed", "dismissed"] as const;

/**
 * One line of the register: answer → vulnerability → threat → asset. Frequency t, severity v, asset value a are 1–5;
 * likelihood, loss and value are as the method gives them (text, because √ is not a whole number), levels are 1–5.
 */
export const risks = pgTable(
  "risks",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    siteId: uuid("site_id").notNull(),
    systemId: uuid("system_id").notNull(),
    code: text("code").notNull(),
    assetId: uuid("asset_id").notNull(),
    catalogueVersion: integer("catalogue_version").notNull(),
    threatCode: text("threat_code").notNull(),
    vulnerabilityCode: text("vulnerability_code").notNull(),
    /** The weak answer it was proposed from; null for one entered by hand. */
    controlCode: text("control_code"),
    submissionId: uuid("submission_id"),
    ...tagColumns(),
    method: text("method", { enum: riskMethods }).notNull(),
    assetValue: integer("asset_value").notNull(),
    threat: integer("threat").notNull(),
    vulnerability: integer("vulnerability").notNull(),
    likelihood: text("likelihood").notNull(),
    likelihoodLevel: integer("likelihood_level").notNull(),
    loss: text("loss").notNull(),
    lossLevel: integer("loss_level").notNull(),
    value: text("value").notNull(),
    level: integer("level").notNull(),
    residualLevel: integer("residual_level"),
    status: text("status", { enum: riskStatuses }).notNull().default("proposed"),
    treatment: text("treatment", { enum: treatments }),
    owner: text("owner").notNull().default(""),
    note: text("note").notNull().default(""),
    rev: integer("rev").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    foreignKey({ columns: [t.tenantId, t.systemId], foreignColumns: [systems.tenantId, systems.id] }),
    foreignKey({ columns: [t.tenantId, t.assetId], foreignColumns: [registerAssets.tenantId, registerAssets.id] }),
    foreignKey({ columns: [t.tenantId, t.submissionId], foreignColumns: [submissions.tenantId, submissions.id] }),
    foreignKey({ columns: [t.catalogueVersion, t.threatCode], foreignColumns: [threats.version, threats.code] }),
    foreignKey({
      columns: [t.catalogueVersion, t.vulnerabilityCode],
      foreignColumns: [vulnerabilities.version, vulnerabilities.code],
    }),
    uniqueIndex("risks_once").on(t.tenantId, t.assetId, t.threatCode, t.vulnerabilityCode),
    uniqueIndex("risks_code").on(t.tenantId, t.projectId, t.code),
    index("risks_register").on(t.tenantId, t.projectId, t.level.desc(), t.id),
    index("risks_site").on(t.tenantId, t.siteId, t.level.desc()),
    oneOf("risks", t.method, riskMethods),
    oneOf("risks", t.status, riskStatuses),
    oneOf("risks", t.treatment, treatments),
    ...tagChecks("risks", t),
    maxLength("risks", t.owner, 100),
    maxLength("risks", t.note, 2000),
    ...wall(
      "risks",
      {
        site: { select: { using: sql`${siteOwn} and status = 'confirmed'` } },
        sector: {
          select: { using: sectorOwn },
          insert: { check: sectorOwn },
          update: { using: sectorOwn },
          // A proposal nobody has decided on goes when its answer was mended; a decision never does.
          delete: { using: sql`${sectorOwn} and status = 'proposed'` },
        },
      },
      { backstage: { owner: { select: { using: openBreakGlass } } } },
    ),
  ],
);
