import { screenPilots } from "./selection-facts.server.ts";
import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { afterWorkingDays } from "#app/domain/working-days.ts";
import { latestSubmission, projectDocument } from "#app/features/document/document.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { type Fired, fire } from "#app/features/workflow/workflow.server.ts";
import { startInstance } from "#app/features/workflow/instance.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { windowOf } from "#app/features/project/facts.server.ts";
import { batchStep } from "#app/features/project/project.rules.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { conflict, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { codeOf } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { pilots, systems, workflowInstances } from "#db/schema/index.ts";
import { computeEffects, refreshHealth } from "./effects.server.ts";
import { loadPilot, pilotFacts, type PilotRow } from "./facts.server.ts";
import { type Nomination, nominationSchema } from "./pilots.schema.ts";
import { firstReportDue } from "./periods.rules.ts";
import { sendersOf } from "#workflows/authority.ts";
import { rankBatch } from "./scoring.server.ts";

export { loadPilot } from "./facts.server.ts";

/** Working days that a selection is on public notice (公示), the day of posting not counted; published pilot notices give five to seven. */
const noticeDays = 5;

const planContent = z.object({
  nominations: z.array(nominationSchema).optional(),
  body: z.object({ nominations: z.array(nominationSchema).optional() }).optional(),
});

/** Nominations of a batch as the approved plan has them; null before it is approved. */
async function nominationsOf(tx: Tx, projectId: string, batchNo: 1 | 2): Promise<Nomination[] | null> {
  const plan = await projectDocument(tx, projectId, "pilotPlan");
  if (!plan || plan.state !== "approved") return null;
  const submission = await latestSubmission(tx, plan.id);
  const content = planContent.safeParse(submission?.content);
  const all = content.success ? (content.data.nominations ?? content.data.body?.nominations ?? []) : [];
  return all.filter((n) => n.batchNo === batchNo);
}

/** Rows of one insert: PostgreSQL takes at most 65,535 parameters a statement. */
const chunk = 500;

type SystemRow = typeof systems.$inferSelect;

/** The systems that are nominated, by id, as far as they are there. */
async function systemsById(tx: Tx, actor: Actor, ids: string[]): Promise<ReadonlyMap<string, SystemRow>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select()
    .from(systems)
    .where(and(eq(systems.tenantId, actor.tenantId), inArray(systems.id, ids)));
  return new Map(rows.map((s) => [s.id, s]));
}

type Barrier = NonNullable<Parameters<typeof conflict>[0]>;
/** What a window that takes no nomination says of itself. */
function windowBarrier(window: Awaited<ReturnType<typeof windowOf>>, batchNo: number): Barrier | null {
  if (window?.standing === "open") return null;
  const logMessage = `window of batch ${batchNo} is not open`;
  if (!window) return { code: "batch_window_unplanned", logMessage };
  const messageKey =
    window.standing === "closed" ? "error_batch_window_closed" : `error_batch_window_${window.standing}`;
  return { code: "batch_window_closed", messageKey, params: { from: window.opensOn, to: window.closesOn }, logMessage };
}
/** What the plan nominates for a batch, and why none of it can be nominated now; null where it can. */
async function nominable(tx: Tx, actor: Actor, projectId: string, batchNo: 1 | 2) {
  const [wanted, project] = await Promise.all([nominationsOf(tx, projectId, batchNo), loadProject(tx, projectId)]);
  const barrierOf = async (): Promise<Barrier | null> => {
    if (!wanted) return { code: "plan_not_approved" };
    if (batchStep(project.state, batchNo) !== "selecting") return { code: "batch_step" };
    if (wanted.length === 0)
      return {
        code: "plan_nominates_none",
        params: { batch: batchNo },
        logMessage: `the plan has no system for batch ${batchNo}`,
      };
    return windowBarrier(await windowOf(tx, actor, project.programmeId, batchNo), batchNo);
  };
  return { wanted: wanted ?? [], barrier: await barrierOf() };
}

const nominatedAlready = (tx: Tx, actor: Actor, projectId: string, batchNo: number) =>
  tx
    .select({ systemId: pilots.systemId, code: pilots.code })
    .from(pilots)
    .where(and(eq(pilots.tenantId, actor.tenantId), eq(pilots.projectId, projectId), eq(pilots.batchNo, batchNo)));

/** Why nothing can be nominated for a batch now, in words; null where `nominatePilots` would add something. */
export async function nominationBarred(
  tx: Tx,
  actor: Actor,
  { projectId, batchNo, locale }: { projectId: string; batchNo: 1 | 2; locale: Locale },
): Promise<string | null> {
  const { wanted, barrier } = await nominable(tx, actor, projectId, batchNo);
  if (barrier) return translate(barrier.messageKey ?? `error_${barrier.code}`, barrier.params ?? {}, locale);
  const taken = new Set((await nominatedAlready(tx, actor, projectId, batchNo)).map((k) => k.systemId));
  return wanted.every((n) => taken.has(n.systemId)) ? translate("pilots_nominated_none", {}, locale) : null;
}

/**
 * Makes the pilots of a batch from the nominations of the approved plan, each with its machine; a system that is in the
 * batch already is left as it is, so that it may be called again after the plan was approved anew.
 * @returns ids of the pilots that were added.
 * @throws conflict `plan_not_approved`, `batch_step` outside the batch's selection, `plan_nominates_none`, `batch_window_closed`
 *   with its days before the window opens and after its last day, `batch_window_unplanned`
 */
export async function nominatePilots(tx: Tx, actor: Actor, projectId: string, batchNo: 1 | 2): Promise<string[]> {
  const { wanted, barrier } = await nominable(tx, actor, projectId, batchNo);
  if (barrier) throw conflict(barrier);
  const [known, byId] = await Promise.all([
    nominatedAlready(tx, actor, projectId, batchNo),
    systemsById(
      tx,
      actor,
      wanted.map((n) => n.systemId),
    ),
  ]);
  const taken = new Set(known.map((k) => k.systemId));
  let no = known.reduce((max, k) => Math.max(max, Number(k.code.split("-")[1] ?? 0)), 0);
  const rows = wanted.flatMap((n) => {
    const system = byId.get(n.systemId);
    if (!system || taken.has(n.systemId)) return [];
    taken.add(n.systemId);
    no += 1;
    const code = codeOf(`P${batchNo}`, 2, no);
    return [newPilot(actor, { projectId, batchNo, code, direction: n.direction, system })];
  });
  for (let from = 0; from < rows.length; from += chunk) await addPilots(tx, actor, rows.slice(from, from + chunk));
  return rows.map((r) => r.id);
}

interface NewPilot extends Pick<Nomination, "direction"> {
  projectId: string;
  batchNo: 1 | 2;
  code: string;
  system: SystemRow;
}
const newPilot = (actor: Actor, { projectId, batchNo, code, direction, system }: NewPilot) => ({
  tenantId: actor.tenantId,
  id: uuidv7(),
  projectId,
  batchNo,
  siteId: system.siteId,
  systemId: system.id,
  code,
  name: system.name,
  direction,
  grade: system.grade,
  createdAt: actor.now,
  updatedAt: actor.now,
});

/** Pilots, and the machine of each. */
async function addPilots(tx: Tx, actor: Actor, rows: ReturnType<typeof newPilot>[]): Promise<void> {
  await tx.insert(pilots).values(rows);
  await Promise.all(
    rows.map((p) =>
      startInstance(tx, actor, {
        machine: "pilot",
        tenantId: p.tenantId,
        objectId: p.id,
        projectId: p.projectId,
        siteId: p.siteId,
        input: { at: actor.now.toISOString(), batch: p.batchNo },
      }),
    ),
  );
}

export interface PilotMove {
  pilotId: string;
  type: string;
  payload?: Record<string, unknown> | undefined;
  expectedVersion?: number | undefined;
  locale: Locale;
}

/**
 * One act on a pilot with what follows from it: the result of screening, the days of public notice, score and rank, the
 * next report, effect and health.
 * @throws what `fire` throws; notFound for somebody else's pilot.
 */
export async function movePilot(
  tx: Tx,
  actor: Actor,
  { pilotId, type, payload, expectedVersion, locale }: PilotMove,
): Promise<Fired> {
  const pilot = await loadPilot(tx, pilotId);
  // Two selections at once must not both take the last place: the project's instance is the one door to its quota. Who does
  // not select is told so by the machine.
  if (type === "SELECT" && sendersOf("pilot", null, "SELECT").includes(actor.role)) await lockPlaces(tx, pilot);
  const facts = await pilotFacts(tx, actor, pilot, locale);
  const fired = await fire(
    tx,
    actor,
    { objectId: pilot.id, type, payload: payload ?? {}, facts, expectedVersion },
    locale,
  );
  await follow(tx, actor, pilot, type, fired);
  return fired;
}

async function lockPlaces(tx: Tx, pilot: PilotRow): Promise<void> {
  const held = await tx
    .select({ id: workflowInstances.id })
    .from(workflowInstances)
    .where(and(eq(workflowInstances.tenantId, pilot.tenantId), eq(workflowInstances.objectId, pilot.projectId)))
    .for("update");
  if (held.length !== 1) throw notFound({ logMessage: `project of pilot ${pilot.id}` });
}

async function follow(tx: Tx, actor: Actor, pilot: PilotRow, type: string, { to }: Fired): Promise<void> {
  if (actor.level !== "sector") return;
  if (type === "START_SCREENING" || type === "PASS_SCREENING") {
    const screened = (await screenPilots(tx, [pilot])).get(pilot.id);
    await set(tx, pilot, {
      screening: { missing: screened?.missing ?? [], duplicates: screened?.duplicateCodes ?? [], note: "" },
      ...(type === "PASS_SCREENING" ? { scoringSince: actor.now } : {}),
    });
  } else if (type === "FINISH_SCORING") {
    const from = today(actor);
    await set(tx, pilot, { noticeFrom: from, noticeTo: afterWorkingDays(from, noticeDays) });
    await rankBatch(tx, pilot);
  } else if (type === "RETURN_TO_SCORING") {
    // Scored anew, each by themselves: sheets of the round before stay as they were handed in, and count no longer.
    await set(tx, pilot, {
      noticeFrom: null,
      noticeTo: null,
      scoreCenti: null,
      rank: null,
      scoringRound: pilot.scoringRound + 1,
      scoringSince: actor.now,
    });
    await rankBatch(tx, pilot);
  } else if (type === "PASS_ACCEPTANCE") {
    await set(tx, pilot, { nextReportDue: firstReportDue(today(actor)) });
    await computeEffects(tx, actor, { projectId: pilot.projectId, pilotIds: [pilot.id] });
  } else if (type === "ACCEPT") {
    await set(tx, pilot, { nextReportDue: null });
    await computeEffects(tx, actor, { projectId: pilot.projectId, pilotIds: [pilot.id] });
  } else if (to === "failed" || to === "rejected") {
    await set(tx, pilot, { nextReportDue: null });
  }
  if (to === "operation" || to === "summary" || to === "accepted")
    await refreshHealth(tx, actor, { projectId: pilot.projectId, pilotIds: [pilot.id] });
}

async function set(tx: Tx, pilot: PilotRow, values: Partial<PilotRow>): Promise<void> {
  const done = await tx
    .update(pilots)
    .set(values)
    .where(and(eq(pilots.tenantId, pilot.tenantId), eq(pilots.id, pilot.id)))
    .returning({ id: pilots.id });
  if (done.length !== 1) throw notFound({ logMessage: `pilot ${pilot.id} may not be changed` });
}

/** How many pilots of a project stand in each stage, by batch; one statement. */
export async function stageCounts(tx: Tx, actor: Actor, projectId: string) {
  return tx
    .select({ batchNo: pilots.batchNo, stage: pilots.stage, n: sql<number>`count(*)::int` })
    .from(pilots)
    .where(and(eq(pilots.tenantId, actor.tenantId), eq(pilots.projectId, projectId)))
    .groupBy(pilots.batchNo, pilots.stage);
}
