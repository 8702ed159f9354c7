/** Fair comparison in one place: statistics of small groups, effects before and after, like with like, suppression. */
export * from "./effects.rules.ts";
export * from "./statistics.rules.ts";
export * from "./suppression.rules.ts";
