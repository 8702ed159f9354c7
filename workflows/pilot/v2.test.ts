import { describe, expect, it } from "vitest";
import { answer, attempt, golden } from "#tests/workflows/refusal.ts";
import { pilotGood } from "#tests/workflows/scenarios.ts";
import type { PilotFacts, Role, StoredInstance } from "#workflows/index.ts";
import { pilotV1 } from "./v1.ts";
import { pilotV2 } from "./v2.ts";

/** What each version says to an event out of the same state; version 1 said yes to all of these. */
const both = (type: string, from: string, role: Role, facts: Partial<PilotFacts>) =>
  [pilotV1, pilotV2].map((def) =>
    answer(attempt(def, { type, from: inVersion(from, def.version), role, facts: { ...pilotGood, ...facts } })),
  );
/** Goldens of the present version; both have the same states and the same memory. */
const inVersion = (state: string, version: number): StoredInstance => ({ ...golden("pilot", state), version });

describe("a pilot by the rules of version 2", () => {
  it.each([
    ["PASS_SCREENING", "screening", "regulator", { screeningBlocked: ["代码有误"] }, "reason_pilot_screening_blocked"],
    ["PASS_SCREENING", "screening", "regulator", { panelMembers: 1 }, "reason_pilot_panel_missing"],
    ["FINISH_SCORING", "scoring", "regulator_lead", { marksUnreconciled: true }, "reason_pilot_marks_unreconciled"],
    ["FINISH_SCORING", "scoring", "regulator", {}, "role_not_allowed"],
  ] as const)("%s from %s by a %s with %j was accepted by version 1", (type, from, role, facts, refused) => {
    const [before, now] = both(type, from, role, { ...facts } as Partial<PilotFacts>);
    expect(before).toMatch(/^ok /);
    expect(now).toBe(refused);
  });
  it.each([
    [{ operationChecked: false }, "reason_pilot_operation_not_checked"],
    [{ monthsOwed: ["2014-07"] }, "reason_pilot_months_owed"],
  ] as const)("the summary with %j is refused besides what version 1 asks", (facts, refused) => {
    const [before, now] = both("START_SUMMARY", "operation", "site_lead", { ...facts } as Partial<PilotFacts>);
    expect(before).not.toContain(refused);
    expect(now).toContain(refused);
  });
  it("lets pass what meets all conditions", () => {
    expect(both("PASS_SCREENING", "screening", "regulator", {})).toEqual(["ok scoring", "ok scoring"]);
    expect(both("FINISH_SCORING", "scoring", "regulator_lead", {})).toEqual(["ok publicNotice", "ok publicNotice"]);
  });
});
