import { and, desc, eq, sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import type { ProjectRow } from "#app/features/project/project.server.ts";
import type { PilotPlanSummary } from "#app/features/project/summaries.schema.ts";
import { type Reason, reasonFor } from "#app/domain/reasons.ts";
import { HIGH_LEVEL, toLevel } from "#app/domain/vocabulary.ts";
import { inCodeOrder } from "#db/codes.ts";
import { inRegisterOrder } from "#db/register-order.ts";
import type { Tx } from "#db/client.server.ts";
import {
  budgetLines,
  documents,
  indicators,
  measures,
  risks,
  sites,
  systems,
  workflowInstances,
} from "#db/schema/index.ts";
import { planSections } from "#seeds/catalogue/index.ts";
import type { Nomination } from "./plan.schema.ts";
import { budgetShare, planFactCounts, type PlanFacts, planGaps } from "./plan.rules.ts";

/*
 * What a pilot plan holds: written sections, nominations, reasons, and the rows that belong to it as they stand. The same
 * shape is shown while it is drafted, sealed when it goes up, and printed.
 */

/** Working text of a plan. Sections by key of the catalogue, Chinese (which counts for completeness) and English. */
export interface PlanBody {
  sections: Record<string, string>;
  sectionsEn: Record<string, string>;
  nominations: Nomination[];
  /** Why a site's security share is below the threshold, by site. */
  shareReasons: Record<string, string>;
}
export const emptyPlan: PlanBody = { sections: {}, sectionsEn: {}, nominations: [], shareReasons: {} };

/** Sections that must be written; goals are numbers and words. */
export const requiredSections: readonly string[] = planSections
  .filter((s) => s.from === "text" || s.key === "goals")
  .map((s) => s.key);
/** Keys of all sections, those drawn from rows included. */
export const knownSections: ReadonlySet<string> = new Set(planSections.map((s) => s.key));

const measureColumns = {
  id: measures.id,
  code: measures.code,
  siteId: measures.siteId,
  riskId: measures.riskId,
  title: measures.title,
  dimension: measures.dimension,
  object: measures.object,
  lifecycle: measures.lifecycle,
  mechanism: measures.mechanism,
  budgetLineId: measures.budgetLineId,
  startsOn: measures.startsOn,
  endsOn: measures.endsOn,
  owner: measures.owner,
  threatCut: measures.threatCut,
  vulnerabilityCut: measures.vulnerabilityCut,
  doneOn: measures.doneOn,
  rev: measures.rev,
};
const lineColumns = {
  id: budgetLines.id,
  siteId: budgetLines.siteId,
  title: budgetLines.title,
  amountCenti: budgetLines.amountCenti,
  security: budgetLines.security,
  lifecycle: budgetLines.lifecycle,
};
const indicatorColumns = {
  id: indicators.id,
  code: indicators.code,
  name: indicators.name,
  unit: indicators.unit,
  dimension: indicators.dimension,
  direction: indicators.direction,
  baselineMilli: indicators.baselineMilli,
  targetMilli: indicators.targetMilli,
};
const riskColumns = {
  id: risks.id,
  code: risks.code,
  siteId: risks.siteId,
  threatCode: risks.threatCode,
  vulnerabilityCode: risks.vulnerabilityCode,
  dimension: risks.dimension,
  object: risks.object,
  lifecycle: risks.lifecycle,
  mechanism: risks.mechanism,
  level: risks.level,
  residualLevel: risks.residualLevel,
  owner: risks.owner,
};
type Measure = Pick<typeof measures.$inferSelect, keyof typeof measureColumns>;
type PlanContentMeasure = Measure;
type PlanContentRisk = Pick<typeof risks.$inferSelect, keyof typeof riskColumns>;
type PlanContentLine = Pick<typeof budgetLines.$inferSelect, keyof typeof lineColumns>;
type PlanContentIndicator = Pick<typeof indicators.$inferSelect, keyof typeof indicatorColumns>;
interface PlanContentSystem {
  id: string;
  siteId: string;
  name: string;
  grade: number;
  devices: number;
}

export interface PlanContent extends PlanBody {
  kind: "pilotPlan";
  version: 1;
  project: { id: string; code: string; nameZh: string; nameEn: string; dueOn: string };
  sector: { code: string; nameZh: string; nameEn: string };
  /** Seal of the approved risk report the plan rests on; null before its approval. */
  reportSha256: string | null;
  thresholdBp: number;
  sites: { id: string; name: string; region: string }[];
  systems: PlanContentSystem[];
  /** Confirmed risks of level 4 and 5, and all others that have a measure. */
  risks: PlanContentRisk[];
  measures: PlanContentMeasure[];
  budgetLines: PlanContentLine[];
  indicators: PlanContentIndicator[];
}

async function rowsOf(tx: Tx, actor: Actor, projectId: string) {
  const of = (t: typeof measures | typeof budgetLines | typeof indicators) =>
    and(eq(t.tenantId, actor.tenantId), eq(t.projectId, projectId));
  const [lines, planned, budget, measured, places, installed, report] = await Promise.all([
    tx
      .select(riskColumns)
      .from(risks)
      .where(and(eq(risks.tenantId, actor.tenantId), eq(risks.projectId, projectId), eq(risks.status, "confirmed")))
      .orderBy(desc(risks.level), ...inCodeOrder(risks.code)),
    tx
      .select(measureColumns)
      .from(measures)
      .where(of(measures))
      .orderBy(...inCodeOrder(measures.code)),
    tx.select(lineColumns).from(budgetLines).where(of(budgetLines)).orderBy(budgetLines.id),
    tx
      .select(indicatorColumns)
      .from(indicators)
      .where(of(indicators))
      .orderBy(...inCodeOrder(indicators.code)),
    tx
      .select({ id: sites.id, name: sites.name, region: sites.region })
      .from(sites)
      .where(eq(sites.tenantId, actor.tenantId))
      .orderBy(...inRegisterOrder),
    tx
      .select({
        id: systems.id,
        siteId: systems.siteId,
        name: systems.name,
        grade: systems.grade,
        devices: systems.devices,
      })
      .from(systems)
      .where(eq(systems.tenantId, actor.tenantId))
      .orderBy(systems.id),
    // What was approved last: a report that is being reviewed anew still holds as it was.
    tx
      .select({ sha256: sql<string | null>`${workflowInstances.snapshot} #>> '{context,sealedHash}'` })
      .from(documents)
      .innerJoin(
        workflowInstances,
        and(eq(workflowInstances.tenantId, documents.tenantId), eq(workflowInstances.objectId, documents.id)),
      )
      .where(
        and(
          eq(documents.tenantId, actor.tenantId),
          eq(documents.projectId, projectId),
          eq(documents.kind, "riskReport"),
        ),
      ),
  ]);
  return { lines, planned, budget, measured, places, installed, report };
}

/** The plan as it stands now. For the sector; a site gets what the database shows it. */
export async function planContent(tx: Tx, actor: Actor, project: ProjectRow, body: PlanBody): Promise<PlanContent> {
  const { lines, planned, budget, measured, places, installed, report } = await rowsOf(tx, actor, project.id);
  const treated = new Set(planned.map((m) => m.riskId));
  return {
    kind: "pilotPlan",
    version: 1,
    project: {
      id: project.id,
      code: project.code,
      nameZh: project.nameZh,
      nameEn: project.nameEn,
      dueOn: project.dueOn.pilotPlan,
    },
    sector: { code: actor.tenantCode, nameZh: actor.tenantName.zh, nameEn: actor.tenantName.en },
    reportSha256: report[0]?.sha256 ?? null,
    thresholdBp: project.securityShareBp,
    sections: body.sections,
    sectionsEn: body.sectionsEn,
    nominations: body.nominations,
    shareReasons: body.shareReasons,
    sites: places,
    systems: installed,
    risks: lines.filter((r) => r.level >= HIGH_LEVEL || treated.has(r.id)),
    measures: planned,
    budgetLines: budget,
    indicators: measured,
  };
}

/** The plan as the rules see it. */
const planFactsOf = (c: PlanContent): PlanFacts => ({
  risks: c.risks.map((r) => ({ id: r.id, level: toLevel(r.level) })),
  measures: c.measures,
  budgetLines: c.budgetLines,
  thresholdBp: c.thresholdBp,
  shareReasons: c.shareReasons,
  indicators: c.indicators,
  nominated: c.nominations.map((n) => n.systemId),
  sections: c.sections,
  requiredSections,
});
/** What the plan lacks, blocking reasons first. A site that is nominated must have a budget of its own. */
export function gapsOf(content: PlanContent): Reason[] {
  const siteOf = new Map(content.systems.map((s) => [s.id, s.siteId]));
  const budgeted = new Set(content.budgetLines.map((l) => l.siteId));
  const bare = [...new Set(content.nominations.flatMap((n) => siteOf.get(n.systemId) ?? []))].filter(
    (siteId) => !budgeted.has(siteId),
  );
  const all = [
    ...planGaps(planFactsOf(content)),
    ...(content.budgetLines.length > 0 ? reasonFor("warning", "rule_plan_site_without_budget", "site", bare) : []),
  ];
  return all.toSorted((a, b) => Number(b.severity === "blocking") - Number(a.severity === "blocking"));
}

export interface PlanSummary extends PilotPlanSummary {
  riskCount: number;
  sites: number;
  nominatedByBatch: Record<string, number>;
}
/** What the national guard asks and lists show of a sealed plan. */
export function summaryOfPlan(content: PlanContent): PlanSummary {
  const total = budgetShare(content.budgetLines, content.thresholdBp);
  return {
    ...planFactCounts(planFactsOf(content)),
    totalCenti: total.totalCenti,
    securityCenti: total.securityCenti,
    shareBp: total.shareBp,
    indicators: content.indicators.length,
    nominated: content.nominations.length,
    nominatedByBatch: Object.fromEntries(
      [1, 2].map((no) => [String(no), content.nominations.filter((n) => n.batchNo === no).length]),
    ),
    riskCount: content.risks.length,
    sites: new Set(content.measures.map((m) => m.siteId)).size,
  };
}
