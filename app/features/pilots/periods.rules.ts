/** Periods of progress reports: calendar months, due ten days after their end. */
import { addDays, type Day } from "#app/platform/days.ts";

/** Days after a month's end within which its report is due. */
const graceDays = 10;

/** Month of a day: 2014-06. */
export const monthOf = (day: Day): string => day.slice(0, 7);
/** First day of the month after `month` (2014-06 → 2014-07-01). */
function nextMonthStart(month: string): Day {
  const [year = 0, no = 1] = month.split("-").map(Number);
  return no === 12 ? `${year + 1}-01-01` : `${year}-${String(no + 1).padStart(2, "0")}-01`;
}
/** Day on which the report of a month is due. */
export const reportDue = (month: string): Day => addDays(nextMonthStart(month), graceDays - 1);
/** Due day of the first report of a pilot that began to operate on `day`: that of its month. */
export const firstReportDue = (day: Day): Day => reportDue(monthOf(day));
/** Due day of the first month from `first` on of which nothing was handed in. */
export function firstUnreported(first: string, handedIn: readonly string[]): Day {
  const known = new Set(handedIn);
  let month = first;
  while (known.has(month)) month = monthAfter(month);
  return reportDue(month);
}

/** The month after one: 2014-06 → 2014-07. */
const monthAfter = (month: string): string => monthOf(nextMonthStart(month));
/** Months of operation since the day it began that are over on `day` and are not among those reported, the oldest first. */
export function monthsOwed(since: Day, day: Day, reported: readonly string[]): string[] {
  const known = new Set(reported);
  const owed: string[] = [];
  for (let month = monthOf(since); month < monthOf(day); month = monthAfter(month))
    if (!known.has(month)) owed.push(month);
  return owed;
}

/** Months from `from` to `to`, both counted, newest first; at most `limit`. */
export function monthsBetween(from: Day, to: Day, limit = 36): string[] {
  const months: string[] = [];
  for (let month = monthOf(from); month <= monthOf(to) && months.length < 240; month = monthAfter(month))
    months.push(month);
  return months.reverse().slice(0, limit);
}
