import { Ledger, type Member, type Statement, tell } from "#app/features/disclosure/disclosure.rules.ts";
import { addSums, noSums, type Sums } from "#app/features/effect/aggregate.rules.ts";

/*
 * What was told to the national office over time, worked out anew from what never changes: the seals of the reviews and the
 * courses of the projects. At each moment everything is told that may be told beside all that was told before.
 */

/** Sums over a group of pilots; means before and after in thousandths, null for several groups together. */
export interface Figures {
  change: Sums;
  sites: number;
  beforeMilli: number | null;
  afterMilli: number | null;
}
export interface Group {
  sector: string;
  batch: number;
  members: readonly Member[];
  /** Null: no pilot of it has any. */
  figures: Figures | null;
}
/** A review was sealed, a project came into a batch or left it (`batch` null: it stands in none), or the smallest group was changed. */
export interface Moment<Review> {
  at: Date;
  review?: Review;
  course?: { sectorId: string; batch: 1 | 2 | null };
  k?: number;
}
export interface Told {
  /** Null: there are figures, and they may not be told. */
  figures: Figures | null;
  at: Date;
  /** Whether they are the newest. */
  current: boolean;
}
interface Wanted extends Statement<Figures> {
  name: string;
}

const together = (groups: readonly (Group & { figures: Figures })[]): Figures => {
  const [first] = groups;
  if (first && groups.length === 1) return first.figures;
  return {
    change: groups.map((g) => g.figures.change).reduce(addSums, noSums),
    sites: new Set(groups.flatMap((g) => g.members.map((m) => JSON.stringify([m.sector, m.site])))).size,
    beforeMilli: null,
    afterMilli: null,
  };
};

/** Sums without those they are of cannot be judged: nobody stands for them, who are fewer than k. */
const judgedBy = (groups: readonly (Group & { figures: Figures })[]): Member[] =>
  groups.some((g) => g.members.length !== g.figures.change.n) ? [] : groups.flatMap((g) => g.members);

/** What would be told of the groups as they are: each, each sector, each batch, all. Sectors together once none is waited for. */
function wantedOf(groups: readonly Group[], waiting: ReadonlySet<number>, subject: string): Wanted[] {
  const known = groups.flatMap((g) => (g.figures ? [{ ...g, figures: g.figures }] : []));
  /** Together are two at least. */
  const want = (name: string, some: typeof known, of: "sector" | "batch" | null = null): Wanted[] =>
    some.length === 0 || (of !== null && new Set(some.map((g) => g[of])).size < 2)
      ? []
      : [{ key: name, name, subject, members: judgedBy(some), figures: together(some) }];
  const sectors = [...new Set(known.map((g) => g.sector))];
  const batches = [...new Set(known.map((g) => g.batch))];
  return [
    ...known.flatMap((g) => want(`${g.sector}/${g.batch}`, [g])),
    ...sectors.flatMap((s) =>
      want(
        `${s}/all`,
        known.filter((g) => g.sector === s),
        "batch",
      ),
    ),
    ...batches
      .filter((b) => !waiting.has(b))
      .flatMap((b) =>
        want(
          `all/${b}`,
          known.filter((g) => g.batch === b),
          "sector",
        ),
      ),
    ...(waiting.size === 0 ? want("all/all", known, "sector") : []),
  ];
}

/**
 * What was told of each group last, by name: `<sector>/<batch>`, `<sector>/all`, `all/<batch>`, `all/all`.
 *
 * @param moments in the order of time
 * @param firstK sites that a group had to have before any change of it
 */
export function toldOverTime<Review>(
  moments: readonly Moment<Review>[],
  groupOf: (review: Review) => Group,
  subject: string,
  firstK: number,
): Map<string, Told> {
  let k = firstK;
  const ledger = new Ledger<Figures>();
  const groups = new Map<string, Group>();
  const standing = new Map<string, 1 | 2 | null>();
  const told = new Map<string, Told>();
  for (const { at, review, course, k: changed } of moments) {
    // Most events of a project leave it where it stands.
    if (course && (standing.get(course.sectorId) ?? null) === course.batch) continue;
    k = changed ?? k;
    if (review) {
      const group = groupOf(review);
      groups.set(`${group.sector}/${group.batch}`, group);
    }
    if (course) standing.set(course.sectorId, course.batch);
    const waiting = new Set([...standing.values()].flatMap((batch) => batch ?? []));
    const wanted = wantedOf([...groups.values()], waiting, subject);
    const now = new Set(tell(ledger, wanted, k).map((t) => t.name));
    for (const { name, figures } of wanted) {
      const before = told.get(name);
      if (now.has(name))
        told.set(name, { figures, at: sameFigures(before?.figures, figures) ? (before?.at ?? at) : at, current: true });
      else if (before) told.set(name, { ...before, current: sameFigures(before.figures, figures) });
      else told.set(name, { figures: null, at, current: false });
    }
  }
  return told;
}
const sameFigures = (a: Figures | null | undefined, b: Figures): boolean =>
  a !== null &&
  a !== undefined &&
  a.change.n === b.change.n &&
  a.change.sum === b.change.sum &&
  a.change.squares === b.change.squares;
