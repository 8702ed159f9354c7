import { z } from "zod";
import type { Api } from "#app/request/api.server.ts";
import { uuid } from "#app/platform/fields.ts";
import { dimensions } from "#db/vocabulary.ts";
import { comparisonFilter } from "./compare.schema.ts";
import { comparison } from "./comparison.server.ts";
import type { Effect } from "#app/features/effect/effects.rules.ts";

/** Thousandths. */
const interval = z
  .object({ mean: z.number(), low: z.number(), high: z.number(), level: z.number(), df: z.number() })
  .nullable();
const effect = z.object({
  n: z.number().int(),
  sites: z.number().int(),
  change: interval,
  verdict: z.enum(["fell", "rose", "unclear", "single", "none"]),
});
const answer = z.object({
  pilots: z.number().int(),
  sites: z.number().int(),
  dimensions: z.array(
    effect.extend({
      dimension: z.enum(dimensions),
      /** Pilots by how their effect is known; `n` and the means hold those that are reported or verified. */
      known: z.object({ promised: z.number().int(), reported: z.number().int(), verified: z.number().int() }),
      /** Mean change that the plans promise, over all of them. */
      promisedMilli: z.number().nullable(),
      beforeMilli: z.number().nullable(),
      afterMilli: z.number().nullable(),
      /** Median of the changes. */
      medianMilli: z.number().nullable(),
      batches: interval,
    }),
  ),
  indicators: z.array(
    effect.extend({
      id: z.string(),
      code: z.string(),
      name: z.string(),
      unit: z.string(),
      baselineMilli: z.number().nullable(),
      targetMilli: z.number().nullable(),
      meanMilli: z.number().nullable(),
      medianMilli: z.number().nullable(),
      reached: z.number().int(),
      /** Of `n`, those known from a report under review; 0 without `awaiting=yes`. */
      awaiting: z.number().int(),
    }),
  ),
});
const short = ({ n, sites, change, verdict }: Effect) => ({ n, sites, change, verdict });

/** The comparison of a sector's pilots over JSON. */
export function compareApi(api: Api): void {
  api.route({
    at: "GET /projects/{id}/comparison",
    name: "getComparison",
    summary: "Pilots of a project before and after, with 95 % intervals",
    tag: "comparison",
    params: z.object({ id: uuid() }),
    query: comparisonFilter,
    response: answer,
    run: async ({ tx, actor, params, query }) => {
      const c = await comparison(tx, actor, params.id, query);
      return {
        pilots: c.pilots,
        sites: c.sites,
        dimensions: c.panels.map((p) => ({
          dimension: p.dimension,
          known: p.known,
          promisedMilli: p.promisedMilli,
          beforeMilli: p.beforeMilli,
          afterMilli: p.afterMilli,
          medianMilli: p.medianMilli,
          batches: p.batches.difference,
          ...short(p.effect),
        })),
        indicators: c.indicators.map((i) => ({
          id: i.indicatorId,
          code: i.code,
          name: i.name,
          unit: i.unit,
          baselineMilli: i.baselineMilli,
          targetMilli: i.targetMilli,
          meanMilli: i.meanMilli,
          medianMilli: i.medianMilli,
          reached: i.reached,
          awaiting: i.awaiting,
          ...short(i.effect),
        })),
      };
    },
  });
}
