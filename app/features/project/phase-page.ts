import type { Phase } from "#db/vocabulary.ts";

const pages: Readonly<Record<Phase, string>> = {
  survey: "survey",
  riskReport: "risk-report",
  pilotPlan: "pilot-plan",
  batchOne: "batches/1",
  batchTwo: "batches/2",
  specification: "specification",
};

/** Last segments of the address of a phase's page. */
export const phasePage = (phase: Phase): string => pages[phase];
