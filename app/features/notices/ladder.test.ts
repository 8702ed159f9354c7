import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, type Day, dayNumber, dayOf } from "#app/platform/days.ts";
import { isSure, ladder, rungsOn, workingDaysBetween } from "./ladder.rules.ts";

const day = fc.integer({ min: dayNumber("2013-03-01"), max: dayNumber("2015-10-31") }).map(dayOf);
/** The rung by its words: so many working days to come, or gone by. */
function rungByCounting(today: Day, due: Day): number | null {
  if (due >= today) {
    const left = workingDaysBetween(today, due);
    return left <= 1 ? 1 : left <= 5 ? 0 : null;
  }
  const late = workingDaysBetween(due, today);
  return late >= 5 ? 4 : late >= 3 ? 3 : late >= 1 ? 2 : null;
}

describe("the ladder of a due day", () => {
  it("is the one that counting working days gives, for any two days within sixty", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -60, max: 40 }), (today, apart) => {
        const due = addDays(today, apart);
        const on = rungsOn(today).filter(({ from, to }) => from <= due && due <= to);
        expect(on.map((r) => r.rung)).toEqual([rungByCounting(today, due)].filter((r) => r !== null));
      }),
      { numRuns: 400 },
    );
  });
  it("goes up alone as days go by", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 30 }), (due, back) => {
        const rungs = Array.from({ length: 60 }, (_, n) => rungByCounting(addDays(due, n - back), due) ?? -1);
        // Between the day itself and the first working day after it nothing is told: the rung before holds.
        const told = rungs.filter((r) => r >= 0);
        expect(told).toEqual(told.toSorted((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });
  it("reckons with the holidays of Spring 2014 and their make-up Sunday", () => {
    // 2014-01-31 to 02-06 were free, 2014-01-26 and 02-08 were worked.
    expect(workingDaysBetween("2014-01-24", "2014-01-27")).toBe(2);
    expect(workingDaysBetween("2014-01-30", "2014-02-08")).toBe(2);
    expect(rungsOn("2014-01-30").find((r) => r.rung === 1)?.to).toBe("2014-02-07");
  });
  it("says where a year is not announced", () => {
    expect([isSure("2014-12-30", "2015-01-05"), isSure("2014-12-30", "2093-01-05")]).toEqual([true, false]);
    expect(ladder.map((r) => r.days)).toEqual([5, 1, -1, -3, -5]);
  });
});
