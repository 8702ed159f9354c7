import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { compare } from "#app/features/document/difference.rules.ts";
import { changeLines } from "#app/features/document/difference.server.ts";
import { reviewShape } from "./review-shape.rules.ts";
import { reviewRubric } from "#seeds/catalogue/index.ts";
import {
  attainment,
  type CourseFacts,
  expectedBp,
  healthOf,
  meanAttainment,
  midtermSuggestion,
  onCourse,
} from "./course.rules.ts";
import { reasonText } from "#app/domain/reason-text.server.ts";
import { type EffectRisk, pilotEffect } from "./effects.rules.ts";
import { nominationFormSchema } from "./pilots.schema.ts";
import { rankPilots, type ScoreSheet, sheetTotal } from "./scoring.rules.ts";
import { mustRecuse, type Nomination, screenNomination } from "./screening.rules.ts";
import { reportShape } from "./report-shape.rules.ts";

const even = (points: number) => Object.fromEntries(reviewRubric.map((c) => [c.code, points]));
const sheet = (pilotId: string, scorerId: string, points: number | null, recused = false): ScoreSheet => ({
  pilotId,
  scorerId,
  recused,
  points: points === null ? null : even(points),
});

describe("scoring", () => {
  test("the rubric's weights: 20·90 + 25·80 + 25·70 + 15·60 + 15·50 = 72.00", () => {
    expect(sheetTotal({ need: 90, solution: 80, effect: 70, transfer: 60, resources: 50 }, reviewRubric)).toBe(7200);
    expect(sheetTotal({ need: 90 }, reviewRubric)).toBeNull();
    expect(() => sheetTotal({ ...even(50), need: 101 }, reviewRubric)).toThrow(RangeError);
  });
  test("ties share a rank and the next one is skipped; one scorer is not enough; the recused do not count", () => {
    const sheets = [
      sheet("a", "x", 80),
      sheet("a", "y", 90),
      sheet("b", "x", 90),
      sheet("b", "y", 80),
      sheet("c", "x", 70),
      sheet("c", "y", 70),
      sheet("d", "x", 99),
      sheet("d", "y", 99, true),
    ];
    expect(
      rankPilots(["d", "c", "b", "a"], sheets, reviewRubric).map((s) => [s.pilotId, s.rank, s.tied, s.meanCenti]),
    ).toEqual([
      ["a", 1, true, 8500],
      ["b", 1, true, 8500],
      ["c", 3, false, 7000],
      ["d", null, false, null],
    ]);
  });
  test("means equal after rounding but not before are no tie", () => {
    const one = [{ code: "p", weight: 1 }];
    const of = (pilotId: string, points: number[]) =>
      points.map((p, i): ScoreSheet => ({ pilotId, scorerId: `s${i}`, recused: false, points: { p } }));
    const third = rankPilots(["a", "b"], [...of("a", [33, 33, 34]), ...of("b", [33, 34])], one);
    expect(third.map((s) => [s.pilotId, s.rank])).toEqual([
      ["b", 1],
      ["a", 2],
    ]);
  });
  test("order of the sheets does not matter; a higher point never lowers a rank; outliers need three", () => {
    const arb = fc.array(
      fc.record({
        pilotId: fc.constantFrom("a", "b", "c"),
        scorerId: fc.constantFrom("x", "y", "z"),
        points: fc.nat(100),
      }),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(arb, (list) => {
        const unique = [
          ...new Map(list.map((s) => [`${s.pilotId}/${s.scorerId}`, sheet(s.pilotId, s.scorerId, s.points)])).values(),
        ];
        const base = rankPilots(["a", "b", "c"], unique, reviewRubric);
        expect(rankPilots(["c", "b", "a"], unique.toReversed(), reviewRubric)).toEqual(base);
        const raised = unique.map((s) => (s.pilotId === "a" ? { ...s, points: even(100) } : s));
        const rank = (of: typeof base) => of.find((s) => s.pilotId === "a")?.rank ?? 0;
        expect(rank(rankPilots(["a", "b", "c"], raised, reviewRubric))).toBeLessThanOrEqual(rank(base));
      }),
    );
    const [far] = rankPilots(["a"], [sheet("a", "x", 80), sheet("a", "y", 82), sheet("a", "z", 40)], reviewRubric);
    expect(far?.totals.filter((t) => t.outlier).map((t) => t.scorerId)).toEqual(["z"]);
    expect(far?.reasons.map((r) => r.key)).toEqual(["rule_pilots_scores_far_apart", "rule_pilots_score_outlier"]);
  });
});

describe("screening", () => {
  const good: Nomination = {
    pilotId: "p1",
    siteId: "s1",
    systemId: "y1",
    systemName: "燃气管网监测",
    creditCode: "91350100M000100Y43",
    fields: { direction: "network", budget: 120 },
    partners: ["乙"],
    systemBuilt: true,
    otherProgrammes: [],
  };
  const rules = { requiredFields: ["direction", "budget"] };
  test("a good one passes; each fault is named", () => {
    expect(screenNomination(good, [good], rules)).toEqual({ missing: [], duplicates: [], reasons: [], passes: true });
    const bad = {
      ...good,
      fields: { direction: " " },
      partners: ["乙", "丙", "丁"],
      systemBuilt: false,
      otherProgrammes: ["网络安全技术应用试点示范"],
    };
    const result = screenNomination(
      bad,
      [{ ...good, pilotId: "p2", systemId: "y9", systemName: "燃气 管网（监测）" }],
      rules,
    );
    expect(result).toMatchObject({ missing: ["direction", "budget"], duplicates: ["p2"], passes: false });
    expect(result.reasons.map((r) => r.key)).toEqual([
      "rule_pilots_form_missing",
      "rule_pilots_duplicate_system",
      "rule_pilots_system_not_built",
      "rule_pilots_too_many_partners",
      "rule_pilots_double_entry",
    ]);
  });
  test("many of one site warn only", () => {
    const more = ["p2", "p3"].map((pilotId) => ({ ...good, pilotId, systemId: pilotId, systemName: pilotId }));
    expect(screenNomination(good, more, rules)).toMatchObject({
      passes: true,
      reasons: [{ key: "rule_pilots_many_of_one_site" }],
    });
  });
  test("who serves or served at the applicant must recuse; its name in another sector counts, its spacing and a blank do not", () => {
    const applicant = { siteId: "s1", name: "江州燃气" };
    const tie = (siteId: string, siteName: string, ended: Date | null = null) => ({ siteId, siteName, ended });
    const key = (...ties: ReturnType<typeof tie>[]) => mustRecuse(ties, applicant)?.key ?? null;
    expect([key(tie("s1", "")), key(tie("s9", "江州 燃气"))]).toEqual([
      "rule_pilots_serves_at_applicant",
      "rule_pilots_serves_at_applicant",
    ]);
    expect(key(tie("s1", "江州燃气", new Date(0)))).toBe("rule_pilots_served_at_applicant");
    expect(key(tie("s1", "江州燃气", new Date(0)), tie("s1", "江州燃气"))).toBe("rule_pilots_serves_at_applicant");
    expect([key(), key(tie("s2", "江州水务")), mustRecuse([tie("s2", " ")], { siteId: "s3", name: "" })]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("indicators", () => {
  const down = { id: "i", direction: "down" as const, baselineMilli: 12_000, targetMilli: 3000 };
  test("downwards: halfway is 50 %, beyond is 100, the wrong way 0 and told", () => {
    expect(attainment({ ...down, valueMilli: 7500 })).toEqual({
      indicatorId: "i",
      basisPoints: 5000,
      reached: false,
      worse: false,
    });
    expect(attainment({ ...down, valueMilli: 0 })).toMatchObject({ basisPoints: 10_000, reached: true });
    expect(attainment({ ...down, valueMilli: 12_001 })).toMatchObject({ basisPoints: 0, worse: true });
    expect(attainment({ ...down, targetMilli: 12_000, valueMilli: 1 }).basisPoints).toBeNull();
    expect(meanAttainment([attainment({ ...down, valueMilli: 7500 }), attainment({ ...down, valueMilli: null })])).toBe(
      5000,
    );
    expect(meanAttainment([])).toBeNull();
  });
  test("monotone: a better value never lowers the attainment; 100 % exactly when reached", () => {
    const n = fc.integer({ min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(
        fc.constantFrom("up" as const, "down" as const),
        n,
        n,
        n,
        fc.nat(1e9),
        (direction, baselineMilli, targetMilli, value, step) => {
          const at = (valueMilli: number) => attainment({ id: "i", direction, baselineMilli, targetMilli, valueMilli });
          const [a, b] = [at(value), at(value + (direction === "up" ? step : -step))];
          if (a.basisPoints === null || b.basisPoints === null) return;
          expect(b.basisPoints).toBeGreaterThanOrEqual(a.basisPoints);
          expect(a.basisPoints === 10_000).toBe(a.reached);
        },
      ),
    );
  });
});

describe("reports, health, mid-term", () => {
  const well: CourseFacts = {
    attainmentBp: 6000,
    indicatorsKnown: 8,
    indicatorsReached: 3,
    expectedBp: 6000,
    worseIndicators: [],
    missingReports: [],
    lateReports: [],
    openHighFindings: [],
    overdueHighFindings: [],
    lateMilestones: [],
  };
  test.each([
    ["on course", {}, "green", "normal"],
    ["nothing known", { attainmentBp: null }, "none", "normal"],
    ["a little behind", { attainmentBp: 4799 }, "amber", "warning"],
    ["80 % of the way is well", { attainmentBp: 4800 }, "green", "normal"],
    ["far behind", { attainmentBp: 2999 }, "red", "rectify"],
    ["a high finding open", { openHighFindings: ["f"] }, "amber", "warning"],
    ["a high finding overdue", { openHighFindings: ["f"], overdueHighFindings: ["f"] }, "red", "rectify"],
    ["two reports missing", { missingReports: ["a", "b"] }, "red", "rectify"],
    ["silent and nothing reached", { missingReports: ["a", "b", "c"], attainmentBp: 1199 }, "red", "exit"],
    ["silent, yet something reached", { missingReports: ["a", "b", "c"], attainmentBp: 1200 }, "red", "rectify"],
  ] as const)("%s", (_name, over, health, result) => {
    expect(healthOf({ ...well, ...over }).health).toBe(health);
    expect(midtermSuggestion({ ...well, ...over }).result).toBe(result);
  });
  test("a pilot of which nothing is wrong is said to stand at the figures that are known, and no better", () => {
    const n = fc.nat(40);
    fc.assert(
      fc.property(fc.integer({ min: 8000, max: 10_000 }), n, n, (attainmentBp, a, b) => {
        const facts = { ...well, attainmentBp, expectedBp: 10_000, indicatorsReached: Math.min(a, b) };
        const of = { ...facts, indicatorsKnown: Math.max(a, b, 1) };
        expect(healthOf(of)).toEqual({ health: "green", reasons: [] });
        expect(onCourse(of).params).toEqual({
          reached: attainmentBp / 100,
          expected: 100,
          met: of.indicatorsReached,
          known: of.indicatorsKnown,
        });
      }),
    );
    const most = { ...well, attainmentBp: 9512, expectedBp: 10_000 };
    expect(reasonText(onCourse(most), "zh-CN")).toContain("8 项中有 3 项已达目标");
    expect(reasonText(onCourse(most), "en")).toContain("3 of 8 have reached theirs");
    const unknown = { ...well, attainmentBp: null, indicatorsKnown: 0, indicatorsReached: 0 };
    expect([healthOf(unknown).health, onCourse(unknown).key]).toEqual(["none", "rule_pilots_course_unknown"]);
  });
  test("expected way: linear in days, inside 0..100 %", () => {
    expect([
      expectedBp("2014-01-01", "2014-12-31", "2014-07-02"),
      expectedBp("2014-01-01", "2014-12-31", "2013-01-01"),
      expectedBp("2014-01-01", "2014-01-01", "2014-01-01"),
    ]).toEqual([5000, 0, 10_000]);
  });
});

describe("a report against the approved one", () => {
  const report = {
    values: [
      { indicatorId: "i2", code: "I-2", name: "乙", valueMilli: 2000 },
      { indicatorId: "i1", code: "I-1", name: "甲", valueMilli: 1000 },
    ],
    text: "上线",
    problems: "",
    next: "",
    measures: [],
  };
  test("white space changes nothing; figures that went come first, then those that changed, texts, measures", () => {
    const lines = (after: object) => compare(report, after, reportShape).changes;
    expect(lines({ ...report, text: " 上线\n" })).toEqual([]);
    const after = {
      ...report,
      values: [{ indicatorId: "i1", code: "I-1", name: "甲", valueMilli: 0 }],
      next: "验收",
      measures: [{ measureId: "m", code: "M-1", title: "加固", doneOn: "2014-06-01" }],
    };
    const told = changeLines(lines(after), { shape: reportShape, before: report, after, locale: "en" });
    expect(told.map(({ label, before, after: now }) => [label, before, now])).toEqual([
      ["I-2 乙", "2", null],
      ["I-1 甲", "1", "0"],
      ["Next steps", null, "验收"],
      ["M-1 加固", null, "2014-06-01"],
    ]);
  });
});

describe("what a batch review's approval answers for", () => {
  const effect = {
    pilots: 4,
    sites: 3,
    beforeMilli: 14_000,
    afterMilli: 9_000,
    changeSum: -20_000,
    changeSquares: 101_000_000,
  };
  const lesson = { code: "L1-01", dimension: "identity", text: "逐台发放凭证", decision: "open", reason: "" };
  const review = {
    batchNo: 1,
    conclusions: "达到预期",
    problems: "",
    advice: "",
    sector: { code: "A" },
    stages: { operation: 4 },
    effects: { identity: effect },
    lessons: [lesson],
  };
  const changed = (batchNo: 1 | 2, over: object) =>
    compare(review, { ...review, ...over }, reviewShape(batchNo)).changes.map((c) => c.path.join("/"));

  test("means that move by a tenth of a level or more, pilots that left, dimensions that came", () => {
    expect(changed(1, { effects: { identity: { ...effect, afterMilli: 9_099, changeSum: -19_604 } } })).toEqual([]);
    expect(changed(1, { effects: { identity: { ...effect, afterMilli: 9_100 } } })).toEqual([
      "effects/identity/afterMilli",
    ]);
    expect(changed(1, { effects: { identity: { ...effect, pilots: 3 } } })).toEqual(["effects/identity/pilots"]);
    expect(changed(1, { effects: { identity: effect, network: effect } })).toEqual(["effects/network"]);
  });
  test("lessons and their text; decisions on them in the review of batch two alone; never the stage a pilot has reached", () => {
    const decided = { lessons: [{ ...lesson, decision: "adopted", reason: "已写入" }] };
    expect(changed(1, { stages: { accepted: 4 }, ...decided })).toEqual([]);
    expect(changed(2, decided)).toEqual(["lessons/L1-01/decision", "lessons/L1-01/reason"]);
    expect(changed(1, { lessons: [{ ...lesson, text: "按批发放凭证" }] })).toEqual(["lessons/L1-01/text"]);
    expect(changed(1, { lessons: [] })).toEqual(["lessons/L1-01"]);
  });
});

describe("an effect", () => {
  /** 5 × 5 × 5 of the scale by multiplication; a measure in place takes four levels off the vulnerability. */
  const risk = (done: boolean): EffectRisk => ({
    id: "r",
    dimension: "identity",
    method: "multiplication",
    assetValue: 5,
    threat: 5,
    vulnerability: 5,
    value: "25",
    measures: [{ id: "m", threatCut: 0, vulnerabilityCut: 4, done }],
  });
  const indicator = (valueMilli: number | null) => ({
    id: "i",
    dimension: "identity" as const,
    direction: "down" as const,
    baselineMilli: 10_000,
    targetMilli: 2_000,
    valueMilli,
  });
  const effect = (done: boolean, values: readonly (number | null)[], reported = true) =>
    pilotEffect([risk(done)], values.map(indicator), reported)[0];

  test("is what is in place, as far as the indicators have come", () => {
    expect(effect(true, [2_000])).toMatchObject({ beforeMilli: 25_000, afterMilli: 5_000, promisedMilli: 5_000 });
    expect(effect(true, [6_000])).toMatchObject({ afterMilli: 15_000 });
    expect(effect(false, [2_000])).toMatchObject({ afterMilli: 25_000, promisedMilli: 5_000 });
    // No indicator in the plan: the approved report vouches for what is in place.
    expect(effect(true, [])).toMatchObject({ afterMilli: 5_000 });
  });
  test("is unknown where nothing was reported of it, and silence never beats a report", () => {
    expect(effect(true, [null])).toMatchObject({ afterMilli: null, promisedMilli: 5_000 });
    expect(effect(true, [2_000], false)).toMatchObject({ afterMilli: null });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        (values, done) => {
          const told = effect(done, values);
          expect(told?.afterMilli).toBeLessThanOrEqual(25_000);
          expect(told?.afterMilli).toBeGreaterThanOrEqual(told?.promisedMilli ?? Number.NaN);
          // One more that is not reported changes nothing; none that is reported leaves nothing to be told.
          expect(effect(done, [...values, null])).toEqual(told);
          expect(
            effect(
              done,
              values.map(() => null),
            )?.afterMilli,
          ).toBeNull();
        },
      ),
    );
  });
});

it("lines of a nomination are what is to be seen of them, and one too many is said and not dropped", () => {
  const form = (partners: string) => nominationFormSchema.safeParse({ partners, builtOn: "", committed: "on" });
  expect(form("甲公司\n\u200b\n 乙公司 \n").data?.partners).toEqual(["甲公司", "乙公司"]);
  const many = form(Array.from({ length: 21 }, (_, n) => `公司${n}`).join("\n"));
  expect(many.error?.issues.map((i) => [i.path.join(), i.message])).toEqual([["partners", "error_field_lines|max=20"]]);
});
