/** Calendar days as ISO texts `YYYY-MM-DD`, counted without zones or clocks; and where one begins in the zone of the programme. */
export type Day = string;

/** Days since 1970-01-01; throws RangeError for anything that is no calendar day. */
export function dayNumber(day: Day): number {
  const ms = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day)
    throw new RangeError(`no calendar day: ${day}`);
  return ms / 86_400_000;
}
export const dayOf = (number: number): Day => new Date(number * 86_400_000).toISOString().slice(0, 10);
/** Days from `a` to `b`, negative when `b` is earlier. */
export const daysFrom = (a: Day, b: Day): number => dayNumber(b) - dayNumber(a);
export const addDays = (day: Day, days: number): Day => dayOf(dayNumber(day) + days);

/** Asia/Shanghai: UTC+8, without summer time since 1991. */
const zoneMs = 8 * 3_600_000;
/** The day that an instant falls on in the programme's zone. */
export const dayAt = (at: Date): Day => new Date(at.getTime() + zoneMs).toISOString().slice(0, 10);
/** First instant of a day in the programme's zone. */
export const dayStart = (day: Day): Date => new Date(dayNumber(day) * 86_400_000 - zoneMs);
/** First instant after a day in the programme's zone. */
export const dayEnd = (day: Day): Date => dayStart(addDays(day, 1));
/** The last day before an end that is itself the first instant after it: the day that people are told. */
export const lastDay = (end: Date): Day => dayAt(new Date(end.getTime() - 1));
