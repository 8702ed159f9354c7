import type { DocumentKind } from "./document/facts.ts";
import type { DocumentEventType } from "./document/guards.ts";
import type { DocumentState } from "./document/labels.ts";
import type { ProjectEventType } from "./project/guards.ts";
import type { ProjectPhase } from "./project/states.ts";

/*
 * A phase that ends in a document moves together with it: both machines take the step, or neither. Once a document was
 * approved its project has gone on and does not come back for it; the conditions of the step hold on.
 */

export interface DocumentStep {
  readonly kind: DocumentKind;
  /** Of the document's machine; RESUBMIT is paired as SUBMIT. */
  readonly event: "SUBMIT" | "RETURN" | "ENDORSE" | "APPROVE";
  /** State of the document in which the event goes with this step. */
  readonly at: readonly DocumentState[];
  /** Of the project's machine. */
  readonly project: ProjectEventType;
}

const written = ["draft", "returned", "approved"] as const;
const sector = ["submitted.sector"] as const;
const national = ["submitted.national"] as const;

/** Every step that a document and its project take together. */
export const documentSteps = [
  { kind: "riskReport", event: "SUBMIT", at: written, project: "SUBMIT_RISK_REPORT" },
  { kind: "riskReport", event: "RETURN", at: sector, project: "RETURN_RISK_REPORT" },
  { kind: "riskReport", event: "APPROVE", at: sector, project: "APPROVE_RISK_REPORT" },
  { kind: "pilotPlan", event: "SUBMIT", at: written, project: "SUBMIT_PLAN" },
  { kind: "pilotPlan", event: "RETURN", at: sector, project: "RETURN_PLAN" },
  { kind: "pilotPlan", event: "ENDORSE", at: sector, project: "APPROVE_PLAN_SECTOR" },
  { kind: "pilotPlan", event: "RETURN", at: national, project: "RETURN_PLAN_NATIONAL" },
  { kind: "pilotPlan", event: "APPROVE", at: national, project: "APPROVE_PLAN" },
  { kind: "specDraft", event: "SUBMIT", at: written, project: "SUBMIT_SPECIFICATION_DRAFT" },
  { kind: "specDraft", event: "RETURN", at: sector, project: "RETURN_SPECIFICATION" },
  { kind: "specDraft", event: "ENDORSE", at: sector, project: "APPROVE_SPECIFICATION_SECTOR" },
  { kind: "specDraft", event: "RETURN", at: national, project: "RETURN_SPECIFICATION_NATIONAL" },
  { kind: "specDraft", event: "APPROVE", at: national, project: "ACCEPT_SPECIFICATION" },
] as const satisfies readonly DocumentStep[];

const all: readonly DocumentStep[] = documentSteps;
/** Whether documents of a kind move with their project. */
export const movesWithProject = (kind: DocumentKind): boolean => all.some((s) => s.kind === kind);
/** The step that goes with an event of a document in a state; null for kinds that move by themselves and for other events. */
export function stepWith(kind: DocumentKind, type: DocumentEventType, state: string): DocumentStep | null {
  const event = type === "RESUBMIT" ? "SUBMIT" : type;
  return all.find((s) => s.kind === kind && s.event === event && s.at.some((at) => at === state)) ?? null;
}
/** The step by the project's side of it; null for events that move the project alone. */
export const stepOfProject = (type: string): DocumentStep | null => all.find((s) => s.project === type) ?? null;
/** Events of a project that take a document along. */
export const isDocumentEvent = (type: string): boolean => stepOfProject(type) !== null;

/** The document that a phase ends in, for those that move with it. */
export const phaseDocument: Partial<Record<ProjectPhase, DocumentKind>> = {
  riskReport: "riskReport",
  pilotPlan: "pilotPlan",
  specification: "specDraft",
};
/** The phase that such a document ends; null for kinds that move by themselves. */
export const phaseOfDocument = (kind: DocumentKind): ProjectPhase | null =>
  (Object.keys(phaseDocument) as ProjectPhase[]).find((phase) => phaseDocument[phase] === kind) ?? null;
