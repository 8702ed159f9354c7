import { z } from "zod";
import { dimensions } from "#db/vocabulary.ts";

/*
 * What the summary of a sealed submission holds beside its content: figures that lists, comparisons and the national
 * office read without opening it. The use-case that seals writes them; readers parse them here and take what is missing
 * for unknown, never for zero.
 */

const count = z.number().int().min(0);
/** Basis points, 0..10000; null where nothing counts. */
const bp = z.number().int().min(0).max(10_000).nullable();
const byDimension = <T extends z.ZodType>(of: T) => z.partialRecord(z.enum(dimensions), of);

/** A score as whole numbers, so that several can be pooled exactly: weighted half points gained of those possible. */
const score = z.object({ gained: count, possible: count, bp });
export type SummaryScore = z.output<typeof score>;

/** Survey response of one system: scores by tag and how many weak answers each dimension has. */
export const responseSummary = z.object({
  systemId: z.string(),
  systemName: z.string(),
  grade: z.number().int(),
  /** Percent 0–100 of questions answered. */
  completeness: z.number(),
  overall: score,
  dimension: z.record(z.string(), score),
  object: z.record(z.string(), score),
  lifecycle: z.record(z.string(), score),
  mechanism: z.record(z.string(), score),
  /** Cells of dimension × object as `identity/equipment`. */
  cells: z.record(z.string(), score),
  /** Answers partial or non_compliant. */
  weak: byDimension(count),
  assets: count,
  singleSource: count,
});
export type ResponseSummary = z.output<typeof responseSummary>;

export const riskReportSummary = z.object({
  count,
  highCount: count,
  /** Keys 1–5. */
  byLevel: z.record(z.string(), count),
  byDimension: byDimension(z.object({ count, high: count })),
  highRisksWithoutOwner: count,
  /** Numbers of the required chapters that lack something. */
  missingChapters: z.array(z.string()),
  assets: count.optional(),
  sites: count.optional(),
});
export type RiskReportSummary = z.output<typeof riskReportSummary>;

/** The counts are those of `planFactCounts`; amounts in hundredths of 万元. */
export const pilotPlanSummary = z.object({
  measureCount: count,
  highRisksWithoutMeasure: count,
  measuresWithoutLifecycle: count,
  measuresWithoutDimension: count,
  measuresWithoutBudget: count,
  budgetsBelowShare: count,
  /** Percent. */
  securityShareThreshold: z.number(),
  totalCenti: z.number().optional(),
  securityCenti: z.number().optional(),
  shareBp: bp.optional(),
  indicators: count.optional(),
  nominated: count.optional(),
});
export type PilotPlanSummary = z.output<typeof pilotPlanSummary>;

export const specDraftSummary = z.object({
  clauseCount: count,
  clausesWithoutEvidence: count,
  /** Absent in summaries from before lessons named what takes them up. */
  lessonsWithoutClause: z.array(z.string()).optional(),
  byDimension: byDimension(count).optional(),
});

/** A summary read back, or null when it does not hold what its kind must hold. */
export function summaryOf<T extends z.ZodType>(schema: T, value: unknown): z.output<T> | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}
