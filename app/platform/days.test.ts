import fc from "fast-check";
import { expect, it } from "vitest";
import { addDays, dayEnd, dayStart, lastDay } from "./days.ts";

it("an end that is the first instant after a day is told as that day, not as the one on which nothing may be done any more", () => {
  expect(lastDay(dayEnd("2014-08-31"))).toBe("2014-08-31");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), (offset) => {
      const day = addDays("1990-01-01", offset);
      expect(lastDay(dayEnd(day))).toBe(day);
      expect(dayEnd(day)).toEqual(dayStart(addDays(day, 1)));
    }),
  );
});
