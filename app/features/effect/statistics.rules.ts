/**
 * Statistics of small samples. Values are whole thousandths (`…Milli`): sums and sums of squares are exact integers, so
 * no figure depends on the order of the rows. Student's t because a batch has five to nine pilots, not hundreds.
 */

export type Summary = {
  n: number;
  mean: number;
  /** Sample standard deviation (n − 1); null below two values. */
  sd: number | null;
  median: number;
  min: number;
  max: number;
};
export type Interval = { mean: number; low: number; high: number; level: number; df: number };

function whole(values: readonly number[]): void {
  for (const v of values) if (!Number.isSafeInteger(v)) throw new RangeError(`not whole thousandths: ${v}`);
}
const sumOf = (values: readonly number[]): bigint => values.reduce((sum, v) => sum + BigInt(v), 0n);
/** n·Σx² − (Σx)², the exact numerator of the variance over n·(n − 1). */
function spreadNumerator(values: readonly number[]): bigint {
  const sum = sumOf(values);
  return BigInt(values.length) * values.reduce((acc, v) => acc + BigInt(v) * BigInt(v), 0n) - sum * sum;
}
const meanOf = (values: readonly number[]): number => Number(sumOf(values)) / values.length;
/** Sum of squared deviations from the mean. */
const squares = (values: readonly number[]): number => Number(spreadNumerator(values)) / values.length;
const deviation = (values: readonly number[]): number | null =>
  values.length < 2 ? null : Math.sqrt(squares(values) / (values.length - 1));

/** Quantile by linear interpolation (definition 7 of Hyndman & Fan 1996, the default of R); NaN for no values. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * p;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}
/**
 * Mean, standard deviation (n − 1; null for one value) and median; null for no values.
 * @throws RangeError for what is no whole number
 */
export function summarise(values: readonly number[]): Summary | null {
  whole(values);
  if (values.length === 0) return null;
  return {
    n: values.length,
    mean: meanOf(values),
    sd: deviation(values),
    median: quantile(values, 0.5),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
/** Mean with its two-sided interval; null below two values, for one value has no uncertainty to show. */
export function meanInterval(values: readonly number[], level = 0.95): Interval | null {
  whole(values);
  const sd = deviation(values);
  if (sd === null) return null;
  const df = values.length - 1;
  const half = (tQuantile(1 - (1 - level) / 2, df) * sd) / Math.sqrt(values.length);
  const mean = meanOf(values);
  return { mean, low: mean - half, high: mean + half, level, df };
}

/** Share of the others that lie below, equals counted half (mid-rank), 0..100 floored; null without others. */
export function percentileOf({
  below,
  equal,
  others,
}: {
  below: number;
  equal: number;
  others: number;
}): number | null {
  return others === 0 ? null : Math.floor(((2 * below + equal) * 50) / others);
}
/** Mean difference over the standard deviation of the differences (Cohen's d_z); null below two values or without spread. */
export function effectSize(differences: readonly number[]): number | null {
  const sd = deviation(differences);
  return sd === null || sd === 0 ? null : meanOf(differences) / sd;
}

/** ln Γ(x) for x > 0 by Lanczos' series (g = 7, nine terms), relative error below 1e-13. */
function lnGamma(x: number): number {
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const y = x - 1;
  const series = c.reduce((sum, term, i) => (i === 0 ? term : sum + term / (y + i)), 0);
  const t = y + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(series);
}
/** Continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (v: number) => (Math.abs(v) < tiny ? tiny : v);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) return h;
  }
  return h;
}
/** Regularised incomplete beta function I_x(a, b) for 0 ≤ x ≤ 1. */
function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}
/** Distribution function of Student's t (Abramowitz & Stegun 26.7.1), df > 0. */
export function tCdf(t: number, df: number): number {
  const tail = 0.5 * regularisedBeta(df / (df + t * t), df / 2, 0.5);
  return t > 0 ? 1 - tail : tail;
}
/** Quantile of Student's t by bisection on its distribution function; 0 < p < 1, df > 0, else RangeError. */
export function tQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1 && df > 0)) throw new RangeError(`t quantile of p=${p}, df=${df}`);
  if (p < 0.5) return -tQuantile(1 - p, df);
  let low = 0;
  let high = 1;
  while (tCdf(high, df) < p) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-13 * high; i++) {
    const middle = (low + high) / 2;
    if (tCdf(middle, df) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
