/**
 * A small seeded source of numbers, so that the demo programme is the same everywhere: mulberry32 (Tommy Ettinger, public
 * domain) over a 32-bit hash of the seed text (FNV-1a). Not for secrets.
 */
export type Rng = {
  /** 0 ≤ x < 1. */
  next(): number;
  /** Whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T;
  /** `count` different items in random order; all of them when there are fewer. */
  sample<T>(items: readonly T[], count: number): T[];
  /** About normal with the given mean and deviation (sum of twelve uniforms). */
  near(mean: number, deviation: number): number;
  /** A source of its own for a part, so that a change in one part leaves the others as they were. */
  fork(name: string): Rng;
};

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (const unit of new TextEncoder().encode(text)) h = Math.imul(h ^ unit, 0x01000193);
  return h >>> 0;
}
export function createRng(seed: string): Rng {
  let state = hash(seed);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const sample = <T>(items: readonly T[], count: number) => {
    const left = [...items];
    const taken: T[] = [];
    while (taken.length < count && left.length > 0) taken.push(...left.splice(int(0, left.length - 1), 1));
    return taken;
  };
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (items) => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new RangeError("nothing to pick from");
      return item;
    },
    sample,
    near: (mean, deviation) => mean + deviation * (Array.from({ length: 12 }, next).reduce((a, b) => a + b, 0) - 6),
    fork: (name) => createRng(`${seed}/${name}`),
  };
}
/** Keeps a number between two bounds. */
export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
