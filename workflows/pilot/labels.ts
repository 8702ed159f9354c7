import { eventKeys, machineKey, stateInfos } from "../labels.ts";
import { pilotEvents } from "./guards.ts";

/** Stages before selection: a pilot leaves them by selection, rejection or withdrawal. */
export const pilotSelection = ["nominated", "screening", "scoring", "publicNotice"] as const;
/** Stages of the work itself: they can be interrupted and resumed. */
export const pilotRunning = ["selected", "design", "construction", "acceptance", "operation", "summary"] as const;

export const pilotLeaves = [
  ...pilotSelection,
  ...pilotRunning,
  "accepted",
  "suspended",
  "rejected",
  "withdrawn",
  "failed",
] as const;
export type PilotState = (typeof pilotLeaves)[number];

export const pilotLabelKey = machineKey("pilot");
export const pilotStates = stateInfos("pilot", pilotLeaves, ["suspended", "rejected", "withdrawn", "failed"]);
export const pilotEventLabelKeys = eventKeys("pilot", pilotEvents);
