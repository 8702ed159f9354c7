import { plus } from "./schedule.ts";

/** When a sector begins each phase, and what goes otherwise than planned there. Days are 2013-03-11. */
export interface Scenario {
  survey: string;
  report: string;
  plan: string;
  /** Null: not chosen for batch one. */
  batchOne: string | null;
  batchTwo: string;
  specification: string;
  /** Share of the usual lengths: a sector that works faster or slower. */
  pace: number;
  /** The lead sends the risk report back once. */
  reportReturned: boolean;
  /** The national office sends the plan back once. */
  planReturned: boolean;
  /** Pilots it may select in each batch, as the national office sets it. */
  quota: { one: number; two: number };
}

/** The day at which `npm start` shows the programme: some sectors in batch one, some still behind. */
export const midFlight = "2014-08-18";
export const programmeEnd = "2015-12-31";

/** Planned end of each phase, the same for every sector. */
export const dueOn = {
  survey: "2013-06-30",
  riskReport: "2013-12-31",
  pilotPlan: "2014-03-31",
  batchOne: "2014-10-31",
  batchTwo: "2015-06-30",
  specification: "2015-12-31",
} as const;
export const windows = [
  { no: 1, opensOn: "2014-04-01", closesOn: "2014-06-30" },
  { no: 2, opensOn: "2014-11-01", closesOn: "2015-02-28" },
] as const;

const courses: Readonly<Record<string, Scenario>> = {
  TEN: {
    survey: "2013-03-11",
    report: "2013-07-08",
    plan: "2013-11-04",
    batchOne: "2014-04-08",
    batchTwo: "2014-11-10",
    specification: "2015-06-15",
    pace: 1,
    reportReturned: false,
    planReturned: false,
    quota: { one: 3, two: 4 },
  },
  PSF: {
    survey: "2013-02-25",
    report: "2013-06-03",
    plan: "2013-10-08",
    batchOne: "2014-04-02",
    batchTwo: "2014-11-05",
    specification: "2015-06-08",
    pace: 0.7,
    reportReturned: true,
    planReturned: false,
    quota: { one: 2, two: 3 },
  },
  URB: {
    survey: "2013-04-08",
    report: "2013-08-12",
    plan: "2013-12-02",
    batchOne: null,
    batchTwo: "2014-11-12",
    specification: "2015-06-22",
    pace: 1,
    reportReturned: false,
    planReturned: true,
    quota: { one: 0, two: 6 },
  },
  WSF: {
    survey: "2013-09-02",
    report: "2014-02-10",
    plan: "2014-05-26",
    batchOne: null,
    batchTwo: "2014-11-24",
    specification: "2015-06-29",
    pace: 1,
    reportReturned: false,
    planReturned: true,
    quota: { one: 2, two: 5 },
  },
  IND: {
    survey: "2014-03-17",
    report: "2014-07-07",
    plan: "2014-09-08",
    batchOne: null,
    batchTwo: "2014-12-01",
    specification: "2015-07-06",
    pace: 1,
    reportReturned: true,
    planReturned: false,
    quota: { one: 1, two: 5 },
  },
};
const late: Scenario = {
  survey: "2014-06-16",
  report: "2014-09-22",
  plan: "2014-10-27",
  batchOne: null,
  batchTwo: "2014-12-08",
  specification: "2015-07-06",
  pace: 0.9,
  reportReturned: false,
  planReturned: false,
  quota: { one: 0, two: 2 },
};

/** Course of a sector; one without its own begins late. */
export const scenarioOf = (sector: string): Scenario => courses[sector] ?? late;

/** Days of one batch from its first day. */
export function batchDays(start: string, pace: number) {
  const d = (days: number) => plus(start, Math.round(days * pace));
  const scored = plus(start, Math.max(8, Math.round(10 * pace)));
  const select = plus(scored, 9);
  return {
    nominate: start,
    screen: plus(start, 3),
    score: scored,
    select,
    run: plus(select, 2),
    design: plus(select, 3),
    designDone: plus(select, 3 + Math.round(14 * pace)),
    verify: plus(select, 3 + Math.round(20 * pace)),
    build: plus(select, 3 + Math.round(24 * pace)),
    acceptance: d(84),
    tested: d(92),
    operate: d(96),
    midterm: d(135),
    summary: d(180),
    accepted: d(188),
    review: d(192),
    close: d(200),
  };
}
