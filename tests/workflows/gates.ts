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
