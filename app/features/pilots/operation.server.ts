import { sql } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { rowsOf } from "#db/rows.ts";

/** When a pilot came into operation first, as an instant and as the day in China; null before. A returned summary does not move it. */
export async function operationBegan(
  tx: Tx,
  pilot: { tenantId: string; id: string },
): Promise<{ at: Date; day: string } | null> {
  const [row] = rowsOf<{ at: string | null; day: string | null }>(
    await tx.execute(sql`
      select min(at) as at, to_char(min(at) at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day from workflow_events
      where tenant_id = ${pilot.tenantId} and object_id = ${pilot.id} and machine = 'pilot' and to_state = 'operation' and from_state <> 'operation'`),
  );
  return row?.at && row.day ? { at: new Date(row.at), day: row.day } : null;
}
