import { eventKeys, machineKey, stateInfos } from "../labels.ts";
import { specificationEvents } from "./guards.ts";

const specificationLeaves = [
  "drafting",
  "consultation",
  "reviewing",
  "approved",
  "published",
  "superseded",
  "withdrawn",
] as const;
export type SpecificationState = (typeof specificationLeaves)[number];

export const specificationLabelKey = machineKey("specification");
export const specificationStates = stateInfos("specification", specificationLeaves, ["superseded", "withdrawn"]);
export const specificationEventLabelKeys = eventKeys("specification", specificationEvents);
