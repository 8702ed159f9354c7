import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWorkingDay } from "#app/domain/working-days.ts";
import { addDays, type Day, dayNumber, dayOf } from "#app/platform/days.ts";
import { memberRoles } from "#db/roles.ts";
import { noticeKinds } from "#db/vocabulary.ts";
import { kindsFor } from "./channels.rules.ts";
import { goesOut } from "./letters.server.ts";

const first = dayNumber("2013-01-07");
/** Days from 2013, a Monday, to the end of 2015, whose holidays were announced. */
const day = fc.integer({ min: first, max: dayNumber("2015-12-27") }).map(dayOf);
const weekOf = (one: Day): Day[] => {
  const monday = dayNumber(one) - ((((dayNumber(one) + 3) % 7) + 7) % 7);
  return Array.from({ length: 7 }, (_, n) => dayOf(monday + n));
};

describe("days on which letters go out", () => {
  it("are working days for the day's, make-up days included", () => {
    expect(goesOut("daily", "2014-01-26")).toBe(true);
    expect(goesOut("daily", "2014-01-31")).toBe(false);
    fc.assert(fc.property(day, (one) => goesOut("daily", one) === isWorkingDay(one)));
  });
  it("are one in each week that has a working day for the week's, and that its first", () => {
    fc.assert(
      fc.property(day, (one) => {
        const week = weekOf(one);
        expect(week.filter((d) => goesOut("weekly", d))).toEqual(week.filter(isWorkingDay).slice(0, 1));
      }),
    );
    expect(goesOut("weekly", addDays("2014-10-05", 1))).toBe(false);
  });
});

it("every kind reaches somebody, and whoever is told of nothing has nothing to choose", () => {
  const told = new Set(memberRoles.flatMap(kindsFor));
  expect(noticeKinds.filter((kind) => !told.has(kind))).toEqual([]);
  expect(kindsFor("auditor")).toEqual([]);
  expect(kindsFor("site_officer")).toContain("returned");
});
