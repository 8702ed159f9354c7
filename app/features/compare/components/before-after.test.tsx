import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawingsOf, faultsOf } from "#tests/ui/picture.ts";
import { renderKit } from "#tests/ui/render.tsx";
import { BeforeAfter } from "./before-after.tsx";

const value = fc.double({ min: 0, max: 25, noNaN: true });
const points = (pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([before, after], n) => ({ pilotId: String(n), label: `P1-${n}`, name: "城市供水", before, after }));

describe("pilots before and after", () => {
  it("are labelled at their ends without overlaps, inside the picture", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 40 }), (pairs) => {
        const [drawing] = drawingsOf(renderKit(<BeforeAfter title="身份" max={25} points={points(pairs)} />));
        expect(drawing && faultsOf(drawing)).toEqual([]);
        expect(drawing?.texts.some((text) => text.what.startsWith("P1-"))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
  it("stand on round ticks", () => {
    const [drawing] = drawingsOf(renderKit(<BeforeAfter title="身份" max={25} points={points([[20, 12]])} />));
    expect(drawing?.texts.map((text) => text.what).slice(0, 6)).toEqual(["0", "5", "10", "15", "20", "25"]);
  });
});
