/** Places of labels, so that none covers another and none leaves its picture. */
import { textWidth } from "./text.ts";

/** Whether stretches in the order of their places leave a gap between each and the next. */
export function apart(stretches: readonly (readonly [number, number])[], gap = 8): boolean {
  return stretches.every((one, index) => index === 0 || one[0] - (stretches[index - 1]?.[1] ?? 0) >= gap);
}

/** Where the middle of a text goes so that it stands as near to `at` as its picture of that width lets it. */
export function middleInside(text: string, at: number, width: number): number {
  const half = textWidth(text) / 2;
  return Math.max(half, Math.min(width - half, at));
}

/**
 * Moves labels apart so that each has `gap` to the next, in the order of their places, as little as may be.
 * Returns the new places in the order given; where there is no room for all they go past `low`.
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

export interface EndLabel {
  at: number;
  /** Who stays when there is no room for all: the greater. */
  weight: number;
}

/**
 * Places of labels at the ends of lines, null for those left out: a label may be no further from its line than one gap, or nobody
 * could tell whose it is.
 */
export function endLabels(labels: readonly EndLabel[], gap: number, low: number, high: number): (number | null)[] {
  const placed: (number | null)[] = labels.map(() => null);
  const kept: number[] = [];
  for (const index of labels.map((_, i) => i).sort((a, b) => (labels[b]?.weight ?? 0) - (labels[a]?.weight ?? 0))) {
    const tried = [...kept, index];
    const places = tried.map((one) => labels[one]?.at ?? 0);
    const moved = spread(places, gap, low, high);
    if (moved.every((place, n) => Math.abs(place - (places[n] ?? 0)) <= gap && place >= low - 1e-9)) {
      kept.push(index);
      for (const [n, one] of tried.entries()) placed[one] = moved[n] ?? null;
    }
  }
  return placed;
}
