import { eq } from "drizzle-orm";
import { AppError, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { type MachineId, workflowInstances } from "#db/schema/index.ts";
import {
  type Actor as WorkflowActor,
  contextOf,
  current,
  type DocumentContext,
  type Json,
  type MachineDefinition,
  type PilotContext,
  type ProjectContext,
  machineOf,
  start,
  type StoredInstance,
} from "#workflows/index.ts";

/* What stands in the database for one object that a machine moves: how it begins, is read, and is handed to the machine. */

/** The definition an instance is stored in; the newest one for a machine without a version. */
export function machineFor(id: MachineId, version: number = current[id].version): MachineDefinition {
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

/** The instance as the machine takes it. */
export const toStored = (i: Pick<Instance, "machine" | "version" | "state" | "snapshot">): StoredInstance => ({
  machine: i.machine,
  version: i.version,
  state: i.state,
  snapshot: i.snapshot as Json,
});
/** Who acts, as the machine takes them. */
export const asWorkflowActor = (a: Actor): WorkflowActor => ({
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

/** What an instance remembers beside its state. */
export const documentContext = (i: Pick<Instance, "version" | "state" | "snapshot">): DocumentContext =>
  contextOf(machineFor("document", i.version), toStored({ ...i, machine: "document" })) as DocumentContext;

/** The same of a project's. */
export const projectContext = (i: Pick<Instance, "version" | "state" | "snapshot">): ProjectContext =>
  contextOf(machineFor("project", i.version), toStored({ ...i, machine: "project" })) as ProjectContext;

/** The same of a pilot's. */
export const pilotContext = (i: Pick<Instance, "version" | "state" | "snapshot">): PilotContext =>
  contextOf(machineFor("pilot", i.version), toStored({ ...i, machine: "pilot" })) as PilotContext;
