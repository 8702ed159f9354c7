import { randomBytes } from "node:crypto";
import { and, asc, desc, eq, lt } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { conflict, invalid, notAllowed, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { webhookDeliveries, webhookEndpoints, type WebhookScope } from "#db/schema/index.ts";
import { namesPrivatePlace, type Targets } from "./deliver.server.ts";
import { addressFault, type NewEndpoint } from "./webhooks.schema.ts";

/** Nobody needs more, and each is asked at every event. */
const mostEndpoints = 20;
const pageSize = 50;

/** 256 bits, as Standard Webhooks writes them. */
const newSecret = () => `whsec_${randomBytes(32).toString("base64")}`;
const scopes: Readonly<Partial<Record<Actor["level"], WebhookScope>>> = {
  site: "site",
  sector: "sector",
  national: "national",
};

const shown = {
  id: webhookEndpoints.id,
  url: webhookEndpoints.url,
  description: webhookEndpoints.description,
  events: webhookEndpoints.events,
  state: webhookEndpoints.state,
  previousUntil: webhookEndpoints.previousUntil,
  createdByName: webhookEndpoints.createdByName,
  createdAt: webhookEndpoints.createdAt,
};

/** @throws invalid naming the field; conflict when there are as many as may be. The secret is told this once. */
export async function createEndpoint(
  tx: Tx,
  actor: Actor,
  input: NewEndpoint,
  targets: Targets,
): Promise<{ id: string; secret: string }> {
  const scope = scopes[actor.level];
  if (!scope) throw notAllowed({ logMessage: `${actor.level} has no webhooks` });
  const fault =
    addressFault(input.url, targets === "any") ??
    (targets === "public" && namesPrivatePlace(input.url) ? "error_webhook_private" : null);
  if (fault) throw invalid({ url: [fault] });
  const present = await tx.select({ id: webhookEndpoints.id }).from(webhookEndpoints).limit(mostEndpoints);
  if (present.length >= mostEndpoints) throw conflict({ code: "webhook_too_many", params: { most: mostEndpoints } });
  const [id, secret] = [uuidv7(), newSecret()];
  await tx.insert(webhookEndpoints).values({
    tenantId: actor.tenantId,
    id,
    siteId: scope === "site" ? actor.siteId : null,
    scope,
    url: input.url,
    description: input.description,
    events: input.events,
    secret,
    createdByName: actor.name,
  });
  return { id, secret };
}

const own = (actor: Actor, id: string) =>
  and(eq(webhookEndpoints.tenantId, actor.tenantId), eq(webhookEndpoints.id, id));
const mustTouch = (rows: readonly unknown[]) => {
  if (rows.length !== 1) throw notFound({ logMessage: "no such webhook" });
};

/** A new secret; a trigger keeps the former one for 24 hours, in which messages carry both signatures. */
export async function rotateSecret(tx: Tx, actor: Actor, endpointId: string): Promise<{ id: string; secret: string }> {
  const secret = newSecret();
  mustTouch(
    await tx
      .update(webhookEndpoints)
      .set({ secret })
      .where(own(actor, endpointId))
      .returning({ id: webhookEndpoints.id }),
  );
  return { id: endpointId, secret };
}

/**
 * Nothing is delivered until it is resumed: what waits goes on waiting, and what happens meanwhile is not told.
 * @throws notFound
 */
export async function pauseEndpoint(tx: Tx, actor: Actor, endpointId: string): Promise<void> {
  mustTouch(
    await tx
      .update(webhookEndpoints)
      .set({ state: "paused" })
      .where(own(actor, endpointId))
      .returning({ id: webhookEndpoints.id }),
  );
}

/** Also for one that its receiver had switched off. What was still waiting goes out at once. */
export async function resumeEndpoint(tx: Tx, actor: Actor, endpointId: string): Promise<void> {
  mustTouch(
    await tx
      .update(webhookEndpoints)
      .set({ state: "active" })
      .where(own(actor, endpointId))
      .returning({ id: webhookEndpoints.id }),
  );
  await tx
    .update(webhookDeliveries)
    .set({ nextAt: new Date() })
    .where(
      and(
        eq(webhookDeliveries.tenantId, actor.tenantId),
        eq(webhookDeliveries.endpointId, endpointId),
        eq(webhookDeliveries.state, "waiting"),
      ),
    );
}

/** With all its deliveries. */
export async function removeEndpoint(tx: Tx, actor: Actor, endpointId: string): Promise<void> {
  mustTouch(await tx.delete(webhookEndpoints).where(own(actor, endpointId)).returning({ id: webhookEndpoints.id }));
}

/** A message that tells of nothing, tried once. @throws notFound for an endpoint that is not the caller's. */
export async function sendTest(tx: Tx, actor: Actor, endpointId: string): Promise<void> {
  const [endpoint] = await tx
    .select({ id: webhookEndpoints.id, siteId: webhookEndpoints.siteId })
    .from(webhookEndpoints)
    .where(own(actor, endpointId));
  if (!endpoint) throw notFound({ logMessage: "no such webhook" });
  await tx.insert(webhookDeliveries).values({
    tenantId: actor.tenantId,
    id: uuidv7(),
    siteId: endpoint.siteId,
    endpointId,
    eventId: uuidv7(),
    kind: "test",
  });
}

/** Anew from the first attempt, under the same id, so that a receiver who had it knows. @throws conflict when it is not dead. */
export async function sendAgain(tx: Tx, actor: Actor, deliveryId: string): Promise<void> {
  const mine = and(eq(webhookDeliveries.tenantId, actor.tenantId), eq(webhookDeliveries.id, deliveryId));
  const [found] = await tx.select({ state: webhookDeliveries.state }).from(webhookDeliveries).where(mine);
  if (!found) throw notFound({ logMessage: "no such delivery" });
  if (found.state !== "dead") throw conflict({ code: "webhook_not_dead" });
  await tx
    .update(webhookDeliveries)
    .set({ state: "waiting", attempts: 0, nextAt: new Date() })
    .where(and(mine, eq(webhookDeliveries.state, "dead")));
}

/** @param before only deliveries older than this number */
async function deliveries(tx: Tx, actor: Actor, before: number | undefined) {
  const rows = await tx
    .select({
      id: webhookDeliveries.id,
      no: webhookDeliveries.no,
      endpointId: webhookDeliveries.endpointId,
      kind: webhookDeliveries.kind,
      eventId: webhookDeliveries.eventId,
      body: webhookDeliveries.body,
      state: webhookDeliveries.state,
      attempts: webhookDeliveries.attempts,
      lastStatus: webhookDeliveries.lastStatus,
      lastError: webhookDeliveries.lastError,
      nextAt: webhookDeliveries.nextAt,
      createdAt: webhookDeliveries.createdAt,
    })
    .from(webhookDeliveries)
    .where(
      and(
        eq(webhookDeliveries.tenantId, actor.tenantId),
        before === undefined ? undefined : lt(webhookDeliveries.no, before),
      ),
    )
    .orderBy(desc(webhookDeliveries.no))
    .limit(pageSize + 1);
  const page = rows.slice(0, pageSize);
  return { rows: page, next: rows.length > pageSize ? (page.at(-1)?.no ?? null) : null };
}

/** What the page shows. */
export async function webhooksView(tx: Tx, actor: Actor, before: number | undefined) {
  const endpoints = await tx
    .select(shown)
    .from(webhookEndpoints)
    .where(eq(webhookEndpoints.tenantId, actor.tenantId))
    .orderBy(asc(webhookEndpoints.createdAt), asc(webhookEndpoints.id));
  // A former secret past its hour is of no interest to anybody.
  const honoured = (until: Date | null) => (until !== null && until.getTime() > Date.now() ? until : null);
  return {
    endpoints: endpoints.map((e) => ({ ...e, previousUntil: honoured(e.previousUntil) })),
    deliveries: await deliveries(tx, actor, before),
    most: mostEndpoints,
  };
}
export type WebhooksView = Awaited<ReturnType<typeof webhooksView>>;
