import { and, eq, type SQL } from "drizzle-orm";
import { notAllowed, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, pilots, projects, specifications, workflowEvents, workflowInstances } from "#db/schema/index.ts";
import { type Actor as WorkflowActor, apply, type StoredInstance } from "#workflows/index.ts";
import { judge, ruleOf } from "#workflows/rules.ts";
import type { Actor } from "#app/request/actor.ts";
import { asWorkflowActor, type Instance, machineFor, toStored } from "./instance.server.ts";
import { refusal, stale, tokenRefusal } from "./refusal.server.ts";
import { tellOf } from "./telling.server.ts";

/*
 * State machines against the database: one transaction locks the instance, restores it, asks the machine, saves the new
 * state with its version and adds the event to the log. Facts are loaded before by the feature that knows them.
 */

export interface Firing<F extends object = Record<string, unknown>> {
  objectId: string;
  type: string;
  payload?: Record<string, unknown>;
  facts: F;
  /** Version the person saw; undefined only where nobody looked at a page before (jobs, the demonstration). */
  expectedVersion?: number | undefined;
  /** Seal of the content the event is about. */
  contentHash?: string | null;
  /** The product itself notes what a person's act brought about; the person stays on record beside it. */
  as?: "system";
}
export interface Fired {
  instance: Instance;
  from: string;
  to: string;
}

/**
 * Sends one event to the machine of an object and records it.
 * @throws conflict `stale_version` with the present state and the events since, when somebody was quicker;
 *   `token_may_not_seal` (403), when the event fixes something for good and an API token without that scope sends it;
 *   `workflow_refused` (422) with the reasons, when the machine says no; notFound for an object that is not the caller's.
 */
export async function fire<F extends object>(tx: Tx, actor: Actor, firing: Firing<F>, locale: Locale): Promise<Fired> {
  const [instance] = await tx
    .select()
    .from(workflowInstances)
    .where(eq(workflowInstances.objectId, firing.objectId))
    .for("update");
  if (!instance) throw notFound({ logMessage: `no workflow instance of ${firing.objectId}` });
  if (firing.expectedVersion !== undefined && firing.expectedVersion !== instance.lockVersion)
    throw await stale(tx, instance, firing.expectedVersion, locale);
  const def = machineFor(instance.machine, instance.version);
  const held = firing.as === undefined ? tokenRefusal(actor, instance.machine, firing.type) : null;
  if (held) throw notAllowed({ code: held, logMessage: `${firing.type} by a token without that scope` });
  const request = {
    type: firing.type,
    actor: { ...asWorkflowActor(actor), role: firing.as ?? actor.role },
    facts: firing.facts as Record<string, unknown>,
    payload: firing.payload ?? {},
    at: actor.now.toISOString(),
  };
  const outcome = apply(def, toStored(instance), request);
  if (!outcome.ok) throw refusal(outcome.kind, outcome.reasons, instance, locale);
  const next = await save(tx, actor, instance, outcome.stored);
  await tx.insert(workflowEvents).values({
    tenantId: instance.tenantId,
    id: uuidv7(),
    instanceId: instance.id,
    seq: next.lockVersion,
    machine: instance.machine,
    version: instance.version,
    objectId: instance.objectId,
    projectId: instance.projectId,
    siteId: instance.siteId,
    national: next.national,
    type: firing.type,
    fromState: outcome.from,
    toState: outcome.to,
    payload: request.payload,
    facts: request.facts,
    reason: typeof request.payload["reason"] === "string" ? request.payload["reason"] : "",
    contentHash: firing.contentHash ?? null,
    actorMembershipId: actor.membershipId,
    actorRole: request.actor.role,
    actorName: actor.name,
    at: actor.now,
  });
  if (firing.as === undefined) await tellOf(tx, actor, { instance: next, type: firing.type, payload: request.payload });
  return { instance: next, from: outcome.from, to: outcome.to };
}

async function save(tx: Tx, actor: Actor, instance: Instance, stored: StoredInstance): Promise<Instance> {
  const [next] = await tx
    .update(workflowInstances)
    .set({
      state: stored.state,
      snapshot: stored.snapshot,
      lockVersion: instance.lockVersion + 1,
      updatedAt: actor.now,
    })
    .where(
      and(
        eq(workflowInstances.tenantId, instance.tenantId),
        eq(workflowInstances.id, instance.id),
        eq(workflowInstances.lockVersion, instance.lockVersion),
      ),
    )
    .returning();
  if (!next) throw notFound({ logMessage: `instance ${instance.id} may not be changed by ${actor.role}` });
  const touched = await mirrorState(tx, instance, stored.state, actor.now);
  if (touched !== 1)
    throw notFound({ logMessage: `${instance.machine} ${instance.objectId} may not be changed by ${actor.role}` });
  return next;
}

/** Lists filter by state: each object carries its own, written here and nowhere else. */
async function mirrorState(
  tx: Tx,
  { machine, tenantId, objectId }: Instance,
  state: string,
  updatedAt: Date,
): Promise<number> {
  const of = (t: typeof projects | typeof pilots | typeof documents | typeof specifications): SQL | undefined =>
    and(eq(t.tenantId, tenantId), eq(t.id, objectId));
  switch (machine) {
    case "project":
      return (await tx.update(projects).set({ state, updatedAt }).where(of(projects)).returning({ id: projects.id }))
        .length;
    case "pilot":
      return (await tx.update(pilots).set({ stage: state, updatedAt }).where(of(pilots)).returning({ id: pilots.id }))
        .length;
    case "document":
      return (await tx.update(documents).set({ state, updatedAt }).where(of(documents)).returning({ id: documents.id }))
        .length;
    case "specification":
      return (
        await tx
          .update(specifications)
          .set({ state, updatedAt })
          .where(of(specifications))
          .returning({ id: specifications.id })
      ).length;
  }
}

/** The instance as an event would leave it; as it is where the machine refuses. Nothing is stored. */
export function withEvent(
  instance: Instance,
  actor: Pick<Actor, "membershipId" | "name" | "tenantId" | "now"> & { role: WorkflowActor["role"] },
  { type, facts }: Pick<Firing, "type" | "facts">,
): Instance {
  const { role, membershipId, name, tenantId } = actor;
  const outcome = apply(machineFor(instance.machine, instance.version), toStored(instance), {
    type,
    actor: { role, membershipId, name, tenantId },
    facts,
    payload: {},
    at: actor.now.toISOString(),
  });
  return outcome.ok ? { ...instance, state: outcome.stored.state, snapshot: outcome.stored.snapshot } : instance;
}

const noPayload = { reason: "…" };
/** What the rule of an event says of the facts, whatever state the instance is in: for a step that was taken once and holds on. */
export function factRefusals(
  instance: Instance,
  actor: Actor,
  type: string,
  facts: object,
  locale: Locale,
): { code: string; text: string }[] {
  const def = machineFor(instance.machine, instance.version);
  const rule = ruleOf(def, type);
  if (!rule) return [];
  const { context } = instance.snapshot as { context: object };
  return judge(def, rule, context, facts, noPayload, asWorkflowActor(actor)).hard.map((r) => ({
    code: r.code,
    text: translate(r.code, r.params ?? {}, locale),
  }));
}
