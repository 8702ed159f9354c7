import { describe, expect, test } from "vitest";
import * as catalogue from "#seeds/catalogue/index.ts";
import { dimensions, lifecycles, mechanisms, objects } from "#app/domain/vocabulary.ts";

const { controls, threats, vulnerabilities, controlById, threatById, vulnerabilityById } = catalogue;
const han = /\p{Script=Han}/u;

/** Every string under a `…_zh`/`…_en` pair, with the path to it. */
function* pairs(value: unknown, path: string): Generator<{ path: string; zh: unknown; en: unknown }> {
  if (Array.isArray(value)) for (const [i, v] of value.entries()) yield* pairs(v, `${path}[${i}]`);
  else if (value !== null && typeof value === "object") {
    const entries = new Map(Object.entries(value));
    for (const [key, v] of entries) {
      if (key.endsWith("_zh")) yield { path: `${path}.${key}`, zh: v, en: entries.get(key.replace(/_zh$/, "_en")) };
      if (key === "zh") yield { path: `${path}.zh`, zh: v, en: entries.get("en") };
      yield* pairs(v, `${path}.${key}`);
    }
  }
}
const countBy = <T>(items: readonly T[], key: (item: T) => string) =>
  items.reduce((map, item) => map.set(key(item), (map.get(key(item)) ?? 0) + 1), new Map<string, number>());

describe("first texts of the specification", () => {
  const { clauses } = catalogue.specificationTexts;
  test("there is one for every control, in both languages with the verb that its weight asks for", () => {
    expect(clauses.map((c) => c.control)).toEqual(controls.map((c) => c.id));
    for (const c of clauses) {
      const weak = (controlById.get(c.control)?.weight ?? 0) <= 3;
      expect([c.control, c.text_zh]).toEqual([c.control, expect.stringMatching(weak ? /宜/ : /应/)]);
      expect([c.control, c.text_en]).toEqual([c.control, expect.stringMatching(weak ? /should/ : /shall/)]);
    }
  });
});

describe("controls", () => {
  test("72 in all, six in each cell of dimension × object, ids unique", () => {
    expect(controls).toHaveLength(72);
    expect(controlById.size).toBe(72);
    const cells = countBy(controls, (c) => `${c.dimension}/${c.object}`);
    expect(cells.size).toBe(dimensions.length * objects.length);
    expect(new Set(cells.values())).toEqual(new Set([6]));
  });
  test("every lifecycle and mechanism is asked about in every dimension", () => {
    const seen = new Set(controls.flatMap((c) => [`${c.dimension}/${c.lifecycle}`, `${c.dimension}/${c.mechanism}`]));
    for (const d of dimensions) for (const x of [...lifecycles, ...mechanisms]) expect(seen).toContain(`${d}/${x}`);
  });
  test("the id tells the cell", () => {
    const prefix = { supervision: "SUP", identity: "IDN", network: "NET", privacy: "PRV" } as const;
    const middle = { solution: "SOL", equipment: "EQP", service: "SRV" } as const;
    for (const c of controls) expect(c.id).toMatch(new RegExp(`^${prefix[c.dimension]}-${middle[c.object]}-`));
  });
});

describe("links", () => {
  test("38 threats and 50 vulnerabilities, ids unique", () => {
    expect([threats.length, threatById.size]).toEqual([38, 38]);
    expect([vulnerabilities.length, vulnerabilityById.size]).toEqual([50, 50]);
  });
  test("threats and vulnerabilities name each other, both ways", () => {
    for (const t of threats)
      for (const v of t.vulnerabilities) expect(vulnerabilityById.get(v)?.threats, `${t.id} → ${v}`).toContain(t.id);
    for (const v of vulnerabilities)
      for (const t of v.threats) expect(threatById.get(t)?.vulnerabilities, `${v.id} → ${t}`).toContain(v.id);
  });
  test("every control they name exists", () => {
    for (const x of [...threats, ...vulnerabilities])
      for (const c of x.controls) expect(controlById.has(c), `${x.id} → ${c}`).toBe(true);
  });
  test("every control is reached by a threat or a vulnerability", () => {
    const reached = new Set([...threats, ...vulnerabilities].flatMap((x) => x.controls));
    expect(controls.filter((c) => !reached.has(c.id)).map((c) => c.id)).toEqual([]);
  });
});

test("every provision of ETSI EN 303 645 that a control names is on the list", () => {
  const known = new Set(catalogue.etsiProvisions.provisions.map((p) => p.id));
  const named = JSON.stringify(controls).matchAll(/ETSI EN 303 645 (\d[\w.-]*)/g);
  const ids = [...named].map((m) => m[1] ?? "");
  expect(ids.length).toBeGreaterThan(15);
  expect(ids.filter((id) => !known.has(id))).toEqual([]);
});

test("both languages everywhere, Chinese is Chinese and English has none", () => {
  const { controlById: _c, threatById: _t, vulnerabilityById: _v, ...data } = catalogue;
  let seen = 0;
  for (const { path, zh, en } of pairs(data, "")) {
    if (zh === null) continue;
    seen++;
    expect(typeof zh, path).toBe("string");
    expect(String(zh), path).toMatch(han);
    expect(typeof en, path).toBe("string");
    expect(String(en), path).not.toMatch(han);
  }
  expect(seen).toBeGreaterThan(700);
});

test("sectors: nine by default, four of them a priority; action plan: 5 tasks, 13 milestones, 4 safeguards, departments known", () => {
  expect(catalogue.sectors.map((s) => s.code)).toEqual(["IND", "AGR", "ENV", "COM", "TEN", "PSF", "SOC", "URB", "WSF"]);
  expect(catalogue.sectors.filter((s) => s.priority)).toHaveLength(4);
  expect(catalogue.actionPlan.tasks).toHaveLength(5);
  expect(catalogue.milestones).toHaveLength(13);
  expect(catalogue.actionPlan.safeguards).toHaveLength(4);
  const known = new Set(catalogue.actionPlan.departments.map((d) => d.code));
  for (const task of catalogue.actionPlan.tasks) for (const d of task.departments) expect(known).toContain(d);
});

test("risk bands cover every value of their table without gap or overlap", () => {
  for (const { table, bands } of [
    catalogue.riskTables.matrix.likelihood,
    catalogue.riskTables.matrix.loss,
    catalogue.riskTables.matrix.risk,
  ]) {
    for (const value of table.flat())
      expect(bands.filter(([low, high]) => value >= low && value <= high)).toHaveLength(1);
    for (const [i, [low]] of bands.entries()) if (i > 0) expect(low).toBe((bands[i - 1]?.[1] ?? 0) + 1);
  }
});

test("report, plan and rubric: ten chapters, thirteen sections, weights of 100, keys unique", () => {
  expect(catalogue.reportChapters).toHaveLength(10);
  const sectionKeys = catalogue.reportChapters.flatMap((c) => c.sections.map((s) => s.key));
  expect(new Set(sectionKeys).size).toBe(sectionKeys.length);
  expect(new Set(catalogue.planSections.map((s) => s.key)).size).toBe(13);
  expect(catalogue.reviewRubric.reduce((sum, c) => sum + c.weight, 0)).toBe(100);
  expect(catalogue.etsiProvisions.provisions).toHaveLength(78);
});

test("an unverified reference keeps its mark", () => {
  expect(catalogue.markedReference("GB/T 22239-2019 8.1 集中管控?")).toEqual({
    text: "GB/T 22239-2019 8.1 集中管控",
    confirmed: false,
  });
  expect(catalogue.markedReference("GB/T 22240-2020")).toEqual({ text: "GB/T 22240-2020", confirmed: true });
});
