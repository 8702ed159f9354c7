import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays } from "#app/platform/days.ts";
import { phases } from "#app/domain/vocabulary.ts";
import { projectLeaves } from "#workflows/project/states.ts";
import { type Course, courseOf, isLate, phaseStandings } from "./phases.rules.ts";
import { phaseOf } from "./project.rules.ts";

const dueOn = {
  survey: "2013-06-30",
  riskReport: "2013-12-31",
  pilotPlan: "2014-03-31",
  batchOne: "2014-09-30",
  batchTwo: "2015-06-30",
  specification: "2015-12-31",
} as const;
const day = fc.integer({ min: 0, max: 1400 }).map((n) => addDays("2013-01-01", n));
const working = projectLeaves.filter((s) => phaseOf(s) !== null);

describe("six phases against their days", () => {
  test("any state, any day: late is what is not done though its day has passed, and nothing else", () => {
    const skips = { batchOneSkipped: fc.boolean(), batchTwoSkipped: fc.boolean() };
    fc.assert(
      fc.property(
        fc.constantFrom(...projectLeaves),
        fc.record({ ...skips, suspendedFrom: fc.constantFrom(...working) }),
        day,
        (state, memory, today) => {
          const course = courseOf({ state, dueOn }, memory, []);
          const all = phaseStandings(course, today);
          const at = phases.findIndex((p) => p === course.current);
          all.forEach((s, i) => {
            const behind = state === "completed" || i < at;
            const skipped = course.skipped?.includes(s.phase) ?? false;
            expect(isLate(s)).toBe(!behind && !skipped && !course.stopped && s.dueOn !== null && s.dueOn < today);
            expect(s.status === "skipped").toBe(skipped);
            if (skipped) expect([s.place, s.doneOn]).toEqual(["off", null]);
            else expect(s.place === "done").toBe(behind);
          });
          expect(all.filter((s) => s.place === "now").length).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
  test("the day of a phase that is done is the day it was left, never the planned one; an interruption leaves nothing", () => {
    const log = [
      { from: "survey.closing", to: "suspended", day: "2013-03-01" },
      { from: "suspended", to: "survey.closing", day: "2013-04-01" },
      { from: "survey.closing", to: "riskReport.drafting", day: "2013-07-05" },
      { from: "riskReport.inReview", to: "riskReport.drafting", day: "2013-08-01" },
    ];
    const told = (of: Course) => phaseStandings(of, "2013-09-01").map((s) => [s.status, s.doneOn]);
    expect(told(courseOf({ state: "riskReport.drafting", dueOn }, {}, log)).slice(0, 2)).toEqual([
      ["doneLate", "2013-07-05"],
      ["now", null],
    ]);
    // Somebody who does not see the log is told that it is done, and no day.
    expect(told(courseOf({ state: "riskReport.drafting", dueOn }, {}, []))[0]).toEqual(["done", null]);
  });
  test("of a project that was ended nothing is late and nothing to come", () => {
    const course = courseOf({ state: "terminated", dueOn }, { suspendedFrom: "pilotPlan.drafting" }, []);
    expect(phaseStandings(course, "2016-01-01").map((s) => s.status)).toEqual([
      "done",
      "done",
      ...Array.from({ length: 4 }, () => "terminated"),
    ]);
  });
});
