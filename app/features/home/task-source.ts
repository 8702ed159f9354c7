import { compareKeys, keyOf, type Side, sideOf, type Task, type TaskKey } from "./tasks.rules.ts";

/* Where tasks come from: each source counts exactly and gives a page of a list, so that no list is cut before it is sorted. */

export type TaskCounts = Readonly<Record<Side, number>>;
export const noTasks: TaskCounts = { own: 0, waiting: 0, soon: 0 };

export interface TaskSource {
  counts: TaskCounts;
  /** The first tasks of a list behind a place, in their order; at most `limit`. */
  page(side: Side, after: TaskKey | null, limit: number): Promise<Task[]>;
}

/** Tasks that were read whole: of things of which there are few. */
export function listed(tasks: readonly Task[]): TaskSource {
  const sorted = tasks.toSorted((a, b) => compareKeys(keyOf(a), keyOf(b)));
  const of = (side: Side) => sorted.filter((t) => sideOf(t.group) === side);
  return {
    counts: { own: of("own").length, waiting: of("waiting").length, soon: of("soon").length },
    page: (side, after, limit) =>
      Promise.resolve(
        of(side)
          .filter((t) => after === null || compareKeys(keyOf(t), after) > 0)
          .slice(0, limit),
      ),
  };
}

/** Several sources as one. */
export function joined(sources: readonly TaskSource[]): TaskSource {
  const sum = (side: Side) => sources.reduce((n, s) => n + s.counts[side], 0);
  return {
    counts: { own: sum("own"), waiting: sum("waiting"), soon: sum("soon") },
    async page(side, after, limit) {
      const asked = sources.filter((s) => s.counts[side] > 0);
      const found = (await Promise.all(asked.map((s) => s.page(side, after, limit)))).flat();
      return found.sort((a, b) => compareKeys(keyOf(a), keyOf(b))).slice(0, limit);
    },
  };
}
