import { sql } from "drizzle-orm";
import { type Actor, today } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { rowsOf } from "#db/rows.ts";
import { workOf } from "./tasks.server.ts";

/*
 * How many tasks are a person's own, for the frame of every page. Nothing of them changes but with the trail of the tenant or of
 * the national office, or with the day, so a count is kept until one of them is another: a page costs one short query instead of all that tasks are made of.
 */

/** People whose counts are kept; the longest unused goes first. */
const kept = 5000;
const counts = new Map<string, { of: string; n: number }>();

/** National office and institutions see what lies in other tenants, whose trails are not theirs: theirs is counted each time. */
export async function ownCount(tx: Tx, actor: Actor): Promise<number> {
  if (actor.level !== "site" && actor.level !== "sector") return (await workOf(tx, actor)).counts.own;
  const [row] = rowsOf<{ version: string | null }>(await tx.execute(sql`select auth.tenant_version() as version`));
  const of = `${row?.version ?? ""} ${today(actor)}`;
  const known = counts.get(actor.membershipId);
  const n = known?.of === of ? known.n : (await workOf(tx, actor)).counts.own;
  counts.delete(actor.membershipId);
  counts.set(actor.membershipId, { of, n });
  for (const oldest of counts.keys()) {
    if (counts.size <= kept) break;
    counts.delete(oldest);
  }
  return n;
}
