import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSums, effectOfSums, intervalOfSums, type Sums, type SumStratum } from "./aggregate.rules.ts";
import { compareLikeWithLike, strataOf, type Valued } from "./effects.rules.ts";
import { meanInterval } from "./statistics.rules.ts";

const sumsOf = (values: readonly number[]): Sums => ({
  n: values.length,
  sum: values.reduce((a, b) => a + b, 0),
  squares: values.reduce((a, b) => a + b * b, 0),
});
const milli = fc.integer({ min: -25_000, max: 25_000 });
const valued = fc.record({
  grade: fc.integer({ min: 1, max: 3 }),
  size: fc.constantFrom("small", "large"),
  stage: fc.constant("operation"),
  valueMilli: milli,
});

describe("statistics from sums", () => {
  it("a worked example: five changes", () => {
    // −2000, −3000, −4000, −1000, −5000: mean −3000, sd 1581.139, t(0.975; 4) = 2.776445, half width 1963.24
    const i = intervalOfSums(sumsOf([-2000, -3000, -4000, -1000, -5000]));
    expect(i).toMatchObject({ mean: -3000, df: 4 });
    expect(i?.low).toBeCloseTo(-4963.24, 1);
    expect(i?.high).toBeCloseTo(-1036.76, 1);
    expect(effectOfSums(sumsOf([-2000, -3000, -4000, -1000, -5000]), 5).verdict).toBe("fell");
    expect(intervalOfSums(sumsOf([7]))).toBeNull();
  });
  it("gives the interval of the values themselves", () => {
    fc.assert(
      fc.property(fc.array(milli, { minLength: 2, maxLength: 40 }), (values) => {
        const [a, b] = [intervalOfSums(sumsOf(values)), meanInterval(values)];
        expect(a?.low).toBeCloseTo(b?.low ?? Number.NaN, 6);
        expect(a?.high).toBeCloseTo(b?.high ?? Number.NaN, 6);
      }),
    );
  });
  it("compares like with like as the values do", () => {
    fc.assert(
      fc.property(
        fc.array(valued, { maxLength: 30 }),
        fc.array(valued, { maxLength: 30 }),
        (a: Valued[], b: Valued[]) => {
          const strata = strataOf(a, b, ["grade", "size"]).map(
            (s): SumStratum => ({ key: s.key, tags: {}, a: sumsOf(s.a), b: sumsOf(s.b) }),
          );
          const [mine, known] = [compareSums(strata), compareLikeWithLike(a, b, ["grade", "size"])];
          expect([mine.nA, mine.nB, mine.leftOut]).toEqual([known.nA, known.nB, known.leftOut]);
          expect(mine.difference === null).toBe(known.difference === null);
          if (known.difference) expect(mine.difference?.high).toBeCloseTo(known.difference.high, 6);
        },
      ),
    );
  });
});
