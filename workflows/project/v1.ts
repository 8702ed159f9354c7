import { projectRules } from "./guards.ts";
import { projectBy } from "./machine.ts";

/** The machine of a project, version 1. In use: it never changes. */
export const projectV1 = projectBy(1, projectRules);
