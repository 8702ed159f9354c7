import { and, asc, eq } from "drizzle-orm";
import type { SealedEvidence } from "#app/features/evidence/evidence.schema.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { indicators } from "#db/schema/index.ts";
import type { PilotRow } from "./facts.server.ts";
import { type ReportBody, summaryPeriod } from "./pilots.schema.ts";
import { measuresOf } from "./progress.server.ts";

/* What is sealed of a progress report. */

export interface SealedReport {
  pilot: { id: string; code: string; name: string };
  period: string;
  values: { indicatorId: string; code: string; name: string; unit: string; valueMilli: number }[];
  text: string;
  problems: string;
  next: string;
  measures: { measureId: string; code: string; title: string; doneOn: string | null }[];
  /** Files with their digests, by id; absent where there are none. */
  evidence?: SealedEvidence[] | undefined;
}

/** What a report lacks, in words: its text, and figures (all of them at the end, one at least before). */
export function missingOf(content: SealedReport, asked: number, locale: Locale): string[] {
  const figures = content.period === summaryPeriod ? asked : Math.min(1, asked);
  const missing = [
    ...(content.text.trim() === "" ? ["pilots_report_text"] : []),
    ...(content.values.length < figures ? ["pilots_report_values"] : []),
  ];
  return missing.map((key) => translate(key, {}, locale));
}

/** The working text in the form in which it would be sealed, and how many indicators are asked for. */
export async function workingReport(
  tx: Tx,
  pilot: PilotRow,
  period: string,
  body: ReportBody,
): Promise<{ content: SealedReport; asked: number }> {
  const [defined, own] = await Promise.all([
    tx
      .select()
      .from(indicators)
      .where(and(eq(indicators.tenantId, pilot.tenantId), eq(indicators.projectId, pilot.projectId)))
      .orderBy(asc(indicators.code)),
    measuresOf(tx, pilot),
  ]);
  const values = defined.flatMap((i) => {
    const valueMilli = body.values[i.id];
    return typeof valueMilli === "number"
      ? [{ indicatorId: i.id, code: i.code, name: i.name, unit: i.unit, valueMilli }]
      : [];
  });
  const changed = own.flatMap((m) =>
    m.id in body.done ? [{ measureId: m.id, code: m.code, title: m.title, doneOn: body.done[m.id] ?? null }] : [],
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
  };
}
