/** Calendar days as ISO texts `YYYY-MM-DD`, counted without zones or clocks. */
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
