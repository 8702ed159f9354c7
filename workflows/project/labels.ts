import { eventKeys, machineKey, stateInfos } from "../labels.ts";
import { projectEvents } from "./guards.ts";
import { projectLeaves } from "./states.ts";

export const projectLabelKey = machineKey("project");
export const projectStates = stateInfos("project", projectLeaves, ["suspended", "terminated"]);
export const projectEventLabelKeys = eventKeys("project", projectEvents);
