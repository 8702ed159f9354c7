import { and, asc, desc, eq, gt, lt, type SQL } from "drizzle-orm";
import { AppError, conflict, notAllowed, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { joinList } from "#app/i18n/pick.ts";
import type { Tx } from "#db/client.server.ts";
import {
  type MachineId,
  documents,
  pilots,
  projects,
  specifications,
  workflowEvents,
  workflowInstances,
} from "#db/schema/index.ts";
import {
  type Actor as WorkflowActor,
  apply,
  available,
  type AvailableEvent,
  contextOf,
  current,
  diagram,
  type DocumentContext,
  isIrreversible,
  type Json,
  type MachineDefinition,
  type PilotContext,
  machineOf,
  start,
  type StoredInstance,
} from "#workflows/index.ts";
import { judge, ruleOf } from "#workflows/rules.ts";
import type { Actor } from "#app/request/actor.ts";

/*
 * State machines against the database: one transaction locks the instance, restores it, asks the machine, saves the new
 * state with its version and adds the event to the log. Facts are loaded before by the feature that knows them.
 */

/** The definition an instance is stored in; the newest one for a machine without a version. */
function machineFor(id: MachineId, version: number = current[id].version): MachineDefinition {
  const found = machineOf(id, version);
  if (!found) throw new AppError("internal", 500, `no machine ${id}@${version}`);
  return found;
}

export type Instance = typeof workflowInstances.$inferSelect;

export interface NewInstance {
  machine: MachineId;
  tenantId: string;
  objectId: string;
  projectId?: string | null;
  siteId?: string | null;
  /** The national office takes part in it. */
  national?: boolean;
  input: Record<string, unknown>;
}

const toStored = (i: Pick<Instance, "machine" | "version" | "state" | "snapshot">): StoredInstance => ({
  machine: i.machine,
  version: i.version,
  state: i.state,
  snapshot: i.snapshot as Json,
});
const asWorkflowActor = (a: Actor): WorkflowActor => ({
  role: a.role,
  membershipId: a.membershipId,
  name: a.name,
  tenantId: a.tenantId,
});

/** Starts the newest version of a machine for an object that was just inserted. */
export async function startInstance(tx: Tx, actor: Actor, wanted: NewInstance): Promise<Instance> {
  const def = machineFor(wanted.machine);
  const stored = start(def, wanted.input);
  const [row] = await tx
    .insert(workflowInstances)
    .values({
      tenantId: wanted.tenantId,
      id: uuidv7(),
      machine: wanted.machine,
      version: stored.version,
      objectId: wanted.objectId,
      projectId: wanted.projectId ?? null,
      siteId: wanted.siteId ?? null,
      national: wanted.national ?? false,
      state: stored.state,
      input: wanted.input,
      snapshot: stored.snapshot,
      createdAt: actor.now,
      updatedAt: actor.now,
    })
    .returning();
  if (!row) throw new AppError("internal", 500, "instance was not stored");
  return row;
}

/** The instance of an object. @throws notFound, also for somebody else's. */
export async function loadInstance(tx: Tx, objectId: string): Promise<Instance> {
  const [row] = await tx.select().from(workflowInstances).where(eq(workflowInstances.objectId, objectId));
  if (!row) throw notFound({ logMessage: `no workflow instance of ${objectId}` });
  return row;
}

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

/** Why an API token may not send what its owner's role may: a token cannot prove who sits there, so its owner did when they made it one that may seal. */
function tokenRefusal(
  { scopes }: Actor,
  machine: MachineId,
  type: string,
): "token_may_not_change" | "token_may_not_seal" | null {
  if (!scopes || scopes.includes("seal")) return null;
  if (!scopes.includes("write")) return "token_may_not_change";
  return isIrreversible(machine, type) ? "token_may_not_seal" : null;
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

/** Refuses as the machine would, for reasons that are in the reader's language already. */
export const refusedFor = (
  instance: Instance,
  reasons: readonly { code: string; text: string }[],
  locale: Locale,
): AppError =>
  new AppError("workflow_refused", 422, `${instance.machine}: guard`, {
    params: {
      reasons: joinList(
        reasons.map((r) => r.text),
        locale,
        "clauses",
      ),
    },
    extra: {
      kind: "guard",
      reasons: reasons.map((r) => ({ code: r.code, params: {}, message: r.text })),
      state: instance.state,
      version: instance.lockVersion,
    },
  });

/** What an instance remembers beside its state. */
export const documentContext = (i: Pick<Instance, "version" | "state" | "snapshot">): DocumentContext =>
  contextOf(machineFor("document", i.version), toStored({ ...i, machine: "document" })) as DocumentContext;

/** The same of a pilot's. */
export const pilotContext = (i: Pick<Instance, "version" | "state" | "snapshot">): PilotContext =>
  contextOf(machineFor("pilot", i.version), toStored({ ...i, machine: "pilot" })) as PilotContext;

const stateText = (i: Pick<Instance, "machine" | "version">, path: string, locale: Locale): string => {
  const found = machineFor(i.machine, i.version).states.find((s) => s.path === path);
  if (!found) return path;
  const own = translate(found.labelKey, {}, locale);
  return found.groupLabelKey ? `${translate(found.groupLabelKey, {}, locale)} · ${own}` : own;
};
/** A state in the reader's words: «信息安全调研 · 填报中». */
export const stateLabel = (machine: MachineId, path: string, locale: Locale): string =>
  stateText({ machine, version: machineFor(machine).version }, path, locale);
/** An event in the reader's words: «提交审核». */
export const eventLabel = (machine: MachineId, type: string, locale: Locale): string =>
  translate(machineFor(machine).eventLabelKeys[type] ?? type, {}, locale);

function refusal(
  kind: string,
  reasons: readonly { code: string; params?: Readonly<Record<string, string | number>> }[],
  instance: Instance,
  locale: Locale,
): AppError {
  const texts = reasons.map((r) => translate(r.code, r.params ?? {}, locale));
  return new AppError("workflow_refused", kind === "role_not_allowed" ? 403 : 422, `${instance.machine}: ${kind}`, {
    params: { reasons: joinList(texts, locale, "clauses") },
    extra: {
      kind,
      reasons: reasons.map((r, i) => ({ code: r.code, params: r.params ?? {}, message: texts[i] ?? "" })),
      state: instance.state,
      version: instance.lockVersion,
    },
  });
}

async function stale(tx: Tx, instance: Instance, seen: number, locale: Locale): Promise<AppError> {
  const since = await tx
    .select({
      type: workflowEvents.type,
      to: workflowEvents.toState,
      actorName: workflowEvents.actorName,
      at: workflowEvents.at,
      reason: workflowEvents.reason,
    })
    .from(workflowEvents)
    .where(
      and(
        eq(workflowEvents.tenantId, instance.tenantId),
        eq(workflowEvents.instanceId, instance.id),
        gt(workflowEvents.seq, seen),
      ),
    )
    .orderBy(asc(workflowEvents.seq))
    .limit(20);
  return conflict({
    code: "stale_version",
    params: { state: stateText(instance, instance.state, locale) },
    extra: {
      state: instance.state,
      version: instance.lockVersion,
      since: since.map((e) => ({
        ...e,
        label: eventLabel(instance.machine, e.type, locale),
        toLabel: stateText(instance, e.to, locale),
      })),
    },
  });
}

/** An act as the interface shows it: possible, or disabled with its reasons in words. */
export interface EventOption {
  type: string;
  label: string;
  enabled: boolean;
  reasons: { code: string; text: string }[];
  needs: readonly string[];
  sealing: boolean;
  destructive: boolean;
  to: string | null;
  toLabel: string | null;
}

/** What this caller may do with an object now. `facts` as for `fire`. */
export function eventOptions(
  instance: Pick<Instance, "machine" | "version" | "state" | "snapshot">,
  actor: Actor,
  facts: object,
  locale: Locale,
): EventOption[] {
  const def = machineFor(instance.machine, instance.version);
  return available(def, toStored(instance), asWorkflowActor(actor), facts).map((e: AvailableEvent) => {
    const held = tokenRefusal(actor, instance.machine, e.type);
    const reasons = [...(held ? [{ code: `error_${held}` }] : []), ...e.reasons];
    return {
      type: e.type,
      label: translate(e.labelKey, {}, locale),
      enabled: e.enabled && held === null,
      reasons: reasons.map((r) => ({ code: r.code, text: translate(r.code, r.params ?? {}, locale) })),
      needs: e.needs,
      sealing: e.sealing,
      destructive: e.destructive,
      to: e.to ?? null,
      toLabel: e.to ? stateText(instance, e.to, locale) : null,
    };
  });
}

/** The machine as a picture with the present state lit, labels in words. */
export function diagramOf(instance: Pick<Instance, "machine" | "version" | "state" | "snapshot">, locale: Locale) {
  const picture = diagram(machineFor(instance.machine, instance.version), toStored(instance));
  return {
    ...picture,
    nodes: picture.nodes.map((n) => ({ ...n, label: translate(n.labelKey, {}, locale) })),
    groups: picture.groups.map((g) => ({ ...g, label: translate(g.labelKey, {}, locale) })),
    edges: picture.edges.map((e) => ({ ...e, label: eventLabel(instance.machine, e.event, locale) })),
  };
}

export interface HistoryEntry {
  id: string;
  no: number;
  at: Date;
  actorName: string;
  actorRole: string;
  machine: MachineId;
  objectId: string;
  type: string;
  label: string;
  from: string;
  fromLabel: string;
  to: string;
  toLabel: string;
  reason: string;
  contentHash: string | null;
}

export interface HistoryFilter {
  objectId?: string;
  projectId?: string;
  machine?: MachineId;
  /** Entries before this number. */
  before?: number | undefined;
  limit?: number;
}

/** Who did what, when and why; newest first. One query, paged by number. */
export async function history(
  tx: Tx,
  filter: HistoryFilter,
  locale: Locale,
): Promise<{ entries: HistoryEntry[]; next: number | null }> {
  const limit = Math.min(filter.limit ?? 30, 200);
  const rows = await tx
    .select()
    .from(workflowEvents)
    .where(
      and(
        filter.objectId ? eq(workflowEvents.objectId, filter.objectId) : undefined,
        filter.projectId ? eq(workflowEvents.projectId, filter.projectId) : undefined,
        filter.machine ? eq(workflowEvents.machine, filter.machine) : undefined,
        filter.before ? lt(workflowEvents.no, filter.before) : undefined,
      ),
    )
    .orderBy(desc(workflowEvents.no))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  const entries = shown.map((e) => ({
    id: e.id,
    no: e.no,
    at: e.at,
    actorName: e.actorName,
    actorRole: e.actorRole,
    machine: e.machine,
    objectId: e.objectId,
    type: e.type,
    label: eventLabel(e.machine, e.type, locale),
    from: e.fromState,
    fromLabel: stateLabel(e.machine, e.fromState, locale),
    to: e.toState,
    toLabel: stateLabel(e.machine, e.toState, locale),
    reason: e.reason,
    contentHash: e.contentHash,
  }));
  return { entries, next: rows.length > limit ? (shown.at(-1)?.no ?? null) : null };
}
