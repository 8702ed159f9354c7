import { and, desc, eq, lt, ne, sql } from "drizzle-orm";
import { figureFault, figureFaultText, isLeap } from "#app/features/plan/indicator.rules.ts";
import { invalid } from "#app/platform/errors.ts";
import { inCodeOrder } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { indicators, indicatorValues } from "#db/schema/index.ts";
import type { PilotRow } from "./facts.server.ts";
import { summaryPeriod } from "./pilots.schema.ts";

/* A pilot's figures beside those of before, those of others, and what its indicators can be. */

/** Indicators that the pilot is measured by, by code. */
export const indicatorsOf = (tx: Tx, pilot: Pick<PilotRow, "tenantId" | "projectId">) =>
  tx
    .select()
    .from(indicators)
    .where(and(eq(indicators.tenantId, pilot.tenantId), eq(indicators.projectId, pilot.projectId)))
    .orderBy(...inCodeOrder(indicators.code));

/** The pilot's own approved figures of before a period, the last of each indicator. */
export async function approvedBefore(tx: Tx, pilot: PilotRow, period: string): Promise<Map<string, number>> {
  const rows = await tx
    .selectDistinctOn([indicatorValues.indicatorId], {
      indicatorId: indicatorValues.indicatorId,
      valueMilli: indicatorValues.valueMilli,
    })
    .from(indicatorValues)
    .where(
      and(
        eq(indicatorValues.tenantId, pilot.tenantId),
        eq(indicatorValues.pilotId, pilot.id),
        ne(indicatorValues.period, summaryPeriod),
        period === summaryPeriod ? undefined : lt(indicatorValues.period, period),
      ),
    )
    .orderBy(indicatorValues.indicatorId, desc(indicatorValues.period));
  return new Map(rows.map((r) => [r.indicatorId, r.valueMilli]));
}

/**
 * Figures that an indicator cannot have.
 * @throws invalid, by field `values.<indicator>`
 */
export async function demandPossible(
  tx: Tx,
  pilot: PilotRow,
  values: Readonly<Record<string, number | null>>,
): Promise<void> {
  const defined = await indicatorsOf(tx, pilot);
  const faults = defined.flatMap((i) => {
    const value = values[i.id];
    const fault = typeof value === "number" ? figureFault(i, value) : null;
    return fault ? [[`values.${i.id}`, [figureFaultText(fault)]] as const] : [];
  });
  if (faults.length > 0) throw invalid(Object.fromEntries(faults));
}

/** A reported figure as its reviewer judges it. Thousandths throughout. */
export interface JudgedFigure {
  indicatorId: string;
  /** The pilot's own approved figure of before. */
  lastMilli: number | null;
  baselineMilli: number | null;
  targetMilli: number | null;
  /** Median of what the sector's other pilots had approved last, and how many they are. */
  peerMedianMilli: number | null;
  peers: number;
  leap: boolean;
}
/** For the regulator: the figures of a report beside the last ones, where they began, where they are to go, and the other pilots'. */
export async function judgedFigures(
  tx: Tx,
  pilot: PilotRow,
  period: string,
  values: readonly { indicatorId: string; valueMilli: number }[],
): Promise<JudgedFigure[]> {
  const [defined, before, rows] = await Promise.all([
    indicatorsOf(tx, pilot),
    approvedBefore(tx, pilot, period),
    tx.execute<{ id: string; n: number; median: string }>(sql`
      select id, count(*)::int as n, percentile_cont(0.5) within group (order by value)::text as median
      from (
        select distinct on (v.indicator_id, v.pilot_id) v.indicator_id as id, v.value_milli as value
        from indicator_values v
        where v.tenant_id = ${pilot.tenantId} and v.project_id = ${pilot.projectId} and v.pilot_id <> ${pilot.id}
        order by v.indicator_id, v.pilot_id, v.period desc
      ) x group by id`),
  ]);
  const peers = new Map([...(rows as Iterable<{ id: string; n: number; median: string }>)].map((r) => [r.id, r]));
  const of = new Map(defined.map((i) => [i.id, i]));
  return values.flatMap(({ indicatorId, valueMilli }) => {
    const i = of.get(indicatorId);
    if (!i) return [];
    const last = before.get(i.id) ?? null;
    const others = peers.get(i.id);
    return [
      {
        indicatorId,
        lastMilli: last,
        baselineMilli: i.baselineMilli,
        targetMilli: i.targetMilli,
        peerMedianMilli: others ? Math.round(Number(others.median)) : null,
        peers: others?.n ?? 0,
        leap: isLeap(i, last ?? i.baselineMilli, valueMilli),
      },
    ];
  });
}
