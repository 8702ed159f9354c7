import type { z } from "zod";
import {
  approveDocument,
  createDocument,
  type DocumentRow,
  endorseDocument,
  latestSubmission,
  loadDraft,
  type PartReason,
  projectDocument,
  returnDocument,
  saveDraft,
  submitDocument,
  type SubmissionRow,
} from "#app/features/document/document.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { may, openIn } from "#app/request/permissions.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import { pilotPlanSummary, summaryOf } from "#app/features/project/summaries.schema.ts";
import { stepOf } from "#app/features/document/paired-acts.server.ts";
import { afterNote } from "#app/features/document/reapproval.server.ts";
import { notePlanChange } from "./plan-change.server.ts";
import type { Fired } from "#app/features/workflow/workflow.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pickField } from "#app/i18n/pick.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { systems } from "#db/schema/index.ts";
import { planSections } from "#seeds/catalogue/index.ts";
import { and, eq } from "drizzle-orm";
import type { nominateSchema, planTextSchema, shareReasonSchema, withdrawNominationSchema } from "./plan.schema.ts";
import {
  emptyPlan,
  knownSections,
  type PlanBody,
  type PlanContent,
  planContent,
  requiredSections,
  summaryOfPlan,
} from "./plan-content.server.ts";

/*
 * The pilot plan of a sector: approved by its lead, then by the national office. Document and project move together, in
 * one transaction.
 */

/** The plan's document; begun where there is none yet. */
export async function ensurePlan(tx: Tx, actor: Actor, projectId: string): Promise<DocumentRow> {
  const known = await projectDocument(tx, projectId, "pilotPlan");
  if (known) return known;
  const project = await loadProject(tx, projectId);
  return createDocument(tx, actor, {
    kind: "pilotPlan",
    projectId,
    title: m.plan_document({ project: project.nameZh }, { locale: "zh-CN" }),
    dueOn: project.dueOn.pilotPlan,
  });
}

export interface OpenPlan {
  project: ProjectRow;
  document: DocumentRow | null;
  rev: number;
  content: PlanContent;
  /** Set when `content` is the sealed one: it is with a reviewer, or approved. */
  submission: SubmissionRow | null;
  /** An approved plan as its author changes it. */
  working: boolean;
}
const isSealed = (d: DocumentRow | null): boolean =>
  d !== null && (d.state.startsWith("submitted") || d.state === "approved" || d.state === "superseded");

/** The plan as its reader may see it: the sector's draft over its rows, a site's own rows, or what was sealed. Null for the national office before it was sent. `work`: its author's rows of an approved one. */
export async function openPlan(
  tx: Tx,
  actor: Actor,
  projectId: string,
  { work = false } = {},
): Promise<OpenPlan | null> {
  const [project, document] = await Promise.all([
    loadProject(tx, projectId),
    projectDocument(tx, projectId, "pilotPlan"),
  ]);
  const working = work && may(actor.role, "plan.write") && document?.state === "approved";
  if (actor.level === "national" || (actor.level === "sector" && isSealed(document) && !working)) {
    const submission = document ? await latestSubmission(tx, document.id) : null;
    if (!document || !submission) return null;
    return { project, document, rev: 0, content: submission.content as PlanContent, submission, working: false };
  }
  const draft =
    document && actor.level === "sector"
      ? await loadDraft<PlanBody>(tx, document.id, emptyPlan)
      : { body: emptyPlan, rev: 0 };
  return {
    project,
    document,
    rev: draft.rev,
    content: await planContent(tx, actor, project, { ...emptyPlan, ...draft.body }),
    submission: null,
    working,
  };
}

/** Changes the working text from the revision the person saw. @throws conflict `sealed` or `stale_revision`. */
async function changeBody(
  tx: Tx,
  actor: Actor,
  projectId: string,
  rev: number,
  change: (body: PlanBody) => PlanBody,
): Promise<number> {
  const document = await ensurePlan(tx, actor, projectId);
  if (!openIn("plan.write", document.state))
    throw conflict({ code: "sealed", logMessage: `plan ${document.id} is ${document.state}` });
  const { body } = await loadDraft<PlanBody>(tx, document.id, emptyPlan);
  const saved = await saveDraft<PlanBody>(tx, actor, document, change({ ...emptyPlan, ...body }), rev);
  await notePlanChange(tx, actor, projectId);
  return saved;
}

/** Saves the texts of some sections in one language. Returns the new revision. */
export async function savePlanTexts(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof planTextSchema> & { projectId: string },
): Promise<number> {
  if (Object.keys(input.texts).some((k) => !knownSections.has(k))) throw invalid({ texts: ["error_field_choice"] });
  const side = input.language === "zh" ? "sections" : "sectionsEn";
  return changeBody(tx, actor, input.projectId, input.rev, (b) => ({ ...b, [side]: { ...b[side], ...input.texts } }));
}

/** Nominates a system for a batch; once a batch, the direction can be changed by nominating again. */
export async function nominateSystem(
  tx: Tx,
  actor: Actor,
  { projectId, rev, ...wanted }: z.output<typeof nominateSchema> & { projectId: string },
): Promise<number> {
  const [system] = await tx
    .select({ id: systems.id })
    .from(systems)
    .where(and(eq(systems.tenantId, actor.tenantId), eq(systems.id, wanted.systemId)));
  if (!system) throw invalid({ systemId: ["error_field_unknown_id"] });
  return changeBody(tx, actor, projectId, rev, (b) => ({
    ...b,
    nominations: [
      ...b.nominations.filter((n) => n.systemId !== wanted.systemId || n.batchNo !== wanted.batchNo),
      wanted,
    ],
  }));
}
export const withdrawNomination = (
  tx: Tx,
  actor: Actor,
  { projectId, rev, systemId, batchNo }: z.output<typeof withdrawNominationSchema> & { projectId: string },
): Promise<number> =>
  changeBody(tx, actor, projectId, rev, (b) => ({
    ...b,
    nominations: b.nominations.filter((n) => n.systemId !== systemId || n.batchNo !== batchNo),
  }));

/** Why a site stays below the threshold; an empty text takes the reason back. */
export const explainShare = (
  tx: Tx,
  actor: Actor,
  { projectId, rev, siteId, reason }: z.output<typeof shareReasonSchema> & { projectId: string },
): Promise<number> =>
  changeBody(tx, actor, projectId, rev, (b) => {
    const { [siteId]: _, ...others } = b.shareReasons;
    return { ...b, shareReasons: reason === "" ? others : { ...others, [siteId]: reason } };
  });

/** Share of required sections that are written, 0–100, and those that are not, in words. */
export function completenessOfPlan(
  content: PlanContent,
  locale: Locale,
): { completeness: number; missingParts: string[] } {
  const open = planSections.filter(
    (s) => requiredSections.includes(s.key) && (content.sections[s.key] ?? "").trim() === "",
  );
  const missingParts = open.map((s) => pickField(s, "title", locale));
  if (content.nominations.length === 0) missingParts.push(m.plan_part_nominations({}, { locale }));
  return {
    completeness: Math.floor(((requiredSections.length - open.length) * 100) / requiredSections.length),
    missingParts,
  };
}

export interface PlanMove {
  projectId: string;
  locale: Locale;
  /** Version of the document's machine the person saw. */
  expectedVersion?: number | undefined;
}

/** Regulator: seals the plan as it is now and hands it to the lead. */
export async function submitPlan(
  tx: Tx,
  actor: Actor,
  { projectId, locale, expectedVersion }: PlanMove,
): Promise<Fired & { submission: SubmissionRow }> {
  const [project, document] = await Promise.all([loadProject(tx, projectId), ensurePlan(tx, actor, projectId)]);
  const { body } = await loadDraft<PlanBody>(tx, document.id, emptyPlan);
  const content = await planContent(tx, actor, project, { ...emptyPlan, ...body });
  const step = await stepOf(tx, actor, project, document, locale);
  const noted = await notePlanChange(tx, actor, projectId, locale);
  const done = await submitDocument(tx, actor, {
    document,
    expectedVersion: afterNote(expectedVersion, noted),
    locale,
    sealing: { content, summary: summaryOfPlan(content) },
    completeness: completenessOfPlan(content, locale),
  });
  await step({
    type: "SUBMIT_PLAN",
    facts: await projectFacts(tx, actor, project),
    contentHash: done.submission.sha256,
  });
  return done;
}

async function submitted(
  tx: Tx,
  projectId: string,
): Promise<{ project: ProjectRow; document: DocumentRow; submission: SubmissionRow }> {
  const [project, document] = await Promise.all([
    loadProject(tx, projectId),
    projectDocument(tx, projectId, "pilotPlan"),
  ]);
  if (!document) throw notFound({ logMessage: `no plan of project ${projectId}` });
  const submission = await latestSubmission(tx, document.id);
  if (!submission) throw conflict({ code: "nothing_submitted" });
  return { project, document, submission };
}
const joined = (parts: readonly PartReason[], locale: Locale): string =>
  parts
    .map((p) => p.reason)
    .join(locale === "en" ? "; " : "；")
    .slice(0, 2000);

/** Lead or national director: back to the sector's authors, with a reason for each section. */
export async function returnPlan(
  tx: Tx,
  actor: Actor,
  { projectId, locale, expectedVersion, parts }: PlanMove & { parts: readonly PartReason[] },
): Promise<Fired> {
  const { project, document } = await submitted(tx, projectId);
  const step = await stepOf(tx, actor, project, document, locale);
  const done = await returnDocument(tx, actor, { document, expectedVersion, locale, parts });
  const type = actor.level === "national" ? "RETURN_PLAN_NATIONAL" : "RETURN_PLAN";
  await step({ type, payload: { reason: joined(parts, locale) }, facts: await projectFacts(tx, actor, project) });
  return done;
}

/** Lead: hands the sealed plan on to the national office. */
export async function endorsePlan(
  tx: Tx,
  actor: Actor,
  { projectId, locale, expectedVersion }: PlanMove,
): Promise<Fired> {
  const { project, document, submission } = await submitted(tx, projectId);
  const step = await stepOf(tx, actor, project, document, locale);
  const done = await endorseDocument(tx, actor, { document, expectedVersion, locale });
  await step({
    type: "APPROVE_PLAN_SECTOR",
    facts: await projectFacts(tx, actor, project),
    contentHash: submission.sha256,
  });
  return done;
}

/** Facts of the seal that is being approved: the national office knows nothing else of a plan. */
export async function planApprovalFacts(tx: Tx, actor: Actor, project: ProjectRow, submission: SubmissionRow | null) {
  const facts = await projectFacts(tx, actor, project);
  const sealed = submission ? summaryOf(pilotPlanSummary, submission.summary) : null;
  return { ...facts, ...sealed };
}

/**
 * National director: approves the sealed plan; the project goes on to select for batch one.
 * @throws workflow_refused with the reasons: a high risk without a measure, a measure without stage, dimension or budget, a share too low.
 */
export async function approvePlan(
  tx: Tx,
  actor: Actor,
  { projectId, locale, expectedVersion }: PlanMove,
): Promise<Fired> {
  const { project, document, submission } = await submitted(tx, projectId);
  const facts = await planApprovalFacts(tx, actor, project, submission);
  const step = await stepOf(tx, actor, project, document, locale);
  const done = await approveDocument(tx, actor, { document, expectedVersion, locale });
  await step({ type: "APPROVE_PLAN", facts, contentHash: submission.sha256 });
  return done;
}
