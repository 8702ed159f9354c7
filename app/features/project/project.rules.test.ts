import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays } from "#app/platform/days.ts";
import { phases } from "#app/domain/vocabulary.ts";
import { projectWorking } from "#workflows/project/states.ts";
import { checklistNeeds, phaseDueDates, batchStep, phaseOf, projectChecklist } from "./project.rules.ts";

describe("dates", () => {
  test("2013–2015: risk report by the end of 2013, specification by the end of 2015", () => {
    const due = phaseDueDates("2013-01-01", "2015-12-31");
    expect([due.riskReport, due.batchOne, due.specification]).toEqual(["2013-12-31", "2014-12-31", "2015-12-31"]);
  });
  test("in order for any period of at least a year", () => {
    fc.assert(
      fc.property(fc.nat(20_000), fc.integer({ min: 365, max: 4000 }), (start, length) => {
        const from = addDays("1990-01-01", start);
        const due = phaseDueDates(from, addDays(from, length));
        const days = phases.map((p) => due[p]);
        expect(days).toEqual([...days].sort());
        expect(days.at(-1)).toBe(addDays(from, length));
      }),
    );
  });
});

describe("step of a batch", () => {
  test.each([
    ["pilotPlan.drafting", "ahead", "ahead"],
    ["batchOne.running", "running", "ahead"],
    ["batchTwo.learning", "past", "learning"],
    ["specification.drafting", "past", "past"],
    ["completed", "past", "past"],
    ["suspended", "off", "off"],
  ])("%s: %s in batch one, %s in batch two", (state, one, two) =>
    expect([batchStep(state, 1), batchStep(state, 2)]).toEqual([one, two]),
  );
});

describe("checklist", () => {
  test("every working state of the machine has one, and no other", () => {
    expect(Object.keys(checklistNeeds).sort()).toEqual([...projectWorking].sort());
    expect([phaseOf("batchTwo.learning"), phaseOf("completed")]).toEqual(["batchTwo", null]);
  });
  test("done and open items, facts that are not known left out", () => {
    const items = projectChecklist("p", "riskReport.inReview", { riskCount: 12, highRisksWithoutOwner: 2 });
    expect(items.map((i) => [i.key, i.done, i.params.count])).toEqual([
      ["rule_project_need_risks", true, 12],
      ["rule_project_need_owners", false, 2],
    ]);
    expect(items[1]?.place).toEqual({
      path: ["projects", "p", "risk-report"],
      query: { only: "rule_project_need_owners" },
    });
    expect(projectChecklist("p", "completed", {})).toEqual([]);
  });
  test("the response rate is compared as whole numbers", () => {
    const at = (respondedSites: number) =>
      projectChecklist("p", "survey.closing", { respondedSites, invitedSites: 3, responseThreshold: 67 })[0]?.done;
    expect([at(2), at(3)]).toEqual([false, true]);
  });
});
