import { bigint, index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
import { auditorOwn, everything, nationalOwn, operatorOwn, readableByAll, sectorOwn, wall } from "../policies.ts";
import { at, tenantId } from "./columns.ts";

/**
 * What people and programs did, a chain for each tenant. Nobody writes here: triggers and functions of schema `auth` add
 * rows in the transaction of the act, and when it commits give each its number and the SHA-256 of its canonical JSON,
 * which holds the digest of the one before. `siteId`: whose it is, where it is one site's. `details`: strings, whole
 * numbers, truth values, lists and objects of them. `xact` finds the rows of the transaction that commits.
 */
export const auditEntries = pgTable(
  "audit_entries",
  {
    tenantId: tenantId(),
    /** Order of recording over all tenants: a row has it before it has its place in the chain. */
    no: bigint("no", { mode: "number" }).generatedAlwaysAsIdentity(),
    seq: bigint("seq", { mode: "number" }),
    at: at("at").notNull(),
    siteId: uuid("site_id"),
    act: text("act").notNull(),
    objectType: text("object_type").notNull().default(""),
    objectId: uuid("object_id"),
    userId: uuid("user_id"),
    membershipId: uuid("membership_id"),
    role: text("role").notNull(),
    name: text("name").notNull().default(""),
    request: text("request").notNull().default(""),
    details: jsonb("details").notNull().default({}),
    prev: text("prev"),
    hash: text("hash"),
    xact: bigint("xact", { mode: "number" }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.no] }),
    uniqueIndex("audit_entries_chain").on(t.tenantId, t.seq),
    index("audit_entries_act").on(t.tenantId, t.act, t.seq),
    index("audit_entries_object").on(t.tenantId, t.objectId, t.seq),
    index("audit_entries_person").on(t.tenantId, t.membershipId, t.seq),
    index("audit_entries_unchained").on(t.xact).where(sql`seq is null`),
    ...wall(
      "audit_entries",
      {
        auditor: { select: { using: auditorOwn } },
        // What a site is still writing is its own affair, that it writes too.
        sector: { select: { using: sql`${sectorOwn} and (site_id is null or act <> 'change')` } },
        national: { select: { using: nationalOwn } },
        operator: { select: { using: operatorOwn } },
      },
      {
        backstage: {
          owner: { select: { using: everything }, insert: { check: everything }, update: { using: everything } },
        },
        audited: false,
      },
    ),
  ],
);

/** The last link of each tenant's chain. */
export const auditHeads = pgTable(
  "audit_heads",
  { tenantId: tenantId().primaryKey(), seq: bigint("seq", { mode: "number" }).notNull(), hash: text("hash").notNull() },
  () => [
    ...wall(
      "audit_heads",
      {
        auditor: { select: { using: auditorOwn } },
        sector: { select: { using: sectorOwn } },
        national: { select: { using: nationalOwn } },
        operator: { select: { using: operatorOwn } },
      },
      {
        backstage: {
          owner: { select: { using: everything }, insert: { check: everything }, update: { using: everything } },
        },
        audited: false,
      },
    ),
  ],
);

/** Leaves of the national tree (RFC 6962): the head of a tenant's chain at the hour of sealing. `no` counts from 0 without a gap. */
export const auditLeaves = pgTable(
  "audit_leaves",
  {
    tenantId: tenantId(),
    no: bigint("no", { mode: "number" }).notNull(),
    seq: bigint("seq", { mode: "number" }).notNull(),
    head: text("head").notNull(),
    at: at("at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.no] }),
    uniqueIndex("audit_leaves_seq").on(t.tenantId, t.seq),
    index("audit_leaves_no").on(t.no),
    ...wall(
      "audit_leaves",
      {
        auditor: { select: { using: auditorOwn } },
        sector: { select: { using: sectorOwn } },
        national: { select: { using: nationalOwn } },
        operator: { select: { using: operatorOwn } },
      },
      { backstage: { owner: { select: { using: everything }, insert: { check: everything } } }, audited: false },
    ),
  ],
);

/** Digests of the tree's complete subtrees, level 0 the leaves. A digest tells nothing, so everybody may have them. */
export const auditNodes = pgTable(
  "audit_nodes",
  {
    level: bigint("level", { mode: "number" }).notNull(),
    no: bigint("no", { mode: "number" }).notNull(),
    hash: text("hash").notNull(),
  },
  (t) => [primaryKey({ columns: [t.level, t.no] }), ...wall("audit_nodes", readableByAll(), { reference: true })],
);

/** Every root the tree had: what an auditor writes down to hold against an exported file years later. */
export const auditRoots = pgTable(
  "audit_roots",
  { size: bigint("size", { mode: "number" }).primaryKey(), root: text("root").notNull(), at: at("at").notNull() },
  () => [...wall("audit_roots", readableByAll(), { reference: true })],
);
