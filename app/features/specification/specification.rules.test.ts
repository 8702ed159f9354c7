import { frontMatterSchema } from "./specification.schema.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { controls, docFormats, specificationSkeleton } from "#seeds/catalogue/index.ts";
import { annexLetter, type ClauseNode, numberClauses, skeletonGaps, structureGaps } from "./numbering.rules.ts";
import { checkVerbs, verbOf } from "./verbs.rules.ts";
import { clauseCoverage, coverageReasons, type EvidenceFacts, gradeEvidence } from "./evidence.rules.ts";
import { diffEditions, type EditionClause } from "./editions.rules.ts";

const keysOf = (textZh: string, textEn = "") =>
  checkVerbs({ id: "c", textZh, textEn }).reasons.map((r) => r.key.replace("rule_specification_", ""));

describe("verbs", () => {
  test("the words of the catalogue are read as their kinds", () => {
    const { requirement, recommendation, permission, capability } = docFormats.gbt_1_1.verbs;
    for (const [kind, words] of Object.entries({ requirement, recommendation, permission, capability }))
      for (const word of words) expect(verbOf(`试点单位${word}建立台账`), word).toBe(kind);
  });
  test.each([
    ["试点单位应建立设备台账。", "requirement"],
    ["网关不应使用出厂默认口令。", "requirement"],
    ["感知节点宜支持在线更新密钥。", "recommendation"],
    ["资源受限设备可由网关代为鉴别。", "permission"],
    ["管理员可使用新的密钥。", "permission"],
    ["平台能在十分钟内发现失联节点。", "capability"],
    ["物联网应用的应急响应功能与性能、可信身份、可替换性和智能终端的对应关系见附录。", "none"],
    ["不可否认性由日志保证，供应商的能力见表。", "none"],
    ["应用系统应具备可追溯的审计功能。", "requirement"],
  ])("%s → %s", (text, kind) => expect(verbOf(text)).toBe(kind));
  test("必须 and 不可 are ruled out, 应当 and 可以 are poor style, 能 of a person means 可", () => {
    expect(keysOf("运营单位必须留存日志。")).toEqual(["word_wrong"]);
    expect(checkVerbs({ id: "c", textZh: "运维人员不可共用账号。" }).reasons[0]).toMatchObject({
      severity: "blocking",
      params: { word: "不可", instead: "不应" },
    });
    expect(checkVerbs({ id: "c", textZh: "单位应当留存日志。" }).reasons[0]).toMatchObject({
      severity: "warning",
      params: { word: "应当", instead: "应" },
    });
    expect(checkVerbs({ id: "c", textZh: "运营单位能自行选择备份方式。" }).wrong).toMatchObject([
      { word: "能", instead: "可", strict: true },
    ]);
    expect(checkVerbs({ id: "c", textZh: "网关能识别伪造节点。" }).wrong).toEqual([]);
  });
  test("two kinds in one sentence are told, in two sentences they are fine; a clause without a verb blocks where one is needed", () => {
    expect(keysOf("设备应验签，升级包宜加密。")).toEqual(["verbs_mixed"]);
    expect(keysOf("设备应验签。升级包宜加密。")).toEqual([]);
    expect(keysOf("日志保存六个月。")).toEqual(["verb_missing"]);
    expect(checkVerbs({ id: "c", textZh: "本文件规定了管理要求。", normative: false }).reasons).toEqual([]);
  });
  test("English: shall, should, may, can; must and may not are ruled out; a month is no verb; languages that disagree are told", () => {
    expect(keysOf("设备应验签。", "Devices shall verify signatures.")).toEqual([]);
    expect(keysOf("设备应验签。", "Devices should verify signatures.")).toEqual(["languages_differ"]);
    expect(keysOf("设备应验签。", "Devices must verify signatures.")).toEqual(["word_wrong"]);
    expect(checkVerbs({ id: "c", textZh: "设备不应外联。", textEn: "Devices may not call out." }).wrong).toMatchObject([
      { word: "may not", instead: "shall not" },
    ]);
    expect(keysOf("报告应于五月报送。", "Reports shall be filed in May.")).toEqual([]);
    expect(keysOf("设备应验签。", "Signatures everywhere.")).toEqual(["verb_missing_en"]);
  });
});

const node = (
  id: string,
  parentId: string | null,
  position: number,
  kind: ClauseNode["kind"] = "clause",
): ClauseNode => ({ id, parentId, position, kind });

describe("numbers", () => {
  test("chapters, clauses, annexes", () => {
    const nodes = [
      node("b", null, 2, "chapter"),
      node("a", null, 1, "chapter"),
      node("x", null, 0, "annex"),
      node("b1", "b", 1),
      node("b2", "b", 2),
      node("b21", "b2", 1),
      node("x1", "x", 5),
    ];
    expect(numberClauses(nodes).ordered.map((n) => `${n.number}=${n.id}`)).toEqual([
      "1=a",
      "2=b",
      "2.1=b1",
      "2.2=b2",
      "2.2.1=b21",
      "A=x",
      "A.1=x1",
    ]);
    expect([annexLetter(0), annexLetter(25), annexLetter(26), annexLetter(27)]).toEqual(["A", "Z", "AA", "AB"]);
  });
  test("rings and missing parents are named, nothing hangs", () => {
    expect(numberClauses([node("p", "q", 1), node("q", "p", 1), node("z", "gone", 1)]).orphans).toEqual([
      "p",
      "q",
      "z",
    ]);
    expect(
      structureGaps([node("a", null, 1, "chapter"), node("b", "a", 1), node("z", "gone", 1)]).map((r) => r.key),
    ).toEqual(["rule_specification_orphans", "rule_specification_single_subclause"]);
  });
  test("numbers are unique and do not depend on the order of the rows", () => {
    const tree = fc
      .array(fc.tuple(fc.nat(), fc.nat(5)), { maxLength: 25 })
      .map((list) =>
        list.map(([up, position], i) =>
          node(
            `n${i}`,
            i > 0 && up % 3 !== 0 ? `n${up % i}` : null,
            position,
            i > 0 && up % 3 !== 0 ? "clause" : up % 2 ? "annex" : "chapter",
          ),
        ),
      );
    fc.assert(
      fc.property(tree, (nodes) => {
        const { ordered, orphans } = numberClauses(nodes);
        expect(orphans).toEqual([]);
        expect(new Set(ordered.map((n) => n.number)).size).toBe(nodes.length);
        expect(numberClauses(nodes.toReversed()).ordered).toEqual(ordered);
      }),
    );
  });
  test("the skeleton asks for its required elements, not for those that may be empty", () => {
    const all = new Set(specificationSkeleton.map((s) => s.key));
    expect(skeletonGaps(specificationSkeleton, all)).toEqual([]);
    all.delete("scope");
    all.delete("introduction");
    all.delete("terms");
    expect(skeletonGaps(specificationSkeleton, all).map((r) => r.params.element)).toEqual(["scope"]);
  });
});

const ev = (over: Partial<EvidenceFacts> = {}): EvidenceFacts => ({
  id: "e",
  sectorId: "TEN",
  batchNo: 1,
  pilots: 3,
  effectMilli: -4000,
  dissent: false,
  ...over,
});

describe("evidence", () => {
  test("strong, moderate, limited, contested, none", () => {
    const two = [ev(), ev({ sectorId: "URB", batchNo: 2 })];
    expect(gradeEvidence("c", two)).toMatchObject({
      strength: "strong",
      pilots: 6,
      sectors: 2,
      batches: 2,
      reasons: [],
    });
    expect(gradeEvidence("c", [...two, ev({ dissent: true })]).strength).toBe("moderate");
    expect(gradeEvidence("c", [ev()])).toMatchObject({
      strength: "limited",
      reasons: [
        { key: "rule_specification_evidence_few_pilots" },
        { key: "rule_specification_evidence_one_sector" },
        { key: "rule_specification_evidence_one_batch" },
      ],
    });
    expect(gradeEvidence("c", [ev(), ev({ effectMilli: 100 })]).strength).toBe("contested");
    expect([gradeEvidence("c", []).strength, gradeEvidence("c", [], true).strength]).toEqual([
      "missing",
      "declaredNone",
    ]);
  });
  test("one more statement that agrees never weakens a clause", () => {
    const rank = { missing: 0, declaredNone: 0, contested: 1, limited: 2, moderate: 3, strong: 4 };
    const arb = fc.record({
      id: fc.string(),
      sectorId: fc.constantFrom("A", "B"),
      batchNo: fc.constantFrom(1, 2),
      pilots: fc.nat(5),
      effectMilli: fc.option(fc.integer({ min: -9, max: 9 })),
      dissent: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(arb, { maxLength: 6 }), fc.constantFrom("A", "B"), (list, sectorId) => {
        const more = gradeEvidence("c", [...list, ev({ sectorId })]);
        expect(rank[more.strength]).toBeGreaterThanOrEqual(rank[gradeEvidence("c", list).strength]);
        expect(gradeEvidence("c", list.toReversed())).toEqual(gradeEvidence("c", list));
      }),
    );
  });
  test("coverage: one clause per control covers all 72 expected of 108 cells", () => {
    const full = clauseCoverage(controls, controls);
    expect([full.cells.length, full.expected, full.covered, full.open.length]).toEqual([108, 72, 72, 0]);
    const less = clauseCoverage(
      [...controls.slice(1), { id: "free", dimension: null, object: null, lifecycle: null, mechanism: null }],
      controls,
    );
    expect([less.covered, less.untagged]).toEqual([71, ["free"]]);
    expect(coverageReasons(less).map((r) => r.key)).toEqual([
      "rule_specification_cells_open",
      "rule_specification_clauses_untagged",
    ]);
  });
});

const clause = (id: string, number: string, textZh: string, over: Partial<EditionClause> = {}): EditionClause => ({
  id,
  number,
  headingZh: `题${id}`,
  headingEn: id,
  textZh,
  textEn: "",
  verb: "requirement",
  ...over,
});

describe("editions", () => {
  test("added, removed in its place, changed, moved, same", () => {
    const before = [clause("a", "5.1", "甲"), clause("b", "5.2", "乙"), clause("c", "5.3", "丙")];
    const after = [
      clause("n", "5.1", "新"),
      clause("a2", "5.2", "甲改", { originId: "a", headingZh: "题a", headingEn: "a" }),
      clause("c", "5.3", "丙"),
    ];
    expect(diffEditions(before, after).map((c) => [c.status, c.after?.id ?? c.before?.id, c.fields])).toEqual([
      ["added", "n", []],
      ["changed", "a2", ["textZh"]],
      ["removed", "b", []],
      ["same", "c", []],
    ]);
    expect(diffEditions(before, [clause("c", "5.1", "丙")]).map((c) => c.status)).toEqual(
      ["removed", "removed", "moved"].toSorted((x, y) => (x === "moved" ? 1 : y === "moved" ? -1 : 0)),
    );
  });
  test("nothing changed against itself; what one way adds the other way removes", () => {
    const arb = fc
      .uniqueArray(fc.tuple(fc.nat(8), fc.string({ maxLength: 3 })), { selector: ([n]) => n, maxLength: 8 })
      .map((l) => l.map(([n, t]) => clause(`k${n}`, `${n}`, t)));
    fc.assert(
      fc.property(arb, arb, (a, b) => {
        expect(diffEditions(a, a).map((c) => c.status)).toEqual(a.map(() => "same"));
        const count = (from: typeof a, to: typeof b, status: string) =>
          diffEditions(from, to).filter((c) => c.status === status).length;
        expect([count(a, b, "added"), count(a, b, "removed")]).toEqual([count(b, a, "removed"), count(b, a, "added")]);
      }),
    );
  });
});

describe("front matter as it is typed", () => {
  const base = { rev: "1", titleZh: "规范", titleEn: "Specification", scope: "范围", issuedBy: "办公室" };
  const read = (more: object) => frontMatterSchema.safeParse({ ...base, ...more });
  const faults = (more: object) =>
    read(more).error?.issues.map((issue) => [issue.path.join("."), issue.message.split("|")[0]]) ?? [];

  test("takes terms, abbreviations and classification, and leaves empty rows out", () => {
    const term = { term: "网关", termEn: "gateway", definition: "连接两个网络的设备" };
    const none = { term: "", termEn: "", definition: "" };
    expect(
      read({
        terms: [none, term, none],
        abbreviations: "RFID 射频识别\n\n IoT  Internet of Things ",
        ics: "35.030; 35.020",
        ccs: "L 80",
      }).data,
    ).toMatchObject({
      terms: [term],
      abbreviations: [
        { short: "RFID", full: "射频识别" },
        { short: "IoT", full: "Internet of Things" },
      ],
      ics: "35.030; 35.020",
      ccs: "L 80",
    });
    expect(read({}).data).not.toHaveProperty("terms");
    // A form that has the lists and sends none of them empties them; one from before they were fields leaves them as they are.
    expect([read({ lists: "on" }).data?.lists, read({}).data?.lists]).toEqual([true, false]);
  });
  test("names the field of what is half there, twice there or no such number", () => {
    const half = [
      { term: "网关", termEn: "", definition: "" },
      { term: "", termEn: "", definition: "无名" },
    ];
    expect(faults({ terms: half })).toEqual([
      ["terms.0.definition", "specification_error_term_definition"],
      ["terms.1.term", "specification_error_term_name"],
    ]);
    const twice = [
      { term: "甲", termEn: "", definition: "一" },
      { term: "甲", termEn: "", definition: "二" },
    ];
    expect(faults({ terms: twice })).toEqual([["terms.1.term", "specification_error_term_twice"]]);
    expect(faults({ terms: [{ term: "", termEn: "", definition: "" }, half[1]] })).toEqual([
      ["terms.1.term", "specification_error_term_name"],
    ]);
    const many = Array.from({ length: 101 }, (_, n) => ({ term: `术语${n}`, termEn: "", definition: "一" }));
    expect(
      read({ terms: [...many.slice(0, 100), ...half.map(() => ({ term: "", termEn: "", definition: "" }))] }).success,
    ).toBe(true);
    expect(faults({ terms: many })).toEqual([["terms.100.term", "specification_error_terms"]]);
    expect(read({ ics: "35.030；35.020" }).data?.ics).toBe("35.030; 35.020");
    expect(faults({ abbreviations: "RFID" })).toEqual([["abbreviations", "specification_error_abbreviation"]]);
    expect(faults({ abbreviations: "A 一\nA 二" })).toEqual([
      ["abbreviations", "specification_error_abbreviation_twice"],
    ]);
    for (const ics of ["35", "35.030.10"]) expect(faults({ ics })).toEqual([]);
    for (const ics of ["3", "35.3", "L 80", "35.030,35.020"])
      expect(faults({ ics })).toEqual([["ics", "specification_error_ics"]]);
    for (const ccs of ["80", "LL80", "l 80"]) expect(faults({ ccs })).toEqual([["ccs", "specification_error_ccs"]]);
  });
});
