import { sql } from "drizzle-orm";
import { percentileOf } from "#app/features/effect/statistics.rules.ts";
import { rowsOf } from "#db/rows.ts";
import { currentProgramme } from "#app/features/programme/programme.server.ts";
import type { ProjectRow } from "#app/features/project/project.server.ts";
import type { Tx } from "#db/client.server.ts";

/*
 * A site's survey score among those of its sector. The database counts and tells no other site's score, and nothing where
 * fewer than k others answered; asked once the survey is closed, so that no single newcomer shows as a step of the figure.
 */

export interface Ranks {
  k: number;
  /** Percentile 0–100 by part (`overall` or a dimension); null: too few others, or no score of its own. */
  percentiles: Record<string, number | null>;
  /** Other sites compared with, at most over the parts; null when too few. */
  others: number | null;
}

/** Null while the survey runs. For people of a site. */
export async function surveyRanks(tx: Tx, project: ProjectRow): Promise<Ranks | null> {
  if (project.state.startsWith("survey.")) return null;
  const [programme, result] = await Promise.all([
    currentProgramme(tx),
    tx.execute(sql`select * from auth.survey_ranks(${project.id})`),
  ]);
  const rows = rowsOf<{ part: string; others: number | null; below: number | null; equal: number | null }>(result);
  const known = rows.flatMap(({ part, others, below, equal }) =>
    others === null || below === null || equal === null ? [] : [{ part, others, below, equal }],
  );
  return {
    k: programme?.kThreshold ?? 5,
    percentiles: Object.fromEntries(known.map((r) => [r.part, percentileOf(r)])),
    others: known.length === 0 ? null : Math.max(...known.map((r) => r.others)),
  };
}
