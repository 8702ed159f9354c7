import { describe, expect, it } from "vitest";
import { answer, attempt, golden } from "#tests/workflows/refusal.ts";
import { pilotGood, send } from "#tests/workflows/scenarios.ts";
import {
  apply,
  contextOf,
  pilotRunning,
  pilotSelection,
  type Payload,
  type PilotFacts,
  type Role,
  type StoredInstance,
} from "#workflows/index.ts";
import { pilotV1 } from "#workflows/pilot/v1.ts";

type Case = [event: string, state: string, role: Role, facts: Partial<PilotFacts>, answer: string];

const cases: Case[] = [
  ["START_SCREENING", "nominated", "regulator", { formMissing: ["budget"] }, "reason_pilot_form_incomplete"],
  ["START_SCREENING", "nominated", "site_lead", {}, "role_not_allowed"],
  ["PASS_SCREENING", "screening", "regulator", { duplicates: 1 }, "reason_pilot_duplicate"],
  ["FINISH_SCORING", "scoring", "regulator", { scorers: 1 }, "reason_pilot_too_few_scorers"],
  ["FINISH_SCORING", "scoring", "regulator", { scorersPending: 1 }, "reason_pilot_scores_pending"],
  ["FINISH_SCORING", "scoring", "regulator", { scorers: 2 }, "ok publicNotice"],
  ["SELECT", "publicNotice", "regulator", {}, "role_not_allowed"],
  ["SELECT", "publicNotice", "regulator_lead", { noticeDaysLeft: 1 }, "reason_pilot_notice_running"],
  ["SELECT", "publicNotice", "regulator_lead", { openObjections: 1 }, "reason_pilot_open_objections"],
  ["SELECT", "publicNotice", "regulator_lead", { quotaLeft: 0 }, "reason_pilot_quota_used"],
  ["REJECT", "scoring", "regulator", {}, "reason_text_required"],
  ["REJECT", "selected", "regulator_lead", {}, "not_in_this_state"],
  ["START_DESIGN", "selected", "site_lead", { batchRunning: false }, "reason_pilot_batch_not_running"],
  ["APPROVE_DESIGN", "design", "regulator", {}, "reason_pilot_design_not_submitted"],
  ["RETURN_DESIGN", "design", "regulator", {}, "reason_pilot_design_not_submitted reason_text_required"],
  ["REQUEST_ACCEPTANCE", "construction", "site_lead", { openMilestones: 2 }, "reason_pilot_open_milestones"],
  ["PASS_ACCEPTANCE", "acceptance", "regulator", { acceptanceTested: false }, "reason_pilot_acceptance_not_tested"],
  ["PASS_ACCEPTANCE", "acceptance", "regulator", { openHighFindings: 1 }, "reason_pilot_open_high_findings"],
  ["RECORD_PROGRESS", "operation", "system", { approvedProgressReports: 0 }, "reason_pilot_no_new_progress_report"],
  ["RECORD_PROGRESS", "operation", "system", {}, "ok operation"],
  ["MIDTERM_CHECK", "operation", "regulator", {}, "reason_result_required"],
  [
    "MIDTERM_CHECK",
    "operation",
    "regulator",
    { midtermMissing: ["indicators"] },
    "reason_pilot_midterm_incomplete reason_result_required",
  ],
  ["START_SUMMARY", "operation", "site_lead", {}, "reason_pilot_no_progress_recorded reason_pilot_midterm_missing"],
  ["ACCEPT", "summary", "regulator", {}, "role_not_allowed"],
  ["ACCEPT", "summary", "regulator_lead", { summaryApproved: false }, "reason_pilot_summary_not_approved"],
  ["ACCEPT", "summary", "regulator_lead", { indicatorsUnreported: 1 }, "reason_pilot_indicators_unreported"],
  ["ACCEPT", "summary", "regulator_lead", {}, "ok accepted"],
];

function pass(
  stored: StoredInstance,
  type: string,
  role: Role,
  payload: Payload = {},
  facts: Partial<PilotFacts> = {},
): StoredInstance {
  const outcome = apply(pilotV1, stored, send(type, role, { ...pilotGood, ...facts }, payload));
  expect(answer(outcome)).toMatch(/^ok/);
  return outcome.ok ? outcome.stored : stored;
}

const ask = (
  stored: StoredInstance,
  type: string,
  role: Role,
  payload: Payload = {},
  facts: Partial<PilotFacts> = {},
): string => answer(apply(pilotV1, stored, send(type, role, { ...pilotGood, ...facts }, payload)));

describe("guards of the pilot", () => {
  it.each(cases)("%s from %s by %s with %j: %s", (type, state, role, change, expected) => {
    expect(
      answer(attempt(pilotV1, { type, from: golden("pilot", state), role, facts: { ...pilotGood, ...change } })),
    ).toBe(expected);
  });

  it("approves a design once submitted and verified; a return asks for it anew", () => {
    const submitted = pass(golden("pilot", "design"), "COMPLETE_DESIGN", "site_lead");
    expect(ask(submitted, "COMPLETE_DESIGN", "site_lead")).toBe("reason_pilot_design_already_submitted");
    expect(ask(submitted, "APPROVE_DESIGN", "regulator", {}, { designVerified: false })).toBe(
      "reason_pilot_design_not_verified",
    );
    const returned = pass(submitted, "RETURN_DESIGN", "regulator", { reason: "缺密钥管理设计" });
    expect(contextOf(pilotV1, returned)).toMatchObject({
      designSubmittedAt: null,
      returnReason: "缺密钥管理设计",
      designRounds: 1,
    });
    expect(ask(returned, "APPROVE_DESIGN", "regulator")).toBe("reason_pilot_design_not_submitted");
    expect(pass(pass(returned, "COMPLETE_DESIGN", "site_lead"), "APPROVE_DESIGN", "regulator").state).toBe(
      "construction",
    );
  });

  it("takes note of an approved progress report once", () => {
    const once = pass(golden("pilot", "operation"), "RECORD_PROGRESS", "system");
    expect(ask(once, "RECORD_PROGRESS", "system")).toBe("reason_pilot_no_new_progress_report");
    const twice = pass(once, "RECORD_PROGRESS", "regulator", {}, { approvedProgressReports: 2 });
    expect(contextOf(pilotV1, twice).progressCount).toBe(2);
  });

  it("asks a reason for any conclusion but normal; exit ends the pilot, rectify holds up the summary", () => {
    const operation = pass(golden("pilot", "operation"), "RECORD_PROGRESS", "system");
    expect(ask(operation, "MIDTERM_CHECK", "regulator", { result: "warning" })).toBe(
      "reason_pilot_midterm_needs_reason",
    );
    expect(ask(operation, "MIDTERM_CHECK", "regulator", { result: "excellent", reason: "x" })).toBe(
      "reason_pilot_midterm_result_unknown",
    );
    const left = pass(operation, "MIDTERM_CHECK", "regulator", { result: "exit", reason: "建设停滞" });
    expect(left.state).toBe("failed");
    expect(contextOf(pilotV1, left)).toMatchObject({
      leftFrom: "operation",
      endReason: "建设停滞",
      midterm: { result: "exit" },
    });
    const rectify = pass(operation, "MIDTERM_CHECK", "regulator", { result: "rectify", reason: "指标滞后" });
    expect(ask(rectify, "START_SUMMARY", "site_lead")).toBe("reason_pilot_midterm_rectify_open");
    const mended = pass(rectify, "MIDTERM_CHECK", "regulator", { result: "normal" });
    expect(ask(mended, "START_SUMMARY", "site_lead", {}, { indicatorsUnreported: 3 })).toBe(
      "reason_pilot_indicators_unreported",
    );
    expect(pass(mended, "START_SUMMARY", "site_lead").state).toBe("summary");
  });

  it("can be withdrawn from every stage, with a reason, by its site lead alone", () => {
    for (const stage of [...pilotSelection, ...pilotRunning, "suspended"]) {
      const from = golden("pilot", stage);
      expect(ask(from, "WITHDRAW", "site_officer", { reason: "x" })).toBe("role_not_allowed");
      expect(ask(from, "WITHDRAW", "site_lead")).toBe("reason_text_required");
      expect(pass(from, "WITHDRAW", "site_lead", { reason: "系统停用" }).state).toBe("withdrawn");
    }
  });

  it("resumes where it was from every stage of the work", () => {
    for (const stage of pilotRunning) {
      const halted = pass(golden("pilot", stage), "SUSPEND", "regulator_lead", { reason: "项目暂停" });
      const back = pass(halted, "RESUME", "system");
      expect(back.state).toBe(stage);
      expect(contextOf(pilotV1, back)).toMatchObject({ leftFrom: null, suspendReason: null });
    }
  });
});
