/** The course of a running pilot: attainment of indicators, health, and what a mid-term check suggests. */
import { type Day, daysFrom } from "#app/platform/days.ts";
import { type Reason, reason, reasonFor } from "#app/domain/reasons.ts";
import type { Health } from "#app/domain/vocabulary.ts";

export type IndicatorFacts = {
  id: string;
  direction: "up" | "down";
  baselineMilli: number | null;
  targetMilli: number | null;
  valueMilli: number | null;
};
export type Attainment = {
  indicatorId: string;
  /** Way covered from baseline to target, 0..10000, floored; null when something is missing or both are equal. */
  basisPoints: number | null;
  reached: boolean;
  /** The value is on the wrong side of the baseline. */
  worse: boolean;
};
/** The direction decides what «reached» means; a value beyond the target stays at 100 %. */
export function attainment({
  id,
  direction,
  baselineMilli: b,
  targetMilli: t,
  valueMilli: v,
}: IndicatorFacts): Attainment {
  const none: Attainment = { indicatorId: id, basisPoints: null, reached: false, worse: false };
  if (b === null || t === null || v === null) return none;
  const sign = direction === "up" ? 1 : -1;
  const way = (t - b) * sign;
  if (way <= 0) return none;
  const done = (v - b) * sign;
  const clamped = BigInt(Math.min(way, Math.max(0, done)));
  return {
    indicatorId: id,
    basisPoints: Number((clamped * 10_000n) / BigInt(way)),
    reached: done >= way,
    worse: done < 0,
  };
}
/** Mean attainment of the indicators that have one, floored; null without any. */
export function meanAttainment(list: readonly Attainment[]): number | null {
  const known = list.flatMap((a) => (a.basisPoints === null ? [] : [a.basisPoints]));
  return known.length === 0 ? null : Math.floor(known.reduce((sum, x) => sum + x, 0) / known.length);
}
/** Share of the time between two days that is over, 0..10000: what a steady course would have reached. */
export function expectedBp(from: Day, to: Day, today: Day): number {
  const whole = daysFrom(from, to);
  if (whole <= 0) return 10_000;
  return Math.floor((Math.min(whole, Math.max(0, daysFrom(from, today))) * 10_000) / whole);
}

export type CourseFacts = {
  /** Mean attainment of the indicators, basis points; null when none is reported. */
  attainmentBp: number | null;
  /** Indicators of which a figure was reported, and those among them that have reached their target. */
  indicatorsKnown: number;
  indicatorsReached: number;
  expectedBp: number;
  worseIndicators: readonly string[];
  missingReports: readonly string[];
  lateReports: readonly string[];
  /** Findings of high or very high severity, neither closed nor accepted. */
  openHighFindings: readonly string[];
  /** Of these, those past their date. */
  overdueHighFindings: readonly string[];
  lateMilestones: readonly string[];
};
export type HealthResult = { health: Health; reasons: Reason[] };

/** Share of the expected way that is still well, and below which it is badly behind. */
const AMBER_BELOW = 80;
const RED_BELOW = 50;

function behind(facts: CourseFacts): { red: boolean; amber: boolean } {
  if (facts.attainmentBp === null) return { red: false, amber: false };
  const share = facts.attainmentBp * 100;
  return { red: share < RED_BELOW * facts.expectedBp, amber: share < AMBER_BELOW * facts.expectedBp };
}
/** Red for what cannot wait, amber for what needs an eye; the reasons come with their rows. «none» before anything is known. */
export function healthOf(facts: CourseFacts): HealthResult {
  const lag = behind(facts);
  const way = { reached: (facts.attainmentBp ?? 0) / 100, expected: facts.expectedBp / 100 };
  const silent = facts.missingReports.length >= 2;
  const openOnly = facts.openHighFindings.filter((id) => !facts.overdueHighFindings.includes(id));
  const red: Reason[] = [
    ...reasonFor("blocking", "rule_pilots_high_findings_overdue", "finding", facts.overdueHighFindings),
    ...reasonFor("blocking", "rule_pilots_reports_missing", "report", silent ? facts.missingReports : []),
    ...(lag.red ? [reason("blocking", "rule_pilots_far_behind", way)] : []),
  ];
  const amber: Reason[] = [
    ...reasonFor("warning", "rule_pilots_high_findings_open", "finding", openOnly),
    ...reasonFor("warning", "rule_pilots_reports_missing", "report", silent ? [] : facts.missingReports),
    ...reasonFor("warning", "rule_pilots_reports_late", "report", facts.lateReports),
    ...(lag.amber && !lag.red ? [reason("warning", "rule_pilots_behind", way)] : []),
    ...reasonFor("warning", "rule_pilots_indicator_worse", "indicator", facts.worseIndicators),
    ...reasonFor("warning", "rule_pilots_milestones_late", "milestone", facts.lateMilestones),
  ];
  const reasons = [...red, ...amber];
  const known = facts.attainmentBp !== null || reasons.length > 0;
  return { health: red.length > 0 ? "red" : amber.length > 0 ? "amber" : known ? "green" : "none", reasons };
}

/**
 * What a pilot of which nothing is wrong rests on, in figures: the rule asks the mean alone, so that no sentence may say of each
 * indicator that it is where it should be.
 */
export function onCourse(facts: CourseFacts): Reason {
  if (facts.attainmentBp === null) return reason("warning", "rule_pilots_course_unknown");
  return reason("warning", "rule_pilots_on_course", {
    reached: facts.attainmentBp / 100,
    expected: facts.expectedBp / 100,
    met: facts.indicatorsReached,
    known: facts.indicatorsKnown,
  });
}

export type MidtermResult = "normal" | "warning" | "rectify" | "exit";
/**
 * What the facts suggest for the mid-term check (正常 / 预警 / 整改 / 退出); people decide. Leaving is suggested only when
 * reporting stopped (three periods) and hardly anything was reached (a fifth of the way expected).
 */
export function midtermSuggestion(facts: CourseFacts): { result: MidtermResult; reasons: Reason[] } {
  const { health, reasons } = healthOf(facts);
  const gone = facts.missingReports.length >= 3 && (facts.attainmentBp ?? 0) * 5 < facts.expectedBp;
  const result = gone ? "exit" : health === "red" ? "rectify" : health === "amber" ? "warning" : "normal";
  return { result, reasons };
}
