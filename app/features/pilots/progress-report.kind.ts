import { and, eq, inArray, sql } from "drizzle-orm";
import type { DocumentKindOf } from "#app/features/document/kind.ts";
import { type DocumentRow, loadDraft } from "#app/features/document/document.server.ts";
import { evidenceToSeal, sealEvidence } from "#app/features/evidence/evidence.server.ts";
import { demandWithin } from "#app/features/plan/measures-done.server.ts";
import { loadInstance, pilotContext } from "#app/features/workflow/instance.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { documents } from "#db/schema/index.ts";
import { settleMeasures, settleReporting, settleValues } from "./approved.server.ts";
import { computeEffects, refreshHealth } from "./effects.server.ts";
import { loadPilot, type PilotRow } from "./facts.server.ts";
import { movePilot } from "./pilot.server.ts";
import { demandPossible } from "./figures.server.ts";
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
    const [{ content: text, asked, leaps }, files] = await Promise.all([
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
      const missingParts = missingOf(content, { asked, leaps }, locale);
      return { completeness: missingParts.length === 0 ? 100 : 50, missingParts };
    };
    return { content, summary, completeness };
  },
  shape: () => reportShape,
  parts: (_content, locale) =>
    Object.entries(parts).map(([part, key]) => ({ part, label: translate(key, {}, locale) })),
  after: {
    async SUBMIT(tx, actor, { document, submission, content }) {
      await demandWithin(tx, actor, content.measures, (id) => `done.${id}`);
      const pilot = await pilotOf(tx, document);
      // Limits may have been narrowed since the text was saved.
      await demandPossible(tx, pilot, Object.fromEntries(content.values.map((v) => [v.indicatorId, v.valueMilli])));
      await sealEvidence(tx, submission, content.evidence);
      await settleReporting(tx, actor, pilot);
    },
    async RETURN(tx, actor, { document }) {
      await settleReporting(tx, actor, await pilotOf(tx, document));
    },
    async WITHDRAW(tx, actor, { document }) {
      await settleReporting(tx, actor, await pilotOf(tx, document));
    },
    /** Its figures and the measures reported with it stand from now on, and the pilot's effect and health are worked out anew. */
    async APPROVE(tx, actor, { document, locale }) {
      const pilot = await pilotOf(tx, document);
      await settleValues(tx, pilot);
      await settleMeasures(tx, pilot);
      if (pilot.stage === "operation" && document.period !== summaryPeriod)
        await recordProgress(tx, actor, pilot, locale);
      if (!stageIs(pilot.stage, "operates")) return;
      const of = { projectId: pilot.projectId, pilotIds: [pilot.id] };
      await computeEffects(tx, actor, of);
      await refreshHealth(tx, actor, of);
    },
  },
};

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
