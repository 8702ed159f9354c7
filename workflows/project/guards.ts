import { unless } from "../rules.ts";
import type { EventRule, Reason, RuleSet } from "../types.ts";
import { projectFactShape, type ProjectContext, type ProjectFacts } from "./facts.ts";
import { projectWorking } from "./states.ts";

type Rule = EventRule<ProjectContext, ProjectFacts>;

export const projectEvents = [
  "OPEN_SURVEY",
  "START_CLOSING",
  "REOPEN_SURVEY",
  "CLOSE_SURVEY",
  "SUBMIT_RISK_REPORT",
  "RETURN_RISK_REPORT",
  "APPROVE_RISK_REPORT",
  "SUBMIT_PLAN",
  "RETURN_PLAN",
  "APPROVE_PLAN_SECTOR",
  "RETURN_PLAN_NATIONAL",
  "APPROVE_PLAN",
  "START_BATCH",
  "SKIP_BATCH_ONE",
  "START_REVIEW",
  "REOPEN_BATCH",
  "CLOSE_BATCH",
  "FINISH_LEARNING",
  "SKIP_BATCH_TWO",
  "SUBMIT_SPECIFICATION_DRAFT",
  "RETURN_SPECIFICATION",
  "APPROVE_SPECIFICATION_SECTOR",
  "RETURN_SPECIFICATION_NATIONAL",
  "ACCEPT_SPECIFICATION",
  "SUSPEND",
  "RESUME",
  "TERMINATE",
] as const;
export type ProjectEventType = (typeof projectEvents)[number];

/** Share of sites that responded in percent, cut (never rounded up) to one decimal so that 79.99 does not read as 80. */
export function responseRate(responded: number, invited: number): number {
  return invited > 0 ? Math.floor((responded * 1000) / invited) / 10 : 0;
}

function responseRateReached(facts: ProjectFacts): Reason[] {
  const { respondedSites: responded, invitedSites: invited, responseThreshold: threshold } = facts;
  // Compared as whole numbers: 2/3 of 3 sites must reach exactly what it says.
  const reached = invited > 0 && responded * 100 >= threshold * invited;
  const rate = responseRate(responded, invited);
  return unless(reached, "reason_project_response_rate_low", { rate, threshold, responded, invited });
}

const none = (count: number, code: string): Reason[] => unless(count === 0, code, { count });
const some = (count: number, code: string): Reason[] => unless(count > 0, code);

const survey = {
  OPEN_SURVEY: {
    roles: ["regulator", "regulator_lead"],
    from: ["survey.preparing"],
    facts: ["questionCount", "invitedSites"],
    reasons: (_context, facts) => [
      ...some(facts.questionCount, "reason_project_no_questions"),
      ...some(facts.invitedSites, "reason_project_no_sites"),
    ],
  },
  START_CLOSING: { roles: ["regulator", "regulator_lead", "system"], from: ["survey.collecting"] },
  REOPEN_SURVEY: { roles: ["regulator", "regulator_lead"], from: ["survey.closing"], needs: ["reason"] },
  CLOSE_SURVEY: {
    roles: ["regulator_lead"],
    from: ["survey.closing"],
    sealing: true,
    facts: ["respondedSites", "invitedSites", "responseThreshold"],
    waivable: (_context, facts) => responseRateReached(facts),
  },
} satisfies Record<string, Rule>;

const riskReport = {
  SUBMIT_RISK_REPORT: {
    roles: ["regulator"],
    from: ["riskReport.drafting"],
    facts: ["riskCount"],
    reasons: (_context, facts) => some(facts.riskCount, "reason_project_no_risks"),
  },
  RETURN_RISK_REPORT: { roles: ["regulator_lead"], from: ["riskReport.inReview"], needs: ["reason"] },
  APPROVE_RISK_REPORT: {
    roles: ["regulator_lead"],
    from: ["riskReport.inReview"],
    sealing: true,
    facts: ["missingChapters", "highRisksWithoutOwner"],
    reasons: (_context, facts) => [
      ...unless(facts.missingChapters.length === 0, "reason_project_chapters_missing", {
        count: facts.missingChapters.length,
        chapters: facts.missingChapters.join(" · "),
      }),
      ...none(facts.highRisksWithoutOwner, "reason_project_high_risks_without_owner"),
    ],
  },
} satisfies Record<string, Rule>;

const pilotPlan = {
  SUBMIT_PLAN: {
    roles: ["regulator"],
    from: ["pilotPlan.drafting"],
    facts: ["measureCount"],
    reasons: (_context, facts) => some(facts.measureCount, "reason_project_no_measures"),
  },
  RETURN_PLAN: { roles: ["regulator_lead"], from: ["pilotPlan.sectorReview"], needs: ["reason"] },
  APPROVE_PLAN_SECTOR: { roles: ["regulator_lead"], from: ["pilotPlan.sectorReview"], sealing: true },
  RETURN_PLAN_NATIONAL: { roles: ["national_director"], from: ["pilotPlan.nationalReview"], needs: ["reason"] },
  APPROVE_PLAN: {
    roles: ["national_director"],
    from: ["pilotPlan.nationalReview"],
    sealing: true,
    facts: [
      "highRisksWithoutMeasure",
      "measuresWithoutLifecycle",
      "measuresWithoutDimension",
      "measuresWithoutBudget",
      "budgetsBelowShare",
      "securityShareThreshold",
    ],
    reasons: (_context, facts) => [
      ...none(facts.highRisksWithoutMeasure, "reason_project_high_risks_without_measure"),
      ...none(facts.measuresWithoutLifecycle, "reason_project_measures_without_lifecycle"),
      ...none(facts.measuresWithoutDimension, "reason_project_measures_without_dimension"),
      ...none(facts.measuresWithoutBudget, "reason_project_measures_without_budget"),
      ...unless(facts.budgetsBelowShare === 0, "reason_project_security_share_low", {
        count: facts.budgetsBelowShare,
        threshold: facts.securityShareThreshold,
      }),
    ],
  },
} satisfies Record<string, Rule>;

const batches = {
  START_BATCH: {
    roles: ["regulator_lead"],
    from: ["batchOne.selecting", "batchTwo.selecting"],
    facts: ["batchWindowOpen", "batchQuota", "selectedPilots"],
    reasons: (_context, { batchWindowOpen, batchQuota, selectedPilots }) => [
      ...unless(batchWindowOpen, "reason_project_batch_window_closed"),
      ...some(batchQuota, "reason_project_batch_no_quota"),
      ...some(selectedPilots, "reason_project_no_pilot_selected"),
      ...unless(batchQuota <= 0 || selectedPilots <= batchQuota, "reason_project_quota_exceeded", {
        selected: selectedPilots,
        quota: batchQuota,
      }),
    ],
  },
  SKIP_BATCH_ONE: {
    roles: ["regulator_lead", "national_director"],
    from: ["batchOne.selecting"],
    needs: ["reason"],
    facts: ["selectedPilots"],
    reasons: (_context, facts) => none(facts.selectedPilots, "reason_project_skip_with_pilots"),
  },
  START_REVIEW: {
    roles: ["regulator", "regulator_lead"],
    from: ["batchOne.running", "batchTwo.running"],
    facts: ["pilotsBeforeOperation"],
    reasons: (_context, facts) => none(facts.pilotsBeforeOperation, "reason_project_pilots_before_operation"),
  },
  REOPEN_BATCH: {
    roles: ["regulator_lead"],
    from: ["batchOne.reviewing", "batchTwo.reviewing"],
    needs: ["reason"],
  },
  CLOSE_BATCH: {
    roles: ["regulator_lead"],
    from: ["batchOne.reviewing", "batchTwo.reviewing"],
    sealing: true,
    facts: ["batchReviewApproved", "lessonsRecorded"],
    reasons: (_context, facts) => [
      ...unless(facts.batchReviewApproved, "reason_project_batch_review_not_approved"),
      ...some(facts.lessonsRecorded, "reason_project_no_lesson"),
    ],
  },
  FINISH_LEARNING: {
    roles: ["regulator_lead"],
    from: ["batchTwo.learning"],
    facts: ["lessonsUndecided", "nationalLessonsUnread"],
    reasons: (context, facts) =>
      context.batchOneSkipped
        ? none(facts.nationalLessonsUnread, "reason_project_national_lessons_unread")
        : none(facts.lessonsUndecided, "reason_project_lessons_undecided"),
  },
  SKIP_BATCH_TWO: {
    roles: ["regulator_lead", "national_director"],
    from: ["batchTwo.selecting"],
    needs: ["reason"],
    facts: ["selectedPilots"],
    reasons: (context, facts) => [
      ...unless(!context.batchOneSkipped, "reason_project_both_batches_skipped"),
      ...none(facts.selectedPilots, "reason_project_skip_with_pilots"),
    ],
  },
} satisfies Record<string, Rule>;

const specification = {
  SUBMIT_SPECIFICATION_DRAFT: {
    roles: ["regulator"],
    from: ["specification.drafting"],
    facts: ["clauseCount", "clausesWithoutEvidence"],
    reasons: (_context, facts) => [
      ...some(facts.clauseCount, "reason_project_no_clauses"),
      ...none(facts.clausesWithoutEvidence, "reason_project_clauses_without_evidence"),
    ],
  },
  RETURN_SPECIFICATION: { roles: ["regulator_lead"], from: ["specification.sectorReview"], needs: ["reason"] },
  APPROVE_SPECIFICATION_SECTOR: { roles: ["regulator_lead"], from: ["specification.sectorReview"], sealing: true },
  RETURN_SPECIFICATION_NATIONAL: {
    roles: ["national_director"],
    from: ["specification.nationalReview"],
    needs: ["reason"],
  },
  ACCEPT_SPECIFICATION: { roles: ["national_director"], from: ["specification.nationalReview"], sealing: true },
} satisfies Record<string, Rule>;

const interruption = {
  SUSPEND: {
    roles: ["regulator_lead", "national_director"],
    from: projectWorking,
    destructive: true,
    needs: ["reason"],
  },
  RESUME: {
    roles: ["regulator_lead", "national_director"],
    from: ["suspended"],
    // What the national office stopped, a sector does not set going again by itself.
    reasons: (context, _facts, _payload, actor) =>
      unless(
        context.suspendedBy !== "national_director" || actor.role === "national_director",
        "reason_project_suspended_by_national",
      ),
  },
  TERMINATE: {
    roles: ["national_director"],
    from: [...projectWorking, "suspended"],
    destructive: true,
    needs: ["reason"],
  },
} satisfies Record<string, Rule>;

/** Who may send which event of a project and when; the only source. */
export const projectRules: RuleSet<ProjectContext, ProjectFacts, ProjectEventType> = {
  events: { ...survey, ...riskReport, ...pilotPlan, ...batches, ...specification, ...interruption },
  factShape: projectFactShape,
};
