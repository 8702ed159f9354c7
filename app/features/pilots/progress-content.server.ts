import type { SealedEvidence } from "#app/features/evidence/evidence.schema.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { isLeap } from "#app/features/plan/indicator.rules.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { PilotRow } from "./facts.server.ts";
import { approvedBefore, indicatorsOf } from "./figures.server.ts";
import { type ReportBody, summaryPeriod } from "./pilots.schema.ts";
import { measuresOf } from "./progress.server.ts";

/* What is sealed of a progress report. */

export interface SealedReport {
  pilot: { id: string; code: string; name: string };
  period: string;
  values: {
    indicatorId: string;
    code: string;
    name: string;
    unit: string;
    valueMilli: number;
    /** Why it is so far from the one before; absent where nothing was said. */
    explanation?: string | undefined;
  }[];
  text: string;
  problems: string;
  next: string;
  measures: { measureId: string; code: string; title: string; doneOn: string | null }[];
  /** Files with their digests, by id; absent where there are none. */
  evidence?: SealedEvidence[] | undefined;
}

/**
 * What a report lacks, in words: its text, figures (all of them at the end, one at least before), and a word on each figure that is
 * far from the one before.
 */
export function missingOf(
  content: SealedReport,
  { asked, leaps }: Pick<WorkingReport, "asked" | "leaps">,
  locale: Locale,
): string[] {
  const figures = content.period === summaryPeriod ? asked : Math.min(1, asked);
  const missing = [
    ...(content.text.trim() === "" ? ["pilots_report_text"] : []),
    ...(content.values.length < figures ? ["pilots_report_values"] : []),
  ];
  const unexplained = content.values.filter((v) => leaps.includes(v.indicatorId) && !v.explanation);
  return [
    ...missing.map((key) => translate(key, {}, locale)),
    ...unexplained.map((v) => m.pilots_explanation_of({ code: v.code }, { locale })),
  ];
}

export interface WorkingReport {
  content: SealedReport;
  /** How many indicators are asked for. */
  asked: number;
  /** Indicators whose figure is far from the one before. */
  leaps: string[];
}
/** The working text in the form in which it would be sealed. */
export async function workingReport(tx: Tx, pilot: PilotRow, period: string, body: ReportBody): Promise<WorkingReport> {
  const [defined, own, before] = await Promise.all([
    indicatorsOf(tx, pilot),
    measuresOf(tx, pilot),
    approvedBefore(tx, pilot, period),
  ]);
  const values = defined.flatMap((i) => {
    const valueMilli = body.values[i.id];
    // Working texts of before there were explanations have none.
    const explanation = body.explanations?.[i.id];
    return typeof valueMilli === "number"
      ? [
          {
            indicatorId: i.id,
            code: i.code,
            name: i.name,
            unit: i.unit,
            valueMilli,
            ...(explanation ? { explanation } : {}),
          },
        ]
      : [];
  });
  const leaps = defined.flatMap((i) => {
    const value = body.values[i.id];
    return typeof value === "number" && isLeap(i, before.get(i.id) ?? i.baselineMilli, value) ? [i.id] : [];
  });
  const changed = own.flatMap((one) =>
    one.id in body.done
      ? [{ measureId: one.id, code: one.code, title: one.title, doneOn: body.done[one.id] ?? null }]
      : [],
  );
  return {
    content: {
      pilot: { id: pilot.id, code: pilot.code, name: pilot.name },
      period,
      values,
      text: body.text,
      problems: body.problems,
      next: body.next,
      measures: changed,
    },
    asked: defined.length,
    leaps,
  };
}
