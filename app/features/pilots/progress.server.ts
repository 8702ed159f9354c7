import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { saveText } from "#app/features/document/approval.server.ts";
import { createDocument, type DocumentRow, loadDocument } from "#app/features/document/document.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { reportMeasuresDone } from "#app/features/plan/measures-done.server.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { openIn } from "#app/request/permissions.ts";
import { dayAt } from "#app/platform/days.ts";
import { loadInstance, pilotContext } from "#app/features/workflow/instance.server.ts";
import { inCodeOrder } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { documents, drafts, measures, risks, submissions } from "#db/schema/index.ts";
import { loadPilot, type PilotRow } from "./facts.server.ts";
import { demandPossible } from "./figures.server.ts";
import { operationBegan } from "./operation.server.ts";
import { monthOf, monthsOwed, reportDue } from "./periods.rules.ts";
import { type ReportBody, summaryPeriod } from "./pilots.schema.ts";
import { stageIs } from "#workflows/index.ts";

/*
 * Progress reports: one document a pilot and month, and one at the end. The site writes, its lead hands in, the regulator
 * returns or approves; what was handed in is sealed and its figures stand in indicator_values.
 */

/**
 * Begins the report of a period, or finds the one begun.
 * @throws conflict `report_not_due`, `report_month_before` the pilot, `report_month_skipped`; invalid for a month that is not over
 */
export async function startProgressReport(
  tx: Tx,
  actor: Actor,
  { pilotId, period }: { pilotId: string; period: string },
): Promise<DocumentRow> {
  const pilot = await loadPilot(tx, pilotId);
  const known = await findReport(tx, pilot, period);
  if (known) return known;
  const due = period === summaryPeriod ? stageIs(pilot.stage, "operates") : openIn("progress.start", pilot.stage);
  if (!due) throw conflict({ code: "report_not_due", logMessage: `pilot ${pilot.id} is in ${pilot.stage}` });
  if (period !== summaryPeriod) await demandMonth(tx, actor, pilot, period);
  return createDocument(tx, actor, {
    kind: "progressReport",
    projectId: pilot.projectId,
    siteId: pilot.siteId,
    systemId: pilot.systemId,
    pilotId: pilot.id,
    period,
    title: `${pilot.code} ${period}`,
    dueOn: period === summaryPeriod ? null : reportDue(period),
  });
}

/** A month that is over, of the pilot's own time, after all that are owed before it have been begun. */
async function demandMonth(tx: Tx, actor: Actor, pilot: PilotRow, month: string): Promise<void> {
  if (month >= monthOf(today(actor))) throw invalid({ period: ["error_field_period_ahead"] });
  const operating = await operationBegan(tx, pilot);
  const first = operating?.day ?? (await workBegan(tx, pilot));
  if (first === null || month < monthOf(first))
    throw conflict({ code: "report_month_before", params: { month: first === null ? "" : monthOf(first) } });
  if (!operating) return;
  const begun = (await reportsOf(tx, pilot)).map((r) => r.period ?? "");
  const [skipped] = monthsOwed(operating.day, `${month}-01`, begun);
  if (skipped) throw conflict({ code: "report_month_skipped", params: { month: skipped } });
}
/** The day on which the work on a pilot began. */
async function workBegan(tx: Tx, pilot: PilotRow): Promise<string | null> {
  const { enteredAt } = pilotContext(await loadInstance(tx, pilot.id));
  return enteredAt["design"] ? dayAt(new Date(enteredAt["design"])) : null;
}

async function findReport(tx: Tx, pilot: PilotRow, period: string): Promise<DocumentRow | null> {
  const [row] = await tx
    .select()
    .from(documents)
    .where(
      and(
        eq(documents.tenantId, pilot.tenantId),
        eq(documents.pilotId, pilot.id),
        eq(documents.period, period),
        eq(documents.kind, "progressReport"),
      ),
    );
  return row ?? null;
}

/** Reports of a pilot; that of the summary first, then the newest. */
export const reportsOf = (tx: Tx, pilot: Pick<PilotRow, "tenantId" | "id">) =>
  tx
    .select()
    .from(documents)
    .where(
      and(
        eq(documents.tenantId, pilot.tenantId),
        eq(documents.pilotId, pilot.id),
        eq(documents.kind, "progressReport"),
      ),
    )
    .orderBy(sql`${documents.period} = ${summaryPeriod} desc`, desc(documents.period));

/** Digest of what was last handed in and revision of the working text, by report; each null where the caller sees none. */
export async function reportMarks(
  tx: Tx,
  actor: Actor,
  ids: readonly string[],
): Promise<Map<string, { sha256: string | null; rev: number | null }>> {
  if (ids.length === 0) return new Map();
  const [sealed, texts] = await Promise.all([
    tx
      .selectDistinctOn([submissions.documentId], { id: submissions.documentId, sha256: submissions.sha256 })
      .from(submissions)
      .where(inArray(submissions.documentId, [...ids]))
      .orderBy(submissions.documentId, desc(submissions.seq)),
    tx
      .select({ id: drafts.documentId, rev: drafts.rev })
      .from(drafts)
      .where(inArray(drafts.documentId, [...ids])),
  ]);
  const [digests, revs] = [new Map(sealed.map((r) => [r.id, r.sha256])), new Map(texts.map((r) => [r.id, r.rev]))];
  // Only the site has the working text; one not begun is at revision 0.
  const unwritten = actor.level === "site" ? 0 : null;
  return new Map(ids.map((id) => [id, { sha256: digests.get(id) ?? null, rev: revs.get(id) ?? unwritten }]));
}

/** @throws notFound when it is no progress report or somebody else's. */
export async function loadReport(tx: Tx, documentId: string): Promise<DocumentRow & { pilotId: string }> {
  const document = await loadDocument(tx, documentId);
  if (document.kind !== "progressReport" || document.pilotId === null)
    throw notFound({ logMessage: `${documentId} is no progress report` });
  return { ...document, pilotId: document.pilotId };
}

/**
 * Saves the working text. Returns the new `rev`. Of an approved report it notes whether the approval still covers the text,
 * and takes the note away when the change was undone: only then can the report be handed in again.
 * @throws conflict `stale_revision` with the other text in `extra.theirs`; invalid for a figure that its indicator cannot have
 */
export async function saveProgressDraft(
  tx: Tx,
  actor: Actor,
  { documentId, body, rev, locale = "zh-CN" }: { documentId: string; body: ReportBody; rev: number; locale?: Locale },
): Promise<number> {
  const document = await loadReport(tx, documentId);
  await demandPossible(tx, await loadPilot(tx, document.pilotId), body.values);
  return saveText(tx, actor, document, { body, rev, locale });
}

/** Measures of the plan against risks of the pilot's system. */
export const measuresOf = (tx: Tx, pilot: PilotRow) =>
  tx
    .select({
      id: measures.id,
      code: measures.code,
      title: measures.title,
      dimension: measures.dimension,
      lifecycle: measures.lifecycle,
      startsOn: measures.startsOn,
      endsOn: measures.endsOn,
      doneOn: measures.doneOn,
      owner: measures.owner,
    })
    .from(measures)
    .innerJoin(risks, and(eq(risks.tenantId, measures.tenantId), eq(risks.id, measures.riskId)))
    .where(
      and(
        eq(measures.tenantId, pilot.tenantId),
        eq(measures.projectId, pilot.projectId),
        eq(risks.systemId, pilot.systemId),
      ),
    )
    .orderBy(...inCodeOrder(measures.code));

/** The site reports a measure in place, or takes that back. */
export async function reportMeasure(
  tx: Tx,
  actor: Actor,
  { pilotId, measureId, doneOn }: { pilotId: string; measureId: string; doneOn: string | null },
): Promise<void> {
  const pilot = await loadPilot(tx, pilotId);
  const own = await measuresOf(tx, pilot);
  if (!own.some((m) => m.id === measureId)) throw notFound({ logMessage: `measure ${measureId}` });
  await reportMeasuresDone(tx, actor, [{ measureId, doneOn }]);
}
