/**
 * The pilot plan as figures: budget share, gaps, schedule, totals. Amounts are whole hundredths of 万元 (`…Centi`), shares
 * basis points; the threshold is compared as a product of integers, never as a rounded percentage.
 */
import { type Day, dayNumber } from "#app/platform/days.ts";
import { type Reason, reason, reasonFor } from "#app/domain/reasons.ts";
import {
  type Dimension,
  dimensions,
  HIGH_LEVEL,
  type Level,
  type Lifecycle,
  lifecycles,
  type Mechanism,
  type ObjectKind,
} from "#app/domain/vocabulary.ts";

export type BudgetLine = { id: string; siteId: string; amountCenti: number; security: boolean; lifecycle: Lifecycle };
export type BudgetShare = {
  totalCenti: number;
  securityCenti: number;
  /** Floored, so that a share shown as 10.00 % really reaches it; null for an empty budget. */
  shareBp: number | null;
  thresholdBp: number;
  met: boolean;
  /** What must be added to the security lines, total unchanged, for the threshold; 0 when met. */
  shortCenti: number;
};
const safe = (amount: bigint): number => {
  if (amount > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError("amount beyond 2^53");
  return Number(amount);
};
/** The plan names no number (action plan, safeguard 2): the threshold is the sector's own. An empty budget meets none. */
export function budgetShare(
  lines: readonly Pick<BudgetLine, "amountCenti" | "security">[],
  thresholdBp: number,
): BudgetShare {
  let total = 0n;
  let security = 0n;
  for (const line of lines) {
    if (!Number.isSafeInteger(line.amountCenti) || line.amountCenti < 0)
      throw new RangeError(`no amount: ${line.amountCenti}`);
    total += BigInt(line.amountCenti);
    if (line.security) security += BigInt(line.amountCenti);
  }
  const needed = (total * BigInt(thresholdBp) + 9_999n) / 10_000n;
  return {
    totalCenti: safe(total),
    securityCenti: safe(security),
    shareBp: total === 0n ? null : Number((security * 10_000n) / total),
    thresholdBp,
    met: total > 0n && security * 10_000n >= total * BigInt(thresholdBp),
    shortCenti: needed > security ? safe(needed - security) : 0,
  };
}
export type SiteBudget = BudgetShare & { siteId: string; reason: string | null; accepted: boolean };
/** Each site's budget by itself: a rich one does not carry a poor one. Below the threshold a written reason is needed. */
export function siteBudgets(
  lines: readonly BudgetLine[],
  thresholdBp: number,
  reasons: Readonly<Record<string, string>> = {},
): SiteBudget[] {
  return [...new Set(lines.map((l) => l.siteId))].sort().map((siteId) => {
    const share = budgetShare(
      lines.filter((l) => l.siteId === siteId),
      thresholdBp,
    );
    const why = (reasons[siteId] ?? "").trim();
    return { ...share, siteId, reason: why === "" ? null : why, accepted: share.met || why !== "" };
  });
}

export type PlanMeasure = {
  id: string;
  riskId: string;
  dimension: Dimension | null;
  object: ObjectKind | null;
  lifecycle: Lifecycle | null;
  mechanism: Mechanism | null;
  budgetLineId: string | null;
  startsOn: Day | null;
  endsOn: Day | null;
  owner?: string | null;
};
type PlanIndicator = {
  id: string;
  direction: "up" | "down";
  baselineMilli: number | null;
  targetMilli: number | null;
};
export type PlanFacts = {
  risks: readonly { id: string; level: Level }[];
  measures: readonly PlanMeasure[];
  budgetLines: readonly BudgetLine[];
  thresholdBp: number;
  /** Reasons for a share below the threshold, by site. */
  shareReasons?: Readonly<Record<string, string>>;
  indicators: readonly PlanIndicator[];
  /** Ids of nominated pilots. */
  nominated: readonly string[];
  /** Written sections by key of the catalogue's plan sections; only those with `from: "text"` are asked for. */
  sections?: Readonly<Record<string, string>>;
  requiredSections?: readonly string[];
};

const reversed = (m: PlanMeasure) => m.startsOn !== null && m.endsOn !== null && m.endsOn < m.startsOn;
function measureGaps({ risks, measures, budgetLines }: PlanFacts): Reason[] {
  const treated = new Set(measures.map((m) => m.riskId));
  const known = new Set(risks.map((r) => r.id));
  const lines = new Set(budgetLines.map((l) => l.id));
  const untreated = risks.filter((r) => r.level >= HIGH_LEVEL && !treated.has(r.id)).map((r) => r.id);
  const told = (severity: Reason["severity"], key: Reason["key"], test: (m: PlanMeasure) => boolean) =>
    reasonFor(
      severity,
      key,
      "measure",
      measures.filter(test).map((m) => m.id),
    );
  return [
    ...reasonFor("blocking", "rule_plan_high_risk_without_measure", "risk", untreated),
    ...told("blocking", "rule_plan_measure_without_risk", (m) => !known.has(m.riskId)),
    ...told("blocking", "rule_plan_measure_without_lifecycle", (m) => m.lifecycle === null),
    ...told("blocking", "rule_plan_measure_without_dimension", (m) => m.dimension === null),
    ...told(
      "blocking",
      "rule_plan_measure_without_budget",
      (m) => m.budgetLineId === null || !lines.has(m.budgetLineId),
    ),
    ...told("blocking", "rule_plan_measure_dates_reversed", reversed),
    ...told("warning", "rule_plan_measure_without_dates", (m) => m.startsOn === null || m.endsOn === null),
    ...told("warning", "rule_plan_measure_without_tags", (m) => m.object === null || m.mechanism === null),
    ...told("warning", "rule_plan_measure_without_owner", (m) => (m.owner ?? "").trim() === ""),
  ];
}
function budgetGaps({ budgetLines, thresholdBp, shareReasons }: PlanFacts): Reason[] {
  if (budgetLines.length === 0) return [reason("blocking", "rule_plan_no_budget")];
  return siteBudgets(budgetLines, thresholdBp, shareReasons).flatMap((b) =>
    b.met
      ? []
      : [
          reason(
            b.accepted ? "warning" : "blocking",
            b.accepted ? "rule_plan_share_low_with_reason" : "rule_plan_share_low",
            {
              share: (b.shareBp ?? 0) / 100,
              threshold: thresholdBp / 100,
              short: b.shortCenti / 100,
            },
            [{ kind: "site", id: b.siteId }],
          ),
        ],
  );
}
function indicatorGaps({ indicators }: PlanFacts): Reason[] {
  if (indicators.length === 0) return [reason("blocking", "rule_plan_no_indicator")];
  const ids = (test: (i: PlanIndicator) => boolean) => indicators.filter(test).map((i) => i.id);
  const wrongWay = ({ direction, baselineMilli: b, targetMilli: t }: PlanIndicator) =>
    b !== null && t !== null && (direction === "up" ? t <= b : t >= b);
  return [
    ...reasonFor(
      "blocking",
      "rule_plan_indicator_without_baseline",
      "indicator",
      ids((i) => i.baselineMilli === null),
    ),
    ...reasonFor(
      "blocking",
      "rule_plan_indicator_without_target",
      "indicator",
      ids((i) => i.targetMilli === null),
    ),
    ...reasonFor("blocking", "rule_plan_indicator_wrong_way", "indicator", ids(wrongWay)),
  ];
}
/** Everything a plan lacks, blocking reasons first; empty when it is whole. */
export function planGaps(facts: PlanFacts): Reason[] {
  const unwritten = (facts.requiredSections ?? []).filter((key) => (facts.sections?.[key] ?? "").trim() === "");
  const all = [
    ...(facts.measures.length === 0 ? [reason("blocking", "rule_plan_no_measure")] : []),
    ...measureGaps(facts),
    ...budgetGaps(facts),
    ...indicatorGaps(facts),
    ...(facts.nominated.length === 0 ? [reason("blocking", "rule_plan_nothing_nominated")] : []),
    ...reasonFor("blocking", "rule_plan_section_missing", "section", unwritten),
  ];
  return [...all.filter((r) => r.severity === "blocking"), ...all.filter((r) => r.severity === "warning")];
}
/** The counts that the project's guards ask for, from the same reasons that the page shows. */
export function planFactCounts(facts: PlanFacts) {
  const gaps = planGaps(facts);
  const count = (key: Reason["key"]) => gaps.filter((g) => g.key === key).reduce((n, g) => n + g.refs.length, 0);
  return {
    measureCount: facts.measures.length,
    highRisksWithoutMeasure: count("rule_plan_high_risk_without_measure"),
    measuresWithoutLifecycle: count("rule_plan_measure_without_lifecycle"),
    measuresWithoutDimension: count("rule_plan_measure_without_dimension"),
    measuresWithoutBudget: count("rule_plan_measure_without_budget"),
    /** A plan without any budget counts as one budget below the share: nothing was shown to meet it. */
    budgetsBelowShare: facts.budgetLines.length === 0 ? 1 : count("rule_plan_share_low"),
    securityShareThreshold: facts.thresholdBp / 100,
  };
}

type GanttRow = {
  measureId: string;
  lifecycle: Lifecycle | null;
  startsOn: Day;
  endsOn: Day;
  /** Days after `from`. */
  offset: number;
  /** Both ends counted. */
  days: number;
};
export type Schedule = {
  from: Day;
  to: Day;
  days: number;
  rows: GanttRow[];
  undated: string[];
  /** Position of today in days after `from`; null outside. */
  today: number | null;
};
/** Rows by lifecycle stage, then start, then id; null when no measure has both dates in order. */
export function schedule(measures: readonly PlanMeasure[], today: Day): Schedule | null {
  const dated = measures.flatMap((m) =>
    m.startsOn && m.endsOn && m.startsOn <= m.endsOn ? [{ ...m, startsOn: m.startsOn, endsOn: m.endsOn }] : [],
  );
  const from = dated.map((m) => m.startsOn).sort()[0];
  const to = dated
    .map((m) => m.endsOn)
    .sort()
    .at(-1);
  if (from === undefined || to === undefined) return null;
  const origin = dayNumber(from);
  const stage = (l: Lifecycle | null) => (l === null ? lifecycles.length : lifecycles.indexOf(l));
  const rows = dated
    .map((m): GanttRow => {
      const offset = dayNumber(m.startsOn) - origin;
      return {
        measureId: m.id,
        lifecycle: m.lifecycle,
        startsOn: m.startsOn,
        endsOn: m.endsOn,
        offset,
        days: dayNumber(m.endsOn) - origin - offset + 1,
      };
    })
    .sort(
      (a, b) => stage(a.lifecycle) - stage(b.lifecycle) || a.offset - b.offset || (a.measureId < b.measureId ? -1 : 1),
    );
  const at = dayNumber(today) - origin;
  const days = dayNumber(to) - origin + 1;
  const shown = new Set(dated.map((m) => m.id));
  return {
    from,
    to,
    days,
    rows,
    undated: measures.filter((m) => !shown.has(m.id)).map((m) => m.id),
    today: at >= 0 && at < days ? at : null,
  };
}

export type PlanTotals = {
  byLifecycle: Record<Lifecycle, { measures: number; totalCenti: number; securityCenti: number }>;
  byDimension: Record<Dimension, { measures: number }>;
  untagged: number;
  totalCenti: number;
};
/**
 * Measures and money (in fen) of a plan, by the stage and the dimension they stand under.
 * @throws RangeError for a sum that is no safe integer
 */
export function planTotals(measures: readonly PlanMeasure[], lines: readonly BudgetLine[]): PlanTotals {
  const sum = (own: readonly BudgetLine[]) => safe(own.reduce((n, l) => n + BigInt(l.amountCenti), 0n));
  const stage = (lifecycle: Lifecycle) => {
    const own = lines.filter((l) => l.lifecycle === lifecycle);
    return {
      measures: measures.filter((m) => m.lifecycle === lifecycle).length,
      totalCenti: sum(own),
      securityCenti: sum(own.filter((l) => l.security)),
    };
  };
  return {
    byLifecycle: Object.fromEntries(lifecycles.map((l) => [l, stage(l)])) as PlanTotals["byLifecycle"],
    byDimension: Object.fromEntries(
      dimensions.map((d) => [d, { measures: measures.filter((m) => m.dimension === d).length }]),
    ) as PlanTotals["byDimension"],
    untagged: measures.filter((m) => m.dimension === null).length,
    totalCenti: sum(lines),
  };
}

/** How far a measure is; late is one that is not in place though its last day is over, and nothing else. */
export type MeasureProgress = "done" | "late" | "now" | "ahead";
/** @param doneOn since when it is in place, as is known today; `lateMeasures` asks the same of rows */
export function measureProgress(
  { doneOn, startsOn, endsOn }: { doneOn: Day | null; startsOn: Day; endsOn: Day },
  today: Day,
): MeasureProgress {
  if (doneOn !== null && doneOn <= today) return "done";
  if (endsOn < today) return "late";
  return startsOn <= today ? "now" : "ahead";
}
