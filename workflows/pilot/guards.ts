import { textOf, unless } from "../rules.ts";
import type { EventRule, Payload, Reason, RuleSet } from "../types.ts";
import { midtermResults, pilotFactShape, type MidtermResult, type PilotContext, type PilotFacts } from "./facts.ts";
import { pilotRunning, pilotSelection } from "./stages.ts";

type Rule = EventRule<PilotContext, PilotFacts>;

export const pilotEvents = [
  "START_SCREENING",
  "RETURN_NOMINATION",
  "PASS_SCREENING",
  "FINISH_SCORING",
  "RETURN_TO_SCORING",
  "SELECT",
  "REJECT",
  "START_DESIGN",
  "COMPLETE_DESIGN",
  "RETURN_DESIGN",
  "APPROVE_DESIGN",
  "REQUEST_ACCEPTANCE",
  "FAIL_ACCEPTANCE",
  "PASS_ACCEPTANCE",
  "RECORD_PROGRESS",
  "MIDTERM_CHECK",
  "START_SUMMARY",
  "RETURN_SUMMARY",
  "ACCEPT",
  "SUSPEND",
  "RESUME",
  "FAIL",
  "WITHDRAW",
] as const;
export type PilotEventType = (typeof pilotEvents)[number];

/** Fewer than two opinions are no comparison. */
export const minScorers = 2;

/** The conclusion in a payload, or null when it is none of the four. */
export function midtermResultOf(payload: Payload): MidtermResult | null {
  const word = textOf(payload, "result");
  return midtermResults.find((result) => result === word) ?? null;
}

const none = (count: number, code: string): Reason[] => unless(count <= 0, code, { count });
const whole = (missing: readonly string[], code: string): Reason[] =>
  unless(missing.length === 0, code, { count: missing.length, fields: missing.join(" · ") });

const selection = {
  START_SCREENING: {
    roles: ["regulator", "regulator_lead"],
    from: ["nominated"],
    facts: ["formMissing"],
    reasons: (_context, facts) => whole(facts.formMissing, "reason_pilot_form_incomplete"),
  },
  RETURN_NOMINATION: { roles: ["regulator", "regulator_lead"], from: ["screening"], needs: ["reason"] },
  PASS_SCREENING: {
    roles: ["regulator", "regulator_lead"],
    from: ["screening"],
    facts: ["formMissing", "duplicates"],
    reasons: (_context, facts) => [
      ...whole(facts.formMissing, "reason_pilot_form_incomplete"),
      ...none(facts.duplicates, "reason_pilot_duplicate"),
    ],
  },
  FINISH_SCORING: {
    roles: ["regulator", "regulator_lead"],
    from: ["scoring"],
    sealing: true,
    facts: ["scorers", "scorersPending"],
    reasons: (_context, facts) => [
      ...unless(facts.scorers >= minScorers, "reason_pilot_too_few_scorers", { count: facts.scorers, min: minScorers }),
      ...none(facts.scorersPending, "reason_pilot_scores_pending"),
    ],
  },
  RETURN_TO_SCORING: { roles: ["regulator_lead"], from: ["publicNotice"], needs: ["reason"] },
  SELECT: {
    roles: ["regulator_lead"],
    from: ["publicNotice"],
    sealing: true,
    facts: ["noticeDaysLeft", "openObjections", "quotaLeft"],
    reasons: (_context, facts) => [
      ...unless(facts.noticeDaysLeft <= 0, "reason_pilot_notice_running", { days: facts.noticeDaysLeft }),
      ...none(facts.openObjections, "reason_pilot_open_objections"),
      ...unless(facts.quotaLeft > 0, "reason_pilot_quota_used"),
    ],
  },
  REJECT: {
    roles: ["regulator", "regulator_lead"],
    from: ["screening", "scoring", "publicNotice"],
    destructive: true,
    needs: ["reason"],
  },
} satisfies Record<string, Rule>;

const building = {
  START_DESIGN: {
    roles: ["site_lead"],
    from: ["selected"],
    facts: ["batchRunning"],
    reasons: (_context, facts) => unless(facts.batchRunning, "reason_pilot_batch_not_running"),
  },
  COMPLETE_DESIGN: {
    roles: ["site_lead"],
    from: ["design"],
    reasons: (context) => unless(context.designSubmittedAt === null, "reason_pilot_design_already_submitted"),
  },
  RETURN_DESIGN: {
    roles: ["regulator", "regulator_lead"],
    from: ["design"],
    needs: ["reason"],
    reasons: (context) => unless(context.designSubmittedAt !== null, "reason_pilot_design_not_submitted"),
  },
  APPROVE_DESIGN: {
    roles: ["regulator", "regulator_lead"],
    from: ["design"],
    sealing: true,
    facts: ["designVerified", "openHighFindings"],
    reasons: (context, facts) => [
      ...unless(context.designSubmittedAt !== null, "reason_pilot_design_not_submitted"),
      ...unless(facts.designVerified, "reason_pilot_design_not_verified"),
      ...none(facts.openHighFindings, "reason_pilot_open_high_findings"),
    ],
  },
  REQUEST_ACCEPTANCE: {
    roles: ["site_lead"],
    from: ["construction"],
    facts: ["openMilestones"],
    reasons: (_context, facts) => none(facts.openMilestones, "reason_pilot_open_milestones"),
  },
  FAIL_ACCEPTANCE: { roles: ["regulator", "regulator_lead"], from: ["acceptance"], needs: ["reason"] },
  PASS_ACCEPTANCE: {
    roles: ["regulator", "regulator_lead"],
    from: ["acceptance"],
    sealing: true,
    facts: ["acceptanceTested", "openHighFindings"],
    reasons: (_context, facts) => [
      ...unless(facts.acceptanceTested, "reason_pilot_acceptance_not_tested"),
      ...none(facts.openHighFindings, "reason_pilot_open_high_findings"),
    ],
  },
} satisfies Record<string, Rule>;

const operating = {
  RECORD_PROGRESS: {
    roles: ["regulator", "regulator_lead", "system"],
    from: ["operation"],
    facts: ["approvedProgressReports"],
    reasons: (context, facts) =>
      unless(facts.approvedProgressReports > context.progressCount, "reason_pilot_no_new_progress_report"),
  },
  MIDTERM_CHECK: {
    roles: ["regulator", "regulator_lead"],
    from: ["operation"],
    needs: ["result"],
    facts: ["midtermMissing"],
    reasons: (_context, facts, payload) => {
      const given = textOf(payload, "result");
      const result = midtermResultOf(payload);
      return [
        ...whole(facts.midtermMissing, "reason_pilot_midterm_incomplete"),
        ...unless(given === "" || result !== null, "reason_pilot_midterm_result_unknown"),
        ...unless(
          result === null || result === "normal" || textOf(payload, "reason") !== "",
          "reason_pilot_midterm_needs_reason",
        ),
      ];
    },
  },
  START_SUMMARY: {
    roles: ["site_lead"],
    from: ["operation"],
    facts: ["indicatorsUnreported"],
    reasons: (context, facts) => [
      ...unless(context.progressCount > 0, "reason_pilot_no_progress_recorded"),
      ...unless(context.midterm !== null, "reason_pilot_midterm_missing"),
      ...unless(context.midterm?.result !== "rectify", "reason_pilot_midterm_rectify_open"),
      ...none(facts.indicatorsUnreported, "reason_pilot_indicators_unreported"),
    ],
  },
  RETURN_SUMMARY: { roles: ["regulator", "regulator_lead"], from: ["summary"], needs: ["reason"] },
  ACCEPT: {
    roles: ["regulator_lead"],
    from: ["summary"],
    sealing: true,
    facts: ["summaryApproved", "indicatorsUnreported", "openHighFindings"],
    reasons: (_context, facts) => [
      ...unless(facts.summaryApproved, "reason_pilot_summary_not_approved"),
      ...none(facts.indicatorsUnreported, "reason_pilot_indicators_unreported"),
      ...none(facts.openHighFindings, "reason_pilot_open_high_findings"),
    ],
  },
} satisfies Record<string, Rule>;

const interruption = {
  SUSPEND: { roles: ["regulator_lead", "system"], from: pilotRunning, destructive: true, needs: ["reason"] },
  RESUME: { roles: ["regulator_lead", "system"], from: ["suspended"] },
  FAIL: { roles: ["regulator_lead"], from: [...pilotRunning, "suspended"], destructive: true, needs: ["reason"] },
  WITHDRAW: {
    roles: ["site_lead"],
    from: [...pilotSelection, ...pilotRunning, "suspended"],
    destructive: true,
    needs: ["reason"],
  },
} satisfies Record<string, Rule>;

/** Who may send which event of a pilot and when; the only source. */
export const pilotRules: RuleSet<PilotContext, PilotFacts, PilotEventType> = {
  events: { ...selection, ...building, ...operating, ...interruption },
  factShape: pilotFactShape,
};
