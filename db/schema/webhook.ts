import {
  bigint,
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
import { type SQL, sql } from "drizzle-orm";
import { type Access, everything, hangsOn, nationalOwn, sectorOnly, siteOwn, type Verb, wall } from "../policies.ts";
import { at, createdAt, id, maxLength, oneOf, tenantId } from "./columns.ts";

/** Whose events an endpoint hears: its site's, its sector's, or those handed to the national office. */
export const webhookScopes = ["site", "sector", "national"] as const;
export type WebhookScope = (typeof webhookScopes)[number];
/** gone: the receiver answered 410 and is told nothing more until somebody resumes it. */
export const endpointStates = ["active", "paused", "gone"] as const;
export const deliveryStates = ["waiting", "delivered", "dead"] as const;
export const deliveryKinds = ["test", "event"] as const;
/** Why an attempt failed; the page has the words. */
export const deliveryErrors = [
  "status",
  "redirect",
  "gone",
  "timeout",
  "dns",
  "refused_target",
  "tls",
  "connection",
] as const;
export type DeliveryError = (typeof deliveryErrors)[number];

type Rules = Partial<Record<Verb, { using?: SQL; check?: SQL; columns?: readonly string[] }>>;
/** The same for the three who may have endpoints; each sees its own alone, a sector not those of its sites. */
const owners = (rules: (own: SQL, scope: WebhookScope) => Rules): Access => ({
  site: rules(siteOwn, "site"),
  sector: rules(sectorOnly, "sector"),
  national: rules(sql`${nationalOwn} and site_id is null`, "national"),
});

const told = [
  "tenant_id",
  "id",
  "site_id",
  "scope",
  "url",
  "description",
  "events",
  "state",
  "previous_until",
  "created_by_name",
  "created_at",
];

/**
 * An address outside that is told of transitions. `events`: machines it wants to hear of, empty for all. The secret can
 * be written by its owner and read by the worker alone; a trigger keeps the former one for 24 hours.
 */
export const webhookEndpoints = pgTable(
  "webhook_endpoints",
  {
    tenantId: tenantId(),
    id: id(),
    siteId: uuid("site_id"),
    scope: text("scope", { enum: webhookScopes }).notNull(),
    url: text("url").notNull(),
    description: text("description").notNull().default(""),
    events: text("events").array().notNull(),
    state: text("state", { enum: endpointStates }).notNull().default("active"),
    secret: text("secret").notNull(),
    previousSecret: text("previous_secret"),
    previousUntil: at("previous_until"),
    createdByName: text("created_by_name").notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    index("webhook_endpoints_scope").on(t.scope),
    oneOf("webhook_endpoints", t.scope, webhookScopes),
    oneOf("webhook_endpoints", t.state, endpointStates),
    maxLength("webhook_endpoints", t.url, 2000),
    maxLength("webhook_endpoints", t.description, 200),
    ...wall(
      "webhook_endpoints",
      owners((own, scope) => ({
        select: { using: own, columns: told },
        insert: { check: sql`${own} and scope = ${sql.raw(`'${scope}'`)}` },
        update: { using: own, columns: ["state", "secret"] },
        delete: { using: own },
      })),
      {
        backstage: {
          worker: { select: { using: everything }, update: { using: everything, columns: ["state"] } },
          // The trigger on the log asks whether anybody listens before it queues a job.
          owner: { select: { using: sql`state = 'active'` } },
        },
      },
    ),
  ],
);

/**
 * One message to one endpoint, from the event to its arrival or its end. `body` is what is sent (ids and states only).
 * A trigger queues the job whenever a row is waiting anew. `claimedUntil`: an attempt is under way.
 */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    tenantId: tenantId(),
    id: id(),
    siteId: uuid("site_id"),
    endpointId: uuid("endpoint_id").notNull(),
    eventId: uuid("event_id").notNull(),
    kind: text("kind", { enum: deliveryKinds }).notNull(),
    body: jsonb("body").notNull().default({}),
    state: text("state", { enum: deliveryStates }).notNull().default("waiting"),
    attempts: integer("attempts").notNull().default(0),
    lastStatus: integer("last_status"),
    lastError: text("last_error", { enum: deliveryErrors }),
    nextAt: at("next_at").notNull().defaultNow(),
    claimedUntil: at("claimed_until"),
    createdAt: createdAt(),
    endedAt: at("ended_at"),
    /** Order of the list. */
    no: bigint("no", { mode: "number" }).generatedAlwaysAsIdentity(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({
      columns: [t.tenantId, t.endpointId],
      foreignColumns: [webhookEndpoints.tenantId, webhookEndpoints.id],
    }).onDelete("cascade"),
    uniqueIndex("webhook_deliveries_once").on(t.tenantId, t.endpointId, t.eventId),
    index("webhook_deliveries_recent").on(t.tenantId, t.no),
    index("webhook_deliveries_ended").on(t.endedAt),
    oneOf("webhook_deliveries", t.kind, deliveryKinds),
    oneOf("webhook_deliveries", t.state, deliveryStates),
    oneOf("webhook_deliveries", t.lastError, deliveryErrors),
    ...wall(
      "webhook_deliveries",
      owners((own) => ({
        select: { using: own },
        insert: {
          check: sql`${own} and kind = 'test' and ${hangsOn("webhook_deliveries", "webhook_endpoints", ["tenant_id", "endpoint_id=id", "site_id"])}`,
        },
        update: { using: own, columns: ["state", "attempts", "next_at"] },
      })),
      {
        backstage: {
          worker: {
            select: { using: everything },
            insert: { check: everything },
            update: {
              using: everything,
              columns: ["state", "attempts", "last_status", "last_error", "next_at", "claimed_until", "ended_at"],
            },
            delete: { using: everything },
          },
        },
        audited: false,
      },
    ),
  ],
);
