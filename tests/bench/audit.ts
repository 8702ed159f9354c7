import type postgres from "postgres";
import { benchDatabase, type BenchDatabase } from "./database.ts";
import { sideBySide } from "./measure.ts";
import type { BenchRow } from "./pdf.ts";

export const name = "audit";

/*
 * What the audit chain costs a write: the same transaction as the same role, once with its triggers and once with none
 * (session_replication_role, which only the superuser of a throw-away server may set). A write is one row changed, as an
 * answer that saves itself; commits are not waited for on disk, so that the share is not hidden behind the disk's time.
 */

interface Writer {
  tenantId: string;
  secret: string;
  pilotId: string;
}

async function write(sql: postgres.Sql, w: Writer, told: boolean): Promise<void> {
  await sql.begin(async (tx) => {
    await tx.unsafe(
      "select set_config('session_replication_role', $1, true), set_config('role', 'anshi_sector', true), set_config('anshi.secret', $2, true)",
      [told ? "origin" : "replica", w.secret],
      { prepare: true },
    );
    await tx.unsafe(
      "update pilots set health = case health when 'red' then 'amber' else 'red' end, updated_at = now() where tenant_id = $1 and id = $2",
      [w.tenantId, w.pilotId],
      { prepare: true },
    );
  });
}

/** One who writes at a row of their own, eight in each of the tenants. */
async function writersOf(b: BenchDatabase, tenants: readonly string[]): Promise<Writer[]> {
  const each = await Promise.all(
    tenants.map(async (tenantId) => {
      const { secret } = await b.member(tenantId, "regulator");
      const rows = await b.superuser<{ id: string }[]>`select id from pilots where tenant_id = ${tenantId} limit 8`;
      return rows.map(({ id }) => ({ tenantId, secret, pilotId: id }));
    }),
  );
  return Array.from({ length: 8 }, (_, n) => each.flatMap((of) => of.slice(n, n + 1))).flat();
}

export async function run(): Promise<BenchRow[]> {
  const b = await benchDatabase(8, 200);
  try {
    const [writers, one] = [await writersOf(b, b.tenants), await writersOf(b, b.tenants.slice(0, 1))];
    let turn = 0;
    const next = (of: readonly Writer[]) => of[(turn += 1) % of.length] ?? writers[0] ?? fail();
    const found = await sideBySide([
      { name: "none", once: () => write(b.superuser, next(writers), false) },
      { name: "eight tenants", once: () => write(b.superuser, next(writers), true) },
      { name: "one tenant", once: () => write(b.superuser, next(one), true) },
    ]);
    const [bare, spread, single] = found;
    const figure = (of = bare) =>
      `${Math.round(of?.perSecond ?? 0)} against ${Math.round(bare?.perSecond ?? 0)} writes a second`;
    return [
      {
        name: "writes with the audit chain over the same without, in eight tenants",
        figure: figure(spread),
        ratio: spread?.ratio ?? Number.NaN,
        note: "one row a transaction; what changed is noted and chained",
      },
      {
        name: "writes with the audit chain over the same without, all in one tenant",
        figure: figure(single),
        ratio: single?.ratio ?? Number.NaN,
        note: "commits of one chain wait for each other",
      },
    ];
  } finally {
    await b.stop();
  }
}
function fail(): never {
  throw new Error("no writer");
}
