import { and, eq, sql } from "drizzle-orm";
import type { z } from "zod";
import { type Actor, today } from "#app/request/actor.ts";
import { conflict, invalid, notFound, staleRevision } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { actionMilestones, batches, batchQuotas, programmes, type ThresholdChange } from "#db/schema/index.ts";
import { milestones } from "#seeds/catalogue/index.ts";
import { beyondProgramme, milestoneDay, milestoneFaults } from "./programme.rules.ts";
import type {
  batchWindowSchema,
  consultationDaysSchema,
  extensionSchema,
  milestoneDecisionSchema,
  milestoneRefusalSchema,
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

/**
 * The running programme: the one that began last, else the one that begins next, by the calendar of the machine as the clock
 * of `auth.business_now()` is found. Null before the national office created any.
 */
export async function currentProgramme(tx: Tx): Promise<Programme | null> {
  const [row] = await tx
    .select()
    .from(programmes)
    .orderBy(sql`${programmes.startsOn} > current_date`, sql`abs(${programmes.startsOn} - current_date)`)
    .limit(1);
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

/** Fewest days that an edition is out for comments from now on. Consultations that run keep their days. @throws notFound */
export async function setConsultationDays(
  tx: Tx,
  _actor: Actor,
  { programmeId, days, reason }: z.output<typeof consultationDaysSchema>,
): Promise<void> {
  const set = await tx
    .update(programmes)
    .set({ consultationDays: days, consultationDaysReason: reason })
    .where(eq(programmes.id, programmeId))
    .returning({ id: programmes.id });
  if (set.length !== 1) throw notFound({ logMessage: `programme ${programmeId}` });
}

/**
 * Plans the window of a batch, or moves one before its first day, also where it was opened already: nobody can have nominated.
 * @throws invalid for one that ends before it begins, is over or lies beyond the programme; conflict `batch_order` once it runs
 */
export async function planBatch(tx: Tx, actor: Actor, input: z.output<typeof batchWindowSchema>): Promise<void> {
  const { programmeId, no, opensOn, closesOn } = input;
  if (closesOn < opensOn) throw invalid({ closesOn: ["specification_error_window"] });
  if (closesOn < today(actor)) throw invalid({ closesOn: ["error_field_day_past"] });
  await demandInProgramme(tx, programmeId, { opensOn, closesOn });
  const saved = await tx
    .insert(batches)
    .values({ tenantId: actor.tenantId, programmeId, no, opensOn, closesOn })
    .onConflictDoUpdate({
      target: [batches.programmeId, batches.no],
      set: { opensOn, closesOn },
      setWhere: sql`${batches.status} = 'planned' or (${batches.status} = 'open' and ${batches.opensOn} > ${today(actor)})`,
    })
    .returning({ no: batches.no });
  if (saved.length !== 1) throw conflict({ code: "batch_order", logMessage: `batch ${no} is open or closed` });
}

/** Days that lie before a programme or more than a year beyond it, as message keys by field. @throws notFound */
export async function beyondItsProgramme(
  tx: Tx,
  programmeId: string,
  days: Readonly<Record<string, string>>,
): Promise<Record<string, string[]>> {
  const [programme] = await tx.select().from(programmes).where(eq(programmes.id, programmeId));
  if (!programme) throw notFound({ logMessage: `programme ${programmeId}` });
  return beyondProgramme(days, programme);
}
/** @throws invalid, by field, where there are any; notFound */
export async function demandInProgramme(
  tx: Tx,
  programmeId: string,
  days: Readonly<Record<string, string>>,
): Promise<void> {
  const faults = await beyondItsProgramme(tx, programmeId, days);
  if (Object.keys(faults).length > 0) throw invalid(faults);
}

/**
 * Another last day of a window that is open, or that was closed and opens again: longer to choose, or a slip put right.
 * @throws invalid for a day that is past, before the window or the present one; conflict `batch_order` before it was opened
 */
export async function extendBatch(
  tx: Tx,
  actor: Actor,
  { programmeId, no, closesOn, reason }: z.output<typeof extensionSchema>,
): Promise<void> {
  const [batch] = await tx
    .select()
    .from(batches)
    .where(and(eq(batches.programmeId, programmeId), eq(batches.no, no)))
    .for("update");
  if (!batch) throw notFound({ logMessage: `batch ${no}` });
  if (batch.status === "planned") throw conflict({ code: "batch_order", logMessage: `batch ${no} is not open yet` });
  if (closesOn < today(actor)) throw invalid({ closesOn: ["error_field_day_past"] });
  if (closesOn < batch.opensOn) throw invalid({ closesOn: ["specification_error_window"] });
  if (closesOn === batch.closesOn) throw invalid({ closesOn: [`error_window_same|day=${batch.closesOn}`] });
  await demandInProgramme(tx, programmeId, { closesOn });
  await tx
    .update(batches)
    .set({ closesOn, status: "open", closedAt: null, extensionReason: reason })
    .where(and(eq(batches.programmeId, programmeId), eq(batches.no, no)));
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

/**
 * How far a milestone is, as the office records it. Recorded as reached it waits for the director, whatever was said of it before.
 * @throws invalid for a count not reached, a day ahead or outside the programme, a milestone reached without proof;
 *   conflict `stale_revision`; notFound
 */
export async function recordMilestone(tx: Tx, actor: Actor, input: z.output<typeof milestoneSchema>): Promise<void> {
  const { target } = await milestoneOf(tx, input.programmeId, input.id);
  const faults = await faultsOfRecord(tx, actor, { ...input, target });
  if (Object.keys(faults).length > 0) throw invalid(faults);
  await setMilestone(tx, actor, { ...input, acceptedAt: null, acceptedByName: "", refusal: "" });
}

type MilestoneRecord = Parameters<typeof milestoneFaults>[0] & { programmeId: string; target: number | null };
async function faultsOfRecord(tx: Tx, actor: Actor, record: MilestoneRecord): Promise<Record<string, string[]>> {
  const [programme] = await tx
    .select({ from: programmes.startsOn, to: programmes.endsOn })
    .from(programmes)
    .where(eq(programmes.id, record.programmeId));
  if (!programme) throw notFound({ logMessage: `programme ${record.programmeId}` });
  return milestoneFaults(record, { target: record.target, ...programme, today: today(actor) });
}

/**
 * The director's word: it was reached. What was recorded before a proof was asked for cannot be accepted.
 * @throws conflict `milestone_not_recorded`, `milestone_unproven`, `stale_revision`; notFound
 */
export async function acceptMilestone(
  tx: Tx,
  actor: Actor,
  of: z.output<typeof milestoneDecisionSchema>,
): Promise<void> {
  const record = await demandRecorded(tx, of);
  const faults = await faultsOfRecord(tx, actor, record);
  if (Object.keys(faults).length > 0)
    throw conflict({
      code: "milestone_unproven",
      logMessage: `milestone ${of.id} lacks ${Object.keys(faults).join()}`,
    });
  await setMilestone(tx, actor, { ...of, acceptedAt: actor.now, acceptedByName: actor.name, refusal: "" });
}

/** The director's word: this does not show it. It is open again; what was recorded stays to be read. @throws as acceptMilestone */
export async function refuseMilestone(
  tx: Tx,
  actor: Actor,
  { reason, ...of }: z.output<typeof milestoneRefusalSchema>,
): Promise<void> {
  await demandRecorded(tx, of);
  await setMilestone(tx, actor, { ...of, doneOn: null, refusal: reason });
}

async function milestoneOf(tx: Tx, programmeId: string, id: string) {
  const [present] = await tx
    .select()
    .from(actionMilestones)
    .where(and(eq(actionMilestones.programmeId, programmeId), eq(actionMilestones.id, id)));
  if (!present) throw notFound({ logMessage: `milestone ${id}` });
  return present;
}
async function demandRecorded(tx: Tx, { programmeId, id }: { programmeId: string; id: string }) {
  const record = await milestoneOf(tx, programmeId, id);
  if (record.doneOn === null || record.acceptedAt !== null)
    throw conflict({ code: "milestone_not_recorded", logMessage: `milestone ${id} does not wait for a decision` });
  return record;
}
async function setMilestone(
  tx: Tx,
  actor: Actor,
  {
    programmeId,
    id,
    rev,
    ...set
  }: { programmeId: string; id: string; rev: number } & Partial<typeof actionMilestones.$inferInsert>,
): Promise<void> {
  const saved = await tx
    .update(actionMilestones)
    .set({ ...set, rev: rev + 1 })
    .where(
      and(eq(actionMilestones.programmeId, programmeId), eq(actionMilestones.id, id), eq(actionMilestones.rev, rev)),
    )
    .returning({ id: actionMilestones.id });
  if (saved.length === 1) return;
  const present = await milestoneOf(tx, programmeId, id);
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
