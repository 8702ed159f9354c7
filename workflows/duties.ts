import type { MachineId } from "./registry.ts";
import type { Role } from "./types.ts";

/*
 * What of a machine somebody owes. Each event is a duty of whoever may send it as soon as it can be sent, but those named
 * here; and what stands in its way is told to whoever can mend it.
 */

/** Events that are there to be used and that nobody owes: the way back, out or round, and what the product sends itself. */
export const optionalEvents: Readonly<Record<MachineId, readonly string[]>> = {
  project: [
    "REOPEN_SURVEY",
    "RETURN_RISK_REPORT",
    "RETURN_PLAN",
    "RETURN_PLAN_NATIONAL",
    "SKIP_BATCH_ONE",
    "SKIP_BATCH_TWO",
    "REOPEN_BATCH",
    "RETURN_SPECIFICATION",
    "RETURN_SPECIFICATION_NATIONAL",
    "SUSPEND",
    "RESUME",
    "TERMINATE",
  ],
  pilot: [
    "RETURN_NOMINATION",
    "RETURN_TO_SCORING",
    "REJECT",
    "RETURN_DESIGN",
    "FAIL_ACCEPTANCE",
    "RECORD_PROGRESS",
    "RETURN_SUMMARY",
    "SUSPEND",
    "RESUME",
    "FAIL",
    "WITHDRAW",
  ],
  document: ["WITHDRAW", "START_REVIEW", "RETURN", "NOTE_CHANGE", "SUPERSEDE"],
  specification: ["RETURN_TO_DRAFTING", "REOPEN_REVIEW", "SUPERSEDE", "WITHDRAW"],
};

const site = ["site_officer", "site_lead"] as const;
const office = ["regulator", "regulator_lead"] as const;
const writer = ["regulator"] as const;
const lead = ["regulator_lead"] as const;
const director = ["national_director"] as const;
const nobody = [] as const;

/** Who can mend what stands in the way of an event, by the reason: the product knows, so that nobody looks for it on the phone. */
export const menders: Readonly<Record<string, readonly Role[]>> = {
  // A project.
  reason_project_no_questions: director,
  reason_project_no_sites: office,
  reason_project_response_rate_low: site,
  reason_project_no_risks: writer,
  reason_project_chapters_missing: writer,
  reason_project_high_risks_without_owner: writer,
  reason_project_no_measures: writer,
  reason_project_high_risks_without_measure: writer,
  reason_project_measures_without_lifecycle: writer,
  reason_project_measures_without_dimension: writer,
  reason_project_measures_without_budget: writer,
  reason_project_security_share_low: writer,
  reason_project_batch_window_closed: director,
  reason_project_batch_no_quota: director,
  reason_project_no_pilot_selected: office,
  reason_project_pilots_before_operation: site,
  reason_project_batch_review_not_approved: office,
  reason_project_no_lesson: office,
  reason_project_pilots_without_lesson: office,
  reason_project_lessons_not_handed_on: director,
  reason_project_national_lessons_unread: office,
  reason_project_lessons_undecided: lead,
  reason_project_lessons_without_uptake: lead,
  reason_project_lessons_without_clause: writer,
  reason_project_no_clauses: writer,
  reason_project_clauses_without_evidence: writer,
  reason_project_skip_with_pilots: lead,
  reason_project_pilots_in_selection: office,
  // A pilot.
  reason_pilot_form_incomplete: site,
  reason_pilot_screening_blocked: site,
  reason_pilot_duplicate: office,
  reason_pilot_panel_missing: lead,
  reason_pilot_selection_not_open: nobody,
  reason_pilot_project_stands_still: nobody,
  reason_pilot_too_few_scorers: lead,
  reason_pilot_scores_pending: nobody,
  reason_pilot_marks_unreconciled: lead,
  reason_pilot_notice_running: nobody,
  reason_pilot_open_objections: office,
  reason_pilot_quota_used: nobody,
  reason_pilot_batch_not_running: lead,
  reason_pilot_design_already_submitted: nobody,
  reason_pilot_design_not_submitted: site,
  reason_pilot_design_not_verified: ["assessor"],
  reason_pilot_open_high_findings: ["assessor"],
  reason_pilot_open_milestones: site,
  reason_pilot_acceptance_not_tested: ["assessor"],
  reason_pilot_no_progress_recorded: office,
  reason_pilot_midterm_missing: office,
  reason_pilot_midterm_incomplete: site,
  reason_pilot_midterm_rectify_open: office,
  reason_pilot_indicators_unreported: site,
  reason_pilot_operation_not_checked: ["assessor"],
  reason_pilot_months_owed: site,
  reason_pilot_summary_not_approved: office,
  // An edition.
  reason_specification_consultation_running: nobody,
};
/** Whoever can mend it: as named above, else those who send the event. */
export const mendersOf = (code: string, senders: readonly Role[]): readonly Role[] => menders[code] ?? senders;
