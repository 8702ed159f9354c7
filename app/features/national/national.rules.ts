/** What the national office sees of all sectors: phases against their dates, milestones, batch quotas, the action plan. */
import { type Day, dayOf, daysFrom, dayNumber } from "#app/platform/days.ts";
import { type Reason, reason } from "#app/domain/reasons.ts";
import { type Course, isLate, type PhaseStanding, phaseStandings } from "#app/features/project/phases.rules.ts";

export type SectorProgress = Course & { sectorId: string };
export type PhaseCell = PhaseStanding & { sectorId: string };

/** Sectors × phases. */
export const phaseMatrix = (courses: readonly SectorProgress[], today: Day): PhaseCell[][] =>
  courses.map((course) => phaseStandings(course, today).map((cell) => ({ ...cell, sectorId: course.sectorId })));
/** Cells behind their date, the latest first: what the office asks about today. */
export function lateCells(matrix: readonly (readonly PhaseCell[])[]): PhaseCell[] {
  return matrix
    .flat()
    .filter(isLate)
    .sort(
      (a, b) =>
        (b.daysLate ?? 0) - (a.daysLate ?? 0) || (a.sectorId < b.sectorId ? -1 : a.sectorId > b.sectorId ? 1 : 0),
    );
}

export type MilestoneFacts = {
  id: string;
  task: number;
  dueOn: Day;
  target: number | null;
  value: number | null;
  /** Accepted as reached on that day. */
  doneOn: Day | null;
  /** Recorded as reached on that day, and not accepted yet. */
  claimedOn: Day | null;
};
type MilestoneStatus = "done" | "doneLate" | "claimed" | "late" | "dueSoon" | "running" | "ahead";
export type MilestoneState = MilestoneFacts & {
  status: MilestoneStatus;
  daysLate: number;
  /** Value of target, 0..10000; null without a target. */
  reachedBp: number | null;
};

/** A milestone counts as done once the director has accepted it; its number shows how far it is. */
export function milestoneState(m: MilestoneFacts, today: Day, soonDays = 60): MilestoneState {
  const reachedBp =
    m.target === null || m.target <= 0
      ? null
      : Math.floor((Math.min(m.target, Math.max(0, m.value ?? 0)) * 10_000) / m.target);
  const daysLate = daysFrom(m.dueOn, m.doneOn ?? m.claimedOn ?? today);
  const open =
    m.claimedOn !== null
      ? "claimed"
      : daysLate > 0
        ? "late"
        : daysLate >= -soonDays
          ? "dueSoon"
          : (m.value ?? 0) > 0
            ? "running"
            : "ahead";
  return { ...m, status: m.doneOn !== null ? (daysLate > 0 ? "doneLate" : "done") : open, daysLate, reachedBp };
}
export type TaskStatus = {
  task: number;
  total: number;
  done: number;
  late: number;
  light: "green" | "amber" | "red";
  next: string | null;
  reasons: Reason[];
};
/** Red when a milestone is late, amber when one is due soon or was late, else green. */
export function actionPlanStatus(
  milestones: readonly MilestoneFacts[],
  today: Day,
): { tasks: TaskStatus[]; done: number; total: number } {
  const states = milestones.map((m) => milestoneState(m, today));
  const tasks = [...new Set(states.map((m) => m.task))]
    .sort((a, b) => a - b)
    .map((task): TaskStatus => {
      const own = states
        .filter((m) => m.task === task)
        .sort((a, b) => (a.dueOn < b.dueOn ? -1 : a.dueOn > b.dueOn ? 1 : a.id < b.id ? -1 : 1));
      const late = own.filter((m) => m.status === "late");
      const eye = own.filter((m) => m.status === "dueSoon" || m.status === "doneLate");
      const ref = (m: MilestoneState) => [{ kind: "milestone" as const, id: m.id }];
      return {
        task,
        total: own.length,
        done: own.filter((m) => m.doneOn !== null).length,
        late: late.length,
        light: late.length > 0 ? "red" : eye.length > 0 ? "amber" : "green",
        next: own.find((m) => m.doneOn === null)?.id ?? null,
        reasons: [
          ...late.map((m) =>
            reason("blocking", "rule_national_milestone_late", { milestone: m.id, days: m.daysLate }, ref(m)),
          ),
          ...eye.map((m) =>
            m.status === "dueSoon"
              ? reason("warning", "rule_national_milestone_due_soon", { milestone: m.id, days: -m.daysLate }, ref(m))
              : reason("warning", "rule_national_milestone_done_late", { milestone: m.id, days: m.daysLate }, ref(m)),
          ),
        ],
      };
    });
  return { tasks, done: states.filter((m) => m.doneOn !== null).length, total: states.length };
}
export type BurnUpPoint = { day: Day; planned: number; done: number | null };
/**
 * Milestones planned and done by day, one point where either changes and one for today; `done` is null after today.
 * Drawn as steps: what was planned by then, what was done by then.
 */
export function burnUp(
  milestones: readonly Pick<MilestoneFacts, "dueOn" | "doneOn">[],
  from: Day,
  to: Day,
  today: Day,
): BurnUpPoint[] {
  const days = new Set(
    [from, to, today, ...milestones.flatMap((m) => (m.doneOn === null ? [m.dueOn] : [m.dueOn, m.doneOn]))].map(
      dayNumber,
    ),
  );
  return [...days]
    .sort((a, b) => a - b)
    .map(dayOf)
    .filter((day) => day >= from && day <= to)
    .map((day) => ({
      day,
      planned: milestones.filter((m) => m.dueOn <= day).length,
      done: day > today ? null : milestones.filter((m) => m.doneOn !== null && m.doneOn <= day).length,
    }));
}

export type QuotaUse = {
  sectorId: string;
  batchNo: 1 | 2;
  quota: number;
  selected: number;
  nominated: number;
  left: number;
  over: boolean;
  chosen: boolean;
};
/** Places of each sector in a batch: quota 0 means that the sector was not chosen for it. */
export function quotaUse(
  rows: readonly { sectorId: string; batchNo: 1 | 2; quota: number; selected: number; nominated: number }[],
): {
  rows: QuotaUse[];
  batches: { batchNo: 1 | 2; sectors: number; quota: number; selected: number; nominated: number }[];
} {
  const used = rows.map(
    (r): QuotaUse => ({
      ...r,
      left: Math.max(0, r.quota - r.selected),
      over: r.selected > r.quota,
      chosen: r.quota > 0,
    }),
  );
  const sum = (of: readonly QuotaUse[], field: "quota" | "selected" | "nominated") =>
    of.reduce((n, r) => n + r[field], 0);
  const batches = ([1, 2] as const).map((batchNo) => {
    const own = used.filter((r) => r.batchNo === batchNo);
    return {
      batchNo,
      sectors: own.filter((r) => r.chosen).length,
      quota: sum(own, "quota"),
      selected: sum(own, "selected"),
      nominated: sum(own, "nominated"),
    };
  });
  return { rows: used, batches };
}
