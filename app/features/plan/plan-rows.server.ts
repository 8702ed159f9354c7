import { and, eq } from "drizzle-orm";
import type { z } from "zod";
import { type DocumentRow, projectDocument } from "#app/features/document/document.server.ts";
import { noteChange } from "#app/features/document/approval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { openIn } from "#app/request/permissions.ts";
import { lockProject, type ProjectRow } from "#app/features/project/project.server.ts";
import { loadRisk, refreshResidual } from "#app/features/risk/register.server.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { codeOf, largestNumber } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { budgetLines, indicators, indicatorValues, measures, sites } from "#db/schema/index.ts";
import { figureFault, figureFaultText, natureOf, unknownNature } from "./indicator.rules.ts";
import type {
  budgetLineIdSchema,
  indicatorIdSchema,
  measureIdSchema,
  newBudgetLineSchema,
  newIndicatorSchema,
  newMeasureSchema,
  updateBudgetLineSchema,
  updateIndicatorSchema,
  updateMeasureSchema,
} from "./plan.schema.ts";

/*
 * Measures, budget lines and indicators: the rows of a pilot plan. While the plan is being reviewed they stand still. Once it
 * was approved a change of them asks for a new approval; until then the sealed plan is the one that holds and is shown.
 */

export type MeasureRow = typeof measures.$inferSelect;
type BudgetLineRow = typeof budgetLines.$inferSelect;
type IndicatorRow = typeof indicators.$inferSelect;

const underWay = (state: string) => state.startsWith("batchOne.") || state.startsWith("batchTwo.");
/** Whether the rows of a plan may be changed: while it is drafted, and while the batches run unless it is being reviewed anew. */
export const rowsMayChange = (project: Pick<ProjectRow, "state">, plan: Pick<DocumentRow, "state"> | null): boolean =>
  openIn("measure.write", project.state) &&
  (!underWay(project.state) || plan?.state === "approved" || plan?.state === "returned");

/** Locks the project and checks that its plan may be changed. @throws conflict `sealed`. */
async function editable(tx: Tx, projectId: string): Promise<ProjectRow> {
  const project = await lockProject(tx, projectId);
  const plan = underWay(project.state) ? await projectDocument(tx, projectId, "pilotPlan") : null;
  if (!rowsMayChange(project, plan))
    throw conflict({ code: "sealed", logMessage: `plan of a project in ${project.state}` });
  return project;
}

async function measureById(tx: Tx, measureId: string): Promise<MeasureRow> {
  const [row] = await tx.select().from(measures).where(eq(measures.id, measureId));
  if (!row) throw notFound({ logMessage: `measure ${measureId}` });
  return row;
}

/** A budget line of the same site, or none. @throws invalid for a line that is not. */
async function checkLine(tx: Tx, actor: Actor, budgetLineId: string | null, siteId: string): Promise<void> {
  if (budgetLineId === null) return;
  const [line] = await tx
    .select({ siteId: budgetLines.siteId })
    .from(budgetLines)
    .where(and(eq(budgetLines.tenantId, actor.tenantId), eq(budgetLines.id, budgetLineId)));
  if (line?.siteId !== siteId) throw invalid({ budgetLineId: ["error_plan_line_of_other_site"] });
}

/** A measure against a confirmed risk of the project. Returns it with its code M-0001 …. */
export async function addMeasure(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof newMeasureSchema> & { projectId: string },
): Promise<MeasureRow> {
  const project = await editable(tx, input.projectId);
  const risk = await loadRisk(tx, input.riskId);
  if (risk.projectId !== project.id || risk.status !== "confirmed")
    throw invalid({ riskId: ["error_plan_risk_not_confirmed"] });
  await checkLine(tx, actor, input.budgetLineId, risk.siteId);
  const [last] = await tx
    .select({ no: largestNumber(measures.code) })
    .from(measures)
    .where(and(eq(measures.tenantId, actor.tenantId), eq(measures.projectId, project.id)));
  const { projectId, riskId, ...fields } = input;
  const [row] = await tx
    .insert(measures)
    .values({
      ...fields,
      tenantId: actor.tenantId,
      id: uuidv7(),
      projectId,
      siteId: risk.siteId,
      riskId,
      code: codeOf("M", 4, (last?.no ?? 0) + 1),
      createdAt: actor.now,
      updatedAt: actor.now,
    })
    .returning();
  if (!row) throw notFound({ logMessage: "measure was not stored" });
  await refreshResidual(tx, actor, [riskId]);
  await noteChange(tx, actor, "pilotPlan", { projectId });
  return row;
}

const changedMeasure = (row: MeasureRow) =>
  conflict({
    code: "stale_revision",
    messageKey: "error_plan_measure_changed",
    params: { name: row.code },
    extra: { rev: row.rev, theirs: row },
  });

/** @throws conflict `stale_revision` with the present row. */
export async function updateMeasure(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof updateMeasureSchema>,
): Promise<MeasureRow> {
  const old = await measureById(tx, input.measureId);
  await editable(tx, old.projectId);
  await checkLine(tx, actor, input.budgetLineId, old.siteId);
  const { measureId, rev, ...fields } = input;
  const [row] = await tx
    .update(measures)
    .set({ ...fields, rev: rev + 1, updatedAt: actor.now })
    .where(and(eq(measures.tenantId, actor.tenantId), eq(measures.id, measureId), eq(measures.rev, rev)))
    .returning();
  if (!row) throw changedMeasure(old);
  await refreshResidual(tx, actor, [row.riskId]);
  await noteChange(tx, actor, "pilotPlan", { projectId: row.projectId });
  return row;
}

/**
 * Removes a measure; the residual level of its risk is set anew.
 * @throws conflict `stale_revision`; conflict `sealed` while the plan is in review; notFound
 */
export async function deleteMeasure(
  tx: Tx,
  actor: Actor,
  { measureId, rev }: z.output<typeof measureIdSchema>,
): Promise<void> {
  const old = await measureById(tx, measureId);
  await editable(tx, old.projectId);
  const gone = await tx
    .delete(measures)
    .where(and(eq(measures.tenantId, actor.tenantId), eq(measures.id, measureId), eq(measures.rev, rev)))
    .returning({ id: measures.id });
  if (gone.length !== 1) throw changedMeasure(old);
  await refreshResidual(tx, actor, [old.riskId]);
  await noteChange(tx, actor, "pilotPlan", { projectId: old.projectId });
}

async function checkSite(tx: Tx, actor: Actor, siteId: string): Promise<void> {
  const [site] = await tx
    .select({ id: sites.id })
    .from(sites)
    .where(and(eq(sites.tenantId, actor.tenantId), eq(sites.id, siteId)));
  if (!site) throw invalid({ siteId: ["error_field_unknown_id"] });
}

/** A line of a site's budget. Returns its id. */
export async function addBudgetLine(
  tx: Tx,
  actor: Actor,
  { projectId, amount, ...fields }: z.output<typeof newBudgetLineSchema> & { projectId: string },
): Promise<string> {
  await editable(tx, projectId);
  await checkSite(tx, actor, fields.siteId);
  const id = uuidv7();
  await tx
    .insert(budgetLines)
    .values({ ...fields, tenantId: actor.tenantId, id, projectId, amountCenti: amount, createdAt: actor.now });
  await noteChange(tx, actor, "pilotPlan", { projectId });
  return id;
}

async function lineById(tx: Tx, budgetLineId: string): Promise<BudgetLineRow> {
  const [row] = await tx.select().from(budgetLines).where(eq(budgetLines.id, budgetLineId));
  if (!row) throw notFound({ logMessage: `budget line ${budgetLineId}` });
  return row;
}
const usedBy = (tx: Tx, actor: Actor, budgetLineId: string) =>
  tx
    .select({ code: measures.code })
    .from(measures)
    .where(and(eq(measures.tenantId, actor.tenantId), eq(measures.budgetLineId, budgetLineId)))
    .limit(1);

/** A line that measures name keeps its site. */
export async function updateBudgetLine(
  tx: Tx,
  actor: Actor,
  { budgetLineId, amount, ...fields }: z.output<typeof updateBudgetLineSchema>,
): Promise<void> {
  const old = await lineById(tx, budgetLineId);
  await editable(tx, old.projectId);
  if (fields.siteId !== old.siteId) {
    await checkSite(tx, actor, fields.siteId);
    const [measure] = await usedBy(tx, actor, budgetLineId);
    if (measure) throw invalid({ siteId: [`error_plan_line_in_use|code=${measure.code}`] });
  }
  const changed = await tx
    .update(budgetLines)
    .set({ ...fields, amountCenti: amount })
    .where(and(eq(budgetLines.tenantId, actor.tenantId), eq(budgetLines.id, budgetLineId)))
    .returning({ id: budgetLines.id });
  if (changed.length !== 1) throw notFound({ logMessage: `budget line ${budgetLineId}` });
  await noteChange(tx, actor, "pilotPlan", { projectId: old.projectId });
}

/** @throws conflict `plan_line_in_use` while a measure is paid from it. */
export async function deleteBudgetLine(
  tx: Tx,
  actor: Actor,
  { budgetLineId }: z.output<typeof budgetLineIdSchema>,
): Promise<void> {
  const old = await lineById(tx, budgetLineId);
  await editable(tx, old.projectId);
  const [measure] = await usedBy(tx, actor, budgetLineId);
  if (measure) throw conflict({ code: "plan_line_in_use", params: { code: measure.code } });
  await tx.delete(budgetLines).where(and(eq(budgetLines.tenantId, actor.tenantId), eq(budgetLines.id, budgetLineId)));
  await noteChange(tx, actor, "pilotPlan", { projectId: old.projectId });
}

type IndicatorFigures = Pick<z.output<typeof newIndicatorSchema>, "unit" | "baseline" | "target" | "low" | "high">;
/**
 * What the figures of an indicator can be, by its unit and the limits that were given.
 * @throws invalid for a unit of no list (but one that it had before), limits that leave nothing, a baseline or target beyond them
 */
function figuresOf({ unit, baseline, target, low, high }: IndicatorFigures, before: string | null) {
  const known = natureOf(unit);
  if (!known && unit !== before) throw invalid({ unit: ["error_field_choice"] });
  const nature = known ?? unknownNature;
  const [lowMilli, highMilli] = [low ?? nature.lowMilli, high ?? nature.highMilli];
  if (lowMilli !== null && highMilli !== null && lowMilli >= highMilli) throw invalid({ high: ["plan_error_limits"] });
  const of = { kind: nature.kind, lowMilli, highMilli };
  const faults = Object.entries({ baseline, target }).flatMap(([field, value]) => {
    const fault = value === null ? null : figureFault(of, value);
    return fault ? [[field, [figureFaultText(fault)]] as const] : [];
  });
  if (faults.length > 0) throw invalid(Object.fromEntries(faults));
  return { ...of, unit, baselineMilli: baseline, targetMilli: target, settled: true };
}

/** What the pilots are measured by. Returns its id; its code is K-01 …. */
export async function addIndicator(
  tx: Tx,
  actor: Actor,
  {
    projectId,
    baseline,
    target,
    low,
    high,
    unit,
    ...fields
  }: z.output<typeof newIndicatorSchema> & { projectId: string },
): Promise<string> {
  await editable(tx, projectId);
  const figures = figuresOf({ unit, baseline, target, low, high }, null);
  const [last] = await tx
    .select({ no: largestNumber(indicators.code) })
    .from(indicators)
    .where(and(eq(indicators.tenantId, actor.tenantId), eq(indicators.projectId, projectId)));
  const id = uuidv7();
  await tx.insert(indicators).values({
    ...fields,
    tenantId: actor.tenantId,
    id,
    projectId,
    code: codeOf("K", 2, (last?.no ?? 0) + 1),
    ...figures,
    createdAt: actor.now,
  });
  await noteChange(tx, actor, "pilotPlan", { projectId });
  return id;
}
async function indicatorById(tx: Tx, indicatorId: string): Promise<IndicatorRow> {
  const [row] = await tx.select().from(indicators).where(eq(indicators.id, indicatorId));
  if (!row) throw notFound({ logMessage: `indicator ${indicatorId}` });
  return row;
}
/**
 * Changes an indicator. `baseline` and `target` in thousandths.
 * @throws conflict `sealed` while the plan is in review; notFound
 */
export async function updateIndicator(
  tx: Tx,
  actor: Actor,
  { indicatorId, baseline, target, low, high, unit, ...fields }: z.output<typeof updateIndicatorSchema>,
): Promise<void> {
  const old = await indicatorById(tx, indicatorId);
  await editable(tx, old.projectId);
  const changed = await tx
    .update(indicators)
    .set({ ...fields, ...figuresOf({ unit, baseline, target, low, high }, old.unit) })
    .where(and(eq(indicators.tenantId, actor.tenantId), eq(indicators.id, indicatorId)))
    .returning({ id: indicators.id });
  if (changed.length !== 1) throw notFound({ logMessage: `indicator ${indicatorId}` });
  await noteChange(tx, actor, "pilotPlan", { projectId: old.projectId });
}
/** @throws conflict `plan_indicator_in_use` once figures were reported under it. */
export async function deleteIndicator(
  tx: Tx,
  actor: Actor,
  { indicatorId }: z.output<typeof indicatorIdSchema>,
): Promise<void> {
  const old = await indicatorById(tx, indicatorId);
  await editable(tx, old.projectId);
  const [reported] = await tx
    .select({ id: indicatorValues.id })
    .from(indicatorValues)
    .where(and(eq(indicatorValues.tenantId, actor.tenantId), eq(indicatorValues.indicatorId, indicatorId)))
    .limit(1);
  if (reported) throw conflict({ code: "plan_indicator_in_use", params: { code: old.code } });
  await tx.delete(indicators).where(and(eq(indicators.tenantId, actor.tenantId), eq(indicators.id, indicatorId)));
  await noteChange(tx, actor, "pilotPlan", { projectId: old.projectId });
}
