import { and, count, eq, sql } from "drizzle-orm";
import { gateFacts } from "#app/features/document/standing.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import {
  batches,
  batchQuotas,
  controls,
  documents,
  pilots,
  type projects,
  systems,
  workflowInstances,
} from "#db/schema/index.ts";
import { isHandedIn, phaseDocument, type ProjectFacts, stageIs } from "#workflows/index.ts";
import { lessonFacts } from "./lesson-facts.server.ts";
import { windowStanding } from "#app/features/programme/programme.rules.ts";
import { phaseOf } from "./project.rules.ts";

type ProjectRow = typeof projects.$inferSelect;

/*
 * What the guards of a project ask, loaded in one round of pipelined queries. A fact that the caller's level may not know
 * is left out: the machine then refuses what would need it, instead of taking it for zero.
 */

export type KnownFacts = Partial<ProjectFacts>;

/** The batch in which the project stands, or which comes next. */
const batchOf = (state: string): 1 | 2 =>
  state.startsWith("batchTwo") || state.startsWith("specification") || state === "completed" ? 2 : 1;

/**
 * Facts for the caller's level: for the sector all that the present phase may be asked, for the national office what
 * submissions tell, thresholds for others.
 */
export async function projectFacts(tx: Tx, actor: Actor, project: ProjectRow): Promise<KnownFacts> {
  if (actor.level === "sector") return sectorFacts(tx, actor, project);
  if (actor.level === "national") return nationalFacts(tx, actor, project);
  return thresholds(project);
}

const thresholds = (p: ProjectRow) => ({
  responseThreshold: p.responseThresholdBp / 100,
  securityShareThreshold: p.securityShareBp / 100,
});

/** The national window of a batch and how it stands today; null before it was planned. */
export async function windowOf(tx: Tx, actor: Actor, programmeId: string, no: number) {
  const [window] = await tx
    .select()
    .from(batches)
    .where(and(eq(batches.programmeId, programmeId), eq(batches.no, no)));
  return window ? { ...window, standing: windowStanding(window, today(actor)) } : null;
}

async function batchFacts(
  tx: Tx,
  actor: Actor,
  project: ProjectRow,
  no: number,
): Promise<Pick<ProjectFacts, "batchWindowOpen" | "batchQuota">> {
  const [window, quotas] = await Promise.all([
    windowOf(tx, actor, project.programmeId, no),
    tx
      .select({ quota: batchQuotas.quota })
      .from(batchQuotas)
      .where(
        and(
          eq(batchQuotas.tenantId, project.tenantId),
          eq(batchQuotas.programmeId, project.programmeId),
          eq(batchQuotas.batchNo, no),
        ),
      ),
  ]);
  return {
    batchWindowOpen: window?.standing === "open",
    batchQuota: quotas[0]?.quota ?? 0,
  };
}

/** What the document of the present phase tells its gate; of another phase no gate asks. */
async function phaseFacts(tx: Tx, actor: Actor, project: ProjectRow): Promise<KnownFacts> {
  const phase = phaseOf(project.state);
  const kind = phase === null ? undefined : phaseDocument[phase];
  return kind ? gateFacts(tx, actor, project, kind) : {};
}

async function nationalFacts(tx: Tx, actor: Actor, project: ProjectRow): Promise<KnownFacts> {
  const [gate, batch] = await Promise.all([
    phaseFacts(tx, actor, project),
    batchFacts(tx, actor, project, batchOf(project.state)),
  ]);
  return {
    ...thresholds(project),
    ...batch,
    ...gate,
    // No pilot can be selected without a quota; with one, only the sector knows how many are.
    ...(batch.batchQuota === 0 ? { selectedPilots: 0, pilotsInSelection: 0 } : {}),
  };
}

async function sectorFacts(tx: Tx, actor: Actor, project: ProjectRow): Promise<KnownFacts> {
  const no = batchOf(project.state);
  // What only batches ask is not looked up before the first and after the second.
  const inBatch = ["batchOne", "batchTwo"].includes(phaseOf(project.state) ?? "");
  const [survey, gate, batch, chosen, learnt] = await Promise.all([
    surveyFacts(tx, project),
    phaseFacts(tx, actor, project),
    batchFacts(tx, actor, project, no),
    inBatch ? pilotFacts(tx, project, no) : {},
    inBatch ? lessonFacts(tx, project, no) : {},
  ]);
  return { ...thresholds(project), ...survey, ...gate, ...batch, ...chosen, ...learnt };
}

/** A site counts as invited when it has a response (before the survey opens: a system), as responded when all of them are in. */
async function surveyFacts(tx: Tx, p: ProjectRow) {
  const [[questions], responses, registered] = await Promise.all([
    tx.select({ n: count() }).from(controls).where(eq(controls.version, p.questionnaireVersion)),
    tx
      .select({ siteId: documents.siteId, state: documents.state })
      .from(documents)
      .where(
        and(eq(documents.tenantId, p.tenantId), eq(documents.projectId, p.id), eq(documents.kind, "surveyResponse")),
      ),
    tx.selectDistinct({ siteId: systems.siteId }).from(systems).where(eq(systems.tenantId, p.tenantId)),
  ]);
  const open = new Set(responses.filter((r) => !isHandedIn(r.state)).map((r) => r.siteId));
  const invited = new Set(responses.map((r) => r.siteId));
  return {
    questionCount: questions?.n ?? 0,
    invitedSites: invited.size || registered.length,
    respondedSites: [...invited].filter((s) => !open.has(s)).length,
  };
}

async function pilotFacts(
  tx: Tx,
  p: ProjectRow,
  no: number,
): Promise<
  Pick<ProjectFacts, "selectedPilots" | "pilotsInSelection" | "pilotsBeforeOperation" | "batchReviewApproved">
> {
  const [rows, reviews] = await Promise.all([
    tx
      .select({ stage: pilots.stage, from: sql<string | null>`${workflowInstances.snapshot} #>> '{context,leftFrom}'` })
      .from(pilots)
      .leftJoin(
        workflowInstances,
        and(
          eq(workflowInstances.tenantId, pilots.tenantId),
          eq(workflowInstances.objectId, pilots.id),
          eq(pilots.stage, "suspended"),
        ),
      )
      .where(and(eq(pilots.tenantId, p.tenantId), eq(pilots.projectId, p.id), eq(pilots.batchNo, no))),
    tx
      .select({ state: documents.state })
      .from(documents)
      .where(
        and(
          eq(documents.tenantId, p.tenantId),
          eq(documents.projectId, p.id),
          eq(documents.kind, "batchReview"),
          eq(documents.period, String(no)),
        ),
      ),
  ]);
  // One that is suspended stands where it was interrupted.
  const reached = rows.map((r) => (r.stage === "suspended" ? (r.from ?? r.stage) : r.stage));
  return {
    // One that has failed has used up its place, and is no batch to begin with.
    selectedPilots: rows.filter((r) => stageIs(r.stage, "takesPlace") && !stageIs(r.stage, "failed")).length,
    pilotsInSelection: rows.filter((r) => stageIs(r.stage, "selecting")).length,
    pilotsBeforeOperation: reached.filter((s) => !stageIs(s, "builtOrEnded")).length,
    batchReviewApproved: reviews.some((r) => r.state === "approved"),
  };
}
