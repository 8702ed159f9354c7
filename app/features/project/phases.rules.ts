/** How a project's six phases stand against their days: one rule for every page that shows them, home, project and national. */
import { type Day, daysFrom } from "#app/platform/days.ts";
import { type Phase, phases } from "#app/domain/vocabulary.ts";
import { phaseOf } from "./project.rules.ts";

export type Course = {
  /** Phase the project stands in, or stood in when it was interrupted; `completed` when all are done, null before it starts. */
  current: Phase | "completed" | null;
  dueOn: Partial<Record<Phase, Day>>;
  /** Day each phase was left, for those that are done and as far as it is known. */
  doneOn: Partial<Record<Phase, Day>>;
  /** A phase passed by on record (a sector not chosen for batch one). */
  skipped?: readonly Phase[];
  /** Interrupted for a time, or for good. */
  stopped?: "suspended" | "terminated" | null;
};
type PhaseStatus = "done" | "doneLate" | "skipped" | "now" | "dueSoon" | "late" | "ahead" | "suspended" | "terminated";
export type PhaseStanding = {
  phase: Phase;
  status: PhaseStatus;
  /** On the line of phases: behind the project, where it stands, before it, or beside its way. */
  place: "done" | "now" | "ahead" | "off";
  dueOn: Day | null;
  /** Null for one that is not done, that was passed by, or of which the day is not known. */
  doneOn: Day | null;
  /** Days behind the planned date (positive) or before it (negative); null without a date. */
  daysLate: number | null;
};

/** A phase is late once its day has passed and it is not done, also one still ahead: it cannot be met any more. */
export const isLate = ({ status }: Pick<PhaseStanding, "status">): boolean => status === "late";

/** Nothing is late of a project that was interrupted: nobody is to move it on. */
function openStatus(course: Course, now: boolean, daysLate: number | null, soonDays: number): PhaseStatus {
  if (course.stopped === "terminated") return "terminated";
  if (course.stopped) return now ? "suspended" : "ahead";
  if ((daysLate ?? 0) > 0) return "late";
  if (!now) return "ahead";
  return daysLate !== null && daysLate >= -soonDays ? "dueSoon" : "now";
}

/** One phase of a project, on a day. */
function phaseStanding(course: Course, phase: Phase, today: Day, soonDays = 14): PhaseStanding {
  const dueOn = course.dueOn[phase] ?? null;
  const base = { phase, dueOn, doneOn: null };
  const after = (day: Day) => (dueOn === null ? null : daysFrom(dueOn, day));
  if (course.skipped?.includes(phase)) return { ...base, status: "skipped", place: "off", daysLate: null };
  const own = phases.indexOf(phase);
  const at =
    course.current === null ? -1 : course.current === "completed" ? phases.length : phases.indexOf(course.current);
  if (own < at) {
    const doneOn = course.doneOn[phase] ?? null;
    const daysLate = doneOn === null ? null : after(doneOn);
    return { ...base, doneOn, status: (daysLate ?? 0) > 0 ? "doneLate" : "done", place: "done", daysLate };
  }
  const daysLate = after(today);
  return {
    ...base,
    status: openStatus(course, own === at, daysLate, soonDays),
    place: course.stopped === "terminated" ? "off" : own === at ? "now" : "ahead",
    daysLate,
  };
}
export const phaseStandings = (course: Course, today: Day): PhaseStanding[] =>
  phases.map((phase) => phaseStanding(course, phase, today));

/** Days on which a project left its phases, from its log, oldest first; the last time counts, and an interruption is no leaving. */
export function daysLeft(log: readonly { from: string; to: string; day: Day }[]): Partial<Record<Phase, Day>> {
  const left: Partial<Record<Phase, Day>> = {};
  for (const { from, to, day } of log) {
    const phase = phaseOf(from);
    if (phase && phaseOf(to) !== phase && (to === "completed" || phaseOf(to))) left[phase] = day;
  }
  return left;
}

/** What a project's machine remembers of its way. */
export interface Remembered {
  batchOneSkipped?: boolean;
  batchTwoSkipped?: boolean;
  suspendedFrom?: string | null;
}
export function courseOf(
  project: { state: string; dueOn: Record<Phase, Day> },
  memory: Remembered,
  log: Parameters<typeof daysLeft>[0],
): Course {
  const stopped = project.state === "suspended" || project.state === "terminated" ? project.state : null;
  const state = stopped ? (memory.suspendedFrom ?? "") : project.state;
  return {
    current: state === "completed" ? "completed" : phaseOf(state),
    dueOn: project.dueOn,
    doneOn: daysLeft(log),
    skipped: phases.filter(
      (p) => (p === "batchOne" && memory.batchOneSkipped) || (p === "batchTwo" && memory.batchTwoSkipped),
    ),
    stopped,
  };
}
