import { afterWorkingDays, isAnnounced, isWorkingDay } from "#app/domain/working-days.ts";
import { addDays, type Day } from "#app/platform/days.ts";
import { levelOfRole, type MemberRole, memberRoles } from "#db/roles.ts";
import { may } from "#app/request/permissions.ts";
import type { NoticeKind } from "#db/vocabulary.ts";

/*
 * Who is reminded of a day, and when, in working days: before it, those who do the work; after it, they, then who leads them, then
 * whoever waits for them.
 */

/** Whose affair a due day is: a site's people, the sector's office, or a testing institution, whose time simply ends. */
export type Duty = "site" | "office" | "institution";
interface Rung {
  /** Working days until the day; below 0, since it. */
  days: number;
  kind: Extract<NoticeKind, "due" | "overdue" | "escalated">;
  to: Readonly<Record<Duty, readonly MemberRole[]>>;
}
const at = (level: (typeof levelOfRole)[MemberRole]) => memberRoles.filter((role) => levelOfRole[role] === level);
const [sites, office, national, assessors] = [at("site"), at("sector"), at("national"), at("assessor")];
/** Whoever leads has the others' places to give; the rest do the work. */
const leads = (roles: readonly MemberRole[]) => roles.filter((role) => may(role, "members.write"));
const others = (roles: readonly MemberRole[]) => roles.filter((role) => !may(role, "members.write"));

/** In the order in which they come; a duty is on one of them at a time. */
export const ladder: readonly Rung[] = [
  { days: 5, kind: "due", to: { site: others(sites), office: others(office), institution: assessors } },
  { days: 1, kind: "due", to: { site: sites, office, institution: assessors } },
  { days: -1, kind: "overdue", to: { site: sites, office, institution: [] } },
  { days: -3, kind: "escalated", to: { site: leads(sites), office: leads(office), institution: [] } },
  { days: -5, kind: "escalated", to: { site: office, office: national, institution: [] } },
];

/** The last day of which `count` working days have passed on `day`. */
function daysAgo(day: Day, count: number): Day {
  let from = day;
  while (afterWorkingDays(from, count) > day) from = addDays(from, -1);
  return from;
}

/** Due days from the first to the last, with both, that stand on each rung on a day. The last rung holds as long as anybody remembers. */
export function rungsOn(day: Day): { rung: number; from: Day; to: Day }[] {
  // A day off after the last working day that is left is no further away than that.
  const [five, one, late, lead, regulator] = ladder.map(({ days }) =>
    days > 0 ? addDays(afterWorkingDays(day, days + 1), -1) : daysAgo(day, -days),
  ) as [Day, Day, Day, Day, Day];
  return [
    { rung: 0, from: addDays(one, 1), to: five },
    { rung: 1, from: day, to: one },
    { rung: 2, from: addDays(lead, 1), to: late },
    { rung: 3, from: addDays(regulator, 1), to: lead },
    { rung: 4, from: addDays(day, -3650), to: regulator },
  ];
}

/** Whether all days on the way are of years whose holidays are announced; if not, only Monday to Friday were counted. */
export const isSure = (day: Day, due: Day): boolean => isAnnounced(day) && isAnnounced(due);

/** Working days from one day to a later one, of which the first is not one. */
export function workingDaysBetween(from: Day, to: Day): number {
  let count = 0;
  for (let day = from; day < to; ) {
    day = addDays(day, 1);
    if (isWorkingDay(day)) count += 1;
  }
  return count;
}
