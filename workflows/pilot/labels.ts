import { eventKeys, machineKey, stateInfos } from "../labels.ts";
import { pilotEvents } from "./guards.ts";
import { pilotLeaves } from "./stages.ts";

export const pilotLabelKey = machineKey("pilot");
export const pilotStates = stateInfos("pilot", pilotLeaves, ["suspended", "rejected", "withdrawn", "failed"]);
export const pilotEventLabelKeys = eventKeys("pilot", pilotEvents);
