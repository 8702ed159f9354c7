import { and, eq, inArray, sql } from "drizzle-orm";
import { daysFrom } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { conflict } from "#app/platform/errors.ts";
import type { Tx } from "#db/client.server.ts";
import {
  documents,
  indicators,
  indicatorValues,
  measures,
  pilotEffects,
  pilots,
  projects,
  risks,
  verifications,
  workflowInstances,
} from "#db/schema/index.ts";
import {
  attainment,
  type CourseFacts,
  expectedBp,
  healthOf,
  meanAttainment,
  midtermSuggestion,
  onCourse,
} from "./course.rules.ts";
import { type EffectIndicator, type EffectRisk, pilotEffect } from "./effects.rules.ts";
import { monthsBetween, reportDue } from "./periods.rules.ts";
import { groupBy } from "#app/platform/collections.ts";
import { summaryPeriod } from "./pilots.schema.ts";
import { stagesWhere, stageIs } from "#workflows/index.ts";

export interface PilotsOf {
  projectId: string;
  /** All pilots of the project in operation or later when absent. */
  pilotIds?: readonly string[] | undefined;
}

type Chosen = Pick<
  typeof pilots.$inferSelect,
  "id" | "siteId" | "systemId" | "stage" | "batchNo" | "nextReportDue" | "health"
>;

const effective = stagesWhere("effective");
async function choose(tx: Tx, actor: Actor, { projectId, pilotIds }: PilotsOf): Promise<Chosen[]> {
  return tx
    .select({
      id: pilots.id,
      siteId: pilots.siteId,
      systemId: pilots.systemId,
      stage: pilots.stage,
      batchNo: pilots.batchNo,
      nextReportDue: pilots.nextReportDue,
      health: pilots.health,
    })
    .from(pilots)
    .where(
      and(
        eq(pilots.tenantId, actor.tenantId),
        eq(pilots.projectId, projectId),
        pilotIds ? inArray(pilots.id, [...pilotIds]) : inArray(pilots.stage, effective),
      ),
    );
}

/** The latest reported value of each indicator, by pilot: the closing report's before any month's. */
async function latestValues(tx: Tx, actor: Actor, projectId: string, pilotIds: readonly string[]) {
  const [defined, values] = await Promise.all([
    tx
      .select()
      .from(indicators)
      .where(and(eq(indicators.tenantId, actor.tenantId), eq(indicators.projectId, projectId))),
    tx
      .selectDistinctOn([indicatorValues.pilotId, indicatorValues.indicatorId], {
        pilotId: indicatorValues.pilotId,
        indicatorId: indicatorValues.indicatorId,
        valueMilli: indicatorValues.valueMilli,
      })
      .from(indicatorValues)
      .where(and(eq(indicatorValues.tenantId, actor.tenantId), inArray(indicatorValues.pilotId, [...pilotIds])))
      .orderBy(indicatorValues.pilotId, indicatorValues.indicatorId, sql`${indicatorValues.period} desc`),
  ]);
  const byPilot = new Map<string, Map<string, number>>();
  for (const v of values)
    byPilot.set(v.pilotId, (byPilot.get(v.pilotId) ?? new Map<string, number>()).set(v.indicatorId, v.valueMilli));
  return (pilotId: string): EffectIndicator[] =>
    defined.map((d) => ({
      id: d.id,
      dimension: d.dimension,
      direction: d.direction,
      baselineMilli: d.baselineMilli,
      targetMilli: d.targetMilli,
      valueMilli: byPilot.get(pilotId)?.get(d.id) ?? null,
    }));
}

async function risksBySystem(
  tx: Tx,
  actor: Actor,
  projectId: string,
  systemIds: readonly string[],
): Promise<Map<string, EffectRisk[]>> {
  const rows = await tx
    .select({
      id: risks.id,
      systemId: risks.systemId,
      dimension: risks.dimension,
      method: risks.method,
      assetValue: risks.assetValue,
      threat: risks.threat,
      vulnerability: risks.vulnerability,
      value: risks.value,
      measures: sql<
        EffectRisk["measures"]
      >`coalesce(json_agg(json_build_object('id', ${measures.id}, 'threatCut', ${measures.threatCut}, 'vulnerabilityCut', ${measures.vulnerabilityCut}, 'done', ${measures.doneOn} is not null)) filter (where ${measures.id} is not null), '[]')`,
    })
    .from(risks)
    .leftJoin(measures, and(eq(measures.tenantId, risks.tenantId), eq(measures.riskId, risks.id)))
    .where(
      and(
        eq(risks.tenantId, actor.tenantId),
        eq(risks.projectId, projectId),
        eq(risks.status, "confirmed"),
        inArray(risks.systemId, [...new Set(systemIds)]),
      ),
    )
    .groupBy(risks.tenantId, risks.id);
  const bySystem = new Map<string, EffectRisk[]>();
  for (const { systemId, ...risk } of rows) {
    const list = bySystem.get(systemId) ?? [];
    list.push(risk);
    bySystem.set(systemId, list);
  }
  return bySystem;
}

/** Pilots taken together: their risks and values fit into memory, and no statement has more than some thousand parameters. */
const chunk = 1000;

/** Pilots of which a report was approved, whatever became of it since. */
async function reportedPilots(tx: Tx, actor: Actor, pilotIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .selectDistinct({ pilotId: documents.pilotId })
    .from(documents)
    .innerJoin(
      workflowInstances,
      and(eq(workflowInstances.tenantId, documents.tenantId), eq(workflowInstances.objectId, documents.id)),
    )
    .where(
      and(
        eq(documents.tenantId, actor.tenantId),
        eq(documents.kind, "progressReport"),
        inArray(documents.pilotId, [...pilotIds]),
        sql`${workflowInstances.snapshot} #>> '{context,sealedHash}' is not null`,
      ),
    );
  return new Set(rows.flatMap((r) => r.pilotId ?? []));
}

/** Writes the effect of pilots on the risk of each dimension, and takes away what has none any more. Seven statements for a thousand pilots. */
export async function computeEffects(tx: Tx, actor: Actor, of: PilotsOf): Promise<void> {
  const chosen = await choose(tx, actor, of);
  for (let from = 0; from < chosen.length; from += chunk) {
    const part = chosen.slice(from, from + chunk);
    const ids = part.map((p) => p.id);
    const [bySystem, values, reported] = await Promise.all([
      risksBySystem(
        tx,
        actor,
        of.projectId,
        part.map((p) => p.systemId),
      ),
      latestValues(tx, actor, of.projectId, ids),
      reportedPilots(tx, actor, ids),
    ]);
    const rows = part.flatMap((p) =>
      pilotEffect(bySystem.get(p.systemId) ?? [], values(p.id), reported.has(p.id)).map((e) => ({
        tenantId: actor.tenantId,
        pilotId: p.id,
        siteId: p.siteId,
        projectId: of.projectId,
        ...e,
        updatedAt: actor.now,
      })),
    );
    const kept = new Set(rows.map((r) => `${r.pilotId} ${r.dimension}`));
    const known = await tx
      .select({ pilotId: pilotEffects.pilotId, dimension: pilotEffects.dimension })
      .from(pilotEffects)
      .where(and(eq(pilotEffects.tenantId, actor.tenantId), inArray(pilotEffects.pilotId, ids)));
    for (const [dimension, gone] of groupBy(
      known.filter((r) => !kept.has(`${r.pilotId} ${r.dimension}`)),
      (r) => r.dimension,
    ))
      await tx.delete(pilotEffects).where(
        and(
          eq(pilotEffects.tenantId, actor.tenantId),
          eq(pilotEffects.dimension, dimension),
          inArray(
            pilotEffects.pilotId,
            gone.map((r) => r.pilotId),
          ),
        ),
      );
    if (rows.length > 0) await saveEffects(tx, rows);
  }
}

async function saveEffects(tx: Tx, rows: (typeof pilotEffects.$inferInsert)[]): Promise<void> {
  await tx
    .insert(pilotEffects)
    .values(rows)
    .onConflictDoUpdate({
      target: [pilotEffects.tenantId, pilotEffects.pilotId, pilotEffects.dimension],
      set: {
        beforeMilli: sql`excluded.before_milli`,
        promisedMilli: sql`excluded.promised_milli`,
        afterMilli: sql`excluded.after_milli`,
        risks: sql`excluded.risks`,
        updatedAt: sql`excluded.updated_at`,
      },
      // Its time tells whether the values are others than those that were told outside.
      setWhere: sql`(pilot_effects.before_milli, pilot_effects.promised_milli, pilot_effects.after_milli, pilot_effects.risks)
        is distinct from (excluded.before_milli, excluded.promised_milli, excluded.after_milli, excluded.risks)`,
    });
}

interface Reported {
  pilotId: string;
  period: string;
  on: string | null;
}

/** Monthly reports of pilots, each with the day on which it first came in. */
async function reportsOf(tx: Tx, actor: Actor, pilotIds: string[]): Promise<Reported[]> {
  const rows = await tx
    .select({
      pilotId: documents.pilotId,
      period: documents.period,
      on: sql<string | null>`to_char(s.sealed_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')`,
    })
    .from(documents)
    .leftJoin(
      sql`submissions s`,
      sql`s.tenant_id = ${documents.tenantId} and s.document_id = ${documents.id} and s.seq = 1`,
    )
    .where(
      and(
        eq(documents.tenantId, actor.tenantId),
        eq(documents.kind, "progressReport"),
        inArray(documents.pilotId, pilotIds),
        sql`${documents.period} <> ${summaryPeriod}`,
      ),
    );
  return rows as Reported[];
}

/** Verifications whose newest result of their kind is «failed». */
async function failedVerifications(tx: Tx, actor: Actor, pilotIds: string[]) {
  const newest = await tx
    .selectDistinctOn([verifications.pilotId, verifications.kind], {
      id: verifications.id,
      pilotId: verifications.pilotId,
      result: verifications.result,
    })
    .from(verifications)
    .where(and(eq(verifications.tenantId, actor.tenantId), inArray(verifications.pilotId, pilotIds)))
    .orderBy(verifications.pilotId, verifications.kind, sql`${verifications.at} desc, ${verifications.id} desc`);
  return newest.filter((v) => v.result === "failed");
}

/** The day on which each pilot of a project first came into operation. */
async function startsOf(tx: Tx, actor: Actor, projectId: string): Promise<Map<string, string>> {
  type Row = { object_id: string; day: string };
  const rows = await tx.execute<Row>(
    sql`select e.object_id, to_char(min(e.at) at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day from workflow_events e where e.tenant_id = ${actor.tenantId} and e.machine = 'pilot' and e.project_id = ${projectId} and e.to_state = 'operation' and e.from_state <> 'operation' group by e.object_id`,
  );
  return new Map([...(rows as Iterable<Row>)].map((r) => [r.object_id, r.day]));
}

/** What is known of the course of pilots in operation, by pilot. */
async function courseOf(
  tx: Tx,
  actor: Actor,
  projectId: string,
  chosen: readonly Chosen[],
): Promise<Map<string, CourseFacts>> {
  if (chosen.length === 0) return new Map();
  const ids = chosen.map((p) => p.id);
  const [values, reports, failed, startOf, [project]] = await Promise.all([
    latestValues(tx, actor, projectId, ids),
    reportsOf(tx, actor, ids),
    failedVerifications(tx, actor, ids),
    startsOf(tx, actor, projectId),
    tx
      .select({ dueOn: projects.dueOn })
      .from(projects)
      .where(and(eq(projects.tenantId, actor.tenantId), eq(projects.id, projectId))),
  ]);
  const byPilot = groupBy(reports, (r) => r.pilotId);
  const failedOf = groupBy(failed, (v) => v.pilotId);
  return new Map(
    chosen.map((p) => {
      const until = project?.dueOn[p.batchNo === 1 ? "batchOne" : "batchTwo"] ?? today(actor);
      return [
        p.id,
        courseFacts({
          since: startOf.get(p.id) ?? null,
          until,
          now: today(actor),
          open: p.stage === "operation",
          indicators: values(p.id),
          reports: byPilot.get(p.id) ?? [],
          failed: (failedOf.get(p.id) ?? []).map((v) => v.id),
        }),
      ];
    }),
  );
}

interface Course {
  since: string | null;
  until: string;
  now: string;
  open: boolean;
  indicators: EffectIndicator[];
  reports: readonly Reported[];
  failed: string[];
}
function courseFacts({ since, until, now, open, indicators: list, reports, failed }: Course): CourseFacts {
  const reached = list.map(attainment);
  const handedIn = new Map(reports.map((r) => [r.period, r.on]));
  const due = since === null ? [] : monthsBetween(since, now).filter((month) => reportDue(month) < now);
  return {
    attainmentBp: meanAttainment(reached),
    indicatorsKnown: reached.filter((a) => a.basisPoints !== null).length,
    indicatorsReached: reached.filter((a) => a.reached).length,
    expectedBp: since === null ? 0 : expectedBp(since, until > since ? until : now, now),
    worseIndicators: reached.filter((a) => a.worse).map((a) => a.indicatorId),
    missingReports: open ? due.filter((month) => !handedIn.get(month)) : [],
    lateReports: due.slice(0, 3).filter((month) => {
      const on = handedIn.get(month);
      return on !== null && on !== undefined && daysFrom(reportDue(month), on) > 0;
    }),
    openHighFindings: failed,
    overdueHighFindings: [],
    lateMilestones: [],
  };
}

/** Sets the health of pilots by the rules; a sector's to do, after a report and whenever a day has passed. */
export async function refreshHealth(tx: Tx, actor: Actor, of: PilotsOf): Promise<void> {
  const chosen = await choose(tx, actor, of);
  for (let from = 0; from < chosen.length; from += chunk) {
    const part = chosen.slice(from, from + chunk);
    const course = await courseOf(tx, actor, of.projectId, part);
    const changed = part.flatMap((p) => {
      const facts = course.get(p.id);
      const health = facts ? healthOf(facts).health : "none";
      return health === p.health ? [] : [{ id: p.id, health }];
    });
    for (const [health, rows] of groupBy(changed, (c) => c.health)) {
      const ids = rows.map((r) => r.id);
      const done = await tx
        .update(pilots)
        .set({ health })
        .where(and(eq(pilots.tenantId, actor.tenantId), inArray(pilots.id, ids)))
        .returning({ id: pilots.id });
      if (done.length !== ids.length) throw conflict({ logMessage: "pilots changed while their health was set" });
    }
  }
}

/** Health with its reasons, and what the facts suggest for the mid-term check. Null before a pilot operates. */
export async function assessCourse(tx: Tx, actor: Actor, pilot: typeof pilots.$inferSelect) {
  if (!stageIs(pilot.stage, "effective")) return null;
  const facts = (await courseOf(tx, actor, pilot.projectId, [pilot])).get(pilot.id);
  if (!facts) return null;
  const { health, reasons } = healthOf(facts);
  const told = reasons.length > 0 ? reasons : [onCourse(facts)];
  return { facts, health, reasons: told, suggestion: midtermSuggestion(facts).result };
}
