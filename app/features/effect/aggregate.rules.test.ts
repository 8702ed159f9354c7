import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSums, effectOfSums, intervalOfSums, type Sums, type SumStratum } from "./aggregate.rules.ts";
import { meanInterval } from "./statistics.rules.ts";

const sumsOf = (values: readonly number[]): Sums => ({
  n: values.length,
  sum: values.reduce((a, b) => a + BigInt(b), 0n),
  squares: values.reduce((a, b) => a + BigInt(b) * BigInt(b), 0n),
});
const milli = fc.oneof(
  fc.integer({ min: -25_000, max: 25_000 }),
  // As far as a figure of a report can be from its baseline.
  fc.integer({ min: -2_000_000_000_000, max: 2_000_000_000_000 }),
);

/** Hours of sleep gained by ten patients under two drugs, thousandths: Student 1908 (Biometrika 6); data set «sleep» of R. */
const sleep = {
  drug1: [700, -1600, -200, -1200, -100, 3400, 3700, 800, 0, 2000],
  drug2: [1900, 800, 1100, 100, -100, 4400, 5500, 1600, 4600, 3400],
};

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
        const scale = Math.max(1, ...values.map(Math.abs));
        expect((a?.low ?? Number.NaN) / scale).toBeCloseTo((b?.low ?? Number.NaN) / scale, 9);
        expect((a?.high ?? Number.NaN) / scale).toBeCloseTo((b?.high ?? Number.NaN) / scale, 9);
      }),
    );
  });
  it("Student's sleep data as two samples: 95 % interval −0.203874 to 3.363874, df 18", () => {
    const { drug1, drug2 } = sleep;
    const c = compareSums([{ key: "", tags: {}, a: sumsOf(drug1), b: sumsOf(drug2) }]);
    expect(c).toMatchObject({ nA: 10, nB: 10, leftOut: 0, difference: { df: 18 } });
    expect(c.difference?.low).toBeCloseTo(-203.874, 2);
    expect(c.difference?.high).toBeCloseTo(3363.874, 2);
  });
  it("like with like: grades mixed unevenly look different, inside a grade they are not", () => {
    const a = { two: [10, 11, 12, 13, 14, 15], three: [1010, 1012], four: [] };
    const b = { two: [11, 14], three: [1008, 1009, 1010, 1011, 1012, 1013], four: [9999] };
    const stratum = (key: keyof typeof a): SumStratum => ({ key, tags: {}, a: sumsOf(a[key]), b: sumsOf(b[key]) });
    const mixed = compareSums([
      { key: "", tags: {}, a: sumsOf([...a.two, ...a.three]), b: sumsOf([...b.two, ...b.three]) },
    ]);
    expect(mixed.difference?.mean).toBeGreaterThan(400);
    const fair = compareSums([stratum("two"), stratum("three"), stratum("four")]);
    expect(fair).toMatchObject({ nA: 8, nB: 8, leftOut: 1 });
    expect(Math.abs(fair.difference?.mean ?? 99)).toBeLessThan(1);
    expect(compareSums([{ key: "", tags: {}, a: sumsOf([10]), b: sumsOf([11]) }]).difference).toBeNull();
  });
  it("has one variance for all strata: the residual of their means", () => {
    // a: 1 2 3, b: 2 4 6 · a: 10 14, b: 11 13. Weights 1.5 and 1; Σ residual² 2 + 8 + 8 + 2 = 20, df 10 − 4
    const c = compareSums([
      { key: "x", tags: {}, a: sumsOf([1000, 2000, 3000]), b: sumsOf([2000, 4000, 6000]) },
      { key: "y", tags: {}, a: sumsOf([10_000, 14_000]), b: sumsOf([11_000, 13_000]) },
    ]);
    expect(c.difference).toMatchObject({ mean: 1200, df: 6 });
    // t(0.975; 6) = 2.446912 (NIST), half width t · √(20/6 / 2.5) = 2.825451
    expect((c.difference?.high ?? 0) - 1200).toBeCloseTo(2825.451, 2);
  });
});
