import { boolean, foreignKey, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import {
  openBreakGlass,
  everything,
  ofPanelCaller,
  operatorAny,
  readableByAll,
  sectorOwn,
  siteOwn,
  siteOwnId,
  wall,
} from "../policies.ts";
import { sql } from "drizzle-orm";
import { createdAt, id, maxLength, oneOf, tenantId, updatedAt } from "./columns.ts";
import { siteSizes } from "../vocabulary.ts";

export const tenantKinds = ["sector", "national", "institution", "platform"] as const;

/** Sectors, the national office, testing institutions and the platform. Their names are public; their rows are not. */
export const tenants = pgTable(
  "tenants",
  {
    id: id().primaryKey(),
    kind: text("kind", { enum: tenantKinds }).notNull(),
    code: text("code").notNull(),
    nameZh: text("name_zh").notNull(),
    nameEn: text("name_en").notNull(),
    priority: boolean("priority").notNull().default(false),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex("tenants_code").on(t.code),
    oneOf("tenants", t.kind, tenantKinds),
    ...wall(
      "tenants",
      {
        ...readableByAll(),
        operator: {
          select: { using: everything },
          insert: { check: operatorAny },
          update: { using: operatorAny, columns: ["name_zh", "name_en", "priority"] },
        },
      },
      { reference: true },
    ),
  ],
);

/** An organisation in a sector. `code` is its unified social credit code (18 characters). */
export const sites = pgTable(
  "sites",
  {
    tenantId: tenantId(),
    id: id(),
    code: text("code").notNull(),
    name: text("name").notNull(),
    /** Its division by GB/T 2260, six digits, as it was given; null where none was. */
    divisionCode: text("division_code"),
    /** Name of the division: that of the list where the code is in it, else as somebody wrote it. */
    region: text("region").notNull().default(""),
    size: text("size", { enum: siteSizes }).notNull().default("medium"),
    contact: text("contact").notNull().default(""),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    uniqueIndex("sites_code").on(t.tenantId, t.code),
    oneOf("sites", t.size, siteSizes),
    maxLength("sites", t.name, 200),
    ...wall(
      "sites",
      {
        site: {
          select: { using: siteOwnId },
          update: { using: siteOwnId, columns: ["contact", "division_code", "region"] },
        },
        sector: {
          select: { using: sectorOwn },
          insert: { check: sectorOwn },
          update: { using: sectorOwn, columns: ["code", "name", "division_code", "region", "size", "contact"] },
        },
      },
      { backstage: { owner: { select: { using: sql`(${openBreakGlass}) or (${ofPanelCaller})` } } } },
    ),
  ],
);

/** One application system of a site. `grade` is the protection level 1–5 (GB/T 22240-2020). */
export const systems = pgTable(
  "systems",
  {
    tenantId: tenantId(),
    id: id(),
    siteId: uuid("site_id").notNull(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    grade: integer("grade").notNull().default(2),
    devices: integer("devices").notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.siteId], foreignColumns: [sites.tenantId, sites.id] }),
    index("systems_site").on(t.tenantId, t.siteId),
    maxLength("systems", t.name, 200),
    maxLength("systems", t.description, 4000),
    ...wall(
      "systems",
      {
        site: {
          select: { using: siteOwn },
          // Name and grade are the sector's to correct: pilots bear them, and plans, risks and rankings go by them.
          update: { using: siteOwn, columns: ["description", "devices", "updated_at"] },
        },
        sector: {
          select: { using: sectorOwn },
          insert: { check: sectorOwn },
          update: { using: sectorOwn, columns: ["name", "description", "grade", "devices", "updated_at"] },
        },
      },
      { backstage: { owner: { select: { using: sql`(${openBreakGlass}) or (${ofPanelCaller})` } } } },
    ),
  ],
);
