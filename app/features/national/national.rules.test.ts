import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { phases } from "#app/domain/vocabulary.ts";
import { milestones } from "#seeds/catalogue/index.ts";
import {
  actionPlanStatus,
  burnUp,
  lateCells,
  milestoneState,
  phaseMatrix,
  quotaUse,
  type SectorProgress,
} from "./national.rules.ts";

const due = {
  survey: "2013-06-30",
  riskReport: "2013-12-31",
  pilotPlan: "2014-03-31",
  batchOne: "2014-09-30",
  batchTwo: "2015-06-30",
  specification: "2015-12-31",
} as const;
const course = (over: Partial<SectorProgress>): SectorProgress => ({
  sectorId: "TEN",
  current: "pilotPlan",
  dueOn: due,
  doneOn: { survey: "2013-06-20", riskReport: "2014-01-10" },
  ...over,
});
const row = (c: SectorProgress, today: string) => phaseMatrix([c], today)[0]?.map((x) => [x.status, x.daysLate]);

describe("phases against their dates", () => {
  test("done in time, done late, now, ahead", () => {
    expect(row(course({}), "2014-02-01")).toEqual([
      ["done", -10],
      ["doneLate", 10],
      ["now", -58],
      ["ahead", -241],
      ["ahead", -514],
      ["ahead", -698],
    ]);
  });
  test("due soon within fourteen days, late the day after; a phase ahead whose date passed is late as well", () => {
    expect(row(course({}), "2014-03-17")?.[2]).toEqual(["dueSoon", -14]);
    expect(row(course({}), "2014-03-31")?.[2]).toEqual(["dueSoon", 0]);
    expect(row(course({}), "2014-04-01")?.[2]).toEqual(["late", 1]);
    const matrix = phaseMatrix([course({})], "2014-10-01");
    expect(lateCells(matrix).map((c) => [c.phase, c.daysLate])).toEqual([
      ["pilotPlan", 184],
      ["batchOne", 1],
    ]);
  });
  test("skipped, suspended, completed, not begun", () => {
    expect(
      row(course({ current: "batchTwo", skipped: ["batchOne"], stopped: "suspended" }), "2014-10-01")?.slice(3),
    ).toEqual([
      ["skipped", null],
      ["suspended", -272],
      ["ahead", -456],
    ]);
    expect(row(course({ current: "completed", doneOn: {} }), "2016-01-01")?.every(([s]) => s === "done")).toBe(true);
    expect(row(course({ current: null, doneOn: {} }), "2013-01-01")?.every(([s]) => s === "ahead")).toBe(true);
  });
  test("a later day never makes a cell less late", () => {
    fc.assert(
      fc.property(fc.constantFrom(...phases), fc.nat(1000), fc.nat(400), (current, a, more) => {
        const at = (n: number) => new Date(Date.UTC(2013, 0, 1 + n)).toISOString().slice(0, 10);
        const [early, later] = [
          phaseMatrix([course({ current })], at(a)),
          phaseMatrix([course({ current })], at(a + more)),
        ];
        expect(lateCells(later).length).toBeGreaterThanOrEqual(lateCells(early).length);
      }),
    );
  });
});

describe("action plan", () => {
  const facts = milestones.map((m) => ({
    id: m.id,
    task: m.task,
    dueOn: m.due,
    target: m.target,
    value: null,
    doneOn: null,
    claimedOn: null,
  }));
  test("at the start all is green; after 2015 with nothing done all is red", () => {
    expect(actionPlanStatus(facts, "2013-01-01")).toMatchObject({ done: 0, total: 13 });
    expect(actionPlanStatus(facts, "2013-01-01").tasks.map((t) => t.light)).toEqual(Array(5).fill("green"));
    expect(actionPlanStatus(facts, "2016-01-01").tasks.map((t) => [t.light, t.late])).toEqual([
      ["red", 2],
      ["red", 2],
      ["red", 3],
      ["red", 3],
      ["red", 3],
    ]);
  });
  test("a number shows how far: 24 of 30 results are 80 %", () => {
    expect(
      milestoneState(
        { id: "A1-M2", task: 1, dueOn: "2015-12-31", target: 30, value: 24, doneOn: null, claimedOn: null },
        "2015-06-01",
      ),
    ).toMatchObject({ reachedBp: 8000, status: "running" });
    expect(
      milestoneState(
        { id: "A1-M1", task: 1, dueOn: "2013-12-31", target: null, value: null, doneOn: "2014-01-05", claimedOn: null },
        "2015-06-01",
      ),
    ).toMatchObject({ status: "doneLate", daysLate: 5, reachedBp: null });
  });
  test("what is recorded as reached counts for nothing before it is accepted, and is late by its own day", () => {
    const one = { id: "A1-M1", task: 1, dueOn: "2013-12-31", target: null, value: null, doneOn: null };
    const claimed = { ...one, claimedOn: "2014-01-05" };
    expect(milestoneState(claimed, "2015-06-01")).toMatchObject({ status: "claimed", daysLate: 5 });
    expect(actionPlanStatus([claimed], "2015-06-01")).toMatchObject({ done: 0, tasks: [{ done: 0, late: 0 }] });
    expect(burnUp([claimed], "2013-01-01", "2015-12-31", "2015-06-01").at(-2)).toMatchObject({ done: 0 });
  });
  test("burn-up: never falls, ends with all planned, nothing known after today", () => {
    const half = facts.map((f, i) => ({ ...f, doneOn: i % 2 ? f.dueOn : null }));
    const points = burnUp(half, "2013-01-01", "2015-12-31", "2014-12-31");
    expect(points.map((p) => [p.day, p.planned, p.done])).toEqual([
      ["2013-01-01", 0, 0],
      ["2013-12-31", 5, 1],
      ["2014-12-31", 9, 4],
      ["2015-12-31", 13, null],
    ]);
  });
});

test("quota: left and over, sectors chosen", () => {
  const use = quotaUse([
    { sectorId: "TEN", batchNo: 1, quota: 3, selected: 2, nominated: 5 },
    { sectorId: "IND", batchNo: 1, quota: 0, selected: 1, nominated: 0 },
  ]);
  expect(use.rows.map((r) => [r.left, r.over, r.chosen])).toEqual([
    [1, false, true],
    [0, true, false],
  ]);
  expect(use.batches[0]).toEqual({ batchNo: 1, sectors: 1, quota: 3, selected: 3, nominated: 5 });
});
