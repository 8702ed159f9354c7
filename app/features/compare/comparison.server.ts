import { type SQL, sql } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { byCode } from "#db/codes.ts";
import type { Tx } from "#db/client.server.ts";
import { type Dimension, dimensions } from "#db/vocabulary.ts";
import {
  addSums,
  compareSums,
  effectOfSums,
  meanOfSum,
  noSums,
  readSums,
  type SumStratum,
} from "#app/features/effect/aggregate.rules.ts";
import type { ComparisonFilter } from "./compare.schema.ts";
import {
  type Effect,
  effectSentence,
  type Sentence,
  type StratifiedComparison,
} from "#app/features/effect/effects.rules.ts";
import { reviewStates, stagesWhere } from "#workflows/index.ts";

/*
 * A sector's pilots side by side: one statement, aggregated in the database, so that ten thousand pilots cost what ten do
 * in the page. Only pilots that reached operation have an effect to compare.
 */

/** Marks of a panel; the rest is in the figures and in the workbook. */
const maxPoints = 120;

/** How an effect is known: promised by the plan, reported and approved, or found again by somebody else. */
export type Known = "promised" | "reported" | "verified";

interface Point {
  pilotId: string;
  code: string;
  name: string;
  batchNo: 1 | 2;
  beforeMilli: number;
  /** Of one that is promised alone, what the plan promises. */
  afterMilli: number;
  known: Known;
  /** Of an indicator: from a report under review. */
  awaiting?: boolean;
}
export interface Panel {
  dimension: Dimension;
  effect: Effect;
  /** Pilots by how their effect is known; those whose effect is promised alone are in no mean. */
  known: Record<Known, number>;
  /** Mean change that the plan promises over all of them, thousandths; null without pilots. */
  promisedMilli: number | null;
  /** Means over the effects that are reported or verified, thousandths; null without one. */
  beforeMilli: number | null;
  afterMilli: number | null;
  /** Median of the changes, thousandths: what one outlier does not move. */
  medianMilli: number | null;
  sentence: Sentence;
  points: Point[];
  /** Pilots without a mark of their own. */
  unshown: number;
  /** Batch one against batch two in strata of equal grade and size; only without a batch filter. */
  batches: StratifiedComparison;
}
interface IndicatorPanel {
  indicatorId: string;
  code: string;
  name: string;
  unit: string;
  dimension: Dimension;
  direction: "up" | "down";
  baselineMilli: number | null;
  targetMilli: number | null;
  /** Latest values over the pilots that reported. */
  meanMilli: number | null;
  medianMilli: number | null;
  reached: number;
  /** Of those that reported, how many are known from a report under review. */
  awaiting: number;
  effect: Effect;
  points: Point[];
}
export interface Comparison {
  filter: ComparisonFilter;
  pilots: number;
  sites: number;
  panels: Panel[];
  indicators: IndicatorPanel[];
  /** The sentence that says most: the surest fall or rise, else the largest group. */
  headline: Sentence | null;
  scaleMaxMilli: number;
}

type Cell = {
  dimension: Dimension;
  grade: number;
  size: string;
  batch: 1 | 2;
  n: number;
  /** Sums as digits: JSON's numbers end at 2⁵³. */
  before: string;
  after: string;
  sum: string;
  squares: string;
  verified: number;
  promised: number;
  /** Pilots whose plan was worked out. */
  ofPlan: number;
  promisedSum: string;
};
interface Raw {
  chosen: { pilots: number; sites: number };
  cells: Cell[] | null;
  sites: { dimension: Dimension; sites: number; median: number | null }[] | null;
  points: (Point & { dimension: Dimension })[] | null;
  indicators:
    | (Omit<IndicatorPanel, "effect" | "points"> & { n: number; sites: number; sum: string; squares: string })[]
    | null;
  values: Omit<Point, "known">[] | null;
}

/** Of pilots `p` with their sites `s`: those put side by side. */
export function chosenPilots(f: ComparisonFilter): SQL {
  const parts = [
    f.stage ? sql`p.stage = ${f.stage}` : sql`p.stage in ${stagesWhere("effective")}`,
    f.batch ? sql`p.batch_no = ${f.batch}` : undefined,
    f.grade ? sql`p.grade = ${f.grade}` : undefined,
    f.size ? sql`s.size = ${f.size}` : undefined,
    f.direction ? sql`p.direction = ${f.direction}` : undefined,
  ].filter((p) => p !== undefined);
  return sql.join(parts, sql` and `);
}

/**
 * The latest figure of each pilot and indicator: of approved reports, and on demand of those under review. Made before pilots
 * are joined to it, since a pilot has a figure for every month.
 */
function latestOf(tenantId: string, projectId: string, awaiting: boolean): SQL {
  const approved = sql`select pilot_id, indicator_id, period, value_milli, false as awaiting from indicator_values
    where tenant_id = ${tenantId} and project_id = ${projectId}`;
  const states = sql.join(
    reviewStates.map((state) => sql`${state}`),
    sql`, `,
  );
  const underReview = sql`select d.pilot_id, (x ->> 'indicatorId')::uuid, d.period, (x ->> 'valueMilli')::bigint, true
    from documents d
      cross join lateral (select s.content from submissions s where s.tenant_id = d.tenant_id and s.document_id = d.id order by s.seq desc limit 1) s
      cross join lateral jsonb_array_elements(s.content -> 'values') x
    where d.tenant_id = ${tenantId} and d.project_id = ${projectId} and d.kind = 'progressReport' and d.state in (${states})`;
  const values = awaiting ? sql`${approved} union all ${underReview}` : approved;
  return sql`select distinct on (pilot_id, indicator_id) * from (${values}) y order by pilot_id, indicator_id, period desc, awaiting desc`;
}

/**
 * The statement. Joins go to the tables by their keys, not to a CTE: with statistics that lag behind a large import a scan of
 * a CTE for each row took 25 s for ten thousand pilots.
 */
export function comparisonQuery(tenantId: string, projectId: string, f: ComparisonFilter): SQL {
  return sql`
    with eff as materialized (
      select p.id, p.code, p.name, p.batch_no as batch, p.grade, p.site_id, s.size, e.dimension, e.before_milli as before,
        coalesce(e.verified_milli, e.after_milli) as after, coalesce(e.verified_milli, e.after_milli) - e.before_milli as change, e.promised_milli as promised,
        case when e.verified_milli is not null then 'verified' when e.after_milli is not null then 'reported' else 'promised' end as known
      from pilots p join sites s on s.tenant_id = p.tenant_id and s.id = p.site_id
        join pilot_effects e on e.tenant_id = p.tenant_id and e.pilot_id = p.id
      where p.tenant_id = ${tenantId} and p.project_id = ${projectId} and ${chosenPilots(f)}
    ), latest as materialized (
      select v.pilot_id, v.indicator_id, v.value_milli as value, v.awaiting, p.code, p.name, p.batch_no as batch, p.site_id
      from (${latestOf(tenantId, projectId, f.awaiting === "yes")}) v
        join pilots p on p.tenant_id = ${tenantId} and p.id = v.pilot_id join sites s on s.tenant_id = p.tenant_id and s.id = p.site_id
      where ${chosenPilots(f)}
    )
    select json_build_object(
      'chosen', (select json_build_object('pilots', count(*), 'sites', count(distinct p.site_id))
        from pilots p join sites s on s.tenant_id = p.tenant_id and s.id = p.site_id
        where p.tenant_id = ${tenantId} and p.project_id = ${projectId} and ${chosenPilots(f)}),
      'cells', (select json_agg(x) from (
        select dimension, grade, size, batch, count(after) as n, coalesce(sum(before) filter (where after is not null), 0)::text as before,
          coalesce(sum(after), 0)::text as after, coalesce(sum(change), 0)::text as sum, coalesce(sum(change::numeric * change), 0)::text as squares,
          count(*) filter (where known = 'verified') as verified, count(*) filter (where known = 'promised') as promised,
          count(promised) as "ofPlan", coalesce(sum(promised - before), 0)::text as "promisedSum"
        from eff group by dimension, grade, size, batch order by 1, 2, 3, 4) x),
      'sites', (select json_agg(x) from (select dimension, count(distinct site_id) as sites, percentile_cont(0.5) within group (order by change) as median from eff where after is not null group by dimension) x),
      'points', (select json_agg(x order by x.dimension, x.known = 'promised', x."beforeMilli" desc, x.code) from (
        select q.* from unnest(${sql.param([...dimensions])}::text[]) d cross join lateral (
          select dimension, id as "pilotId", code, name, batch as "batchNo", before as "beforeMilli", coalesce(after, promised) as "afterMilli", known
          from eff where dimension = d and (after is not null or promised is not null)
          order by known = 'promised', before desc, code limit ${maxPoints}) q) x),
      'indicators', (select json_agg(x) from (
        select i.id as "indicatorId", i.code, i.name, i.unit, i.dimension, i.direction, i.baseline_milli as "baselineMilli", i.target_milli as "targetMilli",
          round(avg(l.value))::bigint as "meanMilli", percentile_cont(0.5) within group (order by l.value) as "medianMilli", count(*) filter (where l.awaiting) as awaiting, count(l.pilot_id) as n, count(distinct l.site_id) as sites,
          count(*) filter (where case i.direction when 'up' then l.value >= i.target_milli else l.value <= i.target_milli end) as reached,
          coalesce(sum(l.value - i.baseline_milli), 0)::text as sum,
          coalesce(sum((l.value - i.baseline_milli)::numeric * (l.value - i.baseline_milli)), 0)::text as squares
        from indicators i left join latest l on l.indicator_id = i.id
        where i.tenant_id = ${tenantId} and i.project_id = ${projectId}
        group by i.tenant_id, i.id order by ${byCode(sql`i.code`)}) x),
      'values', (select json_agg(x) from (
        select l.pilot_id as "pilotId", l.code, l.name, l.batch as "batchNo", i.baseline_milli as "beforeMilli", l.value as "afterMilli", l.awaiting
        from latest l join indicators i on i.tenant_id = ${tenantId} and i.id = l.indicator_id
        where l.indicator_id = ${f.indicator ?? null}::uuid and i.baseline_milli is not null order by ${byCode(sql`l.code`)} limit ${maxPoints}) x)
    ) as answer`;
}

function strata(cells: readonly Cell[]): SumStratum[] {
  const found = new Map<string, SumStratum>();
  for (const c of cells) {
    const key = `grade=${c.grade} size=${c.size}`;
    const stratum = found.get(key) ?? { key, tags: { grade: c.grade, size: c.size }, a: noSums, b: noSums };
    const side = c.batch === 1 ? "a" : "b";
    found.set(key, { ...stratum, [side]: addSums(stratum[side], readSums(c)) });
  }
  return [...found.values()];
}

function panelOf(dimension: Dimension, raw: Raw, filter: ComparisonFilter): Panel {
  const cells = (raw.cells ?? []).filter((c) => c.dimension === dimension);
  const change = cells.map(readSums).reduce(addSums, noSums);
  const effect = effectOfSums(change, raw.sites?.find((s) => s.dimension === dimension)?.sites ?? 0);
  const points = (raw.points ?? []).filter((p) => p.dimension === dimension).map(({ dimension: _d, ...p }) => p);
  const mean = (of: "before" | "after") =>
    change.n === 0
      ? null
      : meanOfSum(
          cells.reduce((sum, c) => sum + BigInt(c[of]), 0n),
          change.n,
        );
  const batch = filter.batch === 1 ? "1" : filter.batch === 2 ? "2" : "all";
  const known: Panel["known"] = { promised: 0, reported: 0, verified: 0 };
  for (const c of cells) {
    known.promised += c.promised;
    known.verified += c.verified;
    known.reported += c.n - c.verified;
  }
  const all = change.n + known.promised;
  const promised = cells.reduce((sum, c) => sum + BigInt(c.promisedSum), 0n);
  const ofPlan = cells.reduce((n, c) => n + c.ofPlan, 0);
  return {
    dimension,
    effect,
    known,
    promisedMilli: ofPlan === 0 ? null : meanOfSum(promised, ofPlan),
    beforeMilli: mean("before"),
    afterMilli: mean("after"),
    medianMilli: raw.sites?.find((s) => s.dimension === dimension)?.median ?? null,
    sentence: effectSentence(effect, { batch, dimension }),
    points,
    unshown: all - points.length,
    batches: compareSums(strata(cells)),
  };
}

/** The finding on top: the surest change by its size against its interval, else what most pilots tell. */
function headlineOf(panels: readonly Panel[]): Sentence | null {
  const sure = panels.filter((p) => p.effect.verdict === "fell" || p.effect.verdict === "rose");
  const strength = (p: Panel) => Math.abs(p.effect.change?.mean ?? 0);
  const [best] = [...sure].sort((a, b) => strength(b) - strength(a));
  const [largest] = [...panels].filter((p) => p.effect.n > 0).sort((a, b) => b.effect.n - a.effect.n);
  return (best ?? largest)?.sentence ?? null;
}

/** @throws notFound for another sector's project. */
export async function comparison(
  tx: Tx,
  actor: Actor,
  projectId: string,
  filter: ComparisonFilter,
): Promise<Comparison> {
  const project = await loadProject(tx, projectId);
  const rows = await tx.execute<{ answer: Raw }>(comparisonQuery(actor.tenantId, project.id, filter));
  const [first] = [...(rows as Iterable<{ answer: Raw }>)];
  const raw: Raw = first?.answer ?? {
    chosen: { pilots: 0, sites: 0 },
    cells: null,
    sites: null,
    points: null,
    indicators: null,
    values: null,
  };
  const panels = dimensions.map((d) => panelOf(d, raw, filter));
  const indicators = (raw.indicators ?? []).map(
    ({ n, sites, sum, squares, ...i }): IndicatorPanel => ({
      ...i,
      effect: effectOfSums(i.baselineMilli === null ? noSums : readSums({ n, sum, squares }), sites),
      points:
        i.indicatorId === filter.indicator ? (raw.values ?? []).map((p) => ({ ...p, known: "reported" as const })) : [],
    }),
  );
  return {
    filter,
    ...raw.chosen,
    panels,
    indicators,
    headline: headlineOf(panels),
    scaleMaxMilli: Math.max(1000, ...panels.flatMap((p) => p.points.flatMap((x) => [x.beforeMilli, x.afterMilli]))),
  };
}
