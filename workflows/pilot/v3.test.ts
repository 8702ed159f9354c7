import { describe, expect, it } from "vitest";
import { answer, attempt, golden } from "#tests/workflows/refusal.ts";
import { pilotGood } from "#tests/workflows/scenarios.ts";
import type { PilotFacts, Role } from "#workflows/index.ts";
import { pilotV2 } from "./v2.ts";
import { pilotV3 } from "./v3.ts";

/** What each version says to an event out of the same state; version 2 asked nobody where the project stands. */
const both = (type: string, from: string, role: Role, facts: Partial<PilotFacts>) =>
  [pilotV2, pilotV3].map((def) =>
    answer(
      attempt(def, {
        type,
        from: { ...golden("pilot", from), version: def.version },
        role,
        facts: { ...pilotGood, ...facts },
        payload: { reason: "理由", result: "normal" },
      }),
    ),
  );

describe("a pilot by the rules of version 3", () => {
  it.each([
    ["START_SCREENING", "nominated"],
    ["PASS_SCREENING", "screening"],
    ["FINISH_SCORING", "scoring"],
    ["RETURN_TO_SCORING", "publicNotice"],
    ["SELECT", "publicNotice"],
  ] as const)("%s waits for a batch that is selected or run", (type, from) => {
    const [before, now] = both(type, from, "regulator_lead", { selectionOpen: false });
    expect([before?.startsWith("ok "), now]).toEqual([true, "reason_pilot_selection_not_open"]);
  });
  it.each([
    ["REQUEST_ACCEPTANCE", "construction", "site_lead"],
    ["PASS_ACCEPTANCE", "acceptance", "regulator"],
    ["MIDTERM_CHECK", "operation", "regulator"],
    ["ACCEPT", "summary", "regulator_lead"],
  ] as const)("%s waits while the project is suspended or was ended", (type, from, role) => {
    const [before, now] = both(type, from, role, { projectStands: false });
    expect([before?.startsWith("ok "), now]).toEqual([true, "reason_pilot_project_stands_still"]);
  });
  it("lets whoever leaves leave", () => {
    const off = { selectionOpen: false, projectStands: false };
    for (const [from, type, role] of [
      ["publicNotice", "REJECT", "regulator"],
      ["scoring", "WITHDRAW", "site_lead"],
      ["operation", "FAIL", "regulator_lead"],
    ] as const)
      expect(both(type, from, role, off)[1]).toMatch(/^ok /);
  });
});
