import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Level, levels } from "#app/domain/vocabulary.ts";
import golden from "#seeds/catalogue/fixtures/risk-matrix-125.json" with { type: "json" };
import worked from "#seeds/catalogue/fixtures/risk-worked-examples.json" with { type: "json" };
import { controls, reportChapters, threats, vulnerabilities } from "#seeds/catalogue/index.ts";
import { toLevel } from "#app/domain/vocabulary.ts";
import {
  assessByMatrix,
  matrixLevels,
  assessByMultiplication,
  assessRisk,
  assetValue,
  residualRisk,
  type RiskInputs,
  type RiskMethod,
  rootText,
} from "./risk-method.rules.ts";
import { missingChapters, registerStatistics, reportGaps } from "./risk-register.rules.ts";
import { proposeRisks } from "./risk-proposals.rules.ts";

const level = fc.constantFrom(...levels);
const inputs: fc.Arbitrary<RiskInputs> = fc.record({ asset: level, threat: level, vulnerability: level });
const method = fc.constantFrom<RiskMethod>("matrix", "multiplication");

describe("golden values", () => {
  test("matrix: all 125 results of the table", () => {
    expect(golden).toHaveLength(125);
    for (const g of golden) {
      const r = assessByMatrix({ asset: toLevel(g.A), threat: toLevel(g.T), vulnerability: toLevel(g.V) });
      expect([r.likelihood, r.loss, r.risk]).toEqual([
        { value: String(g.p), level: g.p_level },
        { value: String(g.l), level: g.l_level },
        { value: String(g.r), level: g.r_level },
      ]);
    }
  });
  test.each(worked)("worked example: $name A=$A T=$T V=$V", (g) => {
    const r = assessRisk(g.method as RiskMethod, {
      asset: toLevel(g.A),
      threat: toLevel(g.T),
      vulnerability: toLevel(g.V),
    });
    expect(r.level).toBe(g.r_level);
    if (g.method === "multiplication") {
      expect(Number(r.risk.value)).toBeCloseTo(g.r, 6);
      expect([Number(r.likelihood.value), Number(r.loss.value)]).toEqual([g.likelihood, g.loss]);
    } else expect(Number(r.risk.value)).toBe(g.r);
  });
  test("sqrt(3)·sqrt(12) is 6, though doubles say 5.999999999999999", () => {
    expect(Math.sqrt(3) * Math.sqrt(12)).toBeLessThan(6);
    expect(assessByMultiplication({ asset: 4, threat: 1, vulnerability: 3 }).risk).toEqual({
      value: "6.000000",
      level: 2,
    });
  });
  test("bands: the upper bound belongs to the lower level", () => {
    expect(assessByMultiplication({ asset: 1, threat: 1, vulnerability: 5 }).level).toBe(1);
    expect(assessByMultiplication({ asset: 4, threat: 1, vulnerability: 5 }).level).toBe(2);
    expect(assessByMultiplication({ asset: 4, threat: 4, vulnerability: 5 }).level).toBe(4);
    expect(assessByMultiplication({ asset: 5, threat: 5, vulnerability: 4 }).level).toBe(4);
  });
  test("roots agree with the definition for every square that occurs", () => {
    for (let n = 0; n <= 625; n++) {
      const millionths = BigInt(rootText(n).replace(".", ""));
      expect((2n * millionths - 1n) ** 2n <= 4n * BigInt(n) * 10n ** 12n || millionths === 0n).toBe(true);
      expect((2n * millionths + 1n) ** 2n > 4n * BigInt(n) * 10n ** 12n).toBe(true);
    }
  });
});

describe("properties", () => {
  test("risk never falls when asset, threat or vulnerability rises", () => {
    fc.assert(
      fc.property(
        method,
        inputs,
        fc.constantFrom<keyof RiskInputs>("asset", "threat", "vulnerability"),
        (m, x, key) => {
          if (x[key] === 5) return;
          const higher = assessRisk(m, { ...x, [key]: toLevel(x[key] + 1) });
          const lower = assessRisk(m, x);
          expect(higher.level).toBeGreaterThanOrEqual(lower.level);
          expect(higher.rank).toBeGreaterThanOrEqual(lower.rank);
        },
      ),
    );
  });
  test("a measure never raises a risk, order does not matter, nothing falls below 1", () => {
    const effects = fc.array(
      fc.record({
        measureId: fc.string(),
        target: fc.constantFrom("threat" as const, "vulnerability" as const),
        reduce: fc.integer({ min: -2, max: 9 }),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(method, inputs, effects, (m, x, list) => {
        const after = residualRisk(m, x, list);
        expect(after.level).toBeLessThanOrEqual(assessRisk(m, x).level);
        expect(residualRisk(m, x, list.toReversed()).risk).toEqual(after.risk);
        expect(Math.min(after.inputs.threat, after.inputs.vulnerability)).toBeGreaterThanOrEqual(1);
      }),
    );
  });
  test("asset value: the largest, or the mean rounded half up; between least and largest", () => {
    expect(assetValue({ c: 2, i: 5, a: 3 })).toBe(5);
    expect(assetValue({ c: 2, i: 3, a: 3 }, { weights: { c: 1, i: 1, a: 0 } })).toBe(3);
    expect([assetValue({ c: 1, i: 1, a: 2 }, "mean"), assetValue({ c: 1, i: 2, a: 2 }, "mean")]).toEqual([1, 2]);
    expect(() => assetValue({ c: 1, i: 1, a: 1 }, { weights: { c: 0, i: 0, a: 0 } })).toThrow(RangeError);
    fc.assert(
      fc.property(level, level, level, fc.nat(9), fc.nat(9), (c, i, a, wc, wi) => {
        const v = assetValue({ c, i, a }, { weights: { c: wc, i: wi, a: 1 } });
        expect(v).toBeGreaterThanOrEqual(Math.min(c, i, a));
        expect(v).toBeLessThanOrEqual(Math.max(c, i, a));
      }),
    );
  });
});

describe("proposals", () => {
  const assets = [
    { id: "a1", object: "equipment" as const, value: 5 as Level, systemId: "s1" },
    { id: "a2", object: "service" as const, value: 3 as Level, systemId: "s1" },
    { id: "a3", object: "equipment" as const, value: 2 as Level, systemId: "s2" },
  ];
  const base = { assets, controls, threats, vulnerabilities };
  test("a default password question not met reaches the guessing threat on equipment of that system only", () => {
    const { proposals, unlinked } = proposeRisks({
      ...base,
      answers: [{ controlId: "IDN-EQP-03", value: "non_compliant", systemId: "s1" }],
    });
    expect(unlinked).toEqual([]);
    expect(new Set(proposals.map((p) => p.assetId))).toEqual(new Set(["a1"]));
    const guessing = proposals.find((p) => p.threatId === "T10" && p.vulnerabilityId === "V01");
    expect(guessing).toMatchObject({
      key: "a1/T10/V01",
      chain: [{ controlId: "IDN-EQP-03", answer: "non_compliant" }],
      result: { inputs: { asset: 5, vulnerability: 5 } },
    });
  });
  test("answers that are met or do not apply propose nothing; a question without a vulnerability is told apart", () => {
    const none = proposeRisks({
      ...base,
      answers: controls.map((c, i) => ({
        controlId: c.id,
        value: i % 2 ? ("compliant" as const) : ("not_applicable" as const),
      })),
    });
    expect(none).toEqual({ proposals: [], unlinked: [] });
    expect(proposeRisks({ ...base, answers: [{ controlId: "SUP-SOL-04", value: "partial" }] })).toEqual({
      proposals: [],
      unlinked: ["SUP-SOL-04"],
    });
  });
  test("keys unique, sorted by level, then as the assets were given; the same for any order of the rest, and partial is never above non-compliant", () => {
    const answers = controls.map((c, i) => ({
      controlId: c.id,
      value: (["partial", "non_compliant", "compliant"] as const)[i % 3] ?? null,
    }));
    const { proposals } = proposeRisks({ ...base, answers });
    expect(new Set(proposals.map((p) => p.key)).size).toBe(proposals.length);
    expect(proposals.map((p) => p.result.level)).toEqual(proposals.map((p) => p.result.level).sort((a, b) => b - a));
    const shuffled = proposeRisks({
      ...base,
      answers: answers.toReversed(),
      vulnerabilities: vulnerabilities.toReversed(),
    });
    expect(shuffled.proposals).toEqual(proposals);
    // Ids are chance: assets given in the same order under other ids lead to the same list.
    const renamed = new Map(assets.map((a, i) => [a.id, `z${assets.length - i}`]));
    const others = proposeRisks({
      ...base,
      answers,
      assets: assets.map((a) => ({ ...a, id: renamed.get(a.id) ?? "" })),
    });
    const told = (list: typeof proposals, of: (id: string) => string) =>
      list.map((p) => [of(p.assetId), p.threatId, p.vulnerabilityId]);
    expect(told(others.proposals, (id) => id)).toEqual(told(proposals, (id) => renamed.get(id) ?? ""));
    const milder = new Map(
      proposeRisks({
        ...base,
        answers: controls.map((c) => ({ controlId: c.id, value: "partial" as const })),
      }).proposals.map((p) => [p.key, p.result.level]),
    );
    for (const p of proposeRisks({
      ...base,
      answers: controls.map((c) => ({ controlId: c.id, value: "non_compliant" as const })),
    }).proposals)
      expect(milder.get(p.key) ?? 0).toBeLessThanOrEqual(p.result.level);
  });
  test("every vulnerability of the catalogue can be reached by some asset", () => {
    const everything = (["solution", "equipment", "service"] as const).map((object) => ({
      id: object,
      object,
      value: 5 as Level,
    }));
    const { proposals } = proposeRisks({
      ...base,
      assets: everything,
      answers: controls.map((c) => ({ controlId: c.id, value: "non_compliant" as const })),
    });
    const reached = new Set(proposals.map((p) => p.vulnerabilityId));
    expect(vulnerabilities.filter((v) => !reached.has(v.id)).map((v) => v.id)).toEqual([]);
  });
});

describe("register and report", () => {
  const rows = fc.array(
    fc.record({
      id: fc.uuid(),
      dimension: fc.constantFrom("supervision" as const, "privacy" as const),
      level,
      likelihoodLevel: level,
      lossLevel: level,
    }),
    { maxLength: 40 },
  );
  test("heat map, levels and dimensions each count every row once", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const s = registerStatistics(list);
        expect(s.heat).toHaveLength(25);
        expect(s.heat.reduce((n, c) => n + c.count, 0)).toBe(list.length);
        expect(Object.values(s.byLevel).reduce((a, b) => a + b, 0)).toBe(list.length);
        expect(Object.values(s.byDimension).reduce((n, d) => n + d.total, 0)).toBe(list.length);
        expect(registerStatistics(list.toReversed()).byLevel).toEqual(s.byLevel);
      }),
      { numRuns: 40 },
    );
  });
  test("an empty report misses all ten chapters, a full one none, a blank section is missing", () => {
    const none = { assets: 0, threats: 0, vulnerabilities: 0, risks: 0, answers: 0 };
    const full = { assets: 1, threats: 1, vulnerabilities: 1, risks: 1, answers: 1 };
    expect(missingChapters({}, none)).toHaveLength(10);
    const body = Object.fromEntries(reportChapters.flatMap((c) => c.sections.map((s) => [s.key, "已填写"])));
    expect(missingChapters(body, full)).toEqual([]);
    expect(missingChapters({ ...body, "2.3": " \n" }, full)).toEqual([
      { chapter: "activity", no: "二", sections: ["2.3"] },
    ]);
    expect(missingChapters(body, { ...full, risks: 0 })).toEqual([
      { chapter: "analysis", no: "七", sections: ["7.1", "7.2"] },
    ]);
    expect(reportGaps(body, { ...full, highRisksWithoutOwner: ["r1", "r2"] })).toMatchObject([
      { key: "rule_risk_high_without_owner", severity: "blocking", params: { count: 2 } },
    ]);
  });
});

describe("the matrix as it is printed", () => {
  test("holds at each cell the level that a risk of it has", () => {
    const all = [1, 2, 3, 4, 5] as const;
    for (const asset of all)
      for (const threat of all)
        for (const vulnerability of all) {
          const { loss, likelihood, level } = assessByMatrix({ asset, threat, vulnerability });
          expect(matrixLevels()[loss.level - 1]?.[likelihood.level - 1]).toBe(level);
        }
  });
});
