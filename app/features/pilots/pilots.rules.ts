/** The rules of a pilot in one place: selection (screening, scoring) and course (indicators, reports, health, mid-term). */
export * from "./course.rules.ts";
export * from "./scoring.rules.ts";
export * from "./screening.rules.ts";
