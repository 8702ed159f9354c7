import type { Cell } from "../matrix/cells.ts";
import type { Ground } from "../matrix/ground.ts";
import { ApiFuzz, type Description, type Tried } from "./api.ts";
import { FormFuzz, fuzzable } from "./forms.ts";
import { Dice } from "./values.ts";

export interface FuzzReport {
  seed: number;
  sent: number;
  byStatus: Record<number, number>;
  /** Each as somebody would send it again. */
  wrong: string[];
}

/**
 * Odd requests to every operation and every act, a few at a time.
 * @param runs how many, half of them to the API
 */
export async function fuzz(
  base: string,
  ground: Ground,
  cells: readonly Cell[],
  { seed, runs }: { seed: number; runs: number },
): Promise<FuzzReport> {
  const dice = new Dice(seed);
  const api = new ApiFuzz(
    base,
    (await (await fetch(`${base}/api/v1/openapi.json`)).json()) as Description,
    ground,
    dice,
  );
  const forms = new FormFuzz(base, ground, dice);
  const acts = fuzzable(cells);
  const report: FuzzReport = { seed, sent: 0, byStatus: {}, wrong: [] };
  const take = (tried: readonly Tried[]) => {
    for (const { status, wrong } of tried) {
      report.sent += 1;
      report.byStatus[status] = (report.byStatus[status] ?? 0) + 1;
      if (wrong !== null) report.wrong.push(wrong);
    }
  };
  for (let at = dice.upTo(acts.length); report.sent < runs; ) {
    const before = report.sent;
    take(await api.round());
    // As many forms as endpoints, each act in its turn.
    for (const end = report.sent + (report.sent - before); report.sent < end; at += 4)
      take(await Promise.all([0, 1, 2, 3].map((n) => forms.send(acts[(at + n) % acts.length] as Cell))));
  }
  return report;
}
