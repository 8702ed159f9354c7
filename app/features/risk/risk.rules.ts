/** The rules of the risk register in one place: method, proposals from the survey, figures and report completeness. */
export * from "./risk-method.rules.ts";
export * from "./risk-proposals.rules.ts";
export * from "./risk-register.rules.ts";
