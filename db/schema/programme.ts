import { bigint, date, foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { everything, forLevels, nationalAny, nationalOwn, sectorOwn, siteTenant, wall } from "../policies.ts";
import { signedInLevels } from "../roles.ts";
import { at, id, maxLength, oneOf, tenantId } from "./columns.ts";
import { tenants } from "./tenancy.ts";

/** A change of the smallest group that figures may speak of: from when, from what, to what, why. Who did it is in the trail. */
export interface ThresholdChange {
  /** UUID version 7: when it was, by the true clock. */
  id: string;
  /** ISO 8601, business time. */
  at: string;
  from: number;
  to: number;
  reason: string;
}
/**
 * The national frame. `clockOffsetMs` shifts the business clock of a programme: the demonstration replays 2013–2015, and
 * lateness must be told against its own day, not against today's. 0 for a programme that runs now.
 */
export const programmes = pgTable(
  "programmes",
  {
    id: id().primaryKey(),
    tenantId: tenantId(),
    code: text("code").notNull().unique(),
    titleZh: text("title_zh").notNull(),
    titleEn: text("title_en").notNull(),
    startsOn: date("starts_on", { mode: "string" }).notNull(),
    endsOn: date("ends_on", { mode: "string" }).notNull(),
    /** Smallest number of sites that a figure outside a sector may speak of, and each change of it, the oldest first. */
    kThreshold: integer("k_threshold").notNull().default(5),
    kChanges: jsonb("k_changes").$type<ThresholdChange[]>().notNull().default([]),
    /** Fewest days that an edition is out for comments, and why it was changed last. */
    consultationDays: integer("consultation_days").notNull().default(30),
    consultationDaysReason: text("consultation_days_reason").notNull().default(""),
    clockOffsetMs: bigint("clock_offset_ms", { mode: "number" }).notNull().default(0),
  },
  (t) => [
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    maxLength("programmes", t.consultationDaysReason, 2000),
    ...wall(
      "programmes",
      {
        ...forLevels([...signedInLevels, "public"], { select: { using: everything } }),
        national: {
          select: { using: everything },
          insert: { check: nationalOwn },
          update: {
            using: nationalOwn,
            columns: [
              "title_zh",
              "title_en",
              "starts_on",
              "ends_on",
              "k_threshold",
              "k_changes",
              "consultation_days",
              "consultation_days_reason",
              "clock_offset_ms",
            ],
          },
        },
      },
      { reference: true },
    ),
  ],
);

export const batchStatuses = ["planned", "open", "closed"] as const;
/** National window of batch 1 or 2. `national_tenant_id` is its owner. */
export const batches = pgTable(
  "batches",
  {
    tenantId: tenantId(),
    programmeId: uuid("programme_id").notNull(),
    no: integer("no").notNull(),
    opensOn: date("opens_on", { mode: "string" }).notNull(),
    closesOn: date("closes_on", { mode: "string" }).notNull(),
    status: text("status", { enum: batchStatuses }).notNull().default("planned"),
    openedAt: at("opened_at"),
    closedAt: at("closed_at"),
    /** Why its last day was moved when it was open or closed already. */
    extensionReason: text("extension_reason").notNull().default(""),
  },
  (t) => [
    primaryKey({ columns: [t.programmeId, t.no] }),
    foreignKey({ columns: [t.programmeId], foreignColumns: [programmes.id] }),
    maxLength("batches", t.extensionReason, 2000),
    oneOf("batches", t.status, batchStatuses),
    ...wall("batches", {
      ...forLevels(signedInLevels, { select: { using: everything } }),
      national: { select: { using: everything }, insert: { check: nationalOwn }, update: { using: nationalOwn } },
    }),
  ],
);

/** How many pilots a sector may select in a batch; 0 means the sector was not chosen for it. */
export const batchQuotas = pgTable(
  "batch_quotas",
  {
    tenantId: tenantId(),
    programmeId: uuid("programme_id").notNull(),
    batchNo: integer("batch_no").notNull(),
    quota: integer("quota").notNull(),
    note: text("note").notNull().default(""),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.programmeId, t.batchNo] }),
    foreignKey({ columns: [t.programmeId, t.batchNo], foreignColumns: [batches.programmeId, batches.no] }),
    foreignKey({ columns: [t.tenantId], foreignColumns: [tenants.id] }),
    maxLength("batch_quotas", t.note, 2000),
    ...wall("batch_quotas", {
      site: { select: { using: siteTenant } },
      sector: { select: { using: sectorOwn } },
      national: {
        select: { using: nationalAny },
        insert: { check: nationalAny },
        update: { using: nationalAny, columns: ["quota", "note"] },
      },
    }),
  ],
);

/** Milestones of the action plan's five tasks, as tracked by the national office. */
export const actionMilestones = pgTable(
  "action_milestones",
  {
    tenantId: tenantId(),
    programmeId: uuid("programme_id").notNull(),
    id: text("id").notNull(),
    taskNo: integer("task_no").notNull(),
    dueOn: date("due_on", { mode: "string" }).notNull(),
    target: integer("target"),
    value: integer("value"),
    /** The day on which it was reached, as the office recorded it. It counts once the director has accepted it. */
    doneOn: date("done_on", { mode: "string" }),
    /** What shows that it was reached: the paper, its number, where it is kept. */
    proof: text("proof").notNull().default(""),
    acceptedAt: at("accepted_at"),
    acceptedByName: text("accepted_by_name").notNull().default(""),
    /** Why the director did not accept it; emptied when it is recorded anew. */
    refusal: text("refusal").notNull().default(""),
    note: text("note").notNull().default(""),
    rev: integer("rev").notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.programmeId, t.id] }),
    foreignKey({ columns: [t.programmeId], foreignColumns: [programmes.id] }),
    index("action_milestones_due").on(t.programmeId, t.dueOn),
    maxLength("action_milestones", t.note, 2000),
    maxLength("action_milestones", t.proof, 2000),
    maxLength("action_milestones", t.refusal, 2000),
    ...wall("action_milestones", {
      ...forLevels(signedInLevels, { select: { using: everything } }),
      national: {
        select: { using: everything },
        insert: { check: nationalOwn },
        update: {
          using: nationalOwn,
          columns: ["value", "done_on", "proof", "accepted_at", "accepted_by_name", "refusal", "note", "rev"],
        },
      },
    }),
  ],
);
