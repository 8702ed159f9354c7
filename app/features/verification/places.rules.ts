/** Where a reader finds a document: the page that shows it to their level. Pure. */
import type { Level } from "#db/roles.ts";

export interface Placed {
  kind: string;
  id: string;
  projectId: string;
  pilotId: string | null;
  period: string;
}

/** Address of a document's page; null where the reader's level has none. */
export function placeOf({ level }: { level: Level }, d: Placed): string | null {
  if (level !== "site" && level !== "sector" && level !== "national") return null;
  const project = `/projects/${d.projectId}`;
  switch (d.kind) {
    case "surveyResponse":
      return level === "national" ? null : `${project}/survey/${d.id}`;
    case "progressReport":
      return level === "national" || d.pilotId === null ? null : `/pilots/${d.pilotId}?report=${d.id}#report`;
    case "riskReport":
      return level === "site" ? null : `${project}/risk-report?view=report`;
    case "pilotPlan":
      return `${project}/pilot-plan`;
    case "batchReview":
      return `${project}/batches/${d.period}`;
    case "specDraft":
      return level === "site" ? null : `${project}/specification`;
    default:
      return null;
  }
}
