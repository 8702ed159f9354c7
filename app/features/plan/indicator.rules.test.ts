import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figureFault, isLeap, knownUnits, natureOf, unknownNature } from "./indicator.rules.ts";

const milli = fc.integer({ min: -2_000_000_000_000, max: 2_000_000_000_000 });
const nature = fc.constantFrom(...knownUnits.flatMap((unit) => natureOf(unit) ?? []), unknownNature);

describe("a figure", () => {
  it.each([
    ["%", 100_000, null],
    ["%", 99_999_000, { key: "error_figure_greatest", limit: 100 }],
    ["%", -1, { key: "error_figure_least", limit: 0 }],
    ["次", 3500, { key: "error_figure_whole" }],
    ["次", -1000, { key: "error_figure_least", limit: 0 }],
    ["天", 3500, null],
    ["万元", 5_000_000_000_000, null],
  ] as const)("in %s: %i thousandths", (unit, value, fault) => {
    expect(figureFault(natureOf(unit) ?? expect.fail(), value)).toEqual(fault);
  });

  it("without a known unit may be anything", () => {
    fc.assert(
      fc.property(milli, (value) => {
        expect(figureFault(unknownNature, value)).toBeNull();
      }),
    );
    for (const unit of ["constructor", "", "頭"]) expect(natureOf(unit)).toBeNull();
  });

  it("that is as the one before is no leap, and whether it is one does not depend on which of the two came first", () => {
    fc.assert(
      fc.property(nature, milli, milli, (of, a, b) => {
        expect(isLeap(of, a, a)).toBe(false);
        expect(isLeap(of, null, a)).toBe(false);
        expect(isLeap(of, a, b)).toBe(isLeap(of, b, a));
      }),
    );
  });

  it.each([
    ["%", 42_000, 72_000, false],
    ["%", 42_000, 73_000, true],
    ["天", 40_000, 14_000, false],
    ["天", 40_000, 13_000, true],
    ["次", 1000, 4000, false],
    ["次", 0, 40_000, true],
  ] as const)("in %s from %i to %i", (unit, before, value, leap) => {
    expect(isLeap(natureOf(unit) ?? expect.fail(), before, value)).toBe(leap);
  });
});
