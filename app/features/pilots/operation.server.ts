import { sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { rowsOf } from "#db/rows.ts";

export interface Began {
  at: Date;
  /** The day in China. */
  day: string;
}
/** When pilots came into operation first; those that never did are left out. A returned summary does not move it. */
export async function operationsBegan(
  tx: Tx,
  pilots: readonly { tenantId: string; id: string }[],
): Promise<Map<string, Began>> {
  if (pilots.length === 0) return new Map();
  const listed = (values: readonly string[]) =>
    sql.join(
      [...new Set(values)].map((value) => sql`${value}::uuid`),
      sql`, `,
    );
  const rows = rowsOf<{ id: string; at: string; day: string }>(
    await tx.execute(sql`
      select object_id as id, min(at) as at, to_char(min(at) at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day from workflow_events
      where tenant_id in (${listed(pilots.map((p) => p.tenantId))}) and object_id in (${listed(pilots.map((p) => p.id))})
        and machine = 'pilot' and to_state = 'operation' and from_state <> 'operation'
      group by object_id`),
  );
  return new Map(rows.map(({ id, at, day }) => [id, { at: new Date(at), day }]));
}

/** The same of one; null before. */
export const operationBegan = async (tx: Tx, pilot: { tenantId: string; id: string }): Promise<Began | null> =>
  (await operationsBegan(tx, [pilot])).get(pilot.id) ?? null;
