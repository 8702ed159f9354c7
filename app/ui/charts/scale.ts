import { extent } from "d3-array";
import { scaleLinear, scaleUtc } from "d3-scale";
import { formatNumber } from "#app/i18n/format.ts";
import { apart } from "./labels.ts";
import { textWidth } from "./text.ts";

/** From and to. Of places: units of the drawing, which are CSS pixels at its own size. */
export type Span = readonly [number, number];
export interface Tick {
  /** Place on the axis, in units of the drawing. */
  at: number;
  label: string;
}
export interface Axis {
  /** Place of a value. */
  at: (value: number) => number;
  /** In the order of their values, at most seven but where the steps of the decimals want one more. */
  ticks: (Tick & { value: number })[];
  /** Ends of the axis, rounded outwards to ticks. */
  domain: Span;
}
export interface DayAxis {
  /** Place where a day «2026-11-22» begins. */
  at: (day: string) => number;
  /** Place where it ends. */
  end: (day: string) => number;
  ticks: Tick[];
}

/** Least and greatest of what is drawn, zero among them unless said otherwise; never a point. */
export function domainOf(values: readonly number[], zero = true): Span {
  const [low = 0, high = 0] = extent(zero ? [0, ...values] : values);
  // what only rounding sets apart is one point, and no ticks could be told apart on it
  return high - low > 1e-9 * Math.max(1, Math.abs(high)) ? [low, high] : [low, low + 1];
}

export interface AxisKind {
  /** Counts: a tick stands on whole numbers only. */
  whole?: boolean | undefined;
  /** Labels stand side by side below a lying axis; above one another otherwise. */
  across?: boolean | undefined;
}

/** What a label covers on its axis. */
type Cover = (tick: Tick) => readonly [number, number];
const centred: Cover = ({ at, label }) => [at - textWidth(label) / 2, at + textWidth(label) / 2];
const after: Cover = ({ at, label }) => [at, at + textWidth(label)];

/** Fewer ticks until their labels leave a gap; where even the fewest would touch, some stand without a label. */
function clear<T extends Axis | DayAxis>(most: number, make: (count: number) => T, cover: Cover): T {
  for (let count = most; ; count -= 1) {
    const axis = make(count);
    if (apart(axis.ticks.map(cover))) return axis;
    if (count > 1) continue;
    let end = -Infinity;
    for (const tick of axis.ticks) {
      const [from, to] = cover(tick);
      if (from - end < 8) tick.label = "";
      else end = to;
    }
    return axis;
  }
}

/** As many decimals as set the ticks apart. */
function labelled(values: readonly number[]): (value: number) => string {
  const [first = 0, second = 1] = values;
  const digits = Math.max(0, Math.ceil(-Math.log10(second - first) - 1e-9));
  return (value) => formatNumber(value, undefined, digits);
}

/** Ticks of 1, 2 or 5 × 10ⁿ, as many as there is room for, and an axis that ends on them. */
export function linearAxis(domain: Span, range: Span, { whole = false, across = false }: AxisKind = {}): Axis {
  const [low, high] = whole ? [Math.floor(domain[0]), Math.ceil(domain[1])] : domain;
  const most = Math.max(1, Math.min(6, Math.floor(Math.abs(range[1] - range[0]) / (across ? 36 : 28))));
  const make = (count: number): Axis => {
    // as many steps as the span has units make steps of one, never of a half
    const steps = whole ? Math.max(1, Math.min(count, high - low)) : count;
    const scale = scaleLinear([low, high], range).nice(steps);
    const values = scale.ticks(steps);
    const text = labelled(values);
    const [from = low, to = high] = scale.domain();
    const ticks = values.map((value) => ({ value, at: scale(value), label: text(value) }));
    return { at: (value) => scale(value), ticks, domain: [from, to] };
  };
  return across ? clear(most, make, centred) : make(most);
}

const DAY = 86_400_000;
const instant = (day: string): number => Date.parse(`${day.slice(0, 10)}T00:00:00Z`);

/** «2026» where all ticks begin a year, «2026-11» where they begin a month, whole days otherwise. */
function dayLabels(days: readonly string[]): string[] {
  const size = days.every((day) => day.endsWith("-01-01")) ? 4 : days.every((day) => day.endsWith("-01")) ? 7 : 10;
  return days.map((day) => day.slice(0, size));
}

/** An axis over days, first to last of those given; ticks begin years, quarters, months, weeks, as fine as there is room for. */
export function dayAxis(days: readonly string[], range: Span): DayAxis {
  const [from = 0, to = 0] = extent(days, instant);
  // The last day ends where the axis does: of a span of few days its width is seen.
  const scale = scaleUtc([from, from < to ? to + DAY : from + 30 * DAY], range);
  const make = (count: number): DayAxis => {
    // the hours of a span of few days are none of ours
    const found = scale
      .ticks(count)
      .filter((date) => date.getTime() % DAY === 0 && (date.getTime() <= to || from === to));
    const labels = dayLabels(found.map((date) => date.toISOString().slice(0, 10)));
    const ticks = found.map((date, index) => ({ at: scale(date), label: labels[index] ?? "" }));
    return { at: (day) => scale(instant(day)), end: (day) => scale(instant(day) + DAY), ticks };
  };
  return clear(Math.max(1, Math.min(6, Math.floor(Math.abs(range[1] - range[0]) / 56))), make, after);
}
