import { addDays, type Day, daysFrom } from "#app/platform/days.ts";

/** The period for which the action plan words its dates. */
const PLAN_PERIOD = { startsOn: "2013-01-01", endsOn: "2015-12-31" } as const;
/** A milestone's day in a programme of another period, at the same share of it; within 2013–2015 the plan's own day. */
export function milestoneDay(due: Day, { startsOn, endsOn }: { startsOn: Day; endsOn: Day }): Day {
  const share = (daysFrom(PLAN_PERIOD.startsOn, due) + 1) / (daysFrom(PLAN_PERIOD.startsOn, PLAN_PERIOD.endsOn) + 1);
  return addDays(startsOn, Math.round(share * (daysFrom(startsOn, endsOn) + 1)) - 1);
}
