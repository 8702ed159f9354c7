import { groupBy } from "#app/platform/collections.ts";
import { and, eq, inArray, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { type Actor, today } from "#app/request/actor.ts";
import { type Instance, pilotContext } from "#app/features/workflow/instance.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { batchStep } from "#app/features/project/project.rules.ts";
import type { Tx } from "#db/client.server.ts";
import { rowsOf } from "#db/rows.ts";
import {
  documents,
  indicators,
  measures,
  type pilots,
  projects,
  risks,
  verifications,
  workflowInstances,
} from "#db/schema/index.ts";
import type { PilotFacts } from "#workflows/index.ts";
import type { Began } from "./operation.server.ts";
import { monthOf, monthsOwed } from "./periods.rules.ts";
import { summaryPeriod } from "./pilots.schema.ts";

/* What the gates of the work itself ask, of many pilots at once: each query is one for all of them. */

type PilotRow = typeof pilots.$inferSelect;

/** Rows that hang on one of these pilots, with the tenants named for the indexes. */
const of = (t: { tenantId: PgColumn; pilotId: PgColumn }, list: readonly PilotRow[]) =>
  and(
    inArray(t.tenantId, [...new Set(list.map((p) => p.tenantId))]),
    inArray(
      t.pilotId,
      list.map((p) => p.id),
    ),
  );

type Verified = Pick<PilotFacts, "designVerified" | "acceptanceTested" | "operationChecked" | "openHighFindings">;
/**
 * The last word of each stage's verification. A design counts from the day it was last handed in, an acceptance test from
 * the day this round began, a check in operation from its beginning: what was verified before is not what is decided on.
 */
export async function verificationFacts(
  tx: Tx,
  list: readonly PilotRow[],
  began: ReadonlyMap<string, Began>,
): Promise<(pilot: PilotRow) => Verified> {
  const [last, instances] = await Promise.all([
    tx
      .selectDistinctOn([verifications.pilotId, verifications.kind], {
        pilotId: verifications.pilotId,
        kind: verifications.kind,
        result: verifications.result,
        at: verifications.at,
      })
      .from(verifications)
      .where(of(verifications, list))
      .orderBy(verifications.pilotId, verifications.kind, sql`${verifications.at} desc, ${verifications.id} desc`),
    tx
      .select()
      .from(workflowInstances)
      .where(
        and(
          inArray(workflowInstances.tenantId, [...new Set(list.map((p) => p.tenantId))]),
          inArray(
            workflowInstances.objectId,
            list.map((p) => p.id),
          ),
        ),
      ),
  ]);
  const byPilot = groupBy(last, (v) => v.pilotId);
  const instanceOf = new Map(instances.map((i) => [i.objectId, i]));
  return (pilot) => {
    const own = byPilot.get(pilot.id) ?? [];
    const since = { ...sinceOf(instanceOf.get(pilot.id)), operation: began.get(pilot.id)?.at.getTime() ?? Infinity };
    const passed = (kind: keyof typeof since) =>
      own.some((v) => v.kind === kind && v.result === "passed" && v.at.getTime() >= since[kind]);
    return {
      designVerified: passed("design"),
      acceptanceTested: passed("acceptance"),
      operationChecked: passed("operation"),
      // What failed in another stage is that stage's to settle.
      openHighFindings: own.filter((v) => v.result === "failed" && v.kind === kindAt(pilot.stage)).length,
    };
  };
}
/** The kind of verification that a stage rests on; in operation and at its end the check in operation. */
const kindAt = (stage: string) => (stage === "design" || stage === "acceptance" ? stage : "operation");
function sinceOf(instance: Instance | undefined): { design: number; acceptance: number } {
  if (!instance) return { design: Infinity, acceptance: Infinity };
  const context = pilotContext(instance);
  const ms = (iso: string | null | undefined) => (iso ? Date.parse(iso) : Infinity);
  return { design: ms(context.designSubmittedAt), acceptance: ms(context.enteredAt["acceptance"]) };
}

/** Approved reports of each pilot: their months, and whether its summary is one. */
async function approvedReports(tx: Tx, list: readonly PilotRow[]) {
  const rows = await tx
    .select({
      pilotId: documents.pilotId,
      months: sql<string[]>`coalesce(array_agg(period) filter (where period <> ${summaryPeriod}), '{}')`,
      summary: sql<boolean>`coalesce(bool_or(period = ${summaryPeriod}), false)`,
    })
    .from(documents)
    .where(and(of(documents, list), eq(documents.kind, "progressReport"), eq(documents.state, "approved")))
    .groupBy(documents.pilotId);
  return new Map(rows.map((r) => [r.pilotId ?? "", r]));
}

/** Measures of each pilot's system that are not in place. */
async function openMeasures(tx: Tx, list: readonly PilotRow[]) {
  const rows = await tx
    .select({ projectId: measures.projectId, systemId: risks.systemId, n: sql<number>`count(*)::int` })
    .from(measures)
    .innerJoin(risks, and(eq(risks.tenantId, measures.tenantId), eq(risks.id, measures.riskId)))
    .where(
      and(
        inArray(measures.tenantId, [...new Set(list.map((p) => p.tenantId))]),
        inArray(
          risks.systemId,
          list.map((p) => p.systemId),
        ),
        sql`${measures.doneOn} is null`,
      ),
    )
    .groupBy(measures.projectId, risks.systemId);
  return new Map(rows.map((r) => [`${r.projectId}/${r.systemId}`, r.n]));
}

/** Indicators of its project that each pilot has not reported. */
async function unreported(tx: Tx, list: readonly PilotRow[]) {
  const ids = sql.join(
    list.map((p) => sql`${p.id}::uuid`),
    sql`, `,
  );
  const rows = rowsOf<{ pilot_id: string; n: number }>(
    await tx.execute(sql`
      select p.id as pilot_id, count(*)::int as n
      from pilots p join ${indicators} i on i.tenant_id = p.tenant_id and i.project_id = p.project_id
      where p.id in (${ids}) and not exists (select 1 from indicator_values v
        where v.tenant_id = i.tenant_id and v.pilot_id = p.id and v.indicator_id = i.id)
      group by p.id`),
  );
  return new Map(rows.map((r) => [r.pilot_id, r.n]));
}

type Course = Pick<PilotFacts, keyof typeof noCourse>;
/** Facts of the work itself, which site and sector share; by pilot. */
export async function courseFacts(
  tx: Tx,
  actor: Actor,
  { list, began, locale }: { list: readonly PilotRow[]; began: ReadonlyMap<string, Began>; locale: Locale },
): Promise<(pilot: PilotRow) => Course> {
  const [reports, open, missing, states] = await Promise.all([
    approvedReports(tx, list),
    openMeasures(tx, list),
    unreported(tx, list),
    tx
      .select({ id: projects.id, state: projects.state })
      .from(projects)
      .where(inArray(projects.id, [...new Set(list.map((p) => p.projectId))])),
  ]);
  const stateOf = new Map(states.map((p) => [p.id, p.state]));
  return (pilot) => {
    const operating = began.get(pilot.id);
    const own = reports.get(pilot.id);
    // Of operation alone: what was reported of the building before is no progress in operation.
    const since = operating ? monthOf(operating.day) : null;
    const approved = since === null ? 0 : (own?.months ?? []).filter((month) => month >= since).length;
    const lacking = missing.get(pilot.id) ?? 0;
    const none = [
      ...(approved === 0 ? ["pilots_midterm_progress"] : []),
      ...(lacking > 0 ? ["pilots_midterm_indicators"] : []),
    ];
    return {
      ...placeFacts(stateOf.get(pilot.projectId) ?? "", pilot.batchNo),
      openMilestones: open.get(`${pilot.projectId}/${pilot.systemId}`) ?? 0,
      approvedProgressReports: approved,
      midtermMissing: none.map((key) => translate(key, {}, locale)),
      indicatorsUnreported: lacking,
      summaryApproved: own?.summary ?? false,
      monthsOwed: operating ? monthsOwed(operating.day, today(actor), own?.months ?? []) : [],
    };
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
export const noCourse = {
  ...placeFacts("", 1),
  openMilestones: 0,
  approvedProgressReports: 0,
  midtermMissing: [],
  indicatorsUnreported: 0,
  summaryApproved: false,
  monthsOwed: [],
} satisfies Partial<PilotFacts>;
