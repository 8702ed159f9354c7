import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, dayNumber, daysFrom } from "#app/platform/days.ts";
import {
  budgetShare,
  measureProgress,
  planFactCounts,
  type PlanFacts,
  planGaps,
  type PlanMeasure,
  planTotals,
  schedule,
  siteBudgets,
} from "./plan.rules.ts";

const measure = (id: string, over: Partial<PlanMeasure> = {}): PlanMeasure => ({
  id,
  riskId: "r1",
  dimension: "network",
  object: "equipment",
  lifecycle: "design",
  mechanism: "defend",
  budgetLineId: "b1",
  startsOn: "2014-01-01",
  endsOn: "2014-03-31",
  owner: "李明",
  ...over,
});
const line = (id: string, amountCenti: number, security: boolean, siteId = "s1") => ({
  id,
  siteId,
  amountCenti,
  security,
  lifecycle: "design" as const,
});
const whole: PlanFacts = {
  risks: [
    { id: "r1", level: 5 },
    { id: "r2", level: 3 },
  ],
  measures: [measure("m1")],
  budgetLines: [line("b1", 1000, true), line("b2", 9000, false)],
  thresholdBp: 1000,
  indicators: [{ id: "i1", direction: "down", baselineMilli: 12_000, targetMilli: 3000 }],
  nominated: ["p1"],
  sections: { goals: "降低外场设备风险" },
  requiredSections: ["goals"],
};
const keys = (facts: PlanFacts) => planGaps(facts).map((g) => `${g.key}:${g.refs.map((r) => r.id).join()}`);

describe("budget share", () => {
  test("exactly 10 % meets 10 %, a hundredth less does not and is not shown as 10.00", () => {
    expect(budgetShare([line("a", 1000, true), line("b", 9000, false)], 1000)).toMatchObject({
      shareBp: 1000,
      met: true,
      shortCenti: 0,
    });
    expect(budgetShare([line("a", 999, true), line("b", 9001, false)], 1000)).toMatchObject({
      shareBp: 999,
      met: false,
      shortCenti: 1,
    });
  });
  test("exact for any amounts: met if and only if security·10000 ≥ total·threshold; order does not matter", () => {
    const lines = fc.array(fc.record({ amountCenti: fc.nat(2 ** 40), security: fc.boolean() }), { maxLength: 12 });
    fc.assert(
      fc.property(lines, fc.nat(10_000), (list, threshold) => {
        const share = budgetShare(list, threshold);
        const exact = BigInt(share.securityCenti) * 10_000n >= BigInt(share.totalCenti) * BigInt(threshold);
        expect(share.met).toBe(share.totalCenti > 0 && exact);
        expect(budgetShare(list.toReversed(), threshold)).toEqual(share);
        if (share.totalCenti > 0) expect(share.shortCenti === 0).toBe(share.met);
        if (!share.met && share.totalCenti > 0) {
          const moved = [
            { amountCenti: share.securityCenti + share.shortCenti, security: true },
            { amountCenti: share.totalCenti - share.securityCenti - share.shortCenti, security: false },
          ];
          expect(budgetShare(moved, threshold).met).toBe(true);
        }
      }),
    );
  });
  test("an empty budget meets nothing; each site stands by itself; a reason is accepted", () => {
    expect(budgetShare([], 0)).toMatchObject({ shareBp: null, met: false });
    const budgets = siteBudgets([line("a", 100, true, "s1"), line("b", 1000, false, "s2")], 500, {
      s2: "两年期项目，安全投入列在上一年度",
    });
    expect(budgets.map((b) => [b.siteId, b.met, b.accepted])).toEqual([
      ["s1", true, true],
      ["s2", false, true],
    ]);
    expect(() => budgetShare([line("a", -1, true)], 0)).toThrow(RangeError);
  });
});

describe("gaps", () => {
  test("a whole plan has none", () => expect(planGaps(whole)).toEqual([]));
  test("each fault is named with its rows", () => {
    expect(keys({ ...whole, risks: [...whole.risks, { id: "r9", level: 4 }] })).toEqual([
      "rule_plan_high_risk_without_measure:r9",
    ]);
    expect(
      keys({ ...whole, measures: [measure("m1"), measure("m2", { lifecycle: null, budgetLineId: "gone" })] }),
    ).toEqual(["rule_plan_measure_without_lifecycle:m2", "rule_plan_measure_without_budget:m2"]);
    expect(
      keys({ ...whole, measures: [measure("m1"), measure("m2", { dimension: null, startsOn: "2014-05-01" })] }),
    ).toEqual(["rule_plan_measure_without_dimension:m2", "rule_plan_measure_dates_reversed:m2"]);
    expect(keys({ ...whole, nominated: [], sections: { goals: " " } })).toEqual([
      "rule_plan_nothing_nominated:",
      "rule_plan_section_missing:goals",
    ]);
    expect(
      keys({
        ...whole,
        indicators: [
          { id: "i1", direction: "up", baselineMilli: 5, targetMilli: 5 },
          { id: "i2", direction: "down", baselineMilli: null, targetMilli: null },
        ],
      }),
    ).toEqual([
      "rule_plan_indicator_without_baseline:i2",
      "rule_plan_indicator_without_target:i2",
      "rule_plan_indicator_wrong_way:i1",
    ]);
  });
  test("a share too low blocks without a reason and warns with one", () => {
    const poor = { ...whole, thresholdBp: 2000 };
    expect(planGaps(poor)).toMatchObject([
      { key: "rule_plan_share_low", severity: "blocking", params: { share: 10, threshold: 20, short: 10 } },
    ]);
    expect(planGaps({ ...poor, shareReasons: { s1: "设备已自带安全模块" } })).toMatchObject([
      { key: "rule_plan_share_low_with_reason", severity: "warning" },
    ]);
    expect(planFactCounts(poor)).toMatchObject({
      budgetsBelowShare: 1,
      securityShareThreshold: 20,
      measureCount: 1,
      highRisksWithoutMeasure: 0,
    });
    expect(planFactCounts({ ...whole, budgetLines: [] }).budgetsBelowShare).toBe(1);
  });
});

describe("schedule and totals", () => {
  test("rows by stage and start; both ends counted; today inside or null", () => {
    const s = schedule(
      [
        measure("b", { lifecycle: "operation", startsOn: "2014-01-10", endsOn: "2014-01-10" }),
        measure("a", { startsOn: "2014-02-01", endsOn: "2014-02-28" }),
        measure("c", { endsOn: null }),
      ],
      "2014-02-01",
    );
    expect(s?.rows.map((r) => [r.measureId, r.offset, r.days])).toEqual([
      ["a", 22, 28],
      ["b", 0, 1],
    ]);
    expect([s?.from, s?.to, s?.days, s?.undated, s?.today]).toEqual(["2014-01-10", "2014-02-28", 50, ["c"], 22]);
    expect(schedule([measure("c", { endsOn: null })], "2014-02-01")).toBeNull();
  });
  test("a measure is late if and only if its last day is over and it is not in place; one in place is done, whenever it was", () => {
    const day = fc.integer({ min: 0, max: 40 }).map((n) => addDays("2014-01-01", n));
    fc.assert(
      fc.property(day, day, fc.option(day), day, (startsOn, last, doneOn, today) => {
        const endsOn = last < startsOn ? startsOn : last;
        const said = measureProgress({ doneOn, startsOn, endsOn }, today);
        const inPlace = doneOn !== null && doneOn <= today;
        expect(said === "done").toBe(inPlace);
        expect(said === "late").toBe(!inPlace && endsOn < today);
        expect(said === "now").toBe(!inPlace && startsOn <= today && today <= endsOn);
      }),
    );
  });
  test("totals add up over stages", () => {
    const t = planTotals(whole.measures, whole.budgetLines);
    expect(t).toMatchObject({
      totalCenti: 10_000,
      untagged: 0,
      byLifecycle: { design: { measures: 1, totalCenti: 10_000, securityCenti: 1000 }, operation: { totalCenti: 0 } },
    });
  });
  test("days: no day that does not exist, leap years right", () => {
    expect(() => dayNumber("2014-02-29")).toThrow(RangeError);
    expect([daysFrom("2016-02-28", "2016-03-01"), addDays("2015-12-31", 1)]).toEqual([2, "2016-01-01"]);
  });
});
