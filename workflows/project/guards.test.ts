import { describe, expect, it } from "vitest";
import { answer, attempt, golden, inWords } from "#tests/workflows/refusal.ts";
import { actor, at, projectGood, send } from "#tests/workflows/scenarios.ts";
import { apply, available, contextOf, start, type Role, type StoredInstance } from "#workflows/index.ts";
import { projectV1 } from "#workflows/project/v1.ts";
import { responseRate } from "#workflows/project/guards.ts";
import type { ProjectFacts } from "#workflows/project/facts.ts";

type Case = [event: string, state: string, role: Role, facts: Partial<ProjectFacts>, answer: string];

const cases: Case[] = [
  ["OPEN_SURVEY", "survey.preparing", "regulator", { questionCount: 0 }, "reason_project_no_questions"],
  ["OPEN_SURVEY", "survey.preparing", "regulator", { invitedSites: 0 }, "reason_project_no_sites"],
  ["OPEN_SURVEY", "survey.preparing", "site_lead", {}, "role_not_allowed"],
  ["CLOSE_SURVEY", "survey.collecting", "regulator_lead", {}, "not_in_this_state"],
  ["CLOSE_SURVEY", "survey.closing", "regulator", {}, "role_not_allowed"],
  ["CLOSE_SURVEY", "survey.closing", "regulator_lead", { respondedSites: 7 }, "reason_project_response_rate_low"],
  ["CLOSE_SURVEY", "survey.closing", "regulator_lead", { respondedSites: 8 }, "ok riskReport.drafting"],
  [
    "CLOSE_SURVEY",
    "survey.closing",
    "regulator_lead",
    { invitedSites: 0, respondedSites: 0, responseThreshold: 0 },
    "reason_project_response_rate_low",
  ],
  ["SUBMIT_RISK_REPORT", "riskReport.drafting", "regulator", { riskCount: 0 }, "reason_project_no_risks"],
  [
    "APPROVE_RISK_REPORT",
    "riskReport.inReview",
    "regulator_lead",
    { missingChapters: ["四", "七"] },
    "reason_project_chapters_missing",
  ],
  [
    "APPROVE_RISK_REPORT",
    "riskReport.inReview",
    "regulator_lead",
    { highRisksWithoutOwner: 1 },
    "reason_project_high_risks_without_owner",
  ],
  ["SUBMIT_PLAN", "pilotPlan.drafting", "regulator", { measureCount: 0 }, "reason_project_no_measures"],
  ["APPROVE_PLAN", "pilotPlan.nationalReview", "regulator_lead", {}, "role_not_allowed"],
  [
    "APPROVE_PLAN",
    "pilotPlan.nationalReview",
    "national_director",
    { highRisksWithoutMeasure: 1 },
    "reason_project_high_risks_without_measure",
  ],
  [
    "APPROVE_PLAN",
    "pilotPlan.nationalReview",
    "national_director",
    { measuresWithoutLifecycle: 1 },
    "reason_project_measures_without_lifecycle",
  ],
  [
    "APPROVE_PLAN",
    "pilotPlan.nationalReview",
    "national_director",
    { measuresWithoutDimension: 1 },
    "reason_project_measures_without_dimension",
  ],
  [
    "APPROVE_PLAN",
    "pilotPlan.nationalReview",
    "national_director",
    { measuresWithoutBudget: 1 },
    "reason_project_measures_without_budget",
  ],
  [
    "APPROVE_PLAN",
    "pilotPlan.nationalReview",
    "national_director",
    { budgetsBelowShare: 1 },
    "reason_project_security_share_low",
  ],
  [
    "START_BATCH",
    "batchOne.selecting",
    "regulator_lead",
    { batchWindowOpen: false },
    "reason_project_batch_window_closed",
  ],
  ["START_BATCH", "batchOne.selecting", "regulator_lead", { batchQuota: 0 }, "reason_project_batch_no_quota"],
  ["START_BATCH", "batchOne.selecting", "regulator_lead", { selectedPilots: 0 }, "reason_project_no_pilot_selected"],
  ["START_BATCH", "batchTwo.selecting", "regulator_lead", { selectedPilots: 4 }, "reason_project_quota_exceeded"],
  ["START_BATCH", "batchTwo.selecting", "regulator_lead", { selectedPilots: 3 }, "ok batchTwo.running"],
  [
    "START_REVIEW",
    "batchOne.running",
    "regulator",
    { pilotsBeforeOperation: 1 },
    "reason_project_pilots_before_operation",
  ],
  [
    "CLOSE_BATCH",
    "batchOne.reviewing",
    "regulator_lead",
    { batchReviewApproved: false },
    "reason_project_batch_review_not_approved",
  ],
  ["CLOSE_BATCH", "batchTwo.reviewing", "regulator_lead", { lessonsRecorded: 0 }, "reason_project_no_lesson"],
  [
    "SUBMIT_SPECIFICATION_DRAFT",
    "specification.drafting",
    "regulator",
    { clauseCount: 0 },
    "reason_project_no_clauses",
  ],
  [
    "SUBMIT_SPECIFICATION_DRAFT",
    "specification.drafting",
    "regulator",
    { clausesWithoutEvidence: 2 },
    "reason_project_clauses_without_evidence",
  ],
  ["ACCEPT_SPECIFICATION", "specification.nationalReview", "national_editor", {}, "role_not_allowed"],
  ["ACCEPT_SPECIFICATION", "specification.nationalReview", "national_director", {}, "ok completed"],
  ["TERMINATE", "survey.collecting", "regulator_lead", {}, "role_not_allowed"],
  ["TERMINATE", "survey.collecting", "national_director", {}, "reason_text_required"],
  ["TERMINATE", "completed", "national_director", {}, "not_in_this_state"],
  ["NO_SUCH_EVENT", "survey.collecting", "national_director", {}, "unknown_event"],
];

/** Runs events that must pass. */
function pass(stored: StoredInstance, ...events: ReturnType<typeof send>[]): StoredInstance {
  return events.reduce((now, event) => {
    const outcome = apply(projectV1, now, event);
    expect(answer(outcome)).toMatch(/^ok/);
    return outcome.ok ? outcome.stored : now;
  }, stored);
}

describe("guards of the project", () => {
  it.each(cases)("%s from %s by %s with %j: %s", (type, state, role, change, expected) => {
    const outcome = attempt(projectV1, {
      type,
      from: golden("project", state),
      role,
      facts: { ...projectGood, ...change },
    });
    expect(answer(outcome)).toBe(expected);
  });

  it("closes a survey below its threshold only with a written reason, and keeps it", () => {
    const closing = golden("project", "survey.closing");
    const low = { ...projectGood, respondedSites: 5 };
    const offer = available(projectV1, closing, actor("regulator_lead"), low).find(
      (one) => one.type === "CLOSE_SURVEY",
    );
    expect(offer).toMatchObject({ enabled: true, needs: ["reason"], to: "riskReport.drafting", sealing: true });
    expect(offer?.reasons.map(inWords)).toEqual([
      "回收率 50%（5/10 家），未达到 80%；可催报后再结束，或填写提前结束的书面理由",
    ]);
    const done = pass(closing, send("CLOSE_SURVEY", "regulator_lead", low, { reason: "  汛期停工 " }));
    expect(contextOf(projectV1, done).surveyClosedEarlyReason).toBe("汛期停工");
    const enough = pass(closing, send("CLOSE_SURVEY", "regulator_lead", projectGood, { reason: "多余的话" }));
    expect(contextOf(projectV1, enough).surveyClosedEarlyReason).toBeNull();
  });

  it("never rounds a rate up to its threshold", () => {
    expect(responseRate(7999, 10_000)).toBe(79.9);
    expect(responseRate(2, 3)).toBe(66.6);
    expect(responseRate(0, 0)).toBe(0);
  });

  it("takes a sector past batch one with that on record, and asks it to read what the others learnt", () => {
    const empty = { ...projectGood, selectedPilots: 0 };
    const selecting = golden("project", "batchOne.selecting");
    expect(
      answer(apply(projectV1, selecting, send("SKIP_BATCH_ONE", "regulator_lead", projectGood, { reason: "x" }))),
    ).toBe("reason_project_skip_with_pilots");
    expect(answer(apply(projectV1, selecting, send("SKIP_BATCH_ONE", "regulator_lead", empty)))).toBe(
      "reason_text_required",
    );
    const learning = pass(selecting, send("SKIP_BATCH_ONE", "regulator_lead", empty, { reason: "未列入第一批" }));
    expect(contextOf(projectV1, learning)).toMatchObject({ batchOneSkipped: true, batchOneSkipReason: "未列入第一批" });
    const unread = { ...projectGood, nationalLessonsUnread: 2, lessonsUndecided: 9 };
    expect(answer(apply(projectV1, learning, send("FINISH_LEARNING", "regulator_lead", unread)))).toBe(
      "reason_project_national_lessons_unread",
    );
    const two = pass(learning, send("FINISH_LEARNING", "regulator_lead", { ...unread, nationalLessonsUnread: 0 }));
    expect(answer(apply(projectV1, two, send("SKIP_BATCH_TWO", "regulator_lead", empty, { reason: "x" })))).toBe(
      "reason_project_both_batches_skipped",
    );
  });

  it("does not let batch two begin while a lesson of batch one is undecided", () => {
    const learning = pass(golden("project", "batchOne.reviewing"), send("CLOSE_BATCH", "regulator_lead", projectGood));
    const open = { ...projectGood, lessonsUndecided: 1, nationalLessonsUnread: 5 };
    expect(answer(apply(projectV1, learning, send("FINISH_LEARNING", "regulator_lead", open)))).toBe(
      "reason_project_lessons_undecided",
    );
    const two = pass(learning, send("FINISH_LEARNING", "regulator_lead", { ...open, lessonsUndecided: 0 }));
    const drafting = pass(
      two,
      send("SKIP_BATCH_TWO", "regulator_lead", { ...projectGood, selectedPilots: 0 }, { reason: "仅参加第一批" }),
    );
    expect(drafting.state).toBe("specification.drafting");
  });

  it("resumes where it was, and only the national office resumes what it stopped itself", () => {
    const running = golden("project", "batchOne.running");
    const byNational = pass(running, send("SUSPEND", "national_director", {}, { reason: "重大事件" }));
    expect(answer(apply(projectV1, byNational, send("RESUME", "regulator_lead", {})))).toBe(
      "reason_project_suspended_by_national",
    );
    const back = pass(byNational, send("RESUME", "national_director", {}));
    expect(back.state).toBe("batchOne.running");
    expect(contextOf(projectV1, back)).toEqual({
      ...contextOf(projectV1, running),
      enteredAt: { ...contextOf(projectV1, running).enteredAt, suspended: at },
    });
  });

  it("refuses when a fact is missing or of the wrong kind, whatever the others say", () => {
    const from = golden("project", "survey.preparing");
    for (const facts of [
      {},
      { questionCount: 3 },
      { questionCount: "72", invitedSites: 10 },
      { questionCount: Number.NaN, invitedSites: 10 },
    ]) {
      const outcome = apply(projectV1, from, send("OPEN_SURVEY", "regulator", facts) as never);
      expect(answer(outcome)).toBe("reason_fact_missing");
    }
  });

  it("refuses a reason that is blank or too long, and an instant without a zone", () => {
    const from = start(projectV1, { at });
    const suspend = (payload: object) =>
      answer(apply(projectV1, from, send("SUSPEND", "regulator_lead", {}, { ...payload })));
    expect(suspend({ reason: "  　 " })).toBe("reason_text_required");
    expect(suspend({ reason: 7 })).toBe("reason_text_required");
    expect(suspend({ reason: "长".repeat(2001) })).toBe("reason_text_too_long");
    const undated = { ...send("SUSPEND", "regulator_lead", {}, { reason: "x" }), at: "2014-03-01T08:00:00" };
    expect(answer(apply(projectV1, from, undated))).toBe("reason_event_malformed");
  });
});
