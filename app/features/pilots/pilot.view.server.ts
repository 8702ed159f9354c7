import { screenPilots } from "./selection-facts.server.ts";
import { isAnnounced } from "#app/domain/working-days.ts";
import { and, asc, eq } from "drizzle-orm";
import { grantsOf, institutions, verificationsOf } from "./assessors.server.ts";
import { isEditable, latestSubmission, loadDraft, marksOf } from "#app/features/document/document.server.ts";
import { standingOf } from "#app/features/document/standing.server.ts";
import { evidenceOfDocument, evidenceOfPilot } from "#app/features/evidence/evidence.server.ts";
import { dayAt } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { may, openIn } from "#app/request/permissions.ts";
import { reasonText, wordText } from "#app/domain/reason-text.server.ts";
import { eventOptions } from "#app/features/workflow/workflow.view.server.ts";
import { history } from "#app/features/workflow/history.server.ts";
import { loadInstance, pilotContext } from "#app/features/workflow/instance.server.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import type { Tx } from "#db/client.server.ts";
import { indicatorValues, sites } from "#db/schema/index.ts";
import { reviewRubric } from "#seeds/catalogue/index.ts";
import { pilotRunning, pilotSelection, stageIs } from "#workflows/index.ts";
import { assessCourse } from "./effects.server.ts";
import { loadPilot, pilotFacts, type PilotRow } from "./facts.server.ts";
import { operationBegan } from "./operation.server.ts";
import { monthOf, monthsBetween, monthsOwed } from "./periods.rules.ts";
import { emptyReport, type ReportBody, summaryPeriod } from "./pilots.schema.ts";
import { indicatorsOf, judgedFigures } from "./figures.server.ts";
import { type SealedReport, workingReport } from "./progress-content.server.ts";
import { loadReport, measuresOf, reportsOf } from "./progress.server.ts";
import { versionOf } from "#app/features/project/corrections.server.ts";
import { demandNomination, mySeats, panelNominations, panelOf } from "./panel.server.ts";
import { mustRecuseUnnamed } from "./screening.rules.ts";
import { finishedSheets } from "./sheets.server.ts";
import { marksUnknown, mySheet, objectionsOf, recusalOf, scoringOf } from "./scoring.server.ts";

const line = [...pilotSelection, ...pilotRunning, "accepted"] as const;

/** The stages across, lit up to where the pilot stands or stopped. */
function stageLine(
  pilot: PilotRow,
  context: { leftFrom: string | null; enteredAt: Record<string, string> },
  locale: Locale,
) {
  const place = line.findIndex((s) => s === (line.some((x) => x === pilot.stage) ? pilot.stage : context.leftFrom));
  return line.map((stage, i) => ({
    key: stage,
    label: stateLabel("pilot", stage, locale),
    state:
      i < place || pilot.stage === "accepted" ? ("done" as const) : i === place ? ("now" as const) : ("ahead" as const),
    note: context.enteredAt[stage]?.slice(0, 10) ?? null,
  }));
}

/** Figures of the pilot's indicators against baseline and target, month by month. */
async function indicatorLines(tx: Tx, pilot: PilotRow) {
  const [defined, values] = await Promise.all([
    indicatorsOf(tx, pilot),
    tx
      .select({
        indicatorId: indicatorValues.indicatorId,
        period: indicatorValues.period,
        valueMilli: indicatorValues.valueMilli,
      })
      .from(indicatorValues)
      .where(and(eq(indicatorValues.tenantId, pilot.tenantId), eq(indicatorValues.pilotId, pilot.id)))
      .orderBy(asc(indicatorValues.period)),
  ]);
  return defined.map((i) => ({
    id: i.id,
    code: i.code,
    name: i.name,
    unit: i.unit,
    direction: i.direction,
    dimension: i.dimension,
    baselineMilli: i.baselineMilli,
    targetMilli: i.targetMilli,
    values: values.filter((v) => v.indicatorId === i.id).map(({ period, valueMilli }) => ({ period, valueMilli })),
  }));
}

/** What a site's people and its regulators see of a pilot; an assessor sees less. */
async function workOf(tx: Tx, actor: Actor, pilot: PilotRow, locale: Locale) {
  const [site, reports, lines, measures, course, files] = await Promise.all([
    tx
      .select({ name: sites.name, size: sites.size, region: sites.region })
      .from(sites)
      .where(and(eq(sites.tenantId, pilot.tenantId), eq(sites.id, pilot.siteId))),
    reportsOf(tx, pilot),
    indicatorLines(tx, pilot),
    measuresOf(tx, pilot),
    actor.level === "sector" ? assessCourse(tx, actor, pilot) : null,
    evidenceOfPilot(tx, pilot),
  ]);
  return {
    site: site[0] ?? null,
    reports: reports.map((r) => ({
      id: r.id,
      period: r.period,
      state: r.state,
      stateLabel: stateLabel("document", r.state, locale),
      dueOn: r.dueOn,
      updatedAt: r.updatedAt,
    })),
    indicators: lines,
    measures: measures.map((one) => ({ ...one, files: files.filter((f) => f.measureId === one.id) })),
    course: course
      ? {
          health: course.health,
          reasons: course.reasons.map((r) => reasonText(r, locale)),
          suggestion: course.suggestion,
          suggestionWord: wordText("midterm", course.suggestion, locale),
        }
      : null,
  };
}

async function selectionOf(tx: Tx, actor: Actor, pilot: PilotRow, locale: Locale) {
  const unscored = stageIs(pilot.stage, "unscored");
  const [sheet, scoring, objections, tied, screened, seats] = await Promise.all([
    mySheet(tx, actor, { id: pilot.id, scoringRound: pilot.scoringRound }),
    scoringOf(tx, actor, pilot),
    objectionsOf(tx, pilot),
    pilot.stage === "scoring" ? recusalOf(tx, actor, pilot) : null,
    unscored ? screenPilots(tx, [pilot]).then((of) => of.get(pilot.id) ?? null) : null,
    mySeats(tx, actor),
  ]);
  const panel = await panelOf(tx, pilot.projectId, pilot.batchNo);
  const seat = seats.find((one) => one.panelId === panel?.id);
  return {
    mustRecuse: tied ? reasonText(tied, locale) : null,
    seat: seat ? { panelId: seat.panelId, declared: seat.declaredAt !== null } : null,
    sheet: sheetWords(sheet),
    mayRecuse: scoring.hidden && (sheet === null || sheet.totalCenti === null || (await marksUnknown(tx, sheet))),
    rubric,
    /** What the rules say of the nomination while it is screened; `blocking` ones keep it there. */
    screening: (screened?.reasons ?? []).map((r) => ({
      blocking: r.severity === "blocking",
      text: reasonText(r, locale),
    })),
    ranks: may(actor.role, "pilot.reconcile"),
    scoring: {
      sheets: scoring.sheets,
      open: scoring.open,
      meanCenti: scoring.result?.meanCenti ?? null,
      reasons: (scoring.result?.reasons ?? []).map((r) => reasonText(r, locale)),
      unreconciled: scoring.unreconciled,
      reconciliation: scoring.note ?? "",
    },
    objections,
  };
}
const rubric = reviewRubric.map((c) => ({
  code: c.code,
  title_zh: c.title_zh,
  title_en: c.title_en,
  weight: c.weight,
}));
const sheetWords = (sheet: Awaited<ReturnType<typeof mySheet>>) =>
  sheet
    ? {
        points: sheet.points,
        recused: sheet.recused,
        recusalReason: sheet.recusalReason,
        totalCenti: sheet.totalCenti,
        comment: sheet.comment,
      }
    : null;

/** What an outside expert is shown of a nomination that they score. @throws notFound for any other pilot */
export async function nominationView(tx: Tx, actor: Actor, pilotId: string, locale: Locale) {
  const one = await demandNomination(tx, pilotId);
  const sheet = await mySheet(tx, actor, { id: one.id, scoringRound: one.round });
  return {
    nomination: one,
    directionWord: wordText("dimension", one.direction, locale),
    scoring: {
      mustRecuse: one.mustRecuse ? reasonText(mustRecuseUnnamed(), locale) : null,
      seat: { panelId: "", declared: true },
      // Whether anybody is still waited for an expert is not told; the act is refused once nobody is.
      mayRecuse: true,
      sheet: sheetWords(sheet),
      rubric,
    },
  };
}

/** What the caller, an outside expert, has to do: seats to declare interests for, nominations to score. */
export async function expertView(tx: Tx, actor: Actor, locale: Locale) {
  const [seats, nominations, sheets] = await Promise.all([
    mySeats(tx, actor),
    panelNominations(tx),
    finishedSheets(tx, actor),
  ]);
  return {
    undeclared: seats.filter((s) => s.declaredAt === null).map((s) => s.panelId),
    nominations: nominations.map((n) => ({
      ...n,
      directionWord: wordText("dimension", n.direction, locale),
      finished: sheets.find((s) => s.pilotId === n.id && s.round === n.round)?.how ?? null,
    })),
  };
}

/** Months whose report the site may begin: of operation the oldest that is owed, before it those of the work, newest first. */
async function monthsToBegin(
  tx: Tx,
  actor: Actor,
  pilot: PilotRow,
  context: { enteredAt: Record<string, string> },
  begun: readonly string[],
): Promise<string[]> {
  const operating = await operationBegan(tx, pilot);
  if (operating) return monthsOwed(operating.day, today(actor), begun).slice(0, 1);
  const since = context.enteredAt["design"];
  if (!since || !stageIs(pilot.stage, "running")) return [];
  const now = today(actor);
  return monthsBetween(dayAt(new Date(since)), now).filter((month) => month < monthOf(now) && !begun.includes(month));
}

/** Everything of the page of one pilot for the caller's level. Months for which a report may be begun come newest first. */
export async function pilotView(tx: Tx, actor: Actor, pilotId: string, locale: Locale) {
  const pilot = await loadPilot(tx, pilotId);
  const shared = actor.level === "sector" || actor.level === "site";
  const [instance, facts, log, grants, verifications, work, selection, choices, filed] = await Promise.all([
    loadInstance(tx, pilot.id),
    pilotFacts(tx, actor, pilot, locale),
    history(tx, { objectId: pilot.id }, locale),
    grantsOf(tx, pilot),
    verificationsOf(tx, pilot),
    shared ? workOf(tx, actor, pilot, locale) : null,
    actor.level === "sector" ? selectionOf(tx, actor, pilot, locale) : null,
    may(actor.role, "grant.write") ? institutions(tx) : [],
    shared ? null : evidenceOfPilot(tx, pilot),
  ]);
  const context = pilotContext(instance);
  const begun = (work?.reports ?? []).map((r) => r.period ?? "");
  const months = actor.level === "site" ? await monthsToBegin(tx, actor, pilot, context, begun) : [];
  return {
    pilot,
    noticeAnnounced: pilot.noticeTo === null || isAnnounced(pilot.noticeTo),
    verifies: may(actor.role, "pilot.verify"),
    /** What the applicant's form begins with, told apart from what a colleague states meanwhile. */
    nominationVersion: versionOf({ nomination: pilot.nomination }),
    states: may(actor.role, "nomination.write") && openIn("nomination.write", pilot.stage),
    grantsAccess: may(actor.role, "grant.write"),
    level: actor.level,
    today: today(actor),
    now: actor.now,
    stage: stateLabel("pilot", pilot.stage, locale),
    version: instance.lockVersion,
    acts: eventOptions(instance, actor, facts, locale),
    line: stageLine(pilot, context, locale),
    context: {
      returnReason: context.returnReason,
      endReason: context.endReason,
      suspendReason: context.suspendReason,
      midterm: context.midterm
        ? { ...context.midterm, word: wordText("midterm", context.midterm.result, locale) }
        : null,
      designSubmittedAt: context.designSubmittedAt,
    },
    history: log.entries,
    grants,
    verifications,
    institutions: choices,
    work,
    /** What an institution may see of the pilot's files; the others find them beside what they belong to. */
    filed,
    selection,
    months,
    summaryOpen: actor.level === "site" && stageIs(pilot.stage, "operates") && !begun.includes(summaryPeriod),
  };
}

/** One progress report opened on the pilot's page: its draft for the author, what was sealed for the others. */
export async function reportView(tx: Tx, actor: Actor, pilotId: string, documentId: string, locale: Locale) {
  const document = await loadReport(tx, documentId);
  if (document.pilotId !== pilotId) return null;
  const sealed = await latestSubmission(tx, document.id);
  const [standing, marks, draft, files] = await Promise.all([
    standingOf(tx, actor, document, locale, { latest: sealed }),
    marksOf(tx, document.id),
    actor.level === "site" ? loadDraft<ReportBody>(tx, document.id, emptyReport) : null,
    evidenceOfDocument(tx, document),
  ]);
  const content = (sealed?.content ?? null) as SealedReport | null;
  const pilot = await loadPilot(tx, pilotId);
  const [judged, working] = await Promise.all([
    actor.level === "sector" && content ? judgedFigures(tx, pilot, document.period, content.values) : [],
    draft ? workingReport(tx, pilot, document.period, draft.body) : null,
  ]);
  return {
    ...standing,
    id: document.id,
    period: document.period,
    editable: draft !== null && isEditable(document),
    files,
    draft: draft ? { body: draft.body, rev: draft.rev, updatedAt: draft.updatedAt } : null,
    /** Figures of the working text of which the site is asked why. */
    leaps: working?.leaps ?? [],
    /** The sealed figures beside what a reviewer judges them by; for the regulator alone. */
    judged,
    sealed: content && sealed ? { content, sha256: sealed.sha256, at: sealed.sealedAt, by: sealed.sealedByName } : null,
    marks: marks
      .filter((x) => x.submissionId === sealed?.id)
      .map((x) => ({
        part: x.part,
        label: standing.parts.find((p) => p.part === x.part)?.label ?? "",
        verdict: x.verdict,
        reason: x.reason,
        byName: x.byName,
        at: x.at,
      })),
  };
}
