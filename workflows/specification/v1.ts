import { specificationRules } from "./guards.ts";
import { specificationBy } from "./machine.ts";

/** The machine of a specification, version 1. In use: it never changes. */
export const specificationV1 = specificationBy(1, specificationRules);
