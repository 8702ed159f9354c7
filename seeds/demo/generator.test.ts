import { describe, expect, test } from "vitest";
import { planGaps, siteBudgets } from "#app/features/plan/plan.rules.ts";
import { readOrganisationCode } from "#app/domain/organisation-code.ts";
import { proposeRisks } from "#app/features/risk/risk-proposals.rules.ts";
import { checkVerbs } from "#app/features/specification/verbs.rules.ts";
import { completeness, scoreOf } from "#app/features/survey/survey.rules.ts";
import { controlById, controls, planSections, reportChapters, threats, vulnerabilities } from "../catalogue/index.ts";
import { createRng } from "../rng.ts";
import { measureKinds } from "./plan-texts.ts";
import {
  type PlausibleSite,
  type PlausibleSystem,
  planTexts,
  generateAnswers,
  generateBudget,
  generateIndicators,
  generateMeasure,
  generateProgramme,
  generateProgress,
  generateReportDelay,
  generateScores,
  reportTexts,
} from "./generator.ts";

const programme = generateProgramme();
const sites = programme.sectors.flatMap((s) => s.sites);
const systems = sites.flatMap((site) => site.systems.map((system): [PlausibleSite, PlausibleSystem] => [site, system]));
const answersOf = (site: PlausibleSite, system: PlausibleSystem, gain = 0) => {
  const list = generateAnswers("anshi", site, system, gain);
  return new Map(list.map((a) => [a.controlId, { ...a, evidenceCount: a.evidence ? 1 : 0 }]));
};
const spread = (values: number[]) => Math.max(...values) - Math.min(...values);

describe("numbers", () => {
  test("mulberry32 from a seed: the same everywhere, other seeds differ, forks are independent", () => {
    const draw = (seed: string) => Array.from({ length: 4 }, createRng(seed).next);
    expect(draw("anshi")).toEqual(draw("anshi"));
    expect(draw("anshi")).not.toEqual(draw("anshj"));
    const a = createRng("x");
    a.next();
    expect(a.fork("part").next()).toBe(createRng("x").fork("part").next());
  });
  test("flat enough: ten thousand draws fill ten bins evenly", () => {
    const rng = createRng("flat");
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 10_000; i++) {
      const at = rng.int(0, 9);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, c) => sum + (c - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(27.88);
    expect(() => rng.pick([])).toThrow(RangeError);
  });
});

describe("who and what", () => {
  test("the same programme each time; five sectors, six or seven sites each, names and codes unique", () => {
    expect(generateProgramme()).toEqual(programme);
    expect(programme.sectors.map((s) => [s.code, s.sites.length])).toEqual([
      ["TEN", 7],
      ["PSF", 6],
      ["URB", 7],
      ["WSF", 6],
      ["IND", 6],
    ]);
    for (const key of ["zh", "creditCode", "key"] as const)
      expect(new Set(sites.map((s) => s[key])).size).toBe(sites.length);
    for (const site of sites) expect(readOrganisationCode(site.creditCode), site.zh).toMatchObject({ kind: "unified" });
    const people = [
      ...sites.flatMap((s) => [s.officer.zh, s.lead.zh]),
      ...programme.sectors.flatMap((s) => s.people.scorers.map((p) => p.zh)),
    ];
    expect(new Set(people).size).toBe(people.length);
    expect(JSON.stringify(programme)).not.toContain("{city}");
  });
  test("assets of all three objects at every system, and some single-source ones in every sector", () => {
    for (const sector of programme.sectors) {
      const assets = sector.sites.flatMap((s) => s.systems.flatMap((y) => y.assets));
      expect(new Set(assets.map((a) => a.object)).size).toBe(3);
      const single = assets.filter((a) => a.singleSource).length / assets.length;
      expect(single).toBeGreaterThan(0.1);
      expect(single).toBeLessThan(0.6);
    }
  });
});

describe("answers", () => {
  test("complete and submittable at every system; scores follow maturity and differ", () => {
    const scored = systems.map(([site, system]) => {
      const answers = answersOf(site, system);
      expect(completeness(controls, answers)).toMatchObject({ percent: 100, missing: [], needsNote: [] });
      return { maturity: site.maturity, score: scoreOf(controls, answers).percent ?? 0 };
    });
    const sorted = scored.toSorted((a, b) => a.maturity - b.maturity);
    const mean = (list: typeof sorted) => list.reduce((n, s) => n + s.score, 0) / list.length;
    expect(mean(sorted.slice(-10)) - mean(sorted.slice(0, 10))).toBeGreaterThan(15);
    expect(spread(scored.map((s) => s.score))).toBeGreaterThan(30);
  });
  test("a gain never makes an answer worse, and makes the whole better", () => {
    const rank = { non_compliant: 0, partial: 1, compliant: 2, not_applicable: 3 };
    for (const [site, system] of systems.slice(0, 8)) {
      const [before, after] = [answersOf(site, system), answersOf(site, system, 0.2)];
      for (const [id, a] of after)
        expect(rank[a.value]).toBeGreaterThanOrEqual(rank[before.get(id)?.value ?? "non_compliant"]);
      expect(scoreOf(controls, after).gained).toBeGreaterThan(scoreOf(controls, before).gained);
    }
  });
  test("risks follow at every system, of several levels", () => {
    const found = systems.map(([site, system]) => {
      const assets = system.assets.map((a, i) => ({ id: `a${i}`, object: a.object, value: a.value }));
      return proposeRisks({
        assets,
        answers: generateAnswers("anshi", site, system),
        controls,
        threats,
        vulnerabilities,
      }).proposals;
    });
    for (const list of found) expect(list.length).toBeGreaterThan(5);
    expect(new Set(found.flat().map((p) => p.result.level)).size).toBeGreaterThanOrEqual(4);
  });
});

describe("plans and course", () => {
  test("budgets: whole hundredths, share met or reason given, some low", () => {
    const budgets = sites.map((site) => ({ site, ...generateBudget("anshi", site) }));
    for (const { site, lines, shareReason } of budgets) {
      const [b] = siteBudgets(
        lines.map((l, i) => ({ ...l, id: `${i}`, siteId: site.key })),
        1000,
        shareReason ? { [site.key]: shareReason.zh } : {},
      );
      expect(b?.accepted, site.key).toBe(true);
      expect(b?.met).toBe(shareReason === null);
    }
    expect(budgets.filter((b) => b.shareReason).length).toBeGreaterThan(0);
  });
  test("three measures in each cell; dates inside the period; a plan made of them has no gap", () => {
    expect(measureKinds).toHaveLength(36);
    const made = measureKinds.map((k, i) => ({
      ...generateMeasure("anshi", `r${i}`, k, "李明", "2014-01-01", "2015-06-30"),
      id: `m${i}`,
      riskId: `r${i}`,
      budgetLineId: "b",
    }));
    const facts = {
      risks: made.map((m) => ({ id: m.riskId, level: 4 as const })),
      measures: made,
      thresholdBp: 1000,
      nominated: ["p"],
      budgetLines: [{ id: "b", siteId: "s", amountCenti: 1, security: true, lifecycle: "design" as const }],
      indicators: generateIndicators("anshi", "TEN").map((i) => ({
        id: i.code,
        direction: i.direction,
        baselineMilli: i.baselineMilli,
        targetMilli: i.targetMilli,
      })),
    };
    expect(planGaps(facts)).toEqual([]);
    for (const m of made) expect(m.startsOn >= "2014-01-01" && m.endsOn <= "2015-06-30").toBe(true);
  });
  test("indicators: eight a sector, progress ends well past halfway and differs between pilots", () => {
    for (const sector of programme.sectors) {
      const list = generateIndicators("anshi", sector.code);
      expect(list).toHaveLength(8);
      for (const i of list) {
        const ends = sector.sites.map((s) => generateProgress("anshi", s.key, s.maturity, i, 6).at(-1) ?? 0);
        const covered = ends.map((v) => (v - i.baselineMilli) / (i.targetMilli - i.baselineMilli));
        expect(Math.min(...covered)).toBeGreaterThan(0.5);
        if (i.digits > 0) expect(spread(covered)).toBeGreaterThan(0.02);
        for (const s of sector.sites)
          for (const v of generateProgress("anshi", s.key, s.maturity, i, 6))
            expect(Number.isSafeInteger(v) && v >= 0 && (i.unit.zh !== "%" || v <= 100_000)).toBe(true);
      }
    }
  });
  test("scores are whole 0..100; some reports late", () => {
    for (const v of Object.values(generateScores("anshi", "TEN-1-1", "x", ["need", "effect"])))
      expect(Number.isInteger(v) && v >= 40 && v <= 98).toBe(true);
    const delays = sites.flatMap((s) => ["a", "b", "c", "d"].map((p) => generateReportDelay("anshi", s.key, p)));
    expect(delays.filter((d) => d !== null && d > 0).length).toBeGreaterThan(5);
    expect(delays.filter((d) => d === null).length).toBeGreaterThan(0);
  });
});

describe("texts", () => {
  test("four lessons and three clauses a sector; clauses carry the tags of their control and keep to the verbs", () => {
    for (const s of programme.sectors) expect([s.lessons.length, s.clauses.length]).toEqual([4, 3]);
    for (const c of programme.sectors.flatMap((s) => s.clauses)) {
      const { dimension, object, lifecycle, mechanism } = c;
      expect({ dimension, object, lifecycle, mechanism }, c.headingZh).toEqual(
        (({ dimension: d, object: o, lifecycle: l, mechanism: m }) => ({
          dimension: d,
          object: o,
          lifecycle: l,
          mechanism: m,
        }))(controlById.get(c.controlId) ?? c),
      );
      expect(
        checkVerbs({ id: c.headingZh, textZh: c.textZh, textEn: c.textEn }).reasons.filter(
          (r) => r.severity === "blocking",
        ),
      ).toEqual([]);
    }
  });
  test("every written section of report and plan has a text", () => {
    const facts = { sectorZh: "交通能源", sites: 7, systems: 8, risks: 120, high: 14, body: "试点办公室" };
    const written = reportChapters.flatMap((c) => c.sections.filter((s) => s.from === "text").map((s) => s.key));
    expect(Object.keys(reportTexts(facts)).sort()).toEqual(written.sort());
    expect(Object.keys(planTexts(facts)).sort()).toEqual(
      planSections
        .filter((s) => s.from === "text")
        .map((s) => s.key)
        .sort(),
    );
  });
});
