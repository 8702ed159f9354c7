import { describe, expect, it } from "vitest";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { rowsOf } from "#db/rows.ts";
import { documents } from "#db/schema/index.ts";
import { uuidv7 } from "#app/platform/id.ts";
import { testWorld } from "#tests/builders/world.ts";
import { documentsQuery, type Place } from "./list.server.ts";

describe("the list of documents", () => {
  const world = testWorld();

  it("goes by its index from any place on, sorts nothing and reads no more than it shows", async () => {
    const w = world();
    const [{ regulator, id: tenantId, projectId }, other] = w.sectors;
    const rows = (s: { id: string; projectId: string }, count: number) =>
      Array.from({ length: count }, (_, n) => ({
        tenantId: s.id,
        id: uuidv7(),
        projectId: s.projectId,
        kind: "batchReview" as const,
        title: `第 ${n} 份`,
        period: String(n),
        // Many at one instant, as after a night's job.
        updatedAt: new Date(Date.UTC(2014, 0, 1 + Math.floor(n / 40))),
      }));
    await w.as(regulator, (tx) => tx.insert(documents).values(rows({ id: tenantId, projectId }, 2000)));
    await w.as(other.regulator, (tx) => tx.insert(documents).values(rows(other, 500)));

    // The planner knows what autovacuum would tell it in time.
    const root = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
    await root`analyze documents`;
    await root.end();

    const seen = new Set<string>();
    let after: Place | null = null;
    do {
      const page: Awaited<ReturnType<typeof documentsQuery>> = await w.as(regulator, (tx) =>
        documentsQuery(tx, {}, { after, limit: 150 }),
      );
      for (const row of page) {
        expect([row.tenantId, seen.has(row.id)]).toEqual([tenantId, false]);
        seen.add(row.id);
      }
      const last = page.length === 150 ? page.at(-1) : undefined;
      after = last ? { at: last.updatedAt.toISOString(), id: last.id } : null;
    } while (after);
    expect(seen.size).toBe(2000);

    const plan = async (place: Place | null): Promise<string> =>
      w.as(regulator, async (tx) => {
        const query = documentsQuery(tx, {}, { after: place, limit: 51 }).getSQL();
        const lines = await tx.execute(
          sql`explain (analyze, costs off, timing off, summary off, buffers off) ${query}`,
        );
        return rowsOf<{ "QUERY PLAN": string }>(lines)
          .map((line) => line["QUERY PLAN"])
          .join("\n");
      });
    const [middle] = [...seen].slice(1200, 1201);
    for (const place of [null, { at: "2014-01-20T00:00:00.000Z", id: middle ?? "" }]) {
      const told = await plan(place);
      expect(told).toContain("Index Scan using documents_updated");
      expect(told).not.toMatch(/Sort|Seq Scan on documents|Rows Removed by Filter/);
      if (place) expect(told).toMatch(/Index Cond: .*ROW\(updated_at, id\) </);
    }
  });
});
