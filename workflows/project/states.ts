/** The phases of a project in their order; each is a state with leaves inside it, but the last. */
const projectPhases = ["survey", "riskReport", "pilotPlan", "batchOne", "batchTwo", "specification"] as const;
export type ProjectPhase = (typeof projectPhases)[number];

/** The states on the way, in their order; from any of them a project can be interrupted. */
export const projectWorking = [
  "survey.preparing",
  "survey.collecting",
  "survey.closing",
  "riskReport.drafting",
  "riskReport.inReview",
  "pilotPlan.drafting",
  "pilotPlan.sectorReview",
  "pilotPlan.nationalReview",
  "batchOne.selecting",
  "batchOne.running",
  "batchOne.reviewing",
  "batchTwo.learning",
  "batchTwo.selecting",
  "batchTwo.running",
  "batchTwo.reviewing",
  "specification.drafting",
  "specification.sectorReview",
  "specification.nationalReview",
] as const;

/** Every state, in reading order. */
export const projectLeaves = [...projectWorking, "completed", "suspended", "terminated"] as const;
export type ProjectState = (typeof projectLeaves)[number];
