import { and, eq, lt, sql } from "drizzle-orm";
import { hrefOf } from "#app/domain/hrefs.ts";
import { addDays, daysFrom } from "#app/platform/days.ts";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { measures, projects, sites } from "#db/schema/index.ts";
import { lateMeasures, openMeasures } from "#app/features/plan/measures-done.server.ts";
import { noTasks, type TaskSource } from "./task-source.ts";
import { ofSite, type Side, type Task, type TaskKey } from "./tasks.rules.ts";

/** So many days ahead a measure is told of. */
const horizonDays = 14;

/**
 * Measures of a plan that is carried out and that are not in place: the site's own that are due soon or late; for the sector's
 * office those that are late wait for their sites.
 */
export async function measureTasks(tx: Tx, actor: Actor): Promise<TaskSource> {
  const day = today(actor);
  const own = actor.level === "site";
  const side: Side = own ? "own" : "waiting";
  const open = and(
    eq(measures.tenantId, actor.tenantId),
    own ? and(openMeasures(day), lt(measures.endsOn, addDays(day, horizonDays))) : lateMeasures(day),
    sql`exists (select 1 from ${projects} p where p.tenant_id = ${measures.tenantId} and p.id = ${measures.projectId}
      and (starts_with(p.state, 'batch') or starts_with(p.state, 'specification.')))`,
  );
  const [counted] = await tx.select({ n: sql<number>`count(*)::int` }).from(measures).where(open);
  return { counts: { ...noTasks, [side]: counted?.n ?? 0 }, page };

  async function page(wanted: Side, after: TaskKey | null, limit: number): Promise<Task[]> {
    if (wanted !== side) return [];
    const key = sql`(${measures.endsOn}::text collate "C", ${measures.id}::text collate "C")`;
    const [rank, due, id] = after ?? [0, "", ""];
    // All of them are of one rank: behind a task of a lower one they all come, behind one of a higher none.
    const behind = rank === 1 ? sql`${key} > (${due} collate "C", ${id.split(":")[0] ?? ""} collate "C")` : undefined;
    const rows = await tx
      .select({
        id: measures.id,
        code: measures.code,
        title: measures.title,
        projectId: measures.projectId,
        endsOn: measures.endsOn,
        site: sites.name,
      })
      .from(measures)
      .innerJoin(sites, and(eq(sites.tenantId, measures.tenantId), eq(sites.id, measures.siteId)))
      .where(and(open, behind))
      .orderBy(sql`${measures.endsOn}::text collate "C"`, sql`${measures.id}::text collate "C"`)
      .limit(limit);
    return rows.map((m) => ({
      id: `${m.id}:measure`,
      group: own ? "due" : "waiting",
      kind: own ? "measure_due" : "measure_missing",
      subject: ofSite(`${m.code} ${m.title}`, own ? null : m.site),
      href: hrefOf({ is: "measure", ...m }),
      dueOn: m.endsOn,
      daysLate: m.endsOn === null ? null : daysFrom(m.endsOn, day),
      waitsFor: own ? null : "site",
    }));
  }
}
