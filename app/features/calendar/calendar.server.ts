import { sql } from "drizzle-orm";
import { rowsOf } from "#db/rows.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { isLocale } from "#app/i18n/locale.ts";
import type { Actor } from "#app/request/actor.ts";
import { actorFrom, digestOf, newSecret, type SessionRow } from "#app/request/session.server.ts";
import type { Database, Tx } from "#db/client.server.ts";

/* The secret address of a membership's calendar: made, taken away, and whom it reads as. Only its digest is kept. */

/** A calendar's secrets look like no session's and no token's, and open nothing but the calendar. */
const prefix = "cal_";
const secretShape = /^[0-9a-f]{40}$/;

export interface CalendarState {
  createdAt: Date;
  /** When a calendar program last came for it. */
  readAt: Date | null;
}
/** The caller's calendar; null while there is none. */
export async function myCalendar(tx: Tx, actor: Actor): Promise<CalendarState | null> {
  const [row] = rowsOf<{ created_at: string; read_at: string | null }>(
    await tx.execute(sql`select * from auth.my_calendar(${actor.level})`),
  );
  return row
    ? { createdAt: new Date(row.created_at), readAt: row.read_at === null ? null : new Date(row.read_at) }
    : null;
}
/** Makes the address anew; the one before is good for nothing from then on. Returns its secret, which nobody can read again. */
export async function makeCalendar(tx: Tx, actor: Actor): Promise<string> {
  const secret = newSecret();
  await tx.execute(sql`select auth.set_calendar(${actor.level}, ${digestOf(prefix + secret)})`);
  return secret;
}
/** Takes the address away; that there is none is no fault. */
export async function endCalendar(tx: Tx, actor: Actor): Promise<void> {
  await tx.execute(sql`select auth.set_calendar(${actor.level}, null)`);
}

export interface CalendarReader {
  actor: Actor;
  locale: Locale;
}
/** Whose calendar an address is. Null for one that was taken away, whose membership ended, or that never was one. */
export async function readerOf(db: Database, secret: string): Promise<CalendarReader | null> {
  if (!secretShape.test(secret)) return null;
  const whole = prefix + secret;
  const [row] = await db.authFor(whole)<(SessionRow & { locale: string })[]>`
    select * from auth.get_calendar(${digestOf(whole)})`;
  const actor = row ? actorFrom(row, whole) : null;
  return row && actor ? { actor, locale: isLocale(row.locale) ? row.locale : "zh-CN" } : null;
}
