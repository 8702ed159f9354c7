import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysFrom } from "#app/platform/days.ts";
import { afterWorkingDays, isAnnounced, isWorkingDay } from "./working-days.ts";

const year = (of: number) =>
  Array.from({ length: daysFrom(`${of}-01-01`, `${of + 1}-01-01`) }, (_, i) => addDays(`${of}-01-01`, i));

describe("working days", () => {
  it("are those of the State Council's notices (国办发明电〔2012〕33号, 〔2013〕28号, 〔2014〕28号; 国发明电〔2015〕1号)", () => {
    for (const day of [
      "2013-02-16",
      "2013-09-22",
      "2014-01-26",
      "2014-02-08",
      "2014-09-28",
      "2015-01-04",
      "2015-09-06",
    ])
      expect([day, isWorkingDay(day)]).toEqual([day, true]);
    for (const day of [
      "2013-02-11",
      "2013-09-20",
      "2014-01-31",
      "2014-10-07",
      "2015-02-18",
      "2015-09-03",
      "2014-03-01",
    ])
      expect([day, isWorkingDay(day)]).toEqual([day, false]);
    expect([2013, 2014, 2015].flatMap(year).filter(isWorkingDay)).toHaveLength(749);
  });
  it("a notice before the Spring Festival ends after it: five working days, not five days", () => {
    expect(afterWorkingDays("2014-01-29", 5)).toBe("2014-02-11");
    expect(afterWorkingDays("2014-09-30", 5)).toBe("2014-10-13");
    expect(afterWorkingDays("2014-05-05", 5)).toBe("2014-05-12");
  });
  it("so many of them lie after the day and up to the last, which is one itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 30 }), (offset, count) => {
        const from = addDays("2013-01-01", offset);
        const last = afterWorkingDays(from, count);
        const between = Array.from({ length: daysFrom(from, last) }, (_, i) => addDays(from, i + 1));
        expect(between.filter(isWorkingDay)).toHaveLength(count);
        expect(isWorkingDay(last)).toBe(true);
      }),
    );
  });
  it("of a year that nobody has announced are Monday to Friday, and it is told", () => {
    expect([isAnnounced("2014-10-01"), isAnnounced("2099-10-01")]).toEqual([true, false]);
    expect(isWorkingDay("2099-10-01")).toBe(true);
    expect(isWorkingDay("2099-10-03")).toBe(false);
    // Before 1970 as well: a Friday, a Saturday, a Monday.
    expect(["1949-09-30", "1949-10-01", "1949-10-03"].map(isWorkingDay)).toEqual([true, false, true]);
  });
});
