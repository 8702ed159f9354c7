import { and, eq, inArray, ne, sql } from "drizzle-orm";
import type { z } from "zod";
import { noteChange } from "#app/features/document/approval.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { openIn } from "#app/request/permissions.ts";
import { type RiskMethod, toLevel } from "#app/domain/vocabulary.ts";
import { conflict, invalid, notFound } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Tx } from "#db/client.server.ts";
import { measures, projects, registerAssets, risks } from "#db/schema/index.ts";
import { threatById, vulnerabilityById } from "#seeds/catalogue/index.ts";
import { figuresOf, type RiskRow, tagsOf } from "./risk-line.server.ts";
import { lockProject } from "#app/features/project/project.server.ts";
import { nextRiskNo, riskCode } from "./register-rows.server.ts";
import { assetValue, measureEffects, residualRisk } from "./risk-method.rules.ts";
import type { methodSchema, newRiskSchema, riskIdsSchema, updateRiskSchema } from "./risk.schema.ts";

/*
 * What a regulator decides about lines of the register. Every figure is the rule's; nobody enters a level of risk.
 */

const ownIds = (actor: Actor, ids: readonly string[]) =>
  and(eq(risks.tenantId, actor.tenantId), inArray(risks.id, [...ids]));

/** Sets the status of many lines at once; those that have it already stay untouched. All must be the caller's. */
async function decide(
  tx: Tx,
  actor: Actor,
  riskIds: readonly string[],
  status: "confirmed" | "dismissed",
): Promise<number> {
  const ids = [...new Set(riskIds)];
  const [changed, known] = await Promise.all([
    tx
      .update(risks)
      .set({ status, rev: sql`${risks.rev} + 1`, updatedAt: actor.now })
      .where(and(ownIds(actor, ids), ne(risks.status, status)))
      .returning({ id: risks.id }),
    tx.select({ id: risks.id, projectId: risks.projectId }).from(risks).where(ownIds(actor, ids)),
  ]);
  if (known.length !== ids.length) throw notFound({ logMessage: "a risk is not there" });
  for (const projectId of new Set(known.map((r) => r.projectId)))
    await noteChange(tx, actor, "riskReport", { projectId });
  return changed.length;
}
type Ids = z.output<typeof riskIdsSchema>;
/** Takes proposals into the register. Returns how many changed. @throws notFound when one is not the caller's: then none changes. */
export const confirmRisks = (tx: Tx, actor: Actor, { riskIds }: Ids): Promise<number> =>
  decide(tx, actor, riskIds, "confirmed");
/** Sets lines aside; they stay on record and may be confirmed later. */
export const dismissRisks = (tx: Tx, actor: Actor, { riskIds }: Ids): Promise<number> =>
  decide(tx, actor, riskIds, "dismissed");

/** @throws notFound, also for another sector's and, to a site, for what is not confirmed. */
export async function loadRisk(tx: Tx, riskId: string): Promise<RiskRow> {
  const [row] = await tx.select().from(risks).where(eq(risks.id, riskId));
  if (!row) throw notFound({ logMessage: `risk ${riskId}` });
  return row;
}

/** Level that remains when every measure planned against the line is in place; null without any. */
function residualOf(
  method: RiskMethod,
  inputs: { assetValue: number; threat: number; vulnerability: number },
  planned: readonly { id: string; threatCut: number; vulnerabilityCut: number }[],
): number | null {
  if (planned.length === 0) return null;
  const base = {
    asset: toLevel(inputs.assetValue),
    threat: toLevel(inputs.threat),
    vulnerability: toLevel(inputs.vulnerability),
  };
  return residualRisk(method, base, planned.flatMap(measureEffects)).level;
}
const cuts = {
  id: measures.id,
  riskId: measures.riskId,
  threatCut: measures.threatCut,
  vulnerabilityCut: measures.vulnerabilityCut,
};

/** Writes the residual level of lines anew; call after their measures changed. */
export async function refreshResidual(tx: Tx, actor: Actor, riskIds: readonly string[]): Promise<void> {
  const ids = [...new Set(riskIds)];
  if (ids.length === 0) return;
  const [rows, planned] = await Promise.all([
    tx.select().from(risks).where(ownIds(actor, ids)),
    tx
      .select(cuts)
      .from(measures)
      .where(and(eq(measures.tenantId, actor.tenantId), inArray(measures.riskId, ids))),
  ]);
  const changed = rows
    .map((r) => ({
      id: r.id,
      old: r.residualLevel,
      level: residualOf(
        r.method,
        r,
        planned.filter((m) => m.riskId === r.id),
      ),
    }))
    .filter((r) => r.old !== r.level);
  if (changed.length === 0) return;
  await tx.execute(sql`
    update risks set residual_level = v.level
    from jsonb_to_recordset(${JSON.stringify(changed)}::text::jsonb) as v(id uuid, level int)
    where risks.tenant_id = ${actor.tenantId} and risks.id = v.id`);
}

/**
 * Owner, treatment, frequency, severity, note and decision of one line; all figures follow by the method.
 * @throws conflict `stale_revision` with the present row in `extra.theirs` when somebody was quicker.
 */
export async function updateRisk(tx: Tx, actor: Actor, input: z.output<typeof updateRiskSchema>): Promise<RiskRow> {
  const row = await loadRisk(tx, input.riskId);
  const inputs = { assetValue: row.assetValue, threat: input.threat, vulnerability: input.vulnerability };
  const planned = await tx
    .select(cuts)
    .from(measures)
    .where(and(eq(measures.tenantId, row.tenantId), eq(measures.riskId, row.id)));
  const [saved] = await tx
    .update(risks)
    .set({
      ...inputs,
      ...figuresOf(row.method, inputs),
      residualLevel: residualOf(row.method, inputs, planned),
      owner: input.owner,
      treatment: input.treatment ?? null,
      note: input.note,
      ...(input.status ? { status: input.status } : {}),
      rev: input.rev + 1,
      updatedAt: actor.now,
    })
    .where(and(eq(risks.tenantId, actor.tenantId), eq(risks.id, row.id), eq(risks.rev, input.rev)))
    .returning();
  if (!saved)
    throw conflict({
      code: "stale_revision",
      params: { name: row.code },
      messageKey: "error_risk_changed",
      extra: { rev: row.rev, theirs: row },
    });
  await noteChange(tx, actor, "riskReport", { projectId: saved.projectId });
  return saved;
}

/** Gives many lines the same owner. */
export async function assignOwner(
  tx: Tx,
  actor: Actor,
  input: { riskIds: readonly string[]; owner: string },
): Promise<number> {
  const ids = [...new Set(input.riskIds)];
  const changed = await tx
    .update(risks)
    .set({ owner: input.owner, rev: sql`${risks.rev} + 1`, updatedAt: actor.now })
    .where(ownIds(actor, ids))
    .returning({ id: risks.id, projectId: risks.projectId });
  if (changed.length !== ids.length) throw notFound({ logMessage: "a risk is not there" });
  for (const projectId of new Set(changed.map((r) => r.projectId)))
    await noteChange(tx, actor, "riskReport", { projectId });
  return changed.length;
}

/** A line entered by hand: confirmed from the start, for whoever enters it has decided. Returns the row. @throws conflict `duplicate`. */
export async function addRisk(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof newRiskSchema> & { projectId: string },
): Promise<RiskRow> {
  const threat = threatById.get(input.threatCode);
  const vulnerability = vulnerabilityById.get(input.vulnerabilityCode);
  if (!threat || !vulnerability)
    throw invalid({ [threat ? "vulnerabilityCode" : "threatCode"]: ["error_field_choice"] });
  const project = await lockProject(tx, input.projectId);
  const [assets, no] = await Promise.all([
    tx
      .select()
      .from(registerAssets)
      .where(
        and(
          eq(registerAssets.tenantId, actor.tenantId),
          eq(registerAssets.projectId, project.id),
          eq(registerAssets.id, input.assetId),
        ),
      ),
    nextRiskNo(tx, project.id),
  ]);
  const [asset] = assets;
  if (!asset) throw invalid({ assetId: ["error_field_unknown_id"] });
  const inputs = { assetValue: asset.value, threat: input.threat, vulnerability: input.vulnerability };
  const [row] = await tx
    .insert(risks)
    .values({
      tenantId: actor.tenantId,
      id: uuidv7(),
      projectId: project.id,
      siteId: asset.siteId,
      systemId: asset.systemId,
      code: riskCode(no),
      assetId: asset.id,
      catalogueVersion: project.questionnaireVersion,
      threatCode: threat.id,
      vulnerabilityCode: vulnerability.id,
      controlCode: null,
      submissionId: asset.submissionId,
      object: asset.object,
      ...tagsOf(vulnerability.id, null, project.questionnaireVersion),
      ...inputs,
      ...figuresOf(project.riskMethod, inputs),
      status: "confirmed",
      owner: input.owner,
      note: input.note,
      createdAt: actor.now,
      updatedAt: actor.now,
    })
    .onConflictDoNothing()
    .returning();
  if (!row) throw conflict({ code: "duplicate" });
  await noteChange(tx, actor, "riskReport", { projectId: project.id });
  return row;
}

/** Changes the method (and rule of asset values) of a project and counts the whole register anew. Returns the number of lines. */
export async function setMethod(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof methodSchema> & { projectId: string },
): Promise<number> {
  const project = await lockProject(tx, input.projectId);
  if (!openIn("risk.method", project.state))
    throw conflict({ code: "sealed", logMessage: `method of a project in ${project.state}` });
  const assetRule = input.assetRule ?? project.assetRule;
  const [rows, assets, planned] = await Promise.all([
    tx
      .select()
      .from(risks)
      .where(and(eq(risks.tenantId, actor.tenantId), eq(risks.projectId, project.id))),
    tx
      .select()
      .from(registerAssets)
      .where(and(eq(registerAssets.tenantId, actor.tenantId), eq(registerAssets.projectId, project.id))),
    tx
      .select(cuts)
      .from(measures)
      .where(and(eq(measures.tenantId, actor.tenantId), eq(measures.projectId, project.id))),
    tx
      .update(projects)
      .set({ riskMethod: input.method, assetRule, updatedAt: actor.now })
      .where(and(eq(projects.tenantId, actor.tenantId), eq(projects.id, project.id))),
  ]);
  const values = new Map(
    assets.map((a) => [a.id, assetValue({ c: toLevel(a.c), i: toLevel(a.i), a: toLevel(a.a) }, assetRule)]),
  );
  const lines = rows.map((r) => {
    const inputs = {
      assetValue: values.get(r.assetId) ?? r.assetValue,
      threat: r.threat,
      vulnerability: r.vulnerability,
    };
    return {
      id: r.id,
      ...inputs,
      ...figuresOf(input.method, inputs),
      residualLevel: residualOf(
        input.method,
        inputs,
        planned.filter((m) => m.riskId === r.id),
      ),
    };
  });
  await Promise.all([storeValues(tx, actor, values), storeFigures(tx, actor, lines)]);
  return lines.length;
}
const storeValues = (tx: Tx, actor: Actor, values: ReadonlyMap<string, number>) =>
  tx.execute(sql`
    update register_assets set value = v.value
    from jsonb_to_recordset(${JSON.stringify([...values].map(([id, value]) => ({ id, value })))}::text::jsonb) as v(id uuid, value int)
    where register_assets.tenant_id = ${actor.tenantId} and register_assets.id = v.id and register_assets.value <> v.value`);
const storeFigures = (tx: Tx, actor: Actor, lines: readonly object[]) =>
  tx.execute(sql`
    update risks set asset_value = v."assetValue", method = v.method, likelihood = v.likelihood, likelihood_level = v."likelihoodLevel", loss = v.loss,
      loss_level = v."lossLevel", value = v.value, level = v.level, residual_level = v."residualLevel", updated_at = ${actor.now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(lines)}::text::jsonb)
      as v(id uuid, "assetValue" int, method text, likelihood text, "likelihoodLevel" int, loss text, "lossLevel" int, value text, level int, "residualLevel" int)
    where risks.tenant_id = ${actor.tenantId} and risks.id = v.id`);
