/** Scales and measures shared by the charts. Pure; all lengths are units of the drawing (CSS pixels at its own size). */

/** Linear map of [from, to] onto [start, end]; a degenerate domain maps onto the start. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): (value: number) => number {
  const [from, to] = domain;
  const [start, end] = range;
  const span = to - from;
  return (value) => (span === 0 ? start : start + ((value - from) / span) * (end - start));
}

/** Round steps (1, 2, 5 × 10ⁿ) from at or below `low` to at or above `high`, about `count` of them (Heckbert 1990). */
export function ticks(low: number, high: number, count = 4): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((k) => k * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Width of a text at 12 px, close enough to lay out labels on a server that has no fonts. */
export function textWidth(text: string, size = 12): number {
  let width = 0;
  for (const sign of text)
    width += /[\u2e80-\uffef]/.test(sign)
      ? 1
      : /[iljtfr.,:;'|!() ]/.test(sign)
        ? 0.34
        : /[A-Zmw@%—]/.test(sign)
          ? 0.74
          : 0.56;
  return width * size;
}

/** The text, or as much of it as fits with «…». */
export function fitText(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text;
  let kept = "";
  for (const sign of text) {
    if (textWidth(`${kept + sign}…`, size) > width) break;
    kept += sign;
  }
  return `${kept.trimEnd()}…`;
}

/**
 * Moves labels apart so that each has `gap` to the next, in the order of their places, as little as may be.
 * Returns the new places in the order given.
 */
export function spread(places: readonly number[], gap: number, low: number, high: number): number[] {
  const order = places.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const moved = [...places];
  let floor = low;
  for (const index of order) {
    moved[index] = Math.max(moved[index] ?? 0, floor);
    floor = (moved[index] ?? 0) + gap;
  }
  let ceiling = high;
  for (const index of order.toReversed()) {
    moved[index] = Math.min(moved[index] ?? 0, ceiling);
    ceiling = (moved[index] ?? 0) - gap;
  }
  return moved;
}

/** Days since 1970 of «2026-11-22». */
export const dayNumber = (day: string): number => Math.floor(Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / 86_400_000);
const isoOf = (number: number): string => new Date(number * 86_400_000).toISOString().slice(0, 10);

/** First days of months, quarters or years in a span: as fine as leaves about `room` of them. */
export function calendarTicks(from: number, to: number, room: number): { day: number; label: string }[] {
  const months = Math.max(1, (to - from) / 30.44);
  const step = [1, 2, 3, 6, 12, 24, 60].find((size) => months / size <= room) ?? 120;
  const start = isoOf(from);
  let year = Number(start.slice(0, 4));
  let month = Math.floor((Number(start.slice(5, 7)) - 1) / step) * step;
  if (step >= 12) {
    year = Math.floor(year / (step / 12)) * (step / 12);
    month = 0;
  }
  const found: { day: number; label: string }[] = [];
  for (;;) {
    const iso = `${year}-${String(month + 1).padStart(2, "0")}-01`;
    const day = dayNumber(iso);
    if (day > to) return found;
    if (day >= from) found.push({ day, label: step >= 12 ? String(year) : iso.slice(0, 7) });
    month += step;
    year += Math.floor(month / 12);
    month %= 12;
  }
}
