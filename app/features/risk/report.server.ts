import type { z } from "zod";
import {
  approveDocument,
  createDocument,
  type DocumentRow,
  latestSubmission,
  loadDocument,
  loadDraft,
  type PartReason,
  projectDocument,
  returnDocument,
  saveDraft,
  shareNationally,
  submitDocument,
  type SubmissionRow,
} from "#app/features/document/document.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { may, openIn } from "#app/request/permissions.ts";
import { projectFacts } from "#app/features/project/facts.server.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import { riskReportSummary, summaryOf } from "#app/features/project/summaries.schema.ts";
import { afterNote } from "#app/features/document/reapproval.server.ts";
import { stepOf } from "#app/features/document/paired-acts.server.ts";
import type { Fired } from "#app/features/workflow/workflow.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { reportChapters } from "#seeds/catalogue/index.ts";
import {
  completenessOf,
  emptyReport,
  type ReportBody,
  type ReportContent,
  reportContent,
  summaryOfReport,
} from "./report-content.server.ts";
import { noteRegisterChange, noteReportChange } from "./report-change.server.ts";
import { draftTexts } from "./report-texts.server.ts";
import type { chapterTextSchema } from "./risk.schema.ts";

/*
 * The risk assessment report of a sector: one document a project. Its machine and the project's move together, in one
 * transaction: what is approved is what was sealed.
 */

const writtenSections = new Set(
  reportChapters.flatMap((c) => c.sections.filter((s) => s.from === "text").map((s) => s.key)),
);

/** The report's document; begun where there is none yet. */
export async function ensureReport(tx: Tx, actor: Actor, projectId: string): Promise<DocumentRow> {
  const known = await projectDocument(tx, projectId, "riskReport");
  if (known) return known;
  const project = await loadProject(tx, projectId);
  return createDocument(tx, actor, {
    kind: "riskReport",
    projectId,
    title: m.risk_report_document({ project: project.nameZh }, { locale: "zh-CN" }),
    dueOn: project.dueOn.riskReport,
  });
}

export interface OpenReport {
  project: ProjectRow;
  document: DocumentRow | null;
  body: ReportBody;
  rev: number;
  updatedByName: string;
  content: ReportContent;
  /** Set when `content` is the sealed one: it is with the reviewer, or approved. */
  submission: SubmissionRow | null;
  /** An approved report as its author changes it. */
  working: boolean;
}
const isSealed = (d: DocumentRow | null): boolean =>
  d !== null && (d.state.startsWith("submitted") || d.state === "approved" || d.state === "superseded");

/** The report as its reader may see it: a sector's own draft over the live register, or what was sealed. `work`: its author's text of an approved one. */
export async function openReport(
  tx: Tx,
  actor: Actor,
  projectId: string,
  { work = false } = {},
): Promise<OpenReport | null> {
  const [project, document] = await Promise.all([
    loadProject(tx, projectId),
    projectDocument(tx, projectId, "riskReport"),
  ]);
  const working = work && may(actor.role, "report.write") && document?.state === "approved";
  if (actor.level === "national" || (isSealed(document) && !working)) {
    const submission = document ? await latestSubmission(tx, document.id) : null;
    if (!document || !submission) return null;
    const content = submission.content as ReportContent;
    const { rev, updatedByName } =
      actor.level === "sector"
        ? await loadDraft<ReportBody>(tx, document.id, emptyReport)
        : { rev: 0, updatedByName: "" };
    return { project, document, body: content, rev, updatedByName, content, submission, working: false };
  }
  const draft = document
    ? await loadDraft<ReportBody>(tx, document.id, emptyReport)
    : { body: emptyReport, rev: 0, updatedByName: "" };
  return {
    project,
    document,
    body: draft.body,
    rev: draft.rev,
    updatedByName: draft.updatedByName,
    content: await reportContent(tx, actor, project, draft.body),
    submission: null,
    working,
  };
}

/** @throws conflict `sealed` while it is reviewed. */
async function editableReport(tx: Tx, actor: Actor, projectId: string): Promise<DocumentRow> {
  const document = await ensureReport(tx, actor, projectId);
  if (!openIn("report.write", document.state))
    throw conflict({ code: "sealed", logMessage: `report ${document.id} is ${document.state}` });
  return document;
}

/**
 * Saves the texts of some sections in one language. Only sections that are written by hand are taken.
 * @throws conflict `stale_revision` with the other text; invalid for an unknown section.
 */
export async function saveReportChapter(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof chapterTextSchema> & { projectId: string },
): Promise<number> {
  const unknown = Object.keys(input.texts).filter((k) => !writtenSections.has(k));
  if (unknown.length > 0) throw invalid({ texts: ["error_field_choice"] });
  const document = await editableReport(tx, actor, input.projectId);
  const { body } = await loadDraft<ReportBody>(tx, document.id, emptyReport);
  const side = input.language === "zh" ? "sections" : "sectionsEn";
  const rev = await saveDraft<ReportBody>(
    tx,
    actor,
    document,
    { ...body, [side]: { ...body[side], ...input.texts } },
    input.rev,
  );
  await noteReportChange(tx, actor, input.projectId);
  return rev;
}

/** Writes first texts from the register into every section that is still blank, in both languages. Returns how many were filled. */
export async function draftReportTexts(
  tx: Tx,
  actor: Actor,
  projectId: string,
): Promise<{ filled: number; rev: number }> {
  const document = await editableReport(tx, actor, projectId);
  const [project, draft] = await Promise.all([
    loadProject(tx, projectId),
    loadDraft<ReportBody>(tx, document.id, emptyReport),
  ]);
  const content = await reportContent(tx, actor, project, draft.body);
  let filled = 0;
  const fill = (old: Record<string, string>, locale: Locale): Record<string, string> => {
    const next = { ...old };
    for (const [key, text] of Object.entries(draftTexts(content, locale))) {
      if ((old[key] ?? "").trim() !== "") continue;
      next[key] = text;
      filled += 1;
    }
    return next;
  };
  const body: ReportBody = {
    sections: fill(draft.body.sections, "zh-CN"),
    sectionsEn: fill(draft.body.sectionsEn, "en"),
  };
  if (filled === 0) return { filled, rev: draft.rev };
  const rev = await saveDraft(tx, actor, document, body, draft.rev);
  await noteReportChange(tx, actor, projectId);
  return { filled, rev };
}

export interface ReportMove {
  projectId: string;
  locale: Locale;
  /** Version of the document's machine the person saw. */
  expectedVersion?: number | undefined;
}

/** Regulator: seals the report as it is now and hands it to the lead. Document and project move together. */
export async function submitReport(
  tx: Tx,
  actor: Actor,
  { projectId, locale, expectedVersion }: ReportMove,
): Promise<Fired & { submission: SubmissionRow }> {
  const [project, document] = await Promise.all([loadProject(tx, projectId), ensureReport(tx, actor, projectId)]);
  const { body } = await loadDraft<ReportBody>(tx, document.id, emptyReport);
  const content = await reportContent(tx, actor, project, body);
  const step = await stepOf(tx, actor, project, document, locale);
  // What nobody noted yet is noted now: names and grades change elsewhere.
  const noted = await noteReportChange(tx, actor, projectId, locale);
  const done = await submitDocument(tx, actor, {
    document,
    expectedVersion: afterNote(expectedVersion, noted),
    locale,
    sealing: { content, summary: summaryOfReport(content) },
    completeness: completenessOf(content, locale),
  });
  await step({
    type: "SUBMIT_RISK_REPORT",
    facts: await projectFacts(tx, actor, project),
    contentHash: done.submission.sha256,
  });
  return done;
}

async function own(tx: Tx, projectId: string): Promise<{ project: ProjectRow; document: DocumentRow }> {
  const [project, document] = await Promise.all([
    loadProject(tx, projectId),
    projectDocument(tx, projectId, "riskReport"),
  ]);
  if (!document) throw notFound({ logMessage: `no report of project ${projectId}` });
  return { project, document };
}

/** Lead: back to the author, with a reason for each chapter (`part` is its key). */
export async function returnReport(
  tx: Tx,
  actor: Actor,
  { projectId, locale, expectedVersion, parts }: ReportMove & { parts: readonly PartReason[] },
): Promise<Fired> {
  const { project, document } = await own(tx, projectId);
  const step = await stepOf(tx, actor, project, document, locale);
  const done = await returnDocument(tx, actor, { document, expectedVersion, locale, parts });
  const reason = parts.map((p) => p.reason).join(locale === "en" ? "; " : "；");
  await step({
    type: "RETURN_RISK_REPORT",
    payload: { reason: reason.slice(0, 2000) },
    facts: await projectFacts(tx, actor, project),
  });
  return done;
}

/** What the project's guard is told: the figures of the seal that is being approved, not of a register that moved on. */
export async function reportApprovalFacts(tx: Tx, actor: Actor, project: ProjectRow, submission: SubmissionRow | null) {
  const facts = await projectFacts(tx, actor, project);
  const sealed = submission ? summaryOf(riskReportSummary, submission.summary) : null;
  return sealed
    ? {
        ...facts,
        riskCount: sealed.count,
        missingChapters: sealed.missingChapters,
        highRisksWithoutOwner: sealed.highRisksWithoutOwner,
      }
    : facts;
}

/**
 * Lead: approves the sealed report; the project goes on to its plan and the national office may read the seal.
 * @throws workflow_refused with the reasons: a chapter missing, a high risk without an owner.
 */
export async function approveReport(
  tx: Tx,
  actor: Actor,
  { projectId, locale, expectedVersion }: ReportMove,
): Promise<Fired> {
  const { project, document } = await own(tx, projectId);
  const submission = await latestSubmission(tx, document.id);
  if (!submission) throw conflict({ code: "nothing_submitted" });
  const facts = await reportApprovalFacts(tx, actor, project, submission);
  const step = await stepOf(tx, actor, project, document, locale);
  const done = await approveDocument(tx, actor, { document, expectedVersion, locale });
  await step({ type: "APPROVE_RISK_REPORT", facts, contentHash: submission.sha256 });
  await shareNationally(tx, actor, await loadDocument(tx, document.id), submission);
  // The plan rests on the report by its digest; and the register may have moved on while the report was read.
  await noteRegisterChange(tx, actor, projectId, locale);
  return done;
}
