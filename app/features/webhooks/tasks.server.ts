import { and, eq, gt, isNull, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import { uuidv7 } from "#app/platform/id.ts";
import { jobTask, type JobTask } from "#app/platform/jobs.server.ts";
import type { WorkerDb } from "#db/jobs.server.ts";
import { webhookDeliveries, webhookEndpoints, workflowEvents } from "#db/schema/index.ts";
import { type SendOptions, send } from "./deliver.server.ts";
import {
  after,
  bodyOf,
  hears,
  judge,
  signingSecrets,
  testBody,
  type ToldEvent,
  type Verdict,
} from "./webhooks.rules.ts";

export interface DeliveryOptions extends Pick<SendOptions, "targets" | "resolve" | "timeoutMs"> {
  now?: () => Date;
  /** From 0 to below 1. */
  chance?: () => number;
}

/** Longer than an attempt may take: after it, whoever began the attempt is dead. */
const claimMs = 30_000;
const keptDays = { delivered: 30, dead: 90 } as const;

const toldColumns = {
  tenantId: workflowEvents.tenantId,
  id: workflowEvents.id,
  seq: workflowEvents.seq,
  machine: workflowEvents.machine,
  objectId: workflowEvents.objectId,
  projectId: workflowEvents.projectId,
  siteId: workflowEvents.siteId,
  national: workflowEvents.national,
  type: workflowEvents.type,
  fromState: workflowEvents.fromState,
  toState: workflowEvents.toState,
  at: workflowEvents.at,
};

/** One event to all who listen: a delivery each, once, however often this runs. Their jobs are queued by a trigger. */
const fan = (now: () => Date): JobTask =>
  jobTask({
    name: "webhooks.fan",
    schema: z.object({ tenantId: z.uuid(), eventId: z.uuid() }),
    run: async ({ tenantId, eventId }, { db }) => {
      const [event] = await db
        .select(toldColumns)
        .from(workflowEvents)
        .where(and(eq(workflowEvents.tenantId, tenantId), eq(workflowEvents.id, eventId)));
      if (!event) return;
      const listeners = (await candidates(db, event)).filter((one) => hears(one, event));
      if (listeners.length === 0) return;
      const body = bodyOf(event.id, event, now());
      await db
        .insert(webhookDeliveries)
        .values(
          listeners.map((e) => ({
            tenantId: e.tenantId,
            id: uuidv7(),
            siteId: e.siteId,
            endpointId: e.id,
            eventId,
            kind: "event" as const,
            body,
          })),
        )
        .onConflictDoNothing({
          target: [webhookDeliveries.tenantId, webhookDeliveries.endpointId, webhookDeliveries.eventId],
        });
    },
  });

const candidates = (db: WorkerDb, event: ToldEvent) =>
  db
    .select({
      tenantId: webhookEndpoints.tenantId,
      id: webhookEndpoints.id,
      siteId: webhookEndpoints.siteId,
      scope: webhookEndpoints.scope,
      state: webhookEndpoints.state,
      events: webhookEndpoints.events,
    })
    .from(webhookEndpoints)
    .where(or(eq(webhookEndpoints.tenantId, event.tenantId), eq(webhookEndpoints.scope, "national")));

/** The attempt is the token: whoever was thought dead and comes late writes nothing. */
const attempt = (claimed: Claimed) =>
  and(key(claimed), eq(webhookDeliveries.state, "waiting"), eq(webhookDeliveries.attempts, claimed.attempts));
const key = (d: { tenantId: string; id: string }) =>
  and(eq(webhookDeliveries.tenantId, d.tenantId), eq(webhookDeliveries.id, d.id));

/** Takes a delivery for one attempt; null when it is over, paused, gone, or another process is at it. */
async function claim(db: WorkerDb, tenantId: string, deliveryId: string) {
  const [claimed] = await db
    .update(webhookDeliveries)
    .set({
      attempts: sql`${webhookDeliveries.attempts} + 1`,
      claimedUntil: sql`now() + ${claimMs} * interval '1 millisecond'`,
    })
    .where(
      and(
        key({ tenantId, id: deliveryId }),
        eq(webhookDeliveries.state, "waiting"),
        or(isNull(webhookDeliveries.claimedUntil), lt(webhookDeliveries.claimedUntil, sql`now()`)),
        or(
          eq(webhookDeliveries.kind, "test"),
          sql`exists (select 1 from ${webhookEndpoints} where ${webhookEndpoints.tenantId} = ${tenantId} and ${webhookEndpoints.id} = ${webhookDeliveries.endpointId} and ${webhookEndpoints.state} = 'active')`,
        ),
      ),
    )
    .returning({
      tenantId: webhookDeliveries.tenantId,
      id: webhookDeliveries.id,
      endpointId: webhookDeliveries.endpointId,
      eventId: webhookDeliveries.eventId,
      kind: webhookDeliveries.kind,
      body: webhookDeliveries.body,
      attempts: webhookDeliveries.attempts,
    });
  return claimed ?? null;
}
/** Somebody is at it, or died over it a moment ago: a job for when that claim has ended, by the trigger on `next_at`. */
async function afterClaim(db: WorkerDb, tenantId: string, deliveryId: string): Promise<void> {
  await db
    .update(webhookDeliveries)
    .set({ nextAt: sql`${webhookDeliveries.claimedUntil} + interval '1 second'` })
    .where(
      and(
        key({ tenantId, id: deliveryId }),
        eq(webhookDeliveries.state, "waiting"),
        gt(webhookDeliveries.claimedUntil, sql`now()`),
      ),
    );
}
type Claimed = NonNullable<Awaited<ReturnType<typeof claim>>>;

async function conclude(db: WorkerDb, claimed: Claimed, verdict: Verdict, chance: number): Promise<void> {
  const next = after(verdict, { attempts: claimed.attempts, kind: claimed.kind, chance });
  const waits = next.state === "waiting";
  await db
    .update(webhookDeliveries)
    .set({
      state: next.state,
      lastStatus: verdict.status,
      lastError: verdict.kind === "delivered" ? null : verdict.error,
      claimedUntil: null,
      ...(waits ? { nextAt: sql`now() + ${next.restMs} * interval '1 millisecond'` } : { endedAt: sql`now()` }),
    })
    .where(attempt(claimed));
  if (verdict.kind === "gone")
    await db
      .update(webhookEndpoints)
      .set({ state: "gone" })
      .where(and(eq(webhookEndpoints.tenantId, claimed.tenantId), eq(webhookEndpoints.id, claimed.endpointId)));
}

/** As if it had not been tried: the process stops and another will take it up. */
const giveBack = (db: WorkerDb, claimed: Claimed) =>
  db
    .update(webhookDeliveries)
    .set({ attempts: claimed.attempts - 1, claimedUntil: null, nextAt: sql`now()` })
    .where(attempt(claimed));

/** One attempt at one delivery. */
const deliver = ({
  targets,
  resolve,
  timeoutMs,
  now = () => new Date(),
  chance = Math.random,
}: DeliveryOptions): JobTask =>
  jobTask({
    name: "webhooks.deliver",
    keyed: true,
    schema: z.object({ tenantId: z.uuid(), deliveryId: z.uuid() }),
    run: async ({ tenantId, deliveryId }, { db, signal, log }) => {
      const claimed = await claim(db, tenantId, deliveryId);
      if (!claimed) return afterClaim(db, tenantId, deliveryId);
      const [endpoint] = await db
        .select({
          url: webhookEndpoints.url,
          secret: webhookEndpoints.secret,
          previousSecret: webhookEndpoints.previousSecret,
          previousUntil: webhookEndpoints.previousUntil,
        })
        .from(webhookEndpoints)
        .where(and(eq(webhookEndpoints.tenantId, tenantId), eq(webhookEndpoints.id, claimed.endpointId)));
      if (!endpoint) return;
      const at = now();
      const body = claimed.kind === "test" ? testBody(claimed.eventId, at) : claimed.body;
      const message = {
        url: endpoint.url,
        id: claimed.eventId,
        body: JSON.stringify(body),
        secrets: signingSecrets(endpoint, at),
      };
      try {
        const answer = await send(message, {
          targets,
          now: at,
          signal,
          ...(resolve ? { resolve } : {}),
          ...(timeoutMs === undefined ? {} : { timeoutMs }),
        });
        await conclude(db, claimed, judge(answer), chance());
      } catch (error) {
        if (!signal.aborted) throw error;
        log.debug({ delivery: deliveryId }, "delivery given back");
        await giveBack(db, claimed);
      }
    },
  });

/** What arrived long ago is of no use to anybody any more. */
export const pruneDeliveries = jobTask({
  name: "webhooks.prune",
  schema: z.looseObject({}),
  run: async (_, { db }) => {
    for (const [state, days] of Object.entries(keptDays) as ["delivered" | "dead", number][])
      await db
        .delete(webhookDeliveries)
        .where(
          and(
            eq(webhookDeliveries.state, state),
            lt(webhookDeliveries.endedAt, sql`now() - ${days} * interval '1 day'`),
          ),
        );
  },
});

/** The jobs of webhooks: an event to its endpoints, one delivery, the sweep of old ones. */
export const webhookTasks = (options: DeliveryOptions): JobTask[] => [
  fan(options.now ?? (() => new Date())),
  deliver(options),
  pruneDeliveries,
];
