import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { effectOf, effectSentence, oneDecimal, type Pair } from "./effects.rules.ts";
import { effectSize, meanInterval, percentileOf, quantile, summarise, tCdf, tQuantile } from "./statistics.rules.ts";

const milli = fc.integer({ min: -50_000, max: 50_000 });

describe("Student's t", () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: upper critical values at 0.95, 0.975, 0.99, 0.995.
  test.each([
    [1, 6.314, 12.706, 31.821, 63.657],
    [2, 2.92, 4.303, 6.965, 9.925],
    [3, 2.353, 3.182, 4.541, 5.841],
    [5, 2.015, 2.571, 3.365, 4.032],
    [10, 1.812, 2.228, 2.764, 3.169],
    [30, 1.697, 2.042, 2.457, 2.75],
    [100, 1.66, 1.984, 2.364, 2.626],
  ])("%i degrees of freedom: the published critical values", (df, ...published) => {
    for (const [i, p] of [0.95, 0.975, 0.99, 0.995].entries())
      expect(tQuantile(p, df)).toBeCloseTo(published[i] ?? 0, 3);
  });
  test("closed forms: one degree is Cauchy's, two is algebraic; symmetric; quantile inverts the distribution", () => {
    for (const p of [0.6, 0.9, 0.999]) {
      expect(tQuantile(p, 1)).toBeCloseTo(Math.tan(Math.PI * (p - 0.5)), 8);
      const a = 2 * p - 1;
      expect(tQuantile(p, 2)).toBeCloseTo(a * Math.sqrt(2 / (1 - a * a)), 9);
    }
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 200 }), (p, df) => {
        expect(tCdf(tQuantile(p, df), df)).toBeCloseTo(p, 9);
        expect(tQuantile(1 - p, df)).toBeCloseTo(-tQuantile(p, df), 6);
      }),
    );
    expect(() => tQuantile(1, 3)).toThrow(RangeError);
  });
});

// Student 1908 (Biometrika 6): hours of sleep gained by ten patients under two drugs; data set «sleep» of R.
const drug1 = [700, -1600, -200, -1200, -100, 3400, 3700, 800, 0, 2000];
const drug2 = [1900, 800, 1100, 100, -100, 4400, 5500, 1600, 4600, 3400];

describe("small samples", () => {
  test("Student's sleep data, paired: mean 1.58, 95 % interval 0.7001142 to 2.4598858, df 9", () => {
    const interval = meanInterval(drug2.map((x, i) => x - (drug1[i] ?? 0)));
    expect(interval).toMatchObject({ mean: 1580, df: 9 });
    expect(interval?.low).toBeCloseTo(700.1142, 3);
    expect(interval?.high).toBeCloseTo(2459.8858, 3);
  });
  test("quartiles as R gives them; one value has a mean and no interval", () => {
    expect([0.25, 0.5, 0.75].map((p) => quantile(drug1, p))).toEqual([-175, 350, 1700]);
    expect(summarise([5000])).toMatchObject({ n: 1, mean: 5000, sd: null, median: 5000 });
    expect([meanInterval([5000]), summarise([]), effectSize([1, 1])]).toEqual([null, null, null]);
  });
  test("order never matters, to the last bit; the interval holds the mean and widens with the level", () => {
    fc.assert(
      fc.property(fc.array(milli, { minLength: 2, maxLength: 12 }), (values) => {
        expect(summarise(values.toReversed())).toEqual(summarise(values));
        const [narrow, wide] = [meanInterval(values, 0.9), meanInterval(values, 0.99)];
        expect(
          meanInterval(
            [...values].sort((a, b) => a - b),
            0.9,
          ),
        ).toEqual(narrow);
        expect(wide?.low).toBeLessThanOrEqual(narrow?.low ?? 0);
        expect(wide?.high).toBeGreaterThanOrEqual(narrow?.high ?? 0);
      }),
    );
  });
  test("percentile by mid-rank", () => {
    const of = (below: number, equal: number, others: number) => percentileOf({ below, equal, others });
    expect([of(4, 0, 4), of(0, 2, 2), of(0, 0, 1), of(2, 1, 7), of(0, 0, 0)]).toEqual([100, 50, 0, 35, null]);
  });
});

const pair = (pilotId: string, beforeMilli: number, afterMilli: number): Pair => ({
  pilotId,
  siteId: `site-${pilotId}`,
  beforeMilli,
  afterMilli,
});

describe("effects", () => {
  const six = [4200, 3100, 5000, 4400, 2900, 5600].map((fall, i) =>
    pair(`p${i}`, 16_000 + i * 100, 16_000 + i * 100 - fall),
  );
  test("six pilots that fell say so, with the interval as positive figures", () => {
    const effect = effectOf(six);
    expect(effect).toMatchObject({ n: 6, sites: 6, verdict: "fell" });
    expect(effectSentence(effect, { batch: "1", dimension: "identity" })).toEqual({
      key: "rule_compare_fell",
      params: { batch: "1", dimension: "identity", n: 6, level: 95, change: "4.2", low: "3.1", high: "5.3" },
    });
    expect(effectOf([])).toMatchObject({ n: 0, verdict: "none", change: null });
  });
  test("what cannot be said is not said: one pilot, an interval across zero, too few sites", () => {
    const one = effectOf(six.slice(0, 1));
    expect(effectSentence(one, { batch: "1", dimension: "identity" }).key).toBe("rule_compare_single");
    const mixed = effectOf([
      { pilotId: "a", siteId: "a", beforeMilli: 0, afterMilli: 900 },
      { pilotId: "b", siteId: "b", beforeMilli: 0, afterMilli: -1000 },
    ]);
    expect(effectSentence(mixed, { batch: "all", dimension: "network" })).toMatchObject({
      key: "rule_compare_unclear",
      params: { change: "−0.1" },
    });
    expect(effectSentence(effectOf(six.slice(0, 4)), { batch: "1", dimension: "identity" }, 5).key).toBe(
      "rule_compare_suppressed",
    );
  });
  test("one decimal, half away from zero, no minus zero", () => {
    expect([oneDecimal(4250), oneDecimal(-4250), oneDecimal(-49), oneDecimal(50), oneDecimal(0)]).toEqual([
      "4.3",
      "−4.3",
      "0.0",
      "0.1",
      "0.0",
    ]);
  });
});
