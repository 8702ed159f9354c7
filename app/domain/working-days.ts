import calendar from "chinese-days/dist/chinese-days.json" with { type: "json" };
import { addDays, type Day, dayNumber } from "#app/platform/days.ts";

/*
 * Working days of mainland China: Monday to Friday, but for the holidays and make-up days that the General Office of the State
 * Council announces each year. The data are those of the package chinese-days, read as days and never as instants.
 */

const holidays: Readonly<Record<string, string>> = calendar.holidays;
const makeUpDays: Readonly<Record<string, string>> = calendar.workdays;
const announced = new Set(Object.keys(holidays).map((day) => day.slice(0, 4)));

/** Whether the holidays of the day's year are announced. Before that only Monday to Friday is known of it. */
export const isAnnounced = (day: Day): boolean => announced.has(day.slice(0, 4));

export function isWorkingDay(day: Day): boolean {
  if (day in makeUpDays) return true;
  // 1970-01-01 was a Thursday; days before it have numbers below 0.
  const weekday = (((dayNumber(day) + 3) % 7) + 7) % 7;
  return !(day in holidays) && weekday < 5;
}

/** The last of so many working days, of which the day itself is not one. */
export function afterWorkingDays(from: Day, count: number): Day {
  let day = from;
  for (let left = count; left > 0; ) {
    day = addDays(day, 1);
    if (isWorkingDay(day)) left -= 1;
  }
  return day;
}
