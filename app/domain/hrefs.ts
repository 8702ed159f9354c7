import type { DocumentKind } from "#db/vocabulary.ts";

/* Where a thing is shown and worked on: the one place that knows, for tasks, notices and whatever else leads to it. */

interface DocumentRef {
  is: "document";
  id: string;
  projectId: string;
  kind: DocumentKind;
  pilotId: string | null;
  period: string;
}
interface MeasureRef {
  is: "measure";
  id: string;
  projectId: string;
}
export type Ref = DocumentRef | MeasureRef | { is: "pilot" | "project" | "edition"; id: string };

const ofDocument: Readonly<Record<DocumentKind, (d: DocumentRef) => string>> = {
  surveyResponse: (d) => `/projects/${d.projectId}/survey/${d.id}`,
  riskReport: (d) => `/projects/${d.projectId}/risk-report?view=report`,
  pilotPlan: (d) => `/projects/${d.projectId}/pilot-plan`,
  progressReport: (d) => `/pilots/${d.pilotId ?? ""}?report=${d.id}`,
  batchReview: (d) => `/projects/${d.projectId}/batches/${d.period || "1"}`,
  specDraft: (d) => `/projects/${d.projectId}/specification`,
};

/** The address of a thing's page, without the host. */
export function hrefOf(ref: Ref): string {
  if (ref.is === "document") return ofDocument[ref.kind](ref);
  if (ref.is === "measure") return `/projects/${ref.projectId}/pilot-plan#measure-${ref.id}`;
  const { id } = ref;
  return { pilot: `/pilots/${id}`, project: `/projects/${id}`, edition: `/national/specifications/${id}` }[ref.is];
}

/** Number as it stands in an address: `WLW-GF 001-2015` → `WLW-GF-001-2015`. */
export const slugOf = (number: string): string => number.trim().toUpperCase().replace(/\s+/g, "-");

/** Address of a published specification. */
export const specificationPath = (number: string): string => `/specifications/${encodeURIComponent(slugOf(number))}`;
