import { access } from "./access.ts";
import { identity } from "./identity.ts";
import { input } from "./input.ts";
import { protection } from "./protection.ts";
import { running } from "./running.ts";
import type { Entry } from "./types.ts";
import { pages } from "./web.ts";

/** In the order of the standard. */
export const table: readonly Entry[] = [...input, ...pages, ...identity, ...access, ...protection, ...running];
