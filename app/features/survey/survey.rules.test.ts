import fc from "fast-check";
import { compare, unnamed } from "#app/features/document/difference.rules.ts";
import { responseShape } from "./response-shape.rules.ts";
import { responseContent } from "./survey.schema.ts";
import { describe, expect, test } from "vitest";
import { answerValues, type AnswerValue } from "#app/domain/vocabulary.ts";
import { controls } from "#seeds/catalogue/index.ts";
import {
  type AnswerFacts,
  answerMap,
  completeness,
  responseRate,
  roundHalfUp,
  scoreOf,
  type Score,
  scoreTable,
} from "./survey.rules.ts";

const all = (value: AnswerValue, note = "说明") =>
  answerMap(controls.map((c) => ({ controlId: c.id, value, note, evidenceCount: 1 })));
const worse: Record<AnswerValue, AnswerValue[]> = {
  compliant: ["partial", "non_compliant"],
  partial: ["non_compliant"],
  non_compliant: [],
  not_applicable: [],
};
const answersArb = fc
  .array(fc.option(fc.constantFrom(...answerValues), { nil: null }), {
    minLength: controls.length,
    maxLength: controls.length,
  })
  .map((values) => answerMap(controls.map((c, i): AnswerFacts => ({ controlId: c.id, value: values[i] ?? null }))));

describe("score", () => {
  test("all compliant 100, all partial 50, none 0, all out null", () => {
    expect(scoreOf(controls, all("compliant")).percent).toBe(100);
    expect(scoreOf(controls, all("partial")).percent).toBe(50);
    expect(scoreOf(controls, all("non_compliant")).percent).toBe(0);
    expect(scoreOf(controls, all("not_applicable"))).toMatchObject({ percent: null, possible: 0, counted: 0 });
  });
  test("weights count: 5 of compliant against 1 of non-compliant is 83.33", () => {
    const [five, one] = [controls.find((c) => c.weight === 5), { ...controls[0], id: "X", weight: 1 }];
    if (!five) throw new Error("no control of weight 5");
    const two = [five, { ...five, id: one.id, weight: 1 }];
    expect(
      scoreOf(
        two,
        answerMap([
          { controlId: five.id, value: "compliant" },
          { controlId: "X", value: "non_compliant" },
        ]),
      ).percent,
    ).toBe(83.33);
  });
  test("a worse answer never raises a score, anywhere", () => {
    fc.assert(
      fc.property(answersArb, fc.nat({ max: controls.length - 1 }), fc.nat({ max: 1 }), (answers, at, pick) => {
        const id = controls[at]?.id ?? "";
        const value = answers.get(id)?.value;
        const next = value ? worse[value][pick] : undefined;
        if (!next) return;
        const changed = new Map(answers).set(id, { controlId: id, value: next });
        const [a, b] = [scoreTable(controls, answers), scoreTable(controls, changed)];
        expect(b.overall.gained).toBeLessThan(a.overall.gained);
        for (const [i, cell] of a.cells.entries())
          expect(b.cells[i]?.score.basisPoints ?? 0).toBeLessThanOrEqual(cell.score.basisPoints ?? 0);
      }),
      { numRuns: 60 },
    );
  });
  test("order does not matter, and the parts add up to the whole", () => {
    fc.assert(
      fc.property(answersArb, (answers) => {
        const table = scoreTable(controls, answers);
        expect(scoreTable([...controls].reverse(), answers).overall).toEqual(table.overall);
        const { gained, possible, counted } = table.overall;
        const sum = (of: readonly Score[], what: "gained" | "possible" | "counted") =>
          of.reduce((total, score) => total + score[what], 0);
        for (const part of [
          ...[table.dimension, table.object, table.lifecycle, table.mechanism].map((by) => Object.values(by)),
          table.cells.map((c) => c.score),
        ])
          expect([sum(part, "gained"), sum(part, "possible"), sum(part, "counted")]).toEqual([
            gained,
            possible,
            counted,
          ]);
      }),
      { numRuns: 40 },
    );
  });
  test("rounding is half up on exact integers", () => {
    expect([roundHalfUp(1, 2), roundHalfUp(5, 10), roundHalfUp(149, 100), roundHalfUp(0, 7)]).toEqual([1, 1, 1, 0]);
  });
});

describe("completeness", () => {
  test("an empty response misses 72, six in each section", () => {
    const c = completeness(controls, new Map());
    expect([c.total, c.answered, c.percent]).toEqual([72, 0, 0]);
    expect(c.sections).toHaveLength(12);
    expect(new Set(c.sections.map((s) => s.missing.length))).toEqual(new Set([6]));
  });
  test("71 of 72 is 98 %, never 100", () => {
    const answers = all("compliant");
    answers.delete("NET-EQP-02");
    expect(completeness(controls, answers)).toMatchObject({ percent: 98, missing: ["NET-EQP-02"] });
  });
  test("a partial answer needs words, blanks are none; missing evidence warns without blocking", () => {
    const answers = all("compliant");
    answers.set("SUP-SOL-01", { controlId: "SUP-SOL-01", value: "partial", note: "  " });
    answers.set("SUP-SOL-02", { controlId: "SUP-SOL-02", value: "compliant" });
    const c = completeness(controls, answers);
    expect([c.needsNote, c.withoutEvidence]).toEqual([["SUP-SOL-01"], ["SUP-SOL-02"]]);
    answers.set("SUP-SOL-01", { controlId: "SUP-SOL-01", value: "partial", note: "整改中" });
    expect(completeness(controls, answers)).toMatchObject({ reasons: [{ severity: "warning" }] });
  });
});

describe("response rate", () => {
  const sites = (submitted: number, of: number) =>
    Array.from({ length: of }, (_, i) => ({
      siteId: `s${i}`,
      state: i < submitted ? ("submitted" as const) : ("draft" as const),
    }));
  test("two of three does not meet 66.67 %, and does meet 66.66 %", () => {
    expect(responseRate(sites(2, 3), 6667)).toMatchObject({ met: false, basisPoints: 6666 });
    expect(responseRate(sites(2, 3), 6666).met).toBe(true);
  });
  test("nobody invited meets nothing; a returned response does not count", () => {
    expect(responseRate([], 0).met).toBe(false);
    expect(responseRate([{ siteId: "a", state: "returned" }], 1)).toMatchObject({ submitted: 0, met: false });
  });
});

describe("what a response's approval answers for", () => {
  const answer = { controlCode: "IDN-EQP-01", value: "partial", note: "a  b", evidenceRef: "one\n" };
  const asset = { id: "1", name: "gateway", object: "equipment", c: 3, replacementTested: false };
  const changed = (over: object, more: object = {}) =>
    compare(
      { answers: [answer], assets: [asset] },
      { answers: [{ ...answer, ...over }], assets: [{ ...asset, ...more }] },
      responseShape,
    ).changes.map((c) => c.path.join("/"));

  test("white space is not material, a value and any other evidence are", () => {
    expect(changed({ note: " a b ", evidenceRef: " one\n\n" })).toEqual([]);
    for (const evidenceRef of ["\n", "two", "one\ntwo"])
      expect(changed({ evidenceRef })).toEqual(["answers/IDN-EQP-01/evidenceRef"]);
    expect(changed({ value: "compliant", note: "a b" })).toEqual(["answers/IDN-EQP-01/value"]);
  });
  test("every field of an asset counts; one more and one less do", () => {
    expect(changed({}, { c: 4, replacementTested: true })).toEqual(["assets/1/replacementTested", "assets/1/c"]);
    expect(compare({ answers: [], assets: [] }, { answers: [], assets: [asset] }, responseShape).material).toBe(true);
  });
  test("a seal of the time before an asset was asked whether another had been tried is read as «no»", () => {
    const { replacementTested: _, ...older } = asset;
    const stored = {
      kind: "surveyResponse",
      projectCode: "P",
      questionnaireVersion: 1,
      answers: [],
      assets: [{ ...older, supplier: "", singleSource: false, i: 1, a: 1, note: "" }],
      site: { id: "s", code: "S", name: "S", region: "R", size: "small" },
      system: { id: "y", name: "Y", description: "", grade: 3, devices: 1 },
    };
    const read = responseContent.parse(stored);
    expect(
      compare(
        read,
        { ...read, assets: read.assets.map((one) => ({ ...one, replacementTested: false })) },
        responseShape,
      ).material,
    ).toBe(false);
  });
  test("no member of a content is forgotten", () => {
    const content = {
      kind: "surveyResponse",
      projectCode: "P",
      questionnaireVersion: 1,
      site: {},
      system: {},
      answers: [answer],
      assets: [{ ...asset, supplier: "", singleSource: false, i: 1, a: 1, note: "" }],
      evidence: [{ id: "f" }],
    };
    expect(unnamed(content, responseShape)).toEqual([]);
  });
});
