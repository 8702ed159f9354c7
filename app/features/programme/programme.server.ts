import { and, desc, eq } from "drizzle-orm";
import type { z } from "zod";
import type { Actor } from "#app/request/actor.ts";
import { conflict, invalid, notFound, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { actionMilestones, batches, batchQuotas, programmes, type ThresholdChange } from "#db/schema/index.ts";
import { milestones } from "#seeds/catalogue/index.ts";
import { milestoneDay } from "./programme.rules.ts";
import type {
  batchWindowSchema,
  milestoneSchema,
  newProgrammeSchema,
  quotaSchema,
  thresholdSchema,
} from "./programme.schema.ts";

export type Programme = typeof programmes.$inferSelect;

/**
 * A national programme with the action plan's milestones, moved into its period. Returns its id.
 * @throws invalid for a period that ends before it begins, or a code that is taken
 */
export async function createProgramme(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof newProgrammeSchema>,
): Promise<string> {
  const id = uuidv7();
  if (input.endsOn <= input.startsOn) throw invalid({ endsOn: ["national_error_period"] });
  const made = await tx
    .insert(programmes)
    .values({ tenantId: actor.tenantId, id, ...input })
    .onConflictDoNothing()
    .returning({ id: programmes.id });
  if (made.length !== 1) throw invalid({ code: ["error_field_taken"] });
  await tx.insert(actionMilestones).values(
    milestones.map((m) => ({
      tenantId: actor.tenantId,
      programmeId: id,
      id: m.id,
      taskNo: m.task,
      dueOn: milestoneDay(m.due, input),
      target: m.target ?? null,
    })),
  );
  return id;
}

/** The running programme: the one that began last. Null before the national office created any. */
export async function currentProgramme(tx: Tx): Promise<Programme | null> {
  const [row] = await tx.select().from(programmes).orderBy(desc(programmes.startsOn)).limit(1);
  return row ?? null;
}

/**
 * Another smallest group that figures outside a sector may speak of. What was told before counts as told; what is told from now
 * on is judged by the new one.
 * @throws invalid where it is the same; conflict `stale_revision` where somebody changed it meanwhile
 */
export async function changeThreshold(
  tx: Tx,
  actor: Actor,
  { programmeId, from, kThreshold, reason }: z.output<typeof thresholdSchema>,
): Promise<void> {
  const [programme] = await tx.select().from(programmes).where(eq(programmes.id, programmeId)).for("update");
  if (!programme) throw notFound({ logMessage: `programme ${programmeId}` });
  if (programme.kThreshold !== from) throw staleRevision(actor.tenantName.zh, { theirs: programme.kThreshold });
  if (kThreshold === from) throw invalid({ kThreshold: ["national_error_same_threshold"] });
  const change: ThresholdChange = { id: uuidv7(), at: actor.now.toISOString(), from, to: kThreshold, reason };
  await tx
    .update(programmes)
    .set({ kThreshold, kChanges: [...programme.kChanges, change] })
    .where(eq(programmes.id, programmeId));
}

/** Plans the window of a batch, or moves one that is not open yet. @throws conflict `batch_order` once it is open. */
export async function planBatch(tx: Tx, actor: Actor, input: z.output<typeof batchWindowSchema>): Promise<void> {
  const { programmeId, no, opensOn, closesOn } = input;
  if (closesOn < opensOn) throw invalid({ closesOn: ["specification_error_window"] });
  const saved = await tx
    .insert(batches)
    .values({ tenantId: actor.tenantId, programmeId, no, opensOn, closesOn })
    .onConflictDoUpdate({
      target: [batches.programmeId, batches.no],
      set: { opensOn, closesOn },
      setWhere: eq(batches.status, "planned"),
    })
    .returning({ no: batches.no });
  if (saved.length !== 1) throw conflict({ code: "batch_order", logMessage: `batch ${no} is open or closed` });
}

/** planned → open or open → closed. @throws conflict when it is not in that order. */
export async function setBatchStatus(
  tx: Tx,
  actor: Actor,
  input: { programmeId: string; no: number; status: "open" | "closed" },
): Promise<void> {
  const from = input.status === "open" ? "planned" : "open";
  const moved = await tx
    .update(batches)
    .set({ status: input.status, ...(input.status === "open" ? { openedAt: actor.now } : { closedAt: actor.now }) })
    .where(and(eq(batches.programmeId, input.programmeId), eq(batches.no, input.no), eq(batches.status, from)))
    .returning({ no: batches.no });
  if (moved.length !== 1) throw conflict({ code: "batch_order", logMessage: `batch ${input.no} is not ${from}` });
}

/** How many pilots a sector may select in a batch; 0: it is not chosen for it. */
export async function setQuota(
  tx: Tx,
  _actor: Actor,
  { programmeId, batchNo, sectorId, quota, note }: z.output<typeof quotaSchema>,
): Promise<void> {
  await tx
    .insert(batchQuotas)
    .values({ tenantId: sectorId, programmeId, batchNo, quota, note })
    .onConflictDoUpdate({
      target: [batchQuotas.tenantId, batchQuotas.programmeId, batchQuotas.batchNo],
      set: { quota, note },
    });
}

/** Progress of one milestone of the action plan. @throws conflict `stale_revision` */
export async function recordMilestone(tx: Tx, actor: Actor, input: z.output<typeof milestoneSchema>): Promise<void> {
  const { programmeId, id, rev, value, doneOn, note } = input;
  const saved = await tx
    .update(actionMilestones)
    .set({ value, doneOn, note, rev: rev + 1 })
    .where(
      and(eq(actionMilestones.programmeId, programmeId), eq(actionMilestones.id, id), eq(actionMilestones.rev, rev)),
    )
    .returning({ id: actionMilestones.id });
  if (saved.length === 1) return;
  const [present] = await tx
    .select()
    .from(actionMilestones)
    .where(and(eq(actionMilestones.programmeId, programmeId), eq(actionMilestones.id, id)));
  if (!present) throw notFound({ logMessage: `milestone ${id}` });
  throw staleRevision(actor.tenantName.zh, { rev: present.rev, theirs: present });
}

/** Sets the business clock so that it shows `at` now; for a programme that replays another time. */
export async function setProgrammeClock(
  tx: Tx,
  _actor: Actor,
  { programmeId, at }: { programmeId: string; at: Date },
): Promise<void> {
  const set = await tx
    .update(programmes)
    .set({ clockOffsetMs: at.getTime() - Date.now() })
    .where(eq(programmes.id, programmeId))
    .returning({ id: programmes.id });
  if (set.length !== 1) throw notFound({ logMessage: `programme ${programmeId}` });
}
