/** The rules of the management specification in one place: verbs, numbers, evidence, coverage, differences of editions. */
export * from "./editions.rules.ts";
export * from "./evidence.rules.ts";
export * from "./numbering.rules.ts";
export * from "./verbs.rules.ts";
