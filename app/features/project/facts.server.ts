import { and, count, desc, eq, inArray, sql } from "drizzle-orm";
import { type Actor, today } from "#app/request/actor.ts";
import { planFactCounts } from "#app/features/plan/plan.rules.ts";
import { missingChapters } from "#app/features/risk/risk-register.rules.ts";
import { toLevel, HIGH_LEVEL } from "#app/domain/vocabulary.ts";
import type { Tx } from "#db/client.server.ts";
import {
  batches,
  batchQuotas,
  budgetLines,
  controls,
  documents,
  drafts,
  lessons,
  measures,
  nationalLessons,
  pilots,
  type projects,
  registerAssets,
  risks,
  submissions,
  systems,
  workflowInstances,
} from "#db/schema/index.ts";
import type { ProjectFacts } from "#workflows/project/facts.ts";
import {
  clauseFacts,
  pilotPlanBody,
  pilotPlanSummary,
  riskReportBody,
  riskReportSummary,
  specDraftSummary,
  summaryOf,
} from "./summaries.schema.ts";

type ProjectRow = typeof projects.$inferSelect;

/*
 * What the guards of a project ask, loaded in one round of pipelined queries. A fact that the caller's level may not know
 * is left out: the machine then refuses what would need it, instead of taking it for zero.
 */

export type KnownFacts = Partial<ProjectFacts>;

/** The batch in which the project stands, or which comes next. */
export const batchOf = (state: string): 1 | 2 =>
  state.startsWith("batchTwo") || state.startsWith("specification") || state === "completed" ? 2 : 1;

/** Facts for the caller's level: all of them for the sector, what submissions tell for the national office, thresholds for others. */
export async function projectFacts(tx: Tx, actor: Actor, project: ProjectRow): Promise<KnownFacts> {
  if (actor.level === "sector") return sectorFacts(tx, actor, project);
  if (actor.level === "national") return nationalFacts(tx, actor, project);
  return thresholds(project);
}

const thresholds = (p: ProjectRow) => ({
  responseThreshold: p.responseThresholdBp / 100,
  securityShareThreshold: p.securityShareBp / 100,
});

async function batchFacts(
  tx: Tx,
  actor: Actor,
  project: ProjectRow,
  no: number,
): Promise<Pick<ProjectFacts, "batchWindowOpen" | "batchQuota">> {
  const [windows, quotas] = await Promise.all([
    tx
      .select()
      .from(batches)
      .where(and(eq(batches.programmeId, project.programmeId), eq(batches.no, no))),
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
  const [window] = windows;
  const day = today(actor);
  return {
    batchWindowOpen:
      window !== undefined && window.status === "open" && window.opensOn <= day && day <= window.closesOn,
    batchQuota: quotas[0]?.quota ?? 0,
  };
}

async function nationalFacts(tx: Tx, actor: Actor, project: ProjectRow): Promise<KnownFacts> {
  const [latest, batch] = await Promise.all([
    tx
      .selectDistinctOn([submissions.documentId], { kind: submissions.kind, summary: submissions.summary })
      .from(submissions)
      .where(
        and(
          eq(submissions.tenantId, project.tenantId),
          eq(submissions.projectId, project.id),
          eq(submissions.national, true),
        ),
      )
      .orderBy(submissions.documentId, desc(submissions.seq)),
    batchFacts(tx, actor, project, batchOf(project.state)),
  ]);
  const of = (kind: string) => latest.find((s) => s.kind === kind)?.summary;
  const report = summaryOf(riskReportSummary, of("riskReport"));
  const plan = summaryOf(pilotPlanSummary, of("pilotPlan"));
  const draft = summaryOf(specDraftSummary, of("specDraft"));
  return {
    ...thresholds(project),
    ...batch,
    ...(report
      ? {
          riskCount: report.count,
          missingChapters: report.missingChapters,
          highRisksWithoutOwner: report.highRisksWithoutOwner,
        }
      : {}),
    ...(plan ? planPart(plan) : {}),
    ...(draft ? { clauseCount: draft.clauseCount, clausesWithoutEvidence: draft.clausesWithoutEvidence } : {}),
    // No pilot can be selected without a quota; with one, only the sector knows how many are.
    ...(batch.batchQuota === 0 ? { selectedPilots: 0 } : {}),
  };
}

type PlanFacts = Pick<
  ProjectFacts,
  | "measureCount"
  | "highRisksWithoutMeasure"
  | "measuresWithoutLifecycle"
  | "measuresWithoutDimension"
  | "measuresWithoutBudget"
  | "budgetsBelowShare"
  | "securityShareThreshold"
>;
const planPart = (p: PlanFacts): PlanFacts => ({
  measureCount: p.measureCount,
  highRisksWithoutMeasure: p.highRisksWithoutMeasure,
  measuresWithoutLifecycle: p.measuresWithoutLifecycle,
  measuresWithoutDimension: p.measuresWithoutDimension,
  measuresWithoutBudget: p.measuresWithoutBudget,
  budgetsBelowShare: p.budgetsBelowShare,
  securityShareThreshold: p.securityShareThreshold,
});

async function sectorFacts(tx: Tx, actor: Actor, project: ProjectRow): Promise<ProjectFacts> {
  const no = batchOf(project.state);
  const [survey, register, plan, spec, batch, chosen, learnt] = await Promise.all([
    surveyFacts(tx, project),
    reportFacts(tx, project),
    planFacts(tx, project),
    specificationFacts(tx, project),
    batchFacts(tx, actor, project, no),
    pilotFacts(tx, project, no),
    lessonFacts(tx, project, no),
  ]);
  return { ...thresholds(project), ...survey, ...register, ...plan, ...spec, ...batch, ...chosen, ...learnt };
}

const isIn = (state: string) => state.startsWith("submitted") || state === "approved" || state === "superseded";

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
  const open = new Set(responses.filter((r) => !isIn(r.state)).map((r) => r.siteId));
  const invited = new Set(responses.map((r) => r.siteId));
  return {
    questionCount: questions?.n ?? 0,
    invitedSites: invited.size || registered.length,
    respondedSites: [...invited].filter((s) => !open.has(s)).length,
  };
}

/** Content of a project's own document: the sealed one while it is under review, the draft otherwise. */
async function ownContent(tx: Tx, p: ProjectRow, kind: "riskReport" | "pilotPlan" | "specDraft") {
  const [row] = await tx
    .select({ state: documents.state, body: drafts.body, content: submissions.content, summary: submissions.summary })
    .from(documents)
    .leftJoin(drafts, and(eq(drafts.tenantId, documents.tenantId), eq(drafts.documentId, documents.id)))
    .leftJoin(
      submissions,
      and(eq(submissions.tenantId, documents.tenantId), eq(submissions.id, documents.submissionId)),
    )
    .where(
      and(
        eq(documents.tenantId, p.tenantId),
        eq(documents.projectId, p.id),
        eq(documents.kind, kind),
        sql`${documents.siteId} is null`,
      ),
    )
    .limit(1);
  const sealed = row !== undefined && isIn(row.state) && row.content !== null;
  return { sealed, body: sealed ? row.content : (row?.body ?? {}), summary: sealed ? row.summary : null };
}

async function reportFacts(
  tx: Tx,
  p: ProjectRow,
): Promise<Pick<ProjectFacts, "riskCount" | "missingChapters" | "highRisksWithoutOwner">> {
  const confirmed = and(eq(risks.tenantId, p.tenantId), eq(risks.projectId, p.id), eq(risks.status, "confirmed"));
  const [report, [figures], [assetCount], [responses]] = await Promise.all([
    ownContent(tx, p, "riskReport"),
    tx
      .select({
        n: count(),
        ownerless:
          sql<number>`count(*) filter (where ${risks.level} >= ${HIGH_LEVEL} and btrim(${risks.owner}) = '')`.mapWith(
            Number,
          ),
        threats: sql<number>`count(distinct ${risks.threatCode})`.mapWith(Number),
        vulnerabilities: sql<number>`count(distinct ${risks.vulnerabilityCode})`.mapWith(Number),
      })
      .from(risks)
      .where(confirmed),
    tx
      .select({ n: count() })
      .from(registerAssets)
      .where(and(eq(registerAssets.tenantId, p.tenantId), eq(registerAssets.projectId, p.id))),
    tx
      .select({ n: count() })
      .from(submissions)
      .where(
        and(
          eq(submissions.tenantId, p.tenantId),
          eq(submissions.projectId, p.id),
          eq(submissions.kind, "surveyResponse"),
        ),
      ),
  ]);
  const rows = {
    risks: figures?.n ?? 0,
    threats: figures?.threats ?? 0,
    vulnerabilities: figures?.vulnerabilities ?? 0,
    assets: assetCount?.n ?? 0,
    answers: responses?.n ?? 0,
  };
  const sealed = report.sealed ? summaryOf(riskReportSummary, report.summary) : null;
  const sections = summaryOf(riskReportBody, report.body)?.sections ?? {};
  return {
    riskCount: rows.risks,
    highRisksWithoutOwner: figures?.ownerless ?? 0,
    missingChapters: sealed ? sealed.missingChapters : missingChapters(sections, rows).map((m) => m.no),
  };
}

async function planFacts(tx: Tx, p: ProjectRow): Promise<PlanFacts> {
  const [plan, found, own, lines] = await Promise.all([
    ownContent(tx, p, "pilotPlan"),
    tx
      .select({ id: risks.id, level: risks.level })
      .from(risks)
      .where(and(eq(risks.tenantId, p.tenantId), eq(risks.projectId, p.id), eq(risks.status, "confirmed"))),
    tx
      .select({
        id: measures.id,
        riskId: measures.riskId,
        dimension: measures.dimension,
        object: measures.object,
        lifecycle: measures.lifecycle,
        mechanism: measures.mechanism,
        budgetLineId: measures.budgetLineId,
        startsOn: measures.startsOn,
        endsOn: measures.endsOn,
        owner: measures.owner,
      })
      .from(measures)
      .where(and(eq(measures.tenantId, p.tenantId), eq(measures.projectId, p.id))),
    tx
      .select({
        id: budgetLines.id,
        siteId: budgetLines.siteId,
        amountCenti: budgetLines.amountCenti,
        security: budgetLines.security,
        lifecycle: budgetLines.lifecycle,
      })
      .from(budgetLines)
      .where(and(eq(budgetLines.tenantId, p.tenantId), eq(budgetLines.projectId, p.id))),
  ]);
  return planPart(
    planFactCounts({
      risks: found.map((r) => ({ id: r.id, level: toLevel(r.level) })),
      measures: own,
      budgetLines: lines,
      thresholdBp: p.securityShareBp,
      shareReasons: summaryOf(pilotPlanBody, plan.body)?.shareReasons ?? {},
      indicators: [],
      nominated: [],
    }),
  );
}

async function specificationFacts(tx: Tx, p: ProjectRow) {
  const { clauseCount, clausesWithoutEvidence } = clauseFacts((await ownContent(tx, p, "specDraft")).body);
  return { clauseCount, clausesWithoutEvidence };
}

const taking = new Set([
  "selected",
  "design",
  "construction",
  "acceptance",
  "operation",
  "summary",
  "accepted",
  "suspended",
]);
const pastConstruction = new Set(["operation", "summary", "accepted", "rejected", "withdrawn", "failed"]);

async function pilotFacts(
  tx: Tx,
  p: ProjectRow,
  no: number,
): Promise<Pick<ProjectFacts, "selectedPilots" | "pilotsBeforeOperation" | "batchReviewApproved">> {
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
    selectedPilots: rows.filter((r) => taking.has(r.stage)).length,
    pilotsBeforeOperation: reached.filter((s) => !pastConstruction.has(s)).length,
    batchReviewApproved: reviews.some((r) => r.state === "approved"),
  };
}

async function lessonFacts(
  tx: Tx,
  p: ProjectRow,
  no: number,
): Promise<Pick<ProjectFacts, "lessonsRecorded" | "lessonsUndecided" | "nationalLessonsUnread">> {
  const [own, passedOn] = await Promise.all([
    tx
      .select({ batchNo: lessons.batchNo, nationalLessonId: lessons.nationalLessonId, decision: lessons.decision })
      .from(lessons)
      .where(and(eq(lessons.tenantId, p.tenantId), eq(lessons.projectId, p.id), inArray(lessons.batchNo, [1, 2]))),
    tx
      .select({ id: nationalLessons.id, fromSector: nationalLessons.fromSector })
      .from(nationalLessons)
      .where(and(eq(nationalLessons.programmeId, p.programmeId), eq(nationalLessons.batchNo, 1))),
  ]);
  const decided = new Set(
    own.flatMap((l) => (l.nationalLessonId && l.decision !== "open" ? [l.nationalLessonId] : [])),
  );
  return {
    lessonsRecorded: own.filter((l) => l.batchNo === no && l.nationalLessonId === null).length,
    lessonsUndecided: own.filter((l) => l.batchNo === 1 && l.decision === "open").length,
    nationalLessonsUnread: passedOn.filter((l) => l.fromSector !== p.tenantId && !decided.has(l.id)).length,
  };
}
