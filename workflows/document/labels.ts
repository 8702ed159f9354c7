import { eventKeys, machineKey, stateInfos } from "../labels.ts";
import { documentEvents } from "./guards.ts";

export const documentLeaves = [
  "draft",
  "submitted.sector",
  "submitted.national",
  "approved",
  "returned",
  "superseded",
] as const;
export type DocumentState = (typeof documentLeaves)[number];

export const documentLabelKey = machineKey("document");
export const documentStates = stateInfos("document", documentLeaves, ["returned", "superseded"]);
export const documentEventLabelKeys = eventKeys("document", documentEvents);
