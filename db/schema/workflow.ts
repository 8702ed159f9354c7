import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import {
  auditorOwn,
  everything,
  eventOf,
  hangsOn,
  nationalOwn,
  nationalSees,
  sectorOwn,
  siteOwn,
  siteTenant,
  wall,
} from "../policies.ts";
import { sql } from "drizzle-orm";
import { at, createdAt, id, maxLength, oneOf, tenantId, updatedAt } from "./columns.ts";

export const machineIds = ["project", "pilot", "document", "specification"] as const;
export type MachineId = (typeof machineIds)[number];

/**
 * A running state machine. `objectId` is the project, pilot, document or specification it belongs to. `national` marks
 * what the national office takes part in; `siteId` what belongs to one site.
 */
export const workflowInstances = pgTable(
  "workflow_instances",
  {
    tenantId: tenantId(),
    id: id(),
    machine: text("machine", { enum: machineIds }).notNull(),
    version: integer("version").notNull(),
    objectId: uuid("object_id").notNull(),
    projectId: uuid("project_id"),
    siteId: uuid("site_id"),
    national: boolean("national").notNull().default(false),
    state: text("state").notNull(),
    input: jsonb("input").notNull(),
    snapshot: jsonb("snapshot").notNull(),
    lockVersion: integer("lock_version").notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    uniqueIndex("workflow_instances_object").on(t.tenantId, t.objectId),
    index("workflow_instances_state").on(t.tenantId, t.machine, t.state),
    oneOf("workflow_instances", t.machine, machineIds),
    ...wall(
      "workflow_instances",
      {
        site: {
          select: {
            using: sql`${siteTenant} and (site_id is null and machine = 'project' or site_id = (select auth.claim('site', 'site')))`,
          },
          insert: {
            check: sql`${siteOwn} and machine = 'document' and not national and ${hangsOn("workflow_instances", "documents", ["tenant_id", "object_id=id", "project_id", "site_id"])}`,
          },
          update: { using: siteOwn, columns: ["state", "snapshot", "lock_version", "updated_at"] },
        },
        sector: {
          select: { using: sectorOwn },
          insert: { check: sectorOwn },
          update: { using: sectorOwn, columns: ["state", "snapshot", "lock_version", "national", "updated_at"] },
        },
        national: {
          select: { using: sql`(${nationalSees}) or ${nationalOwn}` },
          insert: { check: nationalOwn },
          update: {
            using: sql`(${nationalSees}) or ${nationalOwn}`,
            columns: ["state", "snapshot", "lock_version", "updated_at"],
          },
        },
        assessor: { select: { using: grantedObject() } },
        auditor: { select: { using: auditorOwn } },
      },
      { audited: false },
    ),
  ],
);

function grantedObject() {
  return sql`machine = 'pilot' and object_id = any ((select auth.granted_pilots())::uuid[])`;
}

/** What of an event may leave the product by a webhook: that something moved, and where; nobody's words or name. */
const toldOutside = [
  "tenant_id",
  "id",
  "seq",
  "machine",
  "object_id",
  "project_id",
  "site_id",
  "national",
  "type",
  "from_state",
  "to_state",
  "at",
];

/** The log: every transition that happened. Rows are only ever added. */
export const workflowEvents = pgTable(
  "workflow_events",
  {
    tenantId: tenantId(),
    id: id(),
    instanceId: uuid("instance_id").notNull(),
    seq: integer("seq").notNull(),
    machine: text("machine", { enum: machineIds }).notNull(),
    /** Of the machine that judged it: the log is played by the rules of its time. */
    version: integer("version").notNull().default(1),
    objectId: uuid("object_id").notNull(),
    projectId: uuid("project_id"),
    siteId: uuid("site_id"),
    national: boolean("national").notNull().default(false),
    type: text("type").notNull(),
    fromState: text("from_state").notNull(),
    toState: text("to_state").notNull(),
    payload: jsonb("payload").notNull(),
    facts: jsonb("facts").notNull(),
    reason: text("reason").notNull().default(""),
    contentHash: text("content_hash"),
    actorMembershipId: uuid("actor_membership_id").notNull(),
    actorRole: text("actor_role").notNull(),
    actorName: text("actor_name").notNull(),
    at: at("at").notNull(),
    /** Order of recording over all instances of a tenant. */
    no: bigint("no", { mode: "number" }).generatedAlwaysAsIdentity(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.instanceId],
      foreignColumns: [workflowInstances.tenantId, workflowInstances.id],
    }),
    uniqueIndex("workflow_events_seq").on(t.tenantId, t.instanceId, t.seq),
    index("workflow_events_project").on(t.tenantId, t.projectId, t.no),
    index("workflow_events_recent").on(t.tenantId, t.no),
    maxLength("workflow_events", t.reason, 4000),
    ...wall(
      "workflow_events",
      {
        site: { select: { using: siteOwn }, insert: { check: sql`${siteOwn} and ${eventOf("site")}` } },
        sector: { select: { using: sectorOwn }, insert: { check: sql`${sectorOwn} and ${eventOf("sector")}` } },
        national: {
          select: { using: sql`(${nationalSees}) or ${nationalOwn}` },
          insert: { check: sql`((${nationalSees}) or ${nationalOwn}) and ${eventOf("national")}` },
        },
        assessor: { select: { using: grantedObject() } },
        auditor: { select: { using: auditorOwn } },
      },
      { backstage: { worker: { select: { using: everything, columns: toldOutside } } }, audited: false },
    ),
  ],
);
