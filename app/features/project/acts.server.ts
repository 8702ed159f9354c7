import {
  approveDocument,
  type DocumentRow,
  endorseDocument,
  latestSubmission,
  projectDocument,
  returnDocument,
  shareNationally,
} from "#app/features/document/document.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Fired } from "#app/features/workflow/workflow.server.ts";
import { conflict } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import type { DocumentKind } from "#db/vocabulary.ts";
import { type DocumentEvent, isDocumentEvent } from "./project.rules.ts";
import { moveProject, type ProjectMove, sendToProject } from "./project.server.ts";

/*
 * A phase that ends in a document moves together with it: approving the phase approves the document, returning it returns
 * the document. Submitting needs the document itself and is done where it is written.
 */

type Step = "submit" | "return" | "endorse" | "approve";
const carried: Readonly<Record<DocumentEvent, { kind: DocumentKind; step: Step }>> = {
  SUBMIT_RISK_REPORT: { kind: "riskReport", step: "submit" },
  RETURN_RISK_REPORT: { kind: "riskReport", step: "return" },
  APPROVE_RISK_REPORT: { kind: "riskReport", step: "approve" },
  SUBMIT_PLAN: { kind: "pilotPlan", step: "submit" },
  RETURN_PLAN: { kind: "pilotPlan", step: "return" },
  APPROVE_PLAN_SECTOR: { kind: "pilotPlan", step: "endorse" },
  RETURN_PLAN_NATIONAL: { kind: "pilotPlan", step: "return" },
  APPROVE_PLAN: { kind: "pilotPlan", step: "approve" },
  SUBMIT_SPECIFICATION_DRAFT: { kind: "specDraft", step: "submit" },
  RETURN_SPECIFICATION: { kind: "specDraft", step: "return" },
  APPROVE_SPECIFICATION_SECTOR: { kind: "specDraft", step: "endorse" },
  RETURN_SPECIFICATION_NATIONAL: { kind: "specDraft", step: "return" },
  ACCEPT_SPECIFICATION: { kind: "specDraft", step: "approve" },
};

/** Where a step leaves its document; a document that stands there already is left alone. */
const reached: Readonly<Record<Step, readonly string[]>> = {
  submit: ["submitted.sector"],
  return: ["returned"],
  endorse: ["submitted.national"],
  approve: ["approved"],
};

/**
 * Sends one event to a project and takes the document of its phase along.
 * @throws as moveProject; conflict `project_document_first` when the document has not come that far.
 */
export async function actOnProject(tx: Tx, actor: Actor, move: ProjectMove): Promise<Fired> {
  if (!isDocumentEvent(move.type)) return moveProject(tx, actor, move);
  // The project first: it knows whether the act is possible at all, and the transaction takes both or none.
  const fired = await sendToProject(tx, actor, move);
  await carry(tx, actor, move, carried[move.type]);
  return fired;
}

async function carry(
  tx: Tx,
  actor: Actor,
  move: ProjectMove,
  { kind, step }: { kind: DocumentKind; step: Step },
): Promise<void> {
  const document = await projectDocument(tx, move.projectId, kind);
  if (document && reached[step].includes(document.state)) return;
  if (!document || !document.state.startsWith("submitted"))
    throw conflict({ code: "project_document_first", messageKey: "project_document_first" });
  const step1 = { document, locale: move.locale };
  const reason = typeof move.payload?.["reason"] === "string" ? move.payload["reason"] : "";
  if (step === "return") await returnDocument(tx, actor, { ...step1, parts: [{ part: "*", reason }] });
  else if (step === "endorse") await endorseDocument(tx, actor, step1);
  else if (step === "approve") await approve(tx, actor, step1);
}

/** A risk report is the sector's own to approve; from then on the national office reads its seal. */
async function approve(
  tx: Tx,
  actor: Actor,
  move: { document: DocumentRow; locale: ProjectMove["locale"] },
): Promise<void> {
  await approveDocument(tx, actor, move);
  if (move.document.kind !== "riskReport") return;
  const submission = await latestSubmission(tx, move.document.id);
  if (submission) await shareNationally(tx, actor, move.document, submission);
}
