import type { IndicatorKind } from "#app/domain/vocabulary.ts";

/* What a figure can be: known units with their kind and limits, and what of a figure wants a word of explanation. */

export interface Nature {
  kind: IndicatorKind;
  /** Thousandths; null: no limit. */
  lowMilli: number | null;
  highMilli: number | null;
}
const nature = (kind: IndicatorKind, low: number | null, high: number | null): Nature => ({
  kind,
  lowMilli: low === null ? null : low * 1000,
  highMilli: high === null ? null : high * 1000,
});
const [share, count, duration, amount, score] = [
  nature("share", 0, 100),
  nature("count", 0, null),
  nature("duration", 0, null),
  nature("amount", 0, null),
  nature("score", 0, 100),
];
/** Unit → what is measured in it. The migration that gave indicators a kind has the same table. */
const units: Readonly<Record<string, Nature>> = {
  "%": share,
  "‰": nature("share", 0, 1000),
  个: count,
  项: count,
  次: count,
  台: count,
  套: count,
  家: count,
  件: count,
  人: count,
  人次: count,
  秒: duration,
  分钟: duration,
  小时: duration,
  天: duration,
  月: duration,
  年: duration,
  元: amount,
  万元: amount,
  分: score,
};
/** Units that an indicator may be given, in the order of the list. */
export const knownUnits: readonly string[] = Object.keys(units);
/** Of a unit that no list knows: an amount without limits, for the sector to settle. */
export const unknownNature = nature("amount", null, null);
export const natureOf = (unit: string): Nature | null => (Object.hasOwn(units, unit) ? (units[unit] ?? null) : null);

export type FigureFault =
  | { key: "error_figure_least" | "error_figure_greatest"; limit: number }
  | { key: "error_figure_whole" };
/** What is wrong with a figure of an indicator; null where nothing is. `valueMilli` in thousandths, the limit told in units. */
export function figureFault(of: Nature, valueMilli: number): FigureFault | null {
  if (of.lowMilli !== null && valueMilli < of.lowMilli) return { key: "error_figure_least", limit: of.lowMilli / 1000 };
  if (of.highMilli !== null && valueMilli > of.highMilli)
    return { key: "error_figure_greatest", limit: of.highMilli / 1000 };
  return of.kind === "count" && valueMilli % 1000 !== 0 ? { key: "error_figure_whole" } : null;
}

/** As a message with its parameters (`splitMessage`). */
export const figureFaultText = (fault: FigureFault): string =>
  "limit" in fault ? `${fault.key}|limit=${fault.limit}` : fault.key;

/** Own rule: a share or a score leaps by three tenths of its range, anything else by a factor of three, up or down. */
const LEAP_SHARE = 0.3;
const LEAP_FACTOR = 3;
/**
 * Whether a figure is so far from the one before it that the site is asked why. Its own history alone decides: the last approved
 * figure, before there is one the baseline; without either nothing is a leap.
 */
export function isLeap(of: Nature, beforeMilli: number | null, valueMilli: number): boolean {
  if (beforeMilli === null || beforeMilli === valueMilli) return false;
  if (of.lowMilli !== null && of.highMilli !== null)
    return Math.abs(valueMilli - beforeMilli) > LEAP_SHARE * (of.highMilli - of.lowMilli);
  // Few of something, or a small amount: three for one is no news.
  const [small, large] = [Math.abs(beforeMilli), Math.abs(valueMilli)].sort((a, b) => a - b) as [number, number];
  if (Math.sign(beforeMilli) * Math.sign(valueMilli) < 0) return true;
  return large > LEAP_FACTOR * Math.max(small, 1000) && large - small > 5000;
}
