import {
  bigint,
  boolean,
  date,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { openBreakGlass, sectorOwn, siteOwn, siteTenant, wall, everything } from "../policies.ts";
import {
  at,
  createdAt,
  dimensions,
  id,
  lifecycles,
  maxLength,
  mechanisms,
  objects,
  oneOf,
  tenantId,
  updatedAt,
} from "./columns.ts";
import { projects } from "./project.ts";
import { risks } from "./risk.ts";
import { sites } from "./tenancy.ts";
import { directions, indicatorKinds } from "../vocabulary.ts";

/** A measure of the pilot plan against one risk. Tags may be open while it is drafted; approval asks for all of them. */
export const measures = pgTable(
  "measures",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    siteId: uuid("site_id").notNull(),
    riskId: uuid("risk_id").notNull(),
    code: text("code").notNull(),
    title: text("title").notNull(),
    dimension: text("dimension", { enum: dimensions }),
    object: text("object", { enum: objects }),
    lifecycle: text("lifecycle", { enum: lifecycles }),
    mechanism: text("mechanism", { enum: mechanisms }),
    budgetLineId: uuid("budget_line_id"),
    startsOn: date("starts_on", { mode: "string" }),
    endsOn: date("ends_on", { mode: "string" }),
    owner: text("owner").notNull().default(""),
    /** Expected effect: levels taken off threat frequency or vulnerability severity, 0–4. */
    threatCut: integer("threat_cut").notNull().default(0),
    vulnerabilityCut: integer("vulnerability_cut").notNull().default(0),
    /**
     * Since when it is in place, by what the site said last: directly, or in a report that was approved. Construction ends
     * when none is open.
     */
    doneOn: date("done_on", { mode: "string" }),
    /** What the site said directly, and when; never said where `saidAt` is null. */
    saidOn: date("said_on", { mode: "string" }),
    saidAt: at("said_at"),
    rev: integer("rev").notNull().default(1),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    foreignKey({ columns: [t.tenantId, t.riskId], foreignColumns: [risks.tenantId, risks.id] }),
    foreignKey({ columns: [t.tenantId, t.budgetLineId], foreignColumns: [budgetLines.tenantId, budgetLines.id] }),
    uniqueIndex("measures_code").on(t.tenantId, t.projectId, t.code),
    index("measures_risk").on(t.tenantId, t.riskId),
    oneOf("measures", t.dimension, dimensions),
    oneOf("measures", t.object, objects),
    oneOf("measures", t.lifecycle, lifecycles),
    oneOf("measures", t.mechanism, mechanisms),
    maxLength("measures", t.title, 300),
    ...wall(
      "measures",
      {
        site: {
          select: { using: siteOwn },
          update: { using: siteOwn, columns: ["done_on", "said_on", "said_at", "updated_at"] },
        },
        sector: {
          select: { using: sectorOwn },
          insert: { check: sectorOwn },
          update: { using: sectorOwn },
          delete: { using: sectorOwn },
        },
      },
      {
        backstage: {
          owner: { select: { using: openBreakGlass } },
          worker: {
            select: {
              using: everything,
              columns: ["tenant_id", "id", "project_id", "site_id", "code", "title", "ends_on", "done_on"],
            },
          },
        },
      },
    ),
  ],
);

/** A line of a site's budget in hundredths of 万元. The site's security share = security lines ÷ all lines. */
export const budgetLines = pgTable(
  "budget_lines",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    siteId: uuid("site_id").notNull(),
    title: text("title").notNull(),
    amountCenti: bigint("amount_centi", { mode: "number" }).notNull(),
    security: boolean("security").notNull().default(false),
    lifecycle: text("lifecycle", { enum: lifecycles }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    foreignKey({ columns: [t.tenantId, t.siteId], foreignColumns: [sites.tenantId, sites.id] }),
    index("budget_lines_project").on(t.tenantId, t.projectId, t.siteId),
    oneOf("budget_lines", t.lifecycle, lifecycles),
    maxLength("budget_lines", t.title, 200),
    ...wall("budget_lines", {
      site: { select: { using: siteOwn } },
      sector: {
        select: { using: sectorOwn },
        insert: { check: sectorOwn },
        update: { using: sectorOwn },
        delete: { using: sectorOwn },
      },
    }),
  ],
);

/** What the pilots are measured by. Baseline and target are thousandths of the unit, so that sums stay exact. */
export const indicators = pgTable(
  "indicators",
  {
    tenantId: tenantId(),
    id: id(),
    projectId: uuid("project_id").notNull(),
    code: text("code").notNull(),
    name: text("name").notNull(),
    unit: text("unit").notNull(),
    dimension: text("dimension", { enum: dimensions }).notNull(),
    direction: text("direction", { enum: directions }).notNull(),
    baselineMilli: bigint("baseline_milli", { mode: "number" }),
    targetMilli: bigint("target_milli", { mode: "number" }),
    kind: text("kind", { enum: indicatorKinds }).notNull().default("amount"),
    /** Least and greatest figure that is taken; null: no limit. */
    lowMilli: bigint("low_milli", { mode: "number" }),
    highMilli: bigint("high_milli", { mode: "number" }),
    /** False: its unit is in no list, and the sector has not said yet what its figures are. */
    settled: boolean("settled").notNull().default(true),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.projectId], foreignColumns: [projects.tenantId, projects.id] }),
    uniqueIndex("indicators_code").on(t.tenantId, t.projectId, t.code),
    oneOf("indicators", t.dimension, dimensions),
    oneOf("indicators", t.direction, directions),
    oneOf("indicators", t.kind, indicatorKinds),
    maxLength("indicators", t.name, 200),
    ...wall("indicators", {
      site: { select: { using: siteTenant } },
      sector: {
        select: { using: sectorOwn },
        insert: { check: sectorOwn },
        update: { using: sectorOwn },
        delete: { using: sectorOwn },
      },
    }),
  ],
);
