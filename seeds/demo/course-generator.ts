/** Budgets, measures, indicators and the course of the pilots, from the same seed. */
import { addDays, type Day, daysFrom } from "#app/platform/days.ts";
import type { Dimension, Lifecycle, Mechanism, ObjectKind } from "#app/domain/vocabulary.ts";
import { clamp, createRng } from "../rng.ts";
import type { Named } from "./texts.ts";
import {
  budgetKinds,
  type IndicatorKind,
  indicatorKinds,
  lowShareReason,
  measureKinds,
  sectorIndicators,
} from "./plan-texts.ts";

export type PlausibleBudget = {
  /** `amountCenti`: hundredths of 万元. */
  lines: (Named & { amountCenti: number; security: boolean; lifecycle: Lifecycle })[];
  /** Given when the security share is below a tenth. */
  shareReason: Named | null;
};
/** 180 to 2,600 万元; the security share 10–19 %, and below ten with a reason for about one site in eight. */
export function generateBudget(
  seed: string,
  site: { key: string; size: "small" | "medium" | "large" },
): PlausibleBudget {
  const rng = createRng(`${seed}/budget/${site.key}`);
  const [least, most] = ({ small: [180, 420], medium: [460, 1100], large: [1200, 2600] } as const)[site.size];
  const wan = rng.int(least, most);
  const low = rng.chance(0.12);
  const shareBp = low ? rng.int(620, 940) : rng.int(1020, 1900);
  const security = Math.ceil((wan * 100 * shareBp) / 10_000);
  const lines = [true, false].flatMap((isSecurity) => {
    const kinds = budgetKinds.filter((k) => k.security === isSecurity);
    const total = isSecurity ? security : wan * 100 - security;
    const weights = kinds.reduce((sum, k) => sum + k.weight, 0);
    const amounts = kinds.map((k) => Math.floor((total * k.weight) / weights));
    const rest = total - amounts.reduce((sum, x) => sum + x, 0);
    return kinds.map((k, i) => ({
      zh: k.zh,
      en: k.en,
      security: k.security,
      lifecycle: k.lifecycle,
      amountCenti: (amounts[i] ?? 0) + (i === 0 ? rest : 0),
    }));
  });
  return { lines, shareReason: low ? lowShareReason : null };
}

export type PlausibleMeasure = Named & {
  dimension: Dimension;
  object: ObjectKind;
  lifecycle: Lifecycle;
  mechanism: Mechanism;
  threatCut: number;
  vulnerabilityCut: number;
  owner: string;
  startsOn: Day;
  endsOn: Day;
};
/** One measure for a risk of the given cell, between two days; its stage decides where in the period it lies. */
export function generateMeasure(
  seed: string,
  riskKey: string,
  of: { dimension: Dimension; object: ObjectKind },
  owner: string,
  from: Day,
  to: Day,
): PlausibleMeasure {
  const rng = createRng(`${seed}/measure/${riskKey}`);
  const kind = rng.pick(measureKinds.filter((m) => m.dimension === of.dimension && m.object === of.object));
  const days = daysFrom(from, to);
  const [begin, end] = { design: [0, 0.45], acceptance: [0.3, 0.75], operation: [0.55, 1] }[kind.lifecycle] as [
    number,
    number,
  ];
  const start = Math.round(days * (begin + rng.next() * 0.12));
  const length = Math.max(20, Math.round(days * (end - begin) * (0.55 + rng.next() * 0.3)));
  return { ...kind, owner, startsOn: addDays(from, start), endsOn: addDays(from, Math.min(days, start + length)) };
}

export type PlausibleIndicator = IndicatorKind & { baselineMilli: number; targetMilli: number };
const milli = (value: number, digits: number): number => Math.round(value * 10 ** digits) * 10 ** (3 - digits);
/** Eight indicators of a sector with baseline and target in thousandths of the unit. */
export function generateIndicators(seed: string, sector: string): PlausibleIndicator[] {
  const rng = createRng(`${seed}/indicators/${sector}`);
  const between = ([low, high]: readonly [number, number], digits: number) =>
    milli(low + rng.next() * (high - low), digits);
  return (sectorIndicators[sector] ?? []).flatMap((code) => {
    const kind = indicatorKinds.find((k) => k.code === code);
    return kind
      ? [
          {
            ...kind,
            baselineMilli: between(kind.baseline, kind.digits),
            targetMilli: between(kind.target, kind.digits),
          },
        ]
      : [];
  });
}
/**
 * Values of one indicator of a pilot for each period, thousandths: an S-shaped way from its own start near the baseline to
 * 70–108 % of the target, with small setbacks. Shares stay within 0..100.
 */
export function generateProgress(
  seed: string,
  pilotKey: string,
  maturity: number,
  indicator: PlausibleIndicator,
  periods: number,
): number[] {
  const rng = createRng(`${seed}/progress/${pilotKey}/${indicator.code}`);
  const way = indicator.targetMilli - indicator.baselineMilli;
  const start = clamp(rng.near(0.02, 0.03), -0.05, 0.12);
  const reach = clamp(rng.near(0.82 + maturity * 0.2, 0.09), 0.6, 1.08);
  const upper = indicator.unit.zh === "%" ? 100_000 : Number.MAX_SAFE_INTEGER;
  return Array.from({ length: periods }, (_, i) => {
    const x = periods === 1 ? 1 : i / (periods - 1);
    const steep = 1 / (1 + Math.exp(-7 * (x - 0.45)));
    const [first, last] = [1 / (1 + Math.exp(7 * 0.45)), 1 / (1 + Math.exp(-7 * 0.55))];
    const covered = start + (reach - start) * ((steep - first) / (last - first)) + (i > 0 ? rng.near(0, 0.025) : 0);
    const unit = 10 ** (3 - indicator.digits);
    return clamp(Math.round((indicator.baselineMilli + way * covered) / unit) * unit, 0, upper);
  });
}
/** Blind scores of one nomination by criterion, 0–100: a pilot has its worth, a scorer their hand. */
export function generateScores(
  seed: string,
  pilotKey: string,
  scorer: string,
  criteria: readonly string[],
): Record<string, number> {
  const worth = createRng(`${seed}/worth/${pilotKey}`).near(78, 7);
  const hand = createRng(`${seed}/hand/${scorer}`).near(0, 2.5);
  const rng = createRng(`${seed}/score/${pilotKey}/${scorer}`);
  return Object.fromEntries(criteria.map((c) => [c, Math.round(clamp(worth + hand + rng.near(0, 5), 40, 98))]));
}
/** Days after (or before) the due day on which a report comes in; null in one case of thirty: it never came. */
export function generateReportDelay(seed: string, pilotKey: string, period: string): number | null {
  const rng = createRng(`${seed}/report/${pilotKey}/${period}`);
  if (rng.chance(1 / 30)) return null;
  return rng.chance(0.14) ? rng.int(1, 12) : -rng.int(0, 6);
}
