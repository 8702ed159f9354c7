/** Blind scoring of nominated pilots. Points are whole 0..100, totals hundredths of a point; ranking compares exact fractions. */
import { minScorers } from "#workflows/pilot/guards.ts";
import { type Reason, reason } from "#app/domain/reasons.ts";

export type Criterion = { code: string; weight: number };
export type ScoreSheet = {
  scorerId: string;
  pilotId: string;
  recused: boolean;
  /** Points by criterion; null or incomplete: not handed in. */
  points: Readonly<Record<string, number>> | null;
};
/** A sheet this far from the median of three or more asks for a word with its scorer (hundredths of a point). */
const OUTLIER_CENTI = 1500;

/** Marks that lie further apart than this want a note on why they stand: twice what makes one of them an outlier. */
export const farApartCenti = 2 * OUTLIER_CENTI;
const liesFarApart = (spreadCenti: number): boolean => spreadCenti > farApartCenti;
/** Whether the marks of a pilot (hundredths of a point) lie so far apart that a note must say why they stand. */
export const farApart = (totals: readonly number[]): boolean =>
  totals.length >= minScorers && liesFarApart(Math.max(...totals) - Math.min(...totals));

/** Weighted total of one sheet in hundredths (0..10000); null when a criterion is missing. Throws for points outside 0..100. */
export function sheetTotal(points: ScoreSheet["points"], rubric: readonly Criterion[]): number | null {
  if (points === null || rubric.length === 0) return null;
  const weights = rubric.reduce((sum, c) => sum + c.weight, 0);
  let sum = 0;
  for (const { code, weight } of rubric) {
    const value = points[code];
    if (value === undefined) return null;
    if (!Number.isInteger(value) || value < 0 || value > 100) throw new RangeError(`points of ${code}: ${value}`);
    sum += value * weight;
  }
  return Math.floor((2 * sum * 100 + weights) / (2 * weights));
}
const median = (sorted: readonly number[]): number => {
  const half = sorted.length >> 1;
  const [a, b] = [sorted[half - 1] ?? 0, sorted[half] ?? 0];
  return sorted.length % 2 === 1 ? b : (a + b) / 2;
};

export type PilotScore = {
  pilotId: string;
  /** Sheets counted: complete and not recused. */
  scorers: number;
  recused: number;
  pending: string[];
  totals: { scorerId: string; totalCenti: number; outlier: boolean }[];
  /** Sum of the counted totals: with `scorers` the exact mean. */
  sumCenti: number;
  /** Mean rounded half up to hundredths; null below two scorers. */
  meanCenti: number | null;
  /** Competition rank (1, 2, 2, 4) among scored pilots; null while not scored. */
  rank: number | null;
  tied: boolean;
  reasons: Reason[];
};

function scoreOne(
  pilotId: string,
  sheets: readonly ScoreSheet[],
  rubric: readonly Criterion[],
): Omit<PilotScore, "rank" | "tied"> {
  const own = sheets.filter((s) => s.pilotId === pilotId);
  const live = own
    .filter((s) => !s.recused)
    .map((s) => ({ scorerId: s.scorerId, total: sheetTotal(s.points, rubric) }));
  const pending = live
    .filter((s) => s.total === null)
    .map((s) => s.scorerId)
    .sort();
  const done = live
    .flatMap((s) => (s.total === null ? [] : [{ scorerId: s.scorerId, totalCenti: s.total }]))
    .sort((a, b) => (a.scorerId < b.scorerId ? -1 : 1));
  const sumCenti = done.reduce((sum, s) => sum + s.totalCenti, 0);
  const enough = done.length >= minScorers;
  const values = done.map((s) => s.totalCenti).sort((a, b) => a - b);
  const spreadCenti = enough ? (values.at(-1) ?? 0) - (values[0] ?? 0) : null;
  const totals = done.map((s) => ({
    ...s,
    outlier: done.length >= 3 && Math.abs(s.totalCenti - median(values)) > OUTLIER_CENTI,
  }));
  const ref = [{ kind: "pilot" as const, id: pilotId }];
  const reasons = [
    ...(enough
      ? []
      : [reason("blocking", "rule_pilots_too_few_scorers", { count: done.length, min: minScorers }, ref)]),
    ...(pending.length === 0 ? [] : [reason("blocking", "rule_pilots_scores_pending", { count: pending.length }, ref)]),
    ...(spreadCenti !== null && liesFarApart(spreadCenti)
      ? [reason("warning", "rule_pilots_scores_far_apart", { spread: spreadCenti / 100 }, ref)]
      : []),
    ...totals
      .filter((t) => t.outlier)
      .map((t) =>
        reason("warning", "rule_pilots_score_outlier", { total: t.totalCenti / 100 }, [
          ...ref,
          { kind: "score" as const, id: t.scorerId },
        ]),
      ),
  ];
  const meanCenti = enough ? Math.floor((2 * sumCenti + done.length) / (2 * done.length)) : null;
  return {
    pilotId,
    scorers: done.length,
    recused: own.length - live.length,
    pending,
    totals,
    sumCenti,
    meanCenti,
    reasons,
  };
}

/**
 * Scores and ranks, best first, unscored last, then by id. Means are compared as fractions (sum × other's count), so
 * rounding never makes or breaks a tie.
 */
export function rankPilots(
  pilotIds: readonly string[],
  sheets: readonly ScoreSheet[],
  rubric: readonly Criterion[],
): PilotScore[] {
  const scored = pilotIds.map((id) => scoreOne(id, sheets, rubric));
  const better = (a: (typeof scored)[number], b: (typeof scored)[number]) =>
    b.sumCenti * a.scorers - a.sumCenti * b.scorers;
  const ranked = scored.filter((s) => s.meanCenti !== null);
  return scored
    .map((s): PilotScore => {
      if (s.meanCenti === null) return { ...s, rank: null, tied: false };
      const ahead = ranked.filter((o) => better(o, s) < 0).length;
      return { ...s, rank: ahead + 1, tied: ranked.some((o) => o.pilotId !== s.pilotId && better(o, s) === 0) };
    })
    .sort(
      (a, b) =>
        (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER) || (a.pilotId < b.pilotId ? -1 : 1),
    );
}
