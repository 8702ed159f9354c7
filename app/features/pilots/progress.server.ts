import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import {
  approveDocument,
  createDocument,
  type DocumentRow,
  latestSubmission,
  loadDocument,
  loadDraft,
  type PartReason,
  returnDocument,
  saveDraft,
  submitDocument,
  withdrawDocument,
} from "#app/features/document/document.server.ts";
import { noteMark } from "#app/features/document/reapproval.server.ts";
import type { SealedEvidence } from "#app/features/evidence/evidence.schema.ts";
import { evidenceToSeal, sealEvidence } from "#app/features/evidence/evidence.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { openIn } from "#app/request/permissions.ts";
import { type Fired, loadInstance } from "#app/features/workflow/workflow.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import {
  documents,
  drafts,
  indicators,
  indicatorValues,
  measures,
  pilots,
  risks,
  submissions,
} from "#db/schema/index.ts";
import { contextOf, pilotV1 } from "#workflows/index.ts";
import { computeEffects, refreshHealth } from "./effects.server.ts";
import { loadPilot, type PilotRow } from "./facts.server.ts";
import { movePilot } from "./pilot.server.ts";
import { dueAfter, monthOf, reportDue } from "./periods.rules.ts";
import { emptyReport, type ReportBody, summaryPeriod } from "./pilots.schema.ts";
import { noteReviewChanges } from "./review.server.ts";
import { reportChanges } from "./report-changes.rules.ts";

/*
 * Progress reports: one document a pilot and month, and one at the end. The site writes, its lead hands in, the regulator
 * returns or approves; what was handed in is sealed and its figures stand in indicator_values.
 */

/** Begins the report of a period, or finds the one begun. @throws conflict `report_not_due`; invalid for a period to come. */
export async function startProgressReport(
  tx: Tx,
  actor: Actor,
  { pilotId, period }: { pilotId: string; period: string },
): Promise<DocumentRow> {
  const pilot = await loadPilot(tx, pilotId);
  const known = await findReport(tx, pilot, period);
  if (known) return known;
  const due =
    period === summaryPeriod ? ["operation", "summary"].includes(pilot.stage) : openIn("progress.start", pilot.stage);
  if (!due) throw conflict({ code: "report_not_due", logMessage: `pilot ${pilot.id} is in ${pilot.stage}` });
  if (period !== summaryPeriod && period > monthOf(today(actor)))
    throw invalid({ period: ["error_field_period_ahead"] });
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
 * @throws conflict `stale_revision` with the other text in `extra.theirs`.
 */
export async function saveProgressDraft(
  tx: Tx,
  actor: Actor,
  { documentId, body, rev, locale = "zh-CN" }: { documentId: string; body: ReportBody; rev: number; locale?: Locale },
): Promise<number> {
  const document = await loadReport(tx, documentId);
  const saved = await saveDraft(tx, actor, document, body, rev);
  if (document.state === "approved") await noteMaterialChange(tx, actor, document, body, locale);
  return saved;
}

async function noteMaterialChange(
  tx: Tx,
  actor: Actor,
  document: DocumentRow & { pilotId: string },
  body: ReportBody,
  locale: Locale,
): Promise<void> {
  const pilot = await loadPilot(tx, document.pilotId);
  const [{ content }, sealed] = await Promise.all([
    workingReport(tx, pilot, document.period, body),
    latestSubmission(tx, document.id),
  ]);
  if (sealed)
    await noteMark(
      tx,
      actor,
      document,
      { material: reportChanges(sealed.content as SealedReport, content).length > 0, content },
      locale,
    );
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
    .orderBy(asc(measures.code));

/** The site reports a measure in place, or takes that back. */
export async function reportMeasure(
  tx: Tx,
  actor: Actor,
  { pilotId, measureId, doneOn }: { pilotId: string; measureId: string; doneOn: string | null },
): Promise<void> {
  const pilot = await loadPilot(tx, pilotId);
  const own = await measuresOf(tx, pilot);
  if (!own.some((m) => m.id === measureId)) throw notFound({ logMessage: `measure ${measureId}` });
  await setDone(tx, actor, pilot, [[measureId, doneOn]]);
}
async function setDone(
  tx: Tx,
  actor: Actor,
  pilot: PilotRow,
  list: readonly (readonly [string, string | null])[],
): Promise<void> {
  const late = list.filter(([, day]) => day !== null && day > today(actor));
  if (late.length > 0) throw invalid(Object.fromEntries(late.map(([id]) => [`done.${id}`, ["error_field_day_ahead"]])));
  await Promise.all(
    list.map(async ([id, doneOn]) => {
      const done = await tx
        .update(measures)
        .set({ doneOn, updatedAt: actor.now })
        .where(and(eq(measures.tenantId, pilot.tenantId), eq(measures.id, id)))
        .returning({ id: measures.id });
      if (done.length !== 1) throw notFound({ logMessage: `measure ${id}` });
    }),
  );
}

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
function missingOf(content: SealedReport, asked: number, locale: Locale): string[] {
  const figures = content.period === summaryPeriod ? asked : Math.min(1, asked);
  const missing = [
    ...(content.text.trim() === "" ? ["pilots_report_text"] : []),
    ...(content.values.length < figures ? ["pilots_report_values"] : []),
  ];
  return missing.map((key) => translate(key, {}, locale));
}

interface ReportMove {
  documentId: string;
  expectedVersion?: number | undefined;
  locale: Locale;
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

/** Site lead: seals the draft and hands it in. Its figures and the measures reported with it stand from now on. */
export async function submitProgressReport(
  tx: Tx,
  actor: Actor,
  { documentId, expectedVersion, locale }: ReportMove,
): Promise<Fired> {
  const document = await loadReport(tx, documentId);
  const pilot = await loadPilot(tx, document.pilotId);
  const { body } = await loadDraft<ReportBody>(tx, document.id, emptyReport);
  const [{ content: text, asked }, files] = await Promise.all([
    workingReport(tx, pilot, document.period, body),
    evidenceToSeal(tx, document),
  ]);
  const content: SealedReport = { ...text, ...(files ? { evidence: files } : {}) };
  const { values, measures: changed } = content;
  const missingParts = missingOf(content, asked, locale);
  const sealing = {
    content,
    summary: {
      pilotId: pilot.id,
      code: pilot.code,
      period: document.period,
      values: values.length,
      indicators: asked,
      measuresDone: changed.filter((m) => m.doneOn !== null).length,
      problems: body.problems !== "",
    },
  };
  const fired = await submitDocument(tx, actor, {
    document,
    expectedVersion,
    locale,
    sealing,
    completeness: { completeness: missingParts.length === 0 ? 100 : 50, missingParts },
  });
  await sealEvidence(tx, fired.submission, files);
  await writeValues(tx, pilot, document, values);
  await setDone(
    tx,
    actor,
    pilot,
    changed.map((m) => [m.measureId, m.doneOn] as const),
  );
  await noteReport(tx, actor, pilot, document.period);
  return fired;
}

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

/** Site lead: takes it back before review began. */
export async function withdrawProgressReport(
  tx: Tx,
  actor: Actor,
  { documentId, expectedVersion, locale }: ReportMove,
): Promise<Fired> {
  return withdrawDocument(tx, actor, { document: await loadReport(tx, documentId), expectedVersion, locale });
}

/** Regulator: back to the site with reasons by part (`text`, `values`, `problems`, `measures`). */
export async function returnProgressReport(
  tx: Tx,
  actor: Actor,
  { documentId, expectedVersion, locale, parts }: ReportMove & { parts: readonly PartReason[] },
): Promise<Fired> {
  return returnDocument(tx, actor, { document: await loadReport(tx, documentId), expectedVersion, locale, parts });
}

/** Regulator: approves what was sealed; a pilot in operation takes note of it, and its effect and health are worked out anew. */
export async function approveProgressReport(
  tx: Tx,
  actor: Actor,
  { documentId, expectedVersion, locale }: ReportMove,
): Promise<Fired> {
  const document = await loadReport(tx, documentId);
  const fired = await approveDocument(tx, actor, { document, expectedVersion, locale });
  const pilot = await loadPilot(tx, document.pilotId);
  if (pilot.stage === "operation" && document.period !== summaryPeriod) await recordProgress(tx, actor, pilot, locale);
  if (["operation", "summary"].includes(pilot.stage)) {
    await computeEffects(tx, actor, { projectId: pilot.projectId, pilotIds: [pilot.id] });
    await refreshHealth(tx, actor, { projectId: pilot.projectId, pilotIds: [pilot.id] });
    await noteReviewChanges(tx, actor, pilot.projectId, locale);
  }
  return fired;
}

/** One RECORD_PROGRESS a report that counts for the first time; one approved anew after a change is known already. */
async function recordProgress(tx: Tx, actor: Actor, pilot: PilotRow, locale: Locale): Promise<void> {
  const instance = await loadInstance(tx, pilot.id);
  const { progressCount } = contextOf(pilotV1, {
    machine: "pilot",
    version: instance.version,
    state: instance.state,
    snapshot: instance.snapshot as never,
  });
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
