import { and, eq } from "drizzle-orm";
import {
  approveDocument,
  type DocumentRow,
  latestSubmission,
  type PartReason,
  returnDocument,
  type SubmissionRow,
  submitDocument,
  withdrawDocument,
} from "#app/features/document/document.server.ts";
import { noteMark } from "#app/features/document/reapproval.server.ts";
import { evidenceToSeal, sealEvidence } from "#app/features/evidence/evidence.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { fire, type Fired } from "#app/features/workflow/workflow.server.ts";
import { payloadOf, type ActInput } from "#app/features/workflow/workflow.schema.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { AppError, invalid, notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import { answers, assets, sites, systems } from "#db/schema/index.ts";
import { partsOf } from "#workflows/rules.ts";
import { contentChanges, factsOf, summaryOfResponse } from "./content.rules.ts";
import { completeness, type Completeness } from "./survey.rules.ts";
import { responseContent, type ResponseContent } from "./survey.schema.ts";
import { lockResponse, questionnaire } from "./locked.server.ts";

/*
 * The way of one response: sealed when the site's lead submits it, reviewed question by question, returned with reasons,
 * approved. What the site writes after an approval is compared with the seal, and a material change asks for a new one.
 */

const byCode = (a: { controlCode: string }, b: { controlCode: string }) => (a.controlCode < b.controlCode ? -1 : 1);
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** Part of a response that is no question: the list of assets. */
export const assetsPart = "assets";

/** The working content of a response in the form in which it would be sealed. A site's eyes only. */
export async function workingContent(tx: Tx, document: DocumentRow): Promise<ResponseContent> {
  const { tenantId, siteId, systemId } = document;
  if (siteId === null || systemId === null) throw notFound({ logMessage: `response ${document.id} without system` });
  const [project, [site], [system], cells, list, files] = await Promise.all([
    loadProject(tx, document.projectId),
    tx
      .select()
      .from(sites)
      .where(and(eq(sites.tenantId, tenantId), eq(sites.id, siteId))),
    tx
      .select()
      .from(systems)
      .where(and(eq(systems.tenantId, tenantId), eq(systems.id, systemId))),
    tx
      .select()
      .from(answers)
      .where(and(eq(answers.tenantId, tenantId), eq(answers.documentId, document.id))),
    tx
      .select()
      .from(assets)
      .where(and(eq(assets.tenantId, tenantId), eq(assets.siteId, siteId), eq(assets.systemId, systemId))),
    evidenceToSeal(tx, document),
  ]);
  if (!site || !system) throw notFound({ logMessage: `site or system of response ${document.id}` });
  return {
    kind: "surveyResponse",
    projectCode: project.code,
    questionnaireVersion: project.questionnaireVersion,
    site: { id: site.id, code: site.code, name: site.name, region: site.region, size: site.size },
    system: {
      id: system.id,
      name: system.name,
      description: system.description,
      grade: system.grade,
      devices: system.devices,
    },
    answers: cells
      .map((a) => ({ controlCode: a.controlCode, value: a.value, note: a.note, evidenceRef: a.evidenceRef }))
      .sort(byCode),
    assets: list
      .map((a) => ({
        id: a.id,
        name: a.name,
        object: a.object,
        supplier: a.supplier,
        singleSource: a.singleSource,
        replacementTested: a.replacementTested,
        c: a.c,
        i: a.i,
        a: a.a,
        note: a.note,
      }))
      .sort(byId),
    ...(files ? { evidence: files } : {}),
  };
}

/** Content of a sealed submission. Throws for one that was not sealed as a response. */
export const sealedContent = (submission: Pick<SubmissionRow, "content">): ResponseContent =>
  responseContent.parse(submission.content);

const shownParts = 12;

/** What still keeps a response from being submitted, as facts of the document's machine. */
export function submissionFacts(
  content: ResponseContent,
  locale: Locale,
): { completeness: Completeness; facts: { completeness: number; missingParts: string[]; contentHash: string } } {
  const known = completeness(questionnaire(content.questionnaireVersion), factsOf(content.answers));
  const all = [
    ...(content.assets.length === 0 ? [translate("survey_part_assets", {}, locale)] : []),
    ...known.missing,
    ...known.needsNote.map((code) => translate("survey_part_note", { code }, locale)),
  ];
  // The number is told beside them; a sentence with seventy codes helps nobody.
  const missingParts =
    all.length > shownParts ? [...all.slice(0, shownParts - 1), `+${all.length - shownParts + 1}`] : all;
  return { completeness: known, facts: { completeness: known.percent, missingParts, contentHash: sealOf(content) } };
}

export interface ResponseMove {
  documentId: string;
  /** lock_version of the document's instance that the person saw. */
  expectedVersion?: number | undefined;
  locale: Locale;
}

/** Site lead: seals answers and assets as they are now and hands them to the sector. */
export async function submitResponse(
  tx: Tx,
  actor: Actor,
  { documentId, expectedVersion, locale }: ResponseMove,
): Promise<Fired & { submission: SubmissionRow }> {
  const document = await lockResponse(tx, documentId);
  const content = await workingContent(tx, document);
  const { facts } = submissionFacts(content, locale);
  const summary = summaryOfResponse(content, questionnaire(content.questionnaireVersion));
  const fired = await submitDocument(tx, actor, {
    document,
    expectedVersion,
    locale,
    sealing: { content, summary },
    completeness: facts,
  });
  await sealEvidence(tx, fired.submission, content.evidence);
  return fired;
}

/** Site lead: takes it back before a review began. */
export async function withdrawResponse(tx: Tx, actor: Actor, { documentId, ...move }: ResponseMove): Promise<Fired> {
  return withdrawDocument(tx, actor, { document: await lockResponse(tx, documentId), ...move });
}

/** Regulator: notes that the review began; from now on the site cannot withdraw. */
export async function startResponseReview(
  tx: Tx,
  actor: Actor,
  { documentId, expectedVersion, locale }: ResponseMove,
): Promise<Fired> {
  const document = await lockResponse(tx, documentId);
  return fire(tx, actor, { objectId: document.id, type: "START_REVIEW", facts: {}, expectedVersion }, locale);
}

/** Regulator: back to the site, each question (or the assets) with its reason. */
export async function returnResponse(
  tx: Tx,
  actor: Actor,
  { documentId, parts, ...move }: ResponseMove & { parts: readonly PartReason[] },
): Promise<Fired> {
  const document = await lockResponse(tx, documentId);
  const project = await loadProject(tx, document.projectId);
  const codes = new Set([assetsPart, ...questionnaire(project.questionnaireVersion).map((c) => c.id)]);
  if (parts.some((p) => !codes.has(p.part))) throw invalid({ parts: ["error_field_unknown_id"] });
  return returnDocument(tx, actor, { document, parts, ...move });
}

/** Regulator: approves what was submitted; its digest is fixed. */
export async function approveResponse(tx: Tx, actor: Actor, { documentId, ...move }: ResponseMove): Promise<Fired> {
  return approveDocument(tx, actor, { document: await lockResponse(tx, documentId), ...move });
}

/** An act of a page or the API, by the event's type. */
export function moveResponse(
  tx: Tx,
  actor: Actor,
  input: ActInput & { documentId: string; locale: Locale },
): Promise<Fired> {
  const move = { documentId: input.documentId, expectedVersion: input.expectedVersion, locale: input.locale };
  switch (input.type) {
    case "SUBMIT":
    case "RESUBMIT":
      return submitResponse(tx, actor, move);
    case "WITHDRAW":
      return withdrawResponse(tx, actor, move);
    case "START_REVIEW":
      return startResponseReview(tx, actor, move);
    case "RETURN":
      return returnResponse(tx, actor, { ...move, parts: partsOf(payloadOf(input)) ?? [] });
    case "APPROVE":
      return approveResponse(tx, actor, move);
    default:
      throw new AppError("unknown_intent", 400, `no act ${input.type.slice(0, 40)} on a response`);
  }
}

/**
 * After a change to an approved response: notes on its machine whether the approval still covers the content, and takes the
 * note away when the change was undone. White space in notes and added evidence are not material (`answerChanges`).
 */
export async function noteMaterialChange(tx: Tx, actor: Actor, document: DocumentRow, locale: Locale): Promise<void> {
  if (document.state !== "approved") return;
  const [content, submission] = await Promise.all([workingContent(tx, document), latestSubmission(tx, document.id)]);
  if (submission)
    await noteMark(
      tx,
      actor,
      document,
      { material: contentChanges(sealedContent(submission), content).material, content },
      locale,
    );
}
