import type { z } from "zod";
import { saveText } from "#app/features/document/approval.server.ts";
import {
  type DocumentRow,
  latestSubmission,
  loadDraft,
  projectDocument,
  type SubmissionRow,
} from "#app/features/document/document.server.ts";
import { ensureDocument } from "#app/features/document/transition.server.ts";
import { loadProject, type ProjectRow } from "#app/features/project/project.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { conflict, invalid } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import { may, openIn } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { reportChapters } from "#seeds/catalogue/index.ts";
import { isHandedIn } from "#workflows/index.ts";
import { emptyReport, type ReportBody, type ReportContent, reportContent } from "./report-content.server.ts";
import { draftTexts } from "./report-texts.server.ts";
import type { chapterTextSchema } from "./risk.schema.ts";

/*
 * The risk assessment report of a sector: one document a project. Its machine and the project's move together, in one
 * transaction: what is approved is what was sealed.
 */

const writtenSections = new Set(
  reportChapters.flatMap((c) => c.sections.filter((s) => s.from === "text").map((s) => s.key)),
);

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
  if (actor.level === "national" || (document !== null && isHandedIn(document.state) && !working)) {
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
  const document = await ensureDocument(tx, actor, { projectId, kind: "riskReport" });
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
  return saveText(tx, actor, document, {
    body: { ...body, [side]: { ...body[side], ...input.texts } },
    rev: input.rev,
  });
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
  return { filled, rev: await saveText(tx, actor, document, { body, rev: draft.rev }) };
}
