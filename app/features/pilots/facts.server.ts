import { and, eq, sql } from "drizzle-orm";
import { daysFrom } from "#app/platform/days.ts";
import { reasonText } from "#app/domain/reason-text.server.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { may } from "#app/request/permissions.ts";
import { type Instance, pilotContext } from "#app/features/workflow/instance.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { type BatchStep, batchStep } from "#app/features/project/project.rules.ts";
import { conflict, notFound } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import {
  batchQuotas,
  documents,
  indicators,
  indicatorValues,
  measures,
  objections,
  pilots,
  projects,
  risks,
  sites,
  systems,
  verifications,
  workflowInstances,
} from "#db/schema/index.ts";
import { type PilotFacts, stageIs, stagesWhere } from "#workflows/index.ts";
import { operationBegan } from "./operation.server.ts";
import { panelFacts } from "./panel.server.ts";
import { monthOf, monthsOwed } from "./periods.rules.ts";
import { wantsNote } from "./sheets.server.ts";
import { screenNomination, type ScreeningResult } from "./screening.rules.ts";
import { snake } from "#workflows/labels.ts";
import { summaryPeriod } from "./pilots.schema.ts";

export type PilotRow = typeof pilots.$inferSelect;

/** @throws notFound, also for somebody else's. */
export async function loadPilot(tx: Tx, pilotId: string): Promise<PilotRow> {
  const [row] = await tx.select().from(pilots).where(eq(pilots.id, pilotId));
  if (!row) throw notFound({ logMessage: `pilot ${pilotId}` });
  return row;
}

/** @throws conflict `batch_step` when the project stands elsewhere in this batch; notFound. */
export async function demandBatchStep(
  tx: Tx,
  projectId: string,
  batchNo: 1 | 2,
  steps: readonly BatchStep[],
): Promise<void> {
  const [row] = await tx.select({ state: projects.state }).from(projects).where(eq(projects.id, projectId));
  if (!row) throw notFound({ logMessage: `project ${projectId}` });
  if (!steps.includes(batchStep(row.state, batchNo))) throw conflict({ code: "batch_step" });
}

const count = sql<number>`count(*)::int`;
/** Ended without effect: its place and its system are free again. */
const ended = stagesWhere("over");
/** A place stays taken by whoever was selected and did not withdraw; one that failed has used it up. */
const placed = stagesWhere("takesPlace");

/** What a nomination must tell before it is screened. */
const requiredFields = [
  "systemName",
  "systemDescription",
  "devices",
  "grade",
  "creditCode",
  "region",
  "direction",
  "commitment",
] as const;

export interface Screened extends ScreeningResult {
  /** Codes of the other pilots of the same system. */
  duplicateCodes: string[];
}

/** Form and duplicate checks from the registered site and system. A regulator's; sites do not see each other. */
export async function screenPilot(tx: Tx, pilot: PilotRow): Promise<Screened> {
  const [[of], others] = await Promise.all([
    tx
      .select({
        systemName: systems.name,
        description: systems.description,
        devices: systems.devices,
        creditCode: sites.code,
        region: sites.region,
      })
      .from(systems)
      .innerJoin(sites, and(eq(sites.tenantId, systems.tenantId), eq(sites.id, systems.siteId)))
      .where(and(eq(systems.tenantId, pilot.tenantId), eq(systems.id, pilot.systemId))),
    // Of the same site only: a system belongs to one site, and the place index serves it.
    tx
      .select({ pilotId: pilots.id, code: pilots.code, systemId: pilots.systemId, systemName: pilots.name })
      .from(pilots)
      .where(
        and(eq(pilots.tenantId, pilot.tenantId), eq(pilots.siteId, pilot.siteId), sql`${pilots.stage} not in ${ended}`),
      ),
  ]);
  if (!of) throw notFound({ logMessage: `system of pilot ${pilot.id}` });
  const { nomination } = pilot;
  // Of the others only what tells a double entry counts.
  const asNomination = (
    o: { pilotId: string; systemId: string; systemName: string },
    fields: Record<string, string | number | null>,
  ) => ({
    ...o,
    siteId: pilot.siteId,
    creditCode: of.creditCode,
    fields,
    partners: nomination?.partners ?? [],
    systemBuilt: nomination !== null && nomination.builtOn !== null,
    otherProgrammes: nomination?.otherProgrammes ?? [],
  });
  const fields = {
    systemName: of.systemName,
    systemDescription: of.description,
    devices: of.devices > 0 ? of.devices : null,
    grade: pilot.grade,
    creditCode: of.creditCode,
    region: of.region,
    direction: pilot.direction,
    commitment: nomination?.committed ? "1" : null,
  };
  const result = screenNomination(
    asNomination({ pilotId: pilot.id, systemId: pilot.systemId, systemName: of.systemName }, fields),
    others.map((o) => asNomination(o, {})),
    { requiredFields },
  );
  return { ...result, duplicateCodes: result.duplicates.map((id) => others.find((o) => o.pilotId === id)?.code ?? id) };
}

/** Free places of the sector in the pilot's batch. */
async function quotaLeft(tx: Tx, pilot: PilotRow): Promise<number> {
  const [[quota], [used]] = await Promise.all([
    tx
      .select({ quota: batchQuotas.quota })
      .from(batchQuotas)
      .innerJoin(
        projects,
        and(eq(projects.tenantId, batchQuotas.tenantId), eq(projects.programmeId, batchQuotas.programmeId)),
      )
      .where(
        and(
          eq(projects.tenantId, pilot.tenantId),
          eq(projects.id, pilot.projectId),
          eq(batchQuotas.batchNo, pilot.batchNo),
        ),
      ),
    tx
      .select({ n: count })
      .from(pilots)
      .where(
        and(
          eq(pilots.tenantId, pilot.tenantId),
          eq(pilots.projectId, pilot.projectId),
          eq(pilots.batchNo, pilot.batchNo),
          sql`${pilots.stage} in ${placed}`,
        ),
      ),
  ]);
  return (quota?.quota ?? 0) - (used?.n ?? 0);
}

/** What forbids a nomination besides what is missing or doubled, which the machine is told apart. */
const toldApart = new Set(["rule_pilots_form_missing", "rule_pilots_duplicate_system"]);

/** Facts of the selection, which only the sector's regulators may know. */
async function selectionFacts(tx: Tx, actor: Actor, pilot: PilotRow, locale: Locale) {
  const [screened, panel, unreconciled, [open], left] = await Promise.all([
    screenPilot(tx, pilot),
    panelFacts(tx, pilot),
    may(actor.role, "panel.name") ? wantsNote(tx, pilot) : false,
    tx
      .select({ n: count })
      .from(objections)
      .where(and(eq(objections.tenantId, pilot.tenantId), eq(objections.pilotId, pilot.id), sql`settled_at is null`)),
    quotaLeft(tx, pilot),
  ]);
  return {
    ...panel,
    formMissing: screened.missing.map((code) => translate(`pilots_field_${snake(code)}`, {}, locale)),
    duplicates: screened.duplicates.length,
    screeningBlocked: screened.reasons
      .filter((r) => r.severity === "blocking" && !toldApart.has(r.key))
      .map((r) => reasonText(r, locale)),
    marksUnreconciled: unreconciled,
    // It runs to the end of its last day.
    noticeDaysLeft: pilot.noticeTo === null ? 0 : daysFrom(today(actor), pilot.noticeTo) + 1,
    openObjections: open?.n ?? 0,
    quotaLeft: left,
  };
}
const noSelection = {
  formMissing: [],
  duplicates: 0,
  screeningBlocked: [],
  panelMembers: 0,
  scorers: 0,
  scorersPending: 0,
  marksUnreconciled: false,
  noticeDaysLeft: 0,
  openObjections: 0,
  quotaLeft: 0,
} satisfies Partial<PilotFacts>;

/**
 * The last word of each stage's verification. A design counts from the day it was last handed in, an acceptance test from
 * the day this round began, a check in operation from its beginning: what was verified before is not what is decided on.
 */
async function verificationFacts(tx: Tx, pilot: PilotRow, operating: Operating) {
  const [last, [instance]] = await Promise.all([
    tx
      .selectDistinctOn([verifications.kind], {
        kind: verifications.kind,
        result: verifications.result,
        at: verifications.at,
      })
      .from(verifications)
      .where(and(eq(verifications.tenantId, pilot.tenantId), eq(verifications.pilotId, pilot.id)))
      .orderBy(verifications.kind, sql`${verifications.at} desc, ${verifications.id} desc`),
    tx
      .select()
      .from(workflowInstances)
      .where(and(eq(workflowInstances.tenantId, pilot.tenantId), eq(workflowInstances.objectId, pilot.id))),
  ]);
  const since = { ...sinceOf(instance), operation: operating?.at.getTime() ?? Infinity };
  const passed = (kind: keyof typeof since) =>
    last.some((v) => v.kind === kind && v.result === "passed" && v.at.getTime() >= since[kind]);
  return {
    designVerified: passed("design"),
    acceptanceTested: passed("acceptance"),
    operationChecked: passed("operation"),
    // What failed in another stage is that stage's to settle.
    openHighFindings: last.filter((v) => v.result === "failed" && v.kind === kindAt(pilot.stage)).length,
  };
}
/** The kind of verification that a stage rests on; in operation and at its end the check in operation. */
const kindAt = (stage: string) => (stage === "design" || stage === "acceptance" ? stage : "operation");
type Operating = Awaited<ReturnType<typeof operationBegan>>;
function sinceOf(instance: Instance | undefined): { design: number; acceptance: number } {
  if (!instance) return { design: Infinity, acceptance: Infinity };
  const context = pilotContext(instance);
  const ms = (iso: string | null | undefined) => (iso ? Date.parse(iso) : Infinity);
  return { design: ms(context.designSubmittedAt), acceptance: ms(context.enteredAt["acceptance"]) };
}

/** Facts of the work itself, which site and sector share. */
async function courseFacts(
  tx: Tx,
  actor: Actor,
  { pilot, operating, locale }: { pilot: PilotRow; operating: Operating; locale: Locale },
) {
  const own = { tenant: eq(documents.tenantId, pilot.tenantId), pilot: eq(documents.pilotId, pilot.id) };
  const [[reports], [measured], [unreported], [project]] = await Promise.all([
    tx
      .select({
        // Of operation alone: what was reported of the building before is no progress in operation.
        approved: sql<number>`(count(*) filter (where state = 'approved' and period <> ${summaryPeriod} and period >= ${operating ? monthOf(operating.day) : "9999"}))::int`,
        months: sql<
          string[]
        >`coalesce(array_agg(period) filter (where state = 'approved' and period <> ${summaryPeriod}), '{}')`,
        summary: sql<boolean>`coalesce(bool_or(state = 'approved' and period = ${summaryPeriod}), false)`,
      })
      .from(documents)
      .where(and(own.tenant, own.pilot, eq(documents.kind, "progressReport"))),
    tx
      .select({ open: sql<number>`(count(*) filter (where ${measures.doneOn} is null))::int` })
      .from(measures)
      .innerJoin(risks, and(eq(risks.tenantId, measures.tenantId), eq(risks.id, measures.riskId)))
      .where(
        and(
          eq(measures.tenantId, pilot.tenantId),
          eq(measures.projectId, pilot.projectId),
          eq(risks.systemId, pilot.systemId),
        ),
      ),
    tx
      .select({
        n: count,
      })
      .from(indicators)
      .where(
        and(
          eq(indicators.tenantId, pilot.tenantId),
          eq(indicators.projectId, pilot.projectId),
          sql`not exists (select 1 from ${indicatorValues} v where v.tenant_id = ${indicators.tenantId} and v.pilot_id = ${pilot.id} and v.indicator_id = ${indicators.id})`,
        ),
      ),
    tx
      .select({ state: projects.state })
      .from(projects)
      .where(and(eq(projects.tenantId, pilot.tenantId), eq(projects.id, pilot.projectId))),
  ]);
  const [approved, missing] = [reports?.approved ?? 0, unreported?.n ?? 0];
  const none = [
    ...(approved === 0 ? ["pilots_midterm_progress"] : []),
    ...(missing > 0 ? ["pilots_midterm_indicators"] : []),
  ];
  return {
    ...placeFacts(project?.state ?? "", pilot.batchNo),
    openMilestones: measured?.open ?? 0,
    approvedProgressReports: approved,
    midtermMissing: none.map((key) => translate(key, {}, locale)),
    indicatorsUnreported: missing,
    summaryApproved: reports?.summary ?? false,
    monthsOwed: operating ? monthsOwed(operating.day, today(actor), reports?.months ?? []) : [],
  };
}
/** Where the project of a pilot stands. */
function placeFacts(
  state: string,
  batchNo: number,
): Pick<PilotFacts, "batchRunning" | "selectionOpen" | "projectStands"> {
  const step = batchStep(state, batchNo === 1 ? 1 : 2);
  return {
    batchRunning: step === "running",
    selectionOpen: step === "selecting" || step === "running",
    projectStands: step !== "off",
  };
}
const noCourse = {
  ...placeFacts("", 1),
  openMilestones: 0,
  approvedProgressReports: 0,
  midtermMissing: [],
  indicatorsUnreported: 0,
  summaryApproved: false,
  monthsOwed: [],
} satisfies Partial<PilotFacts>;

/**
 * Everything the machine of a pilot asks, from tables the caller may read: the facts of the selection stay neutral for a
 * site and an assessor, who may send no event that needs them.
 */
export async function pilotFacts(tx: Tx, actor: Actor, pilot: PilotRow, locale: Locale = "zh-CN"): Promise<PilotFacts> {
  const operating = stageIs(pilot.stage, "selecting") ? null : await operationBegan(tx, pilot);
  const [selection, verified, course] = await Promise.all([
    actor.level === "sector" ? selectionFacts(tx, actor, pilot, locale) : noSelection,
    verificationFacts(tx, pilot, operating),
    actor.level === "sector" || actor.level === "site"
      ? courseFacts(tx, actor, { pilot, operating, locale })
      : noCourse,
  ]);
  return { ...selection, ...verified, ...course };
}
