/**
 * The same statistics from sums alone. A group of ten thousand pilots comes from the database as three whole numbers, n, Σx
 * and Σx²; they are exact, so nothing is lost against the values themselves. A sealed review carries no more than that.
 */
import type { Effect, StratifiedComparison, StratumTags } from "./effects.rules.ts";
import { type Interval, tQuantile } from "./statistics.rules.ts";

/**
 * Whole thousandths: count, sum, sum of squares. Whole numbers of any size: a field takes 10⁹ units, whose square no other
 * number holds.
 */
export type Sums = { n: number; sum: bigint; squares: bigint };

export const noSums: Sums = { n: 0, sum: 0n, squares: 0n };
export const addSums = (a: Sums, b: Sums): Sums => ({
  n: a.n + b.n,
  sum: a.sum + b.sum,
  squares: a.squares + b.squares,
});
/** Sums as a statement or a seal has them: digits, or a number that is exact. @throws for what is no whole number */
export const readSums = (s: { n: number; sum: string | number; squares: string | number }): Sums => ({
  n: s.n,
  sum: BigInt(s.sum),
  squares: BigInt(s.squares),
});
/** Mean of whole numbers of any size. */
export const meanOfSum = (sum: bigint, n: number): number => Number(sum) / n;

/** n·Σx² − (Σx)², exact. */
const spread = ({ n, sum, squares }: Sums): number => Number(BigInt(n) * squares - sum * sum);
/** Sum of squared deviations from the mean; rounding of sums sealed elsewhere never makes it negative. */
const squaresOfSums = (s: Sums): number => (s.n === 0 ? 0 : Math.max(0, spread(s) / s.n));

/** Mean with its two-sided interval; null below two values. */
export function intervalOfSums(s: Sums, level = 0.95): Interval | null {
  if (s.n < 2) return null;
  const df = s.n - 1;
  const half = (tQuantile(1 - (1 - level) / 2, df) * Math.sqrt(squaresOfSums(s) / df)) / Math.sqrt(s.n);
  const mean = meanOfSum(s.sum, s.n);
  return { mean, low: mean - half, high: mean + half, level, df };
}
function verdictOf(n: number, change: Interval | null): Effect["verdict"] {
  if (n === 0) return "none";
  if (change === null) return "single";
  return change.high < 0 ? "fell" : change.low > 0 ? "rose" : "unclear";
}
/** An effect as the sentences take it: without the pilots it is made of. */
export function effectOfSums(change: Sums, sites: number, level = 0.95): Effect {
  const interval = intervalOfSums(change, level);
  const sd = change.n < 2 ? 0 : Math.sqrt(squaresOfSums(change) / (change.n - 1));
  return {
    n: change.n,
    sites,
    before: null,
    after: null,
    change: interval,
    effectSize: sd === 0 ? null : meanOfSum(change.sum, change.n) / sd,
    verdict: verdictOf(change.n, interval),
    pilotIds: [],
  };
}

export type SumStratum = { key: string; tags: Partial<StratumTags>; a: Sums; b: Sums };
/** `compareLikeWithLike` from sums: two groups inside strata, one variance for all strata. */
export function compareSums(all: readonly SumStratum[], level = 0.95): StratifiedComparison {
  const used = all.filter((s) => s.a.n > 0 && s.b.n > 0);
  const mean = (s: Sums) => meanOfSum(s.sum, s.n);
  const weight = (s: SumStratum) => (s.a.n * s.b.n) / (s.a.n + s.b.n);
  const strata = used.map((s) => ({
    key: s.key,
    tags: s.tags,
    nA: s.a.n,
    nB: s.b.n,
    meanA: mean(s.a),
    meanB: mean(s.b),
    difference: mean(s.b) - mean(s.a),
  }));
  const [nA, nB] = [used.reduce((n, s) => n + s.a.n, 0), used.reduce((n, s) => n + s.b.n, 0)];
  const weights = used.reduce((sum, s) => sum + weight(s), 0);
  const df = nA + nB - 2 * used.length;
  const leftOut = all.reduce((n, s) => n + s.a.n + s.b.n, 0) - nA - nB;
  if (df <= 0) return { strata, difference: null, nA, nB, leftOut };
  const difference = used.reduce((sum, s) => sum + weight(s) * (mean(s.b) - mean(s.a)), 0) / weights;
  const variance = used.reduce((sum, s) => sum + squaresOfSums(s.a) + squaresOfSums(s.b), 0) / df;
  const half = tQuantile(1 - (1 - level) / 2, df) * Math.sqrt(variance / weights);
  return {
    strata,
    difference: { mean: difference, low: difference - half, high: difference + half, level, df },
    nA,
    nB,
    leftOut,
  };
}
