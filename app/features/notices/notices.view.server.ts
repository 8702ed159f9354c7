import type { Locale } from "#app/i18n/translate.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { inArray } from "drizzle-orm";
import type { Tx } from "#db/client.server.ts";
import { levelOfRole } from "#db/roles.ts";
import { pilots } from "#db/schema/index.ts";
import { noticesPage, unreadCount } from "./notices.server.ts";
import { sayingOf } from "./saying.server.ts";

const pilotPath = /^\/pilots\/([0-9a-f-]{36})$/;
/** What a notice leads to may be out of its reader's sight by now: an institution sees a pilot while its grant lasts, and no longer. */
async function stillSeen(tx: Tx, actor: Actor, hrefs: readonly string[]): Promise<(href: string) => boolean> {
  const ids = hrefs.flatMap((href) => pilotPath.exec(href)?.[1] ?? []);
  if (levelOfRole[actor.role] !== "assessor" || ids.length === 0) return () => true;
  const seen = await tx.select({ id: pilots.id }).from(pilots).where(inArray(pilots.id, ids));
  const open = new Set(seen.map(({ id }) => id));
  return (href) => open.has(pilotPath.exec(href)?.[1] ?? "");
}

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
  const seen = await stillSeen(
    tx,
    actor,
    rows.map(({ href }) => href),
  );
  return {
    unread: count,
    next,
    rows: rows.map((row) => ({
      id: row.id,
      says: sayingOf(row, locale),
      subject: row.subject,
      /** Null where its reader may not open it any more. */
      href: seen(row.href) ? row.href : null,
      byName: row.byName,
      reason: row.reason,
      times: row.times,
      at: row.at,
      read: row.readAt !== null,
    })),
  };
}
