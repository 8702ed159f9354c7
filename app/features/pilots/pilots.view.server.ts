import { and, asc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { orNone } from "#app/platform/form-values.ts";
import { type Actor, today } from "#app/request/actor.ts";
import { readCursor, writeCursor } from "#app/platform/cursor.ts";
import type { Tx } from "#db/client.server.ts";
import { indicators, indicatorValues, pilots, sites } from "#db/schema/index.ts";
import { dimensions, type Health, healths } from "#db/vocabulary.ts";
import { pilotLeaves, stagesWhere } from "#workflows/index.ts";
import { attainment, meanAttainment } from "./course.rules.ts";
import { groupBy } from "#app/platform/collections.ts";
import { matching, optionalText, verbatim, oneOfNumbers, uuid } from "#app/platform/fields.ts";

const one = <T extends readonly [string, ...string[]]>(values: T) => orNone(z.enum(values));
const sortKeys = ["code", "due", "report", "rank"] as const;
/** Query of the list and the board; all of it in the address. */
export const pilotsQuery = z.object({
  q: orNone(optionalText(100)),
  batch: orNone(oneOfNumbers(1, 2)),
  stage: one(pilotLeaves),
  health: one(healths),
  direction: one(dimensions),
  /** Key, with a minus for the largest first. */
  sort: orNone(matching(/^-?(code|due|report|rank)$/, { error: `error_field_one_of|values=${sortKeys.join(", ")}` })),
  cursor: orNone(verbatim(300)),
  view: z.enum(["table", "board"]).catch("table"),
});
export type PilotsQuery = z.output<typeof pilotsQuery>;

/** Health as it is today: a report that fell due since it was set counts as well. A month late is red. Who left has none any more. */
export const healthNow = (day: string): SQL<Health> =>
  sql`case when ${pilots.stage} not in ${stagesWhere("effective")} then 'none'
    when ${pilots.stage} <> 'operation' or ${pilots.nextReportDue} is null or ${pilots.nextReportDue} >= ${day}::date then ${pilots.health}
    when ${pilots.nextReportDue} < ${day}::date - 31 then 'red' when ${pilots.health} = 'red' then 'red' else 'amber' end`;

/** The day of the next report of whoever owes one; what was due of a pilot that left is owed by nobody. */
export const reportOwedOn: SQL<string | null> =
  sql`case when ${pilots.stage} = 'operation' then ${pilots.nextReportDue}::text end`;

/** How one pilot stands today, as every list says it. */
export async function standingToday(tx: Tx, actor: Actor, pilotId: string) {
  const [row] = await tx
    .select({ health: healthNow(today(actor)).as("health_now"), nextReportDue: reportOwedOn.as("report_owed_on") })
    .from(pilots)
    .where(and(eq(pilots.tenantId, actor.tenantId), eq(pilots.id, pilotId)));
  return row ?? { health: "none" as const, nextReportDue: null };
}

function conditions(actor: Actor, q: PilotsQuery): SQL | undefined {
  const words = q.q?.trim().toLowerCase();
  return and(
    eq(pilots.tenantId, actor.tenantId),
    q.batch ? eq(pilots.batchNo, q.batch) : undefined,
    q.stage ? eq(pilots.stage, q.stage) : undefined,
    q.direction ? eq(pilots.direction, q.direction) : undefined,
    q.health ? sql`${healthNow(today(actor))} = ${q.health}` : undefined,
    words
      ? sql`(position(${words} in lower(${pilots.name})) > 0 or position(${words} in lower(${pilots.code})) > 0 or position(${words} in lower(${sites.name})) > 0)`
      : undefined,
  );
}

/** What each order compares, never null, as text that sorts as the value does: P1-9 before P1-10. */
const orders: Record<(typeof sortKeys)[number], SQL<string>> = {
  code: sql`split_part(${pilots.code}, '-', 1) || lpad(split_part(${pilots.code}, '-', 2), 8, '0')`,
  due: sql`coalesce(${reportOwedOn}, '9999')`,
  report: sql`coalesce(to_char(${pilots.lastReportAt} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS'), '0000')`,
  rank: sql`lpad(coalesce(${pilots.rank}, 99999999)::text, 8, '0')`,
};
const cursorShape = z.tuple([z.string().max(60), uuid()]);

export interface PilotLine {
  id: string;
  projectId: string;
  code: string;
  name: string;
  siteName: string;
  batchNo: number;
  stage: string;
  direction: (typeof dimensions)[number];
  grade: number;
  health: Health;
  rank: number | null;
  nextReportDue: string | null;
  lastReportAt: Date | null;
  /** Mean attainment of the indicators by month, percent, oldest first; at most six. */
  trend: (number | null)[];
}
// The site's name has one of its own: within a subquery two columns «name» cannot be told apart.
const columns = (actor: Actor) => ({
  id: pilots.id,
  projectId: pilots.projectId,
  code: pilots.code,
  name: pilots.name,
  siteName: sql<string>`${sites.name}`.as("site_name"),
  batchNo: pilots.batchNo,
  stage: pilots.stage,
  direction: pilots.direction,
  grade: pilots.grade,
  health: healthNow(today(actor)).as("health_now"),
  rank: pilots.rank,
  nextReportDue: reportOwedOn.as("report_owed_on"),
  lastReportAt: pilots.lastReportAt,
});
const ofSite = and(eq(sites.tenantId, pilots.tenantId), eq(sites.id, pilots.siteId));

/** One page of the pilots the caller may see, by cursor, without their trends; one statement. For sites and sectors. */
export async function pilotsPage(
  tx: Tx,
  actor: Actor,
  q: PilotsQuery,
  limit = 50,
): Promise<{ rows: Omit<PilotLine, "trend">[]; next: string | null }> {
  const down = q.sort?.startsWith("-") ?? false;
  const key = sortKeys.find((k) => k === q.sort?.replace("-", "")) ?? "code";
  const value = orders[key];
  const list = `pilots:${down ? "-" : ""}${key}`;
  const from = q.cursor ? readCursor(list, q.cursor, cursorShape) : null;
  const after = from
    ? down
      ? sql`(${value}, ${pilots.id}) < (${from[0]}, ${from[1]}::uuid)`
      : sql`(${value}, ${pilots.id}) > (${from[0]}, ${from[1]}::uuid)`
    : undefined;
  const rows = await tx
    .select({ ...columns(actor), order: value.as("order_value") })
    .from(pilots)
    .innerJoin(sites, ofSite)
    .where(and(conditions(actor, q), after))
    .orderBy(down ? sql`order_value desc, ${pilots.id} desc` : sql`order_value, ${pilots.id}`)
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(({ order: _o, ...r }) => r),
    next: rows.length > limit && last ? writeCursor(list, [last.order, last.id]) : null,
  };
}

/** As pilotsPage, with the trends; two statements whatever the number of pilots. */
export async function listPilots(
  tx: Tx,
  actor: Actor,
  q: PilotsQuery,
  limit = 50,
): Promise<{ rows: PilotLine[]; next: string | null }> {
  const { rows, next } = await pilotsPage(tx, actor, q, limit);
  const trends = await trendsOf(
    tx,
    actor,
    rows.map((r) => r.id),
  );
  return { rows: rows.map((r) => ({ ...r, trend: trends.get(r.id) ?? [] })), next };
}

/** Attainment by month for the pilots of a page: one statement. */
async function trendsOf(tx: Tx, actor: Actor, ids: readonly string[]): Promise<Map<string, (number | null)[]>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({
      pilotId: indicatorValues.pilotId,
      period: indicatorValues.period,
      id: indicators.id,
      direction: indicators.direction,
      baselineMilli: indicators.baselineMilli,
      targetMilli: indicators.targetMilli,
      valueMilli: indicatorValues.valueMilli,
    })
    .from(indicatorValues)
    .innerJoin(
      indicators,
      and(eq(indicators.tenantId, indicatorValues.tenantId), eq(indicators.id, indicatorValues.indicatorId)),
    )
    .where(and(eq(indicatorValues.tenantId, actor.tenantId), inArray(indicatorValues.pilotId, [...ids])))
    .orderBy(asc(indicatorValues.period));
  return new Map(
    [...groupBy(rows, (r) => r.pilotId)].map(([pilotId, own]) => {
      const months = [...groupBy(own, (r) => r.period).values()].map((list) => meanAttainment(list.map(attainment)));
      return [pilotId, months.slice(-6).map((bp) => (bp === null ? null : bp / 100))];
    }),
  );
}

export interface Board {
  stages: { stage: string; n: number; pilots: Omit<PilotLine, "trend">[] }[];
}
/** Cards of a column; the number above it counts all. */
const cards = 12;
/** Pilots by stage: the number of each, and the first of them. Two statements. */
export async function boardOf(tx: Tx, actor: Actor, q: PilotsQuery): Promise<Board> {
  const where = conditions(actor, q);
  const ranked = tx
    .select({
      ...columns(actor),
      no: sql<number>`row_number() over (partition by ${pilots.stage} order by ${orders.code}, ${pilots.id})`.as("no"),
    })
    .from(pilots)
    .innerJoin(sites, ofSite)
    .where(where)
    .as("ranked");
  const [counts, rows] = await Promise.all([
    tx
      .select({ stage: pilots.stage, n: sql<number>`count(*)::int` })
      .from(pilots)
      .innerJoin(sites, ofSite)
      .where(where)
      .groupBy(pilots.stage),
    tx.select().from(ranked).where(sql`${ranked.no} <= ${cards}`).orderBy(ranked.no),
  ]);
  const stages = pilotLeaves.flatMap((stage) => {
    const n = counts.find((c) => c.stage === stage)?.n ?? 0;
    return n === 0 ? [] : [{ stage, n, pilots: rows.filter((r) => r.stage === stage).map(({ no: _n, ...r }) => r) }];
  });
  return { stages };
}
