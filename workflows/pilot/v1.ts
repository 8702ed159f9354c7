import { pilotRules } from "./guards.ts";
import { pilotBy } from "./machine.ts";

/** The machine of a pilot, version 1. In use: it never changes. */
export const pilotV1 = pilotBy(1, pilotRules);
