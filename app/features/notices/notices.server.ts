import { and, count, desc, eq, isNull, lt, or, type SQL } from "drizzle-orm";
import { readCursor, writeCursor } from "#app/platform/cursor.ts";
import { notFound } from "#app/platform/errors.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { notices } from "#db/schema/index.ts";
import { z } from "zod";

export type NoticeRow = typeof notices.$inferSelect;

const mine = (actor: Actor) => and(eq(notices.tenantId, actor.tenantId), eq(notices.membershipId, actor.membershipId));

/** How many the caller has not read. */
export async function unreadCount(tx: Tx, actor: Actor): Promise<number> {
  const [row] = await tx
    .select({ n: count() })
    .from(notices)
    .where(and(mine(actor), isNull(notices.readAt)));
  return row?.n ?? 0;
}

const place = z.tuple([z.iso.datetime(), z.uuid()]);
/**
 * The caller's notices, the newest first.
 * @param after the cursor of the page before
 * @throws badCursor
 */
export async function noticesPage(
  tx: Tx,
  actor: Actor,
  { unread, after, limit }: { unread: boolean; after: string | undefined; limit: number },
): Promise<{ rows: NoticeRow[]; next: string | null }> {
  const list = unread ? "notices:unread" : "notices";
  const [at, id] = after ? readCursor(list, after, place) : [];
  const before = at !== undefined && id !== undefined ? new Date(at) : null;
  const found = await tx
    .select()
    .from(notices)
    .where(
      and(
        mine(actor),
        unread ? isNull(notices.readAt) : undefined,
        before && id ? or(lt(notices.at, before), and(eq(notices.at, before), lt(notices.id, id))) : undefined,
      ),
    )
    .orderBy(desc(notices.at), desc(notices.id))
    .limit(limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last ? writeCursor(list, [last.at.toISOString(), last.id]) : null };
}

/** Notes that the caller has read everything. Returns how many were unread. */
export async function markRead(tx: Tx, actor: Actor): Promise<number> {
  return (await marked(tx, actor, undefined)).length;
}
/** Notes that the caller has read one; again is no fault. @throws notFound, also for somebody else's */
export async function markOneRead(tx: Tx, actor: Actor, noticeId: string): Promise<void> {
  const one = eq(notices.id, noticeId);
  if ((await marked(tx, actor, one)).length === 1) return;
  const known = await tx
    .select({ id: notices.id })
    .from(notices)
    .where(and(mine(actor), one));
  if (known.length === 0) throw notFound({ logMessage: `notice ${noticeId}` });
}
/** Whoever acts on a thing has read what they were told of it. */
export async function markPlaceRead(tx: Tx, actor: Actor, href: string): Promise<void> {
  await marked(tx, actor, eq(notices.href, href));
}
const marked = (tx: Tx, actor: Actor, which: SQL | undefined) =>
  tx
    .update(notices)
    .set({ readAt: actor.now })
    .where(and(mine(actor), isNull(notices.readAt), which))
    .returning({ id: notices.id });
