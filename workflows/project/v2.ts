import { also, unless } from "../rules.ts";
import type { Reason, RuleSet } from "../types.ts";
import type { ProjectContext, ProjectFacts } from "./facts.ts";
import { type ProjectEventType, projectRules } from "./guards.ts";
import { projectBy } from "./machine.ts";

const { events } = projectRules;
/** Refused while any is named. */
const none = (codes: readonly string[], code: string): Reason[] =>
  unless(codes.length === 0, code, { count: codes.length, codes: codes.join(" · ") });

/**
 * Version 2 asks what a lesson comes to: each pilot gives one or says why not, every sector decides on its own and on those of
 * the others once the national office has handed them on, and what was adopted is taken up by something that exists. Version 1
 * let a sector pass where nothing had been handed on, and one lesson of any text closed a batch.
 */
export const projectRulesV2: RuleSet<ProjectContext, ProjectFacts, ProjectEventType> = {
  ...projectRules,
  events: {
    ...events,
    CLOSE_BATCH: {
      ...events.CLOSE_BATCH,
      facts: ["batchReviewApproved", "pilotsWithoutLesson"],
      reasons: (_context, facts) => [
        ...unless(facts.batchReviewApproved, "reason_project_batch_review_not_approved"),
        ...none(facts.pilotsWithoutLesson, "reason_project_pilots_without_lesson"),
      ],
    },
    FINISH_LEARNING: {
      ...events.FINISH_LEARNING,
      facts: ["lessonsHandedOn", "nationalLessonsUnread", "lessonsUndecided", "lessonsWithoutUptake"],
      reasons: (_context, facts) => [
        ...unless(facts.lessonsHandedOn, "reason_project_lessons_not_handed_on"),
        ...unless(facts.nationalLessonsUnread === 0, "reason_project_national_lessons_unread", {
          count: facts.nationalLessonsUnread,
        }),
        ...unless(facts.lessonsUndecided === 0, "reason_project_lessons_undecided", { count: facts.lessonsUndecided }),
        ...none(facts.lessonsWithoutUptake, "reason_project_lessons_without_uptake"),
      ],
    },
    // What took a lesson up may have gone from the plan since.
    START_BATCH: also(events.START_BATCH, ["lessonsWithoutUptake"], (_context, facts) =>
      none(facts.lessonsWithoutUptake, "reason_project_lessons_without_uptake"),
    ),
    SUBMIT_SPECIFICATION_DRAFT: also(events.SUBMIT_SPECIFICATION_DRAFT, ["lessonsWithoutClause"], (_context, facts) =>
      none(facts.lessonsWithoutClause, "reason_project_lessons_without_clause"),
    ),
  },
};

/** The machine of a project, version 2. In use: it never changes. */
export const projectV2 = projectBy(2, projectRulesV2);
