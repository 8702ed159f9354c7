import { current } from "#workflows/index.ts";

/** Every event of a pilot, and those of a project that concern its batches. */
export const pilotMachineEvents: readonly string[] = Object.keys(current.pilot.events);
export const projectMachineEvents: readonly string[] = [
  "START_BATCH",
  "START_BATCH",
  "START_REVIEW",
  "REOPEN_BATCH",
  "CLOSE_BATCH",
  "CLOSE_BATCH",
  "FINISH_LEARNING",
  "FINISH_LEARNING",
];

/** The event that most probably comes next for a pilot in a stage. */
export const next: Readonly<Record<string, readonly string[]>> = {
  nominated: ["START_SCREENING"],
  screening: ["PASS_SCREENING", "RETURN_NOMINATION"],
  scoring: ["FINISH_SCORING"],
  publicNotice: ["SELECT", "SELECT", "RETURN_TO_SCORING"],
  selected: ["START_DESIGN"],
  design: ["COMPLETE_DESIGN", "APPROVE_DESIGN", "APPROVE_DESIGN", "RETURN_DESIGN"],
  construction: ["REQUEST_ACCEPTANCE"],
  acceptance: ["PASS_ACCEPTANCE", "PASS_ACCEPTANCE", "FAIL_ACCEPTANCE"],
  operation: ["RECORD_PROGRESS", "MIDTERM_CHECK", "START_SUMMARY", "START_SUMMARY"],
  summary: ["ACCEPT", "ACCEPT", "RETURN_SUMMARY"],
  suspended: ["RESUME"],
};

/** The same for a project. */
export const nextOfProject: Readonly<Record<string, string>> = {
  "batchOne.selecting": "START_BATCH",
  "batchOne.running": "START_REVIEW",
  "batchOne.reviewing": "CLOSE_BATCH",
  "batchTwo.learning": "FINISH_LEARNING",
};
