/** Dates of a project's phases and the checklist of what is missing to move on, each item with the place that mends it. */
import { addDays, type Day, daysFrom } from "#app/platform/days.ts";
import { type Phase, phases } from "#app/domain/vocabulary.ts";
import type { ProjectFacts } from "#workflows/project/facts.ts";

/** Months after the start at which each phase ends in a programme of 36, read from the action plan's task 5 (2013–2015). */
const PHASE_MONTHS: Record<Phase, number> = {
  survey: 8,
  riskReport: 12,
  pilotPlan: 15,
  batchOne: 24,
  batchTwo: 32,
  specification: 36,
};
/** Planned end of each phase, in the proportions of the action plan; the last one is the programme's last day. */
export function phaseDueDates(startsOn: Day, endsOn: Day): Record<Phase, Day> {
  const days = daysFrom(startsOn, endsOn) + 1;
  return Object.fromEntries(
    phases.map((p) => [p, addDays(startsOn, Math.round((days * PHASE_MONTHS[p]) / 36) - 1)]),
  ) as Record<Phase, Day>;
}
/** The phase in which a state lies (`batchOne.running`); null when completed, suspended or terminated. */
export const phaseOf = (state: string): Phase | null =>
  phases.find((p) => state === p || state.startsWith(`${p}.`)) ?? null;

/** Where a project stands in one batch: before it, in one of its steps, after it; «off» while suspended or terminated. */
export type BatchStep = "ahead" | "learning" | "selecting" | "running" | "reviewing" | "past" | "off";
/** @param state the project's: «batchOne.running». */
export function batchStep(state: string, batchNo: 1 | 2): BatchStep {
  const phase: Phase = batchNo === 1 ? "batchOne" : "batchTwo";
  const current = phaseOf(state);
  if (current === phase) return state.slice(phase.length + 1) as BatchStep;
  if (current === null) return state === "completed" ? "past" : "off";
  return phases.indexOf(current) < phases.indexOf(phase) ? "ahead" : "past";
}

/** Where an item opens: path segments below the root, and what to look at there. Built into an address by the path builder. */
export type Place = { path: readonly string[]; query?: Readonly<Record<string, string>>; fragment?: string };
const PAGE: Record<Phase, readonly string[]> = {
  survey: ["survey"],
  riskReport: ["risk-report"],
  pilotPlan: ["pilot-plan"],
  batchOne: ["batches", "1"],
  batchTwo: ["batches", "2"],
  specification: ["specification"],
};
function phasePlace(projectId: string, phase: Phase): Place {
  return { path: ["projects", projectId, ...PAGE[phase]] };
}
export type ChecklistItem = {
  key: `rule_${string}`;
  params: Readonly<Record<string, string | number>>;
  done: boolean;
  severity: "blocking" | "warning";
  place: Place;
};
type Need = {
  key: `rule_project_need_${string}`;
  asks: readonly (keyof ProjectFacts)[];
  params?: (f: ProjectFacts) => ChecklistItem["params"];
  done: (f: ProjectFacts) => boolean;
};
const some = (key: Need["key"], fact: NumericFact): Need => ({
  key,
  asks: [fact],
  params: (f) => ({ count: f[fact] }),
  done: (f) => f[fact] > 0,
});
const none = (key: Need["key"], fact: NumericFact): Need => ({
  key,
  asks: [fact],
  params: (f) => ({ count: f[fact] }),
  done: (f) => f[fact] === 0,
});
/** Done when no code is named; told with those that are. */
const noneOf = (key: Need["key"], fact: TextsFact): Need => ({
  key,
  asks: [fact],
  params: (f) => ({ count: f[fact].length, codes: f[fact].join(" · ") }),
  done: (f) => f[fact].length === 0,
});
type TextsFact = { [K in keyof ProjectFacts]: ProjectFacts[K] extends string[] ? K : never }[keyof ProjectFacts];
type NumericFact = { [K in keyof ProjectFacts]: ProjectFacts[K] extends number ? K : never }[keyof ProjectFacts];

const batchSelecting: readonly Need[] = [
  { key: "rule_project_need_window", asks: ["batchWindowOpen"], done: (f) => f.batchWindowOpen },
  {
    key: "rule_project_need_quota",
    asks: ["batchQuota"],
    params: (f) => ({ quota: f.batchQuota }),
    done: (f) => f.batchQuota > 0,
  },
  {
    key: "rule_project_need_selected",
    asks: ["selectedPilots", "batchQuota"],
    params: (f) => ({ selected: f.selectedPilots, quota: f.batchQuota }),
    done: (f) => f.selectedPilots > 0 && f.selectedPilots <= f.batchQuota,
  },
];
const batchRunning: readonly Need[] = [none("rule_project_need_operation", "pilotsBeforeOperation")];
const batchReviewing: readonly Need[] = [
  { key: "rule_project_need_review", asks: ["batchReviewApproved"], done: (f) => f.batchReviewApproved },
  noneOf("rule_project_need_lessons", "pilotsWithoutLesson"),
];
const chapters: Need = {
  key: "rule_project_need_chapters",
  asks: ["missingChapters"],
  params: (f) => ({ count: f.missingChapters.length, chapters: f.missingChapters.join(" · ") }),
  done: (f) => f.missingChapters.length === 0,
};
const riskReport: readonly Need[] = [
  some("rule_project_need_risks", "riskCount"),
  chapters,
  none("rule_project_need_owners", "highRisksWithoutOwner"),
];
const plan: readonly Need[] = [
  some("rule_project_need_measures", "measureCount"),
  none("rule_project_need_high_measured", "highRisksWithoutMeasure"),
  none("rule_project_need_lifecycle", "measuresWithoutLifecycle"),
  none("rule_project_need_dimension", "measuresWithoutDimension"),
  none("rule_project_need_budget", "measuresWithoutBudget"),
  {
    key: "rule_project_need_share",
    asks: ["budgetsBelowShare", "securityShareThreshold"],
    params: (f) => ({ count: f.budgetsBelowShare, threshold: f.securityShareThreshold }),
    done: (f) => f.budgetsBelowShare === 0,
  },
];
const specification: readonly Need[] = [
  some("rule_project_need_clauses", "clauseCount"),
  none("rule_project_need_evidence", "clausesWithoutEvidence"),
  noneOf("rule_project_need_lesson_clauses", "lessonsWithoutClause"),
];
/** What each leaf of the project machine asks for, in the order in which it is worked off. */
export const checklistNeeds: Readonly<Record<string, readonly Need[]>> = {
  "survey.preparing": [
    some("rule_project_need_questions", "questionCount"),
    some("rule_project_need_sites", "invitedSites"),
  ],
  "survey.collecting": [responses()],
  "survey.closing": [responses()],
  "riskReport.drafting": riskReport,
  "riskReport.inReview": riskReport,
  "pilotPlan.drafting": plan,
  "pilotPlan.sectorReview": plan,
  "pilotPlan.nationalReview": plan,
  "batchOne.selecting": batchSelecting,
  "batchOne.running": batchRunning,
  "batchOne.reviewing": batchReviewing,
  "batchTwo.learning": [
    { key: "rule_project_need_handed_on", asks: ["lessonsHandedOn"], done: (f) => f.lessonsHandedOn },
    none("rule_project_need_read", "nationalLessonsUnread"),
    none("rule_project_need_decided", "lessonsUndecided"),
    noneOf("rule_project_need_uptake", "lessonsWithoutUptake"),
  ],
  "batchTwo.selecting": [...batchSelecting, noneOf("rule_project_need_uptake", "lessonsWithoutUptake")],
  "batchTwo.running": batchRunning,
  "batchTwo.reviewing": batchReviewing,
  "specification.drafting": specification,
  "specification.sectorReview": specification,
  "specification.nationalReview": specification,
};
function responses(): Need {
  return {
    key: "rule_project_need_responses",
    asks: ["respondedSites", "invitedSites", "responseThreshold"],
    params: (f) => ({ responded: f.respondedSites, invited: f.invitedSites, threshold: f.responseThreshold }),
    done: (f) => f.invitedSites > 0 && f.respondedSites * 100 >= f.responseThreshold * f.invitedSites,
  };
}
/**
 * The present phase as a checklist, done items too. Needs whose facts are not loaded are left out rather than guessed;
 * the machine's guards decide, this only shows.
 */
export function projectChecklist(projectId: string, state: string, facts: Partial<ProjectFacts>): ChecklistItem[] {
  const phase = phaseOf(state);
  if (phase === null) return [];
  return (checklistNeeds[state] ?? [])
    .filter((need) => need.asks.every((fact) => facts[fact] !== undefined))
    .map((need) => {
      const known = facts as ProjectFacts;
      const place = phasePlace(projectId, phase);
      const done = need.done(known);
      return {
        key: need.key,
        params: need.params?.(known) ?? {},
        done,
        severity: "blocking",
        place: done ? place : { ...place, query: { only: need.key } },
      };
    });
}
