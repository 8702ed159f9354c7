import { addDays, type Day, daysFrom } from "#app/platform/days.ts";

/** The period for which the action plan words its dates. */
const PLAN_PERIOD = { startsOn: "2013-01-01", endsOn: "2015-12-31" } as const;
/** A milestone's day in a programme of another period, at the same share of it; within 2013–2015 the plan's own day. */
export function milestoneDay(due: Day, { startsOn, endsOn }: { startsOn: Day; endsOn: Day }): Day {
  const share = (daysFrom(PLAN_PERIOD.startsOn, due) + 1) / (daysFrom(PLAN_PERIOD.startsOn, PLAN_PERIOD.endsOn) + 1);
  return addDays(startsOn, Math.round(share * (daysFrom(startsOn, endsOn) + 1)) - 1);
}

/** A programme may be late, and a slip of the finger is a century: so much beyond its end a day may still lie. */
const graceDays = 366;
/** Days that lie before a programme or too far beyond it, as message keys by field. */
export function beyondProgramme(
  days: Readonly<Record<string, Day>>,
  { startsOn, endsOn }: { startsOn: Day; endsOn: Day },
): Record<string, string[]> {
  const last = addDays(endsOn, graceDays);
  return Object.fromEntries(
    Object.entries(days).flatMap(([field, day]) =>
      day < startsOn || day > last ? [[field, [`error_day_beyond_programme|from=${startsOn}|to=${last}`]]] : [],
    ),
  );
}

/**
 * What is wrong with a record of a milestone, as message keys by field. Reached is it only with its count, on a day of the
 * programme that is not ahead, and with something that shows it.
 */
export function milestoneFaults(
  { value, doneOn, proof }: { value: number | null; doneOn: Day | null; proof: string },
  { target, from, to, today }: { target: number | null; from: Day; to: Day; today: Day },
): Record<string, string[]> {
  if (doneOn === null) return {};
  return {
    ...(target !== null && (value ?? 0) < target ? { value: [`error_milestone_count|target=${target}`] } : {}),
    ...(doneOn > today
      ? { doneOn: ["error_field_day_ahead"] }
      : doneOn < from || doneOn > to
        ? { doneOn: [`error_milestone_day|from=${from}|to=${to}`] }
        : {}),
    ...(proof === "" ? { proof: ["error_milestone_proof"] } : {}),
  };
}

/** How the window of a batch stands on a day. One that was opened takes nothing before its first day, nor after its last. */
export type WindowStanding = "planned" | "ahead" | "open" | "closed";
export function windowStanding(
  { status, opensOn, closesOn }: { status: "planned" | "open" | "closed"; opensOn: Day; closesOn: Day },
  today: Day,
): WindowStanding {
  if (status !== "open") return status;
  if (today < opensOn) return "ahead";
  return today <= closesOn ? "open" : "closed";
}
