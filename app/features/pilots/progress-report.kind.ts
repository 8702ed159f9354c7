import { and, eq, inArray, sql } from "drizzle-orm";
import type { DocumentKindOf } from "#app/features/document/kind.ts";
import { type DocumentRow, loadDraft } from "#app/features/document/document.server.ts";
import { evidenceToSeal, sealEvidence } from "#app/features/evidence/evidence.server.ts";
import { reportMeasuresDone } from "#app/features/plan/measures-done.server.ts";
import { loadInstance, pilotContext } from "#app/features/workflow/instance.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, indicatorValues, pilots } from "#db/schema/index.ts";
import { computeEffects, refreshHealth } from "./effects.server.ts";
import { loadPilot, type PilotRow } from "./facts.server.ts";
import { movePilot } from "./pilot.server.ts";
import { dueAfter } from "./periods.rules.ts";
import { emptyReport, type ReportBody, summaryPeriod } from "./pilots.schema.ts";
import { missingOf, type SealedReport, workingReport } from "./progress-content.server.ts";
import { reportShape } from "./report-shape.rules.ts";
import { stageIs } from "#workflows/index.ts";

const parts = {
  values: "pilots_report_values",
  text: "pilots_report_text",
  problems: "pilots_report_problems",
  next: "pilots_report_next",
  measures: "pilots_report_measures",
};

const pilotOf = (tx: Tx, { id, pilotId }: Pick<DocumentRow, "id" | "pilotId">): Promise<PilotRow> => {
  if (pilotId === null) throw notFound({ logMessage: `report ${id} without pilot` });
  return loadPilot(tx, pilotId);
};

/** A site's report of a month of its pilot, or of the end: written by the site, handed in by its lead, approved by the regulator. */
export const progressReportKind: DocumentKindOf<SealedReport> = {
  kind: "progressReport",
  author: "site",
  async now(tx, _actor, document) {
    const pilot = await pilotOf(tx, document);
    const { body } = await loadDraft<ReportBody>(tx, document.id, emptyReport);
    const [{ content: text, asked }, files] = await Promise.all([
      workingReport(tx, pilot, document.period, body),
      evidenceToSeal(tx, document),
    ]);
    const content: SealedReport = { ...text, ...(files ? { evidence: files } : {}) };
    const summary = {
      pilotId: pilot.id,
      code: pilot.code,
      period: document.period,
      values: content.values.length,
      indicators: asked,
      measuresDone: content.measures.filter((one) => one.doneOn !== null).length,
      problems: body.problems !== "",
    };
    const completeness = (locale: Locale) => {
      const missingParts = missingOf(content, asked, locale);
      return { completeness: missingParts.length === 0 ? 100 : 50, missingParts };
    };
    return { content, summary, completeness };
  },
  shape: () => reportShape,
  parts: (_content, locale) =>
    Object.entries(parts).map(([part, key]) => ({ part, label: translate(key, {}, locale) })),
  after: {
    /** Its figures and the measures reported with it stand from now on. */
    async SUBMIT(tx, actor, { document, submission, content }) {
      const pilot = await pilotOf(tx, document);
      await sealEvidence(tx, submission, content.evidence);
      await writeValues(tx, pilot, document, content.values);
      await reportMeasuresDone(tx, actor, content.measures, (id) => `done.${id}`);
      await noteReport(tx, actor, pilot, document.period);
    },
    /** A pilot in operation takes note of it, and its effect and health are worked out anew. */
    async APPROVE(tx, actor, { document, locale }) {
      const pilot = await pilotOf(tx, document);
      if (pilot.stage === "operation" && document.period !== summaryPeriod)
        await recordProgress(tx, actor, pilot, locale);
      if (!stageIs(pilot.stage, "operates")) return;
      const of = { projectId: pilot.projectId, pilotIds: [pilot.id] };
      await computeEffects(tx, actor, of);
      await refreshHealth(tx, actor, of);
    },
  },
};

async function writeValues(
  tx: Tx,
  pilot: PilotRow,
  document: DocumentRow,
  values: SealedReport["values"],
): Promise<void> {
  if (values.length === 0) return;
  await tx
    .insert(indicatorValues)
    .values(
      values.map((v) => ({
        tenantId: pilot.tenantId,
        id: uuidv7(),
        projectId: pilot.projectId,
        pilotId: pilot.id,
        siteId: pilot.siteId,
        indicatorId: v.indicatorId,
        documentId: document.id,
        period: document.period,
        valueMilli: v.valueMilli,
      })),
    )
    .onConflictDoUpdate({
      target: [indicatorValues.tenantId, indicatorValues.pilotId, indicatorValues.indicatorId, indicatorValues.period],
      set: { valueMilli: sql`excluded.value_milli`, documentId: sql`excluded.document_id` },
    });
}

/** When the pilot last reported, and by when it does next; a report handed in late for an earlier month leaves the date. */
async function noteReport(tx: Tx, actor: Actor, pilot: PilotRow, period: string): Promise<void> {
  const next = period === summaryPeriod ? null : dueAfter(period);
  const nextReportDue =
    pilot.nextReportDue === null || next === null || next <= pilot.nextReportDue ? pilot.nextReportDue : next;
  const done = await tx
    .update(pilots)
    .set({ lastReportAt: actor.now, nextReportDue, updatedAt: actor.now })
    .where(and(eq(pilots.tenantId, pilot.tenantId), eq(pilots.id, pilot.id)))
    .returning({ id: pilots.id });
  if (done.length !== 1) throw notFound({ logMessage: `pilot ${pilot.id}` });
}

/** One RECORD_PROGRESS a report that counts for the first time; one approved anew after a change is known already. */
async function recordProgress(tx: Tx, actor: Actor, pilot: PilotRow, locale: Locale): Promise<void> {
  const { progressCount } = pilotContext(await loadInstance(tx, pilot.id));
  const [approved] = await tx
    .select({ n: sql<number>`count(*)::int` })
    .from(documents)
    .where(
      and(
        eq(documents.tenantId, pilot.tenantId),
        eq(documents.pilotId, pilot.id),
        eq(documents.kind, "progressReport"),
        inArray(documents.state, ["approved"]),
        sql`${documents.period} <> ${summaryPeriod}`,
      ),
    );
  if ((approved?.n ?? 0) > progressCount)
    await movePilot(tx, actor, { pilotId: pilot.id, type: "RECORD_PROGRESS", locale });
}
