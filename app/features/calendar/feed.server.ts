import ical, { ICalCalendarMethod, ICalEventTransparency } from "ical-generator";
import { type Locale, translate } from "#app/i18n/translate.server.ts";
import { addDays, type Day, dayNumber } from "#app/platform/days.ts";
import type { CalendarDay } from "./days.server.ts";

/** A day as the generator takes it: midnight in UTC, whose date alone it writes, in whatever zone the process runs. */
const midnight = (day: Day): Date => new Date(dayNumber(day) * 86_400_000);

interface FeedOptions {
  /** Whose: the calendar's name. */
  name: string;
  origin: string;
  locale: Locale;
  now: Date;
}
/**
 * Days as an iCalendar object (RFC 5545): all-day events without a zone, each under an id of its own that stays. They take no time of
 * their reader's: a due day is no meeting.
 */
export function feedOf(days: readonly CalendarDay[], { name, origin, locale, now }: FeedOptions): string {
  const host = new URL(origin).hostname;
  const calendar = ical({
    name,
    prodId: { company: "Anshi", product: "Anshi", language: locale === "en" ? "EN" : "ZH" },
    method: ICalCalendarMethod.PUBLISH,
    // Calendar programs come again after so many seconds.
    ttl: 3600,
  });
  for (const { uid, kind, of = "", day, subject, href } of days) {
    const what = translate(`calendar_${kind}${kind === "phase" ? `_${of}` : ""}`, { n: of }, locale);
    calendar.createEvent({
      id: `${uid}@${host}`,
      stamp: now,
      start: midnight(day),
      end: midnight(addDays(day, 1)),
      allDay: true,
      summary: [what, subject].filter(Boolean).join(locale === "en" ? ": " : "："),
      url: `${origin}${href}`,
      transparency: ICalEventTransparency.TRANSPARENT,
    });
  }
  return calendar.toString();
}
