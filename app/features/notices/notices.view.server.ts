import type { Locale } from "#app/i18n/translate.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import { noticesPage, unreadCount } from "./notices.server.ts";
import { sayingOf } from "./saying.server.ts";

/** Notices of a person as their page shows them, the newest first. */
export async function noticesView(
  tx: Tx,
  actor: Actor,
  { unread, after, limit }: { unread: boolean; after: string | undefined; limit: number },
  locale: Locale,
) {
  const [{ rows, next }, count] = await Promise.all([
    noticesPage(tx, actor, { unread, after, limit }),
    unreadCount(tx, actor),
  ]);
  return {
    unread: count,
    next,
    rows: rows.map((row) => ({
      id: row.id,
      says: sayingOf(row, locale),
      subject: row.subject,
      href: row.href,
      byName: row.byName,
      reason: row.reason,
      times: row.times,
      at: row.at,
      read: row.readAt !== null,
    })),
  };
}
