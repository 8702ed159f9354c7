/** Effects before and after, by dimension and indicator; batches compared like with like; what the page says about them. */
import type { Dimension } from "#app/domain/vocabulary.ts";
import { dimensions } from "#app/domain/vocabulary.ts";
import {
  effectSize,
  type Interval,
  meanInterval,
  meanOf,
  squares,
  summarise,
  type Summary,
  tQuantile,
} from "./statistics.rules.ts";

export type Pair = { pilotId: string; siteId: string; beforeMilli: number; afterMilli: number };
export type StratumTags = { grade: number; size: string; stage: string };
export type PilotOutcome = StratumTags & {
  pilotId: string;
  siteId: string;
  batchNo: 1 | 2;
  effects: Partial<Record<Dimension, { beforeMilli: number; afterMilli: number }>>;
  indicators?: readonly { indicatorId: string; beforeMilli: number; afterMilli: number }[];
};
/** Words of the finding as a message key with parameters; numbers are text with one decimal and a plain minus. */
export type Sentence = { key: `rule_compare_${string}`; params: Readonly<Record<string, string | number>> };
export type Effect = {
  n: number;
  /** Distinct sites: what suppression counts. */
  sites: number;
  before: Summary | null;
  after: Summary | null;
  /** After minus before, thousandths; negative is less risk. Null below two pilots. */
  change: Interval | null;
  /** Cohen's d_z of the changes. */
  effectSize: number | null;
  verdict: "fell" | "rose" | "unclear" | "single" | "none";
  pilotIds: string[];
};

export function effectOf(pairs: readonly Pair[], level = 0.95): Effect {
  const changes = pairs.map((p) => p.afterMilli - p.beforeMilli);
  const change = meanInterval(changes, level);
  const verdict =
    pairs.length === 0
      ? "none"
      : change === null
        ? "single"
        : change.high < 0
          ? "fell"
          : change.low > 0
            ? "rose"
            : "unclear";
  return {
    n: pairs.length,
    sites: new Set(pairs.map((p) => p.siteId)).size,
    before: summarise(pairs.map((p) => p.beforeMilli)),
    after: summarise(pairs.map((p) => p.afterMilli)),
    change,
    effectSize: effectSize(changes),
    verdict,
    pilotIds: pairs.map((p) => p.pilotId).sort(),
  };
}
export function pairsOf(pilots: readonly PilotOutcome[], dimension: Dimension): Pair[] {
  return pilots.flatMap((p) => {
    const e = p.effects[dimension];
    return e ? [{ pilotId: p.pilotId, siteId: p.siteId, beforeMilli: e.beforeMilli, afterMilli: e.afterMilli }] : [];
  });
}
/** Thousandths as text with one decimal, half away from zero, never «-0.0». */
export function oneDecimal(milli: number): string {
  const tenths = Math.sign(milli) * Math.floor(Math.abs(milli) / 100 + 0.5 + 1e-9);
  return (Object.is(tenths, -0) ? 0 : tenths / 10).toFixed(1).replace("-", "−");
}
/** «批次一 6 个试点的身份维度风险平均下降 4.2（95% 区间 2.9–5.6）»: the interval of a fall is told as positive figures. */
export function effectSentence(
  effect: Effect,
  of: { batch: "1" | "2" | "all"; dimension: Dimension },
  k = 0,
): Sentence {
  const base = { batch: of.batch, dimension: of.dimension, n: effect.n };
  if (effect.n > 0 && effect.sites < k) return { key: "rule_compare_suppressed", params: { ...base, k } };
  if (effect.n === 0) return { key: "rule_compare_none", params: base };
  if (effect.change === null) return { key: "rule_compare_single", params: base };
  const { mean, low, high, level } = effect.change;
  const percent = Math.round(level * 100);
  if (effect.verdict === "fell")
    return {
      key: "rule_compare_fell",
      params: { ...base, level: percent, change: oneDecimal(-mean), low: oneDecimal(-high), high: oneDecimal(-low) },
    };
  if (effect.verdict === "rose")
    return {
      key: "rule_compare_rose",
      params: { ...base, level: percent, change: oneDecimal(mean), low: oneDecimal(low), high: oneDecimal(high) },
    };
  return {
    key: "rule_compare_unclear",
    params: { ...base, level: percent, change: oneDecimal(mean), low: oneDecimal(low), high: oneDecimal(high) },
  };
}

export type StratumName = keyof StratumTags;
export type Stratum = { key: string; tags: Partial<Record<StratumName, string | number>>; a: number[]; b: number[] };
export type StratifiedComparison = {
  strata: {
    key: string;
    tags: Stratum["tags"];
    nA: number;
    nB: number;
    meanA: number;
    meanB: number;
    difference: number;
  }[];
  /** Mean of (b − a) over strata, weighted nA·nB/(nA+nB), with its interval; null when nothing can be compared. */
  difference: Interval | null;
  nA: number;
  nB: number;
  /** Values in strata that hold only one of both groups: not comparable, left out and told. */
  leftOut: number;
};
export type Valued = StratumTags & { valueMilli: number };

export function strataOf(a: readonly Valued[], b: readonly Valued[], by: readonly StratumName[]): Stratum[] {
  const strata = new Map<string, Stratum>();
  const add = (side: "a" | "b") => (v: Valued) => {
    const tags = Object.fromEntries(by.map((name) => [name, v[name]]));
    const key = by.map((name) => `${name}=${v[name]}`).join(" ");
    const stratum: Stratum = strata.get(key) ?? { key, tags, a: [], b: [] };
    stratum[side].push(v.valueMilli);
    strata.set(key, stratum);
  };
  a.forEach(add("a"));
  b.forEach(add("b"));
  return [...strata.values()].sort((x, y) => (x.key < y.key ? -1 : 1));
}
/**
 * Like with like: two groups compared inside strata of equal grade, size or stage. One variance for all strata (the
 * residual of the cell means), so it works with few values; without strata it is the classic two-sample t interval.
 */
export function compareLikeWithLike(
  a: readonly Valued[],
  b: readonly Valued[],
  by: readonly StratumName[],
  level = 0.95,
): StratifiedComparison {
  const all = strataOf(a, b, by);
  const used = all.filter((s) => s.a.length > 0 && s.b.length > 0);
  const strata = used.map((s) => {
    const [meanA, meanB] = [meanOf(s.a), meanOf(s.b)];
    return { key: s.key, tags: s.tags, nA: s.a.length, nB: s.b.length, meanA, meanB, difference: meanB - meanA };
  });
  const nA = strata.reduce((n, s) => n + s.nA, 0);
  const nB = strata.reduce((n, s) => n + s.nB, 0);
  const weight = (s: { nA: number; nB: number }) => (s.nA * s.nB) / (s.nA + s.nB);
  const weights = strata.reduce((sum, s) => sum + weight(s), 0);
  const df = nA + nB - 2 * strata.length;
  const mean = strata.reduce((sum, s) => sum + weight(s) * s.difference, 0) / weights;
  const variance = used.reduce((sum, s) => sum + squares(s.a) + squares(s.b), 0) / df;
  const half = df > 0 ? tQuantile(1 - (1 - level) / 2, df) * Math.sqrt(variance / weights) : Number.NaN;
  const difference = df > 0 ? { mean, low: mean - half, high: mean + half, level, df } : null;
  return { strata, difference, nA, nB, leftOut: a.length + b.length - nA - nB };
}

export type SmallMultiple = {
  dimension: Dimension;
  effect: Effect;
  points: { pilotId: string; batchNo: 1 | 2; beforeMilli: number; afterMilli: number }[];
};
/** One panel a dimension with all pilots, and the scale that the panels share (thousandths, from 0). */
export function smallMultiples(pilots: readonly PilotOutcome[]): { panels: SmallMultiple[]; scaleMaxMilli: number } {
  const panels = dimensions.map(
    (dimension): SmallMultiple => ({
      dimension,
      effect: effectOf(pairsOf(pilots, dimension)),
      points: pilots
        .flatMap((p) => {
          const e = p.effects[dimension];
          return e ? [{ pilotId: p.pilotId, batchNo: p.batchNo, ...e }] : [];
        })
        .sort((a, b) => a.batchNo - b.batchNo || b.beforeMilli - a.beforeMilli || (a.pilotId < b.pilotId ? -1 : 1)),
    }),
  );
  return {
    panels,
    scaleMaxMilli: Math.max(1, ...panels.flatMap((p) => p.points.flatMap((x) => [x.beforeMilli, x.afterMilli]))),
  };
}
