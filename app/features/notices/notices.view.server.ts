import { eventLabel } from "#app/features/workflow/labels.server.ts";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Tx } from "#db/client.server.ts";
import type { MachineId } from "#workflows/index.ts";
import { type NoticeRow, noticesPage, unreadCount } from "./notices.server.ts";

/** What a notice says has happened, in its reader's language. */
export function saying({ kind, params }: Pick<NoticeRow, "kind" | "params">, locale: Locale): string {
  if (kind === "reminder" || kind === "granted")
    return translate(`notices_kind_${kind}`, { day: String(params["day"] || "—") }, locale);
  // What only moved on is told by the name of its step.
  return kind === "moved"
    ? translate(
        "notices_kind_moved",
        { event: eventLabel(String(params["machine"]) as MachineId, String(params["type"]), locale) },
        locale,
      )
    : translate(`notices_kind_${kind}`, {}, locale);
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
  return {
    unread: count,
    next,
    rows: rows.map((row) => ({
      id: row.id,
      says: saying(row, locale),
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
