import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { Actor } from "#app/request/actor.ts";
import { rowsOf } from "#db/rows.ts";
import { comparisonFilter } from "#app/features/compare/compare.schema.ts";
import { comparison, comparisonQuery } from "#app/features/compare/comparison.server.ts";
import { withActor } from "#db/client.server.ts";
import { benchDatabase, type BenchDatabase } from "./database.ts";
import { sideBySide } from "./measure.ts";
import type { BenchRow } from "./pdf.ts";

export const name = "comparison";

const sizes = [100, 10_000] as const;
const filter = comparisonFilter.parse({});

/** Effects in four dimensions and two indicators with six periods for every pilot. */
async function addEffects(b: BenchDatabase): Promise<void> {
  await b.superuser.begin(async (tx) => {
    await tx.unsafe("set local session_replication_role = replica; set local statement_timeout = 0");
    await tx.unsafe(`insert into indicators (tenant_id, id, project_id, code, name, unit, dimension, direction, baseline_milli, target_milli)
      select tenant_id, md5(tenant_id || 'i' || n)::uuid, id, 'I-' || n, '指标' || n, '次', 'identity', 'down', 10000, 2000 from projects, generate_series(1, 2) n`);
    await tx.unsafe(`insert into pilot_effects (tenant_id, pilot_id, site_id, project_id, dimension, before_milli, after_milli, risks)
      select tenant_id, id, site_id, project_id, d, 9000 + hashtext(id::text || d) % 3000, 5000 + hashtext(d || id::text) % 4000, 3 from pilots, unnest(array['supervision','identity','network','privacy']) d`);
    await tx.unsafe(`insert into indicator_values (tenant_id, id, project_id, pilot_id, site_id, indicator_id, document_id, period, value_milli)
      select tenant_id, gen_random_uuid(), project_id, id, site_id, md5(tenant_id || 'i' || n)::uuid, gen_random_uuid(), '2014-0' || m, 10000 - m * 900 from pilots, generate_series(1, 2) n, generate_series(1, 6) m`);
  });
  for (const table of ["indicators", "pilot_effects", "indicator_values"])
    await b.superuser.unsafe(`vacuum (analyze) ${table}`);
}

const dialect = new PgDialect();

async function measure(pilots: number): Promise<BenchRow[]> {
  const b = await benchDatabase(2, pilots);
  try {
    await addEffects(b);
    const [tenantId = "", projectId = ""] = [b.tenants[0], b.projects[0]];
    const member = await b.member(tenantId, "regulator");
    const actor = {
      ...member,
      tenantId,
      role: "regulator",
      level: "sector",
      siteId: null,
      now: new Date(),
    } as unknown as Actor;
    const bare = dialect.sqlToQuery(comparisonQuery(tenantId, projectId, filter));
    const [statement, whole] = await sideBySide(
      [
        {
          name: "the statement, by the owner",
          once: async () => b.superuser.unsafe(bare.sql, bare.params as string[], { prepare: true }),
        },
        {
          name: "the regulator's comparison",
          once: async () => withActor(b.db.read, member, (tx) => comparison(tx, actor, projectId, filter)),
        },
      ],
      { rounds: 5, milliseconds: pilots > 1000 ? 1500 : 700, workers: 2 },
    );
    const plan = await withActor(b.db.read, member, async (tx) =>
      rowsOf<{ "QUERY PLAN": string }>(
        await tx.execute(
          sql`explain (analyze, costs off, timing off, summary off) ${comparisonQuery(tenantId, projectId, filter)}`,
        ),
      ),
    );
    const text = plan.map((r) => r["QUERY PLAN"]).join("\n");
    const loops = Math.max(...[...text.matchAll(/loops=(\d+)/g)].map((m) => Number(m[1])));
    return [
      {
        name: `comparison of ${pilots.toLocaleString("en")} pilots, policies and rules included, over its bare statement`,
        figure: `${(2000 / (whole?.perSecond ?? 0)).toFixed(1)} ms against ${(2000 / (statement?.perSecond ?? 0)).toFixed(1)} ms`,
        ratio: whole?.ratio ?? Number.NaN,
        // At 100 the transaction around it weighs as much as the statement: told, with no target.
        ...(pilots > 1000 ? { target: "≥ 0.8" } : {}),
        note: `throughput; 2 at a time; most repeated step of the plan: ${loops} times`,
      },
    ];
  } finally {
    await b.stop();
  }
}

export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const n of sizes) rows.push(...(await measure(n)));
  return rows;
}
