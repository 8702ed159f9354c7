import { reasonText, wordText } from "#app/domain/reason-text.server.ts";
import { and, eq } from "drizzle-orm";
import type { ReasonRef } from "#app/domain/reasons.ts";
import { dimensions, lifecycles, mechanisms, objects } from "#app/domain/vocabulary.ts";
import { marksOf } from "#app/features/document/document.server.ts";
import { type DocumentStanding, standingOf } from "#app/features/document/standing.server.ts";
import { windowOf } from "#app/features/project/facts.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { pickCamel, pickField } from "#app/i18n/pick.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import type { Tx } from "#db/client.server.ts";
import { indicators } from "#db/schema/index.ts";
import { planSections, threatById, vulnerabilityById } from "#seeds/catalogue/index.ts";
import { knownUnits, natureOf } from "./indicator.rules.ts";
import { measuresInPlace } from "./measures-done.server.ts";
import { gapsOf, type PlanContent, requiredSections } from "./plan-content.server.ts";
import { rowsMayChange } from "./plan-rows.server.ts";
import { sealablePlan } from "./plan.kind.ts";
import { measureProgress, planTotals, type Schedule, schedule, siteBudgets } from "./plan.rules.ts";
import { openPlan, type OpenPlan } from "./plan.server.ts";

/* What the page «pilot plan» shows, as far as the reader may see it. */

/** Where the plan stands for this reader; null before it was begun, and for a site, which has its own rows alone. */
function standing(tx: Tx, actor: Actor, plan: OpenPlan, locale: Locale): Promise<DocumentStanding> | null {
  const { document, content, submission } = plan;
  if (!document || actor.level === "site") return null;
  return standingOf(tx, actor, document, locale, submission ? { latest: submission } : { now: sealablePlan(content) });
}

/** Where a gap is mended: the very place on the page. */
function placeOf(ref: ReasonRef | undefined, key: string): string {
  if (ref?.kind === "measure") return `?edit=${ref.id}#measure-${ref.id}`;
  if (ref?.kind === "risk") return `?for=${ref.id}#risk-${ref.id}`;
  if (ref?.kind === "site") return `#budget-${ref.id}`;
  if (ref?.kind === "section") return `#section-${ref.id}`;
  if (ref?.kind === "indicator") return `?indicator=${ref.id}#indicators`;
  if (key.includes("nominated")) return "#nominations";
  if (key.includes("indicator")) return "#indicators";
  return key.includes("budget") ? "#budget" : "#measures";
}

const titleOf = (r: PlanContent["risks"][number], locale: Locale) => {
  const flaw = vulnerabilityById.get(r.vulnerabilityCode);
  const threat = threatById.get(r.threatCode);
  return {
    vulnerability: flaw ? pickField(flaw, "title", locale) : r.vulnerabilityCode,
    threat: threat ? pickField(threat, "title", locale) : r.threatCode,
  };
};

type InPlace = Awaited<ReturnType<typeof measuresInPlace>>;
/**
 * The plan with what has been carried out of it: what was planned is as sealed, what was done as the rows say today. A seal knows
 * nothing of the days after it, so where the rows are not the reader's to see, nothing is said.
 */
const withDone = (c: PlanContent, live: InPlace): PlanContent => ({
  ...c,
  measures: c.measures.map((x) => ({ ...x, doneOn: live?.get(x.id) ?? null })),
});

/** The measures that have days, as bars of the schedule; without a status where it is not known how far one is. */
function bars(c: PlanContent, rows: Schedule["rows"], day: string, live: InPlace) {
  const byId = new Map(c.measures.map((x) => [x.id, x]));
  return rows.flatMap((row) => {
    const x = byId.get(row.measureId);
    if (!x) return [];
    return [
      {
        id: x.id,
        label: `${x.code} ${x.title}`,
        lifecycle: row.lifecycle,
        from: row.startsOn,
        to: row.endsOn,
        status: live?.has(x.id) ? measureProgress({ ...row, doneOn: x.doneOn }, day) : null,
      },
    ];
  });
}

function parts(sealed: PlanContent, live: InPlace, day: string, locale: Locale) {
  const c = withDone(sealed, live);
  const names = new Map(c.sites.map((s) => [s.id, s.name]));
  const line = new Map(c.budgetLines.map((l) => [l.id, l.title]));
  const systems = new Map(c.systems.map((s) => [s.id, s]));
  const shown = schedule(c.measures, day);
  return {
    risks: c.risks.map((r) => ({
      ...r,
      ...titleOf(r, locale),
      siteName: names.get(r.siteId) ?? "",
      measures: c.measures
        .filter((x) => x.riskId === r.id)
        .map((x) => ({ ...x, budgetTitle: x.budgetLineId ? (line.get(x.budgetLineId) ?? "") : "" })),
    })),
    strayMeasures: c.measures.filter((x) => !c.risks.some((r) => r.id === x.riskId)).length,
    budgets: siteBudgets(c.budgetLines, c.thresholdBp, c.shareReasons).map((b) => ({
      ...b,
      siteName: names.get(b.siteId) ?? "",
      lines: c.budgetLines.filter((l) => l.siteId === b.siteId),
    })),
    gantt: bars(c, shown?.rows ?? [], day, live),
    /** Today where it falls into the schedule: a line years away would press the bars together. */
    ganttToday: shown?.today === null || shown === null ? null : day,
    undated: shown?.undated.length ?? c.measures.length,
    indicators: c.indicators,
    nominations: c.nominations.flatMap((n) => {
      const s = systems.get(n.systemId);
      return s
        ? [{ ...n, systemName: s.name, grade: s.grade, devices: s.devices, siteName: names.get(s.siteId) ?? "" }]
        : [];
    }),
    totals: planTotals(c.measures, c.budgetLines),
    sections: planSections.map((s) => ({
      key: s.key,
      title: pickField(s, "title", locale),
      required: requiredSections.includes(s.key),
      text: c.sections[s.key] ?? "",
      textEn: c.sectionsEn[s.key] ?? "",
    })),
  };
}

const wordsOf = (locale: Locale) => ({
  dimension: Object.fromEntries(dimensions.map((d) => [d, wordText("dimension", d, locale)])),
  object: Object.fromEntries(objects.map((d) => [d, wordText("object", d, locale)])),
  lifecycle: Object.fromEntries(lifecycles.map((d) => [d, wordText("lifecycle", d, locale)])),
  mechanism: Object.fromEntries(mechanisms.map((d) => [d, wordText("mechanism", d, locale)])),
});

/** Kind and limits of the indicators: how figures are checked, which is no part of what is approved. */
const naturesOf = (tx: Tx, actor: Actor, projectId: string) =>
  tx
    .select({
      id: indicators.id,
      lowMilli: indicators.lowMilli,
      highMilli: indicators.highMilli,
      settled: indicators.settled,
    })
    .from(indicators)
    .where(and(eq(indicators.tenantId, actor.tenantId), eq(indicators.projectId, projectId)));
const unitChoices = (locale: Locale) =>
  knownUnits.map((unit) => ({
    value: unit,
    label: `${unit} · ${translate(`plan_kind_${natureOf(unit)?.kind ?? "amount"}`, {}, locale)}`,
  }));

/**
 * The last day of batch one's window, where it is over and the plan has systems for that batch: once approved they cannot be
 * nominated before the window is extended. Told to whoever decides, before they do.
 */
async function windowOver(tx: Tx, actor: Actor, { document, content, project }: OpenPlan): Promise<string | null> {
  if (actor.level === "site" || document === null || document.state === "approved") return null;
  if (!content.nominations.some((n) => n.batchNo === 1)) return null;
  const window = await windowOf(tx, actor, project.programmeId, 1);
  return window && (window.standing === "closed" || window.closesOn < today(actor)) ? window.closesOn : null;
}

/** Everything the page shows to this reader; null where there is nothing to read yet. */
export async function planPage(tx: Tx, actor: Actor, projectId: string, locale: Locale, work = false) {
  const plan = await openPlan(tx, actor, projectId, { work });
  if (!plan) return null;
  const { content: c, document, submission, project } = plan;
  const [state, marks, natures, over, live] = await Promise.all([
    standing(tx, actor, plan, locale),
    document && actor.level === "sector" ? marksOf(tx, document.id) : [],
    actor.level === "sector" ? naturesOf(tx, actor, projectId) : [],
    windowOver(tx, actor, plan),
    measuresInPlace(tx, actor, projectId),
  ]);
  const returned = document?.state === "returned" ? marks.filter((x) => x.verdict === "returned") : [];
  const round = returned.at(-1)?.submissionId;
  const day = today(actor);
  return {
    level: actor.level,
    project: {
      id: project.id,
      name: pickCamel(project, "name", locale),
      dueOn: project.dueOn.pilotPlan,
      thresholdBp: c.thresholdBp,
    },
    editable: actor.level === "sector" && submission === null && rowsMayChange(project, document),
    rev: plan.rev,
    today: day,
    standing: state,
    windowOver: over,
    state: document?.state ?? "draft",
    working: plan.working,
    mayWork: may(actor.role, "plan.write") && document?.state === "approved",
    seal: submission
      ? { sha256: submission.sha256, at: submission.sealedAt.toISOString(), by: submission.sealedByName }
      : null,
    /** What is missing before its approval; null once that is given, and for a site. */
    gaps:
      actor.level === "site" || (document?.state === "approved" && !plan.working)
        ? null
        : gapsOf(c).map((g) => ({
            key: `${g.key}${g.refs[0]?.id ?? ""}`,
            text: reasonText(g, locale),
            blocking: g.severity === "blocking",
            to: placeOf(g.refs[0], g.key),
          })),
    returned: returned
      .filter((x) => x.submissionId === round)
      .map((x) => ({ part: planSections.find((s) => s.key === x.part), by: x.byName, reason: x.reason }))
      .map((x) => ({ by: x.by, reason: x.reason, title: x.part ? pickField(x.part, "title", locale) : "" })),
    sites: c.sites,
    systems: c.systems,
    words: wordsOf(locale),
    natures,
    units: unitChoices(locale),
    ...parts(c, live, day, locale),
  };
}
export type PlanPage = NonNullable<Awaited<ReturnType<typeof planPage>>>;
