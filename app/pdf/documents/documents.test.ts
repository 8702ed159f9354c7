import { beforeAll, describe, expect, it } from "vitest";
import { compose, type Composed } from "../engine/compose.server.ts";
import { planFixture, REPORT_SIZES, reportFixture, specificationFixture } from "../fixtures.ts";
import { readPdf, type OutlineItem, type ReadPdf } from "../read-back.ts";
import { directionsOf } from "../text/bidi.ts";
import { joinedAt } from "../text/complex.server.ts";
import { FORBIDDEN_START } from "../text/line-break.ts";
import type { CertificateData, PdfLocale, RiskReportData } from "../types.ts";
import { documentPlan } from "./index.ts";

const LOCALES: readonly PdfLocale[] = ["zh-CN", "en"];

async function report(
  locale: PdfLocale,
  data: RiskReportData = reportFixture(locale),
): Promise<{ made: Composed; read: ReadPdf }> {
  const made = await compose(documentPlan("riskReport", data, locale));
  return { made, read: await readPdf(made.bytes) };
}

/** Text with the line ends and spaces taken out, as a search does. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, "");
}

function flat(items: readonly OutlineItem[]): OutlineItem[] {
  return items.flatMap((item) => [item, ...flat(item.items)]);
}

describe.each(LOCALES)("the risk report in %s", (locale) => {
  const data = reportFixture(locale);
  let made: Composed;
  let read: ReadPdf;
  beforeAll(async () => {
    ({ made, read } = await report(locale, data));
  });

  it("names its title and language", () => {
    expect(read.title).toBe(data.head.title);
    expect(read.language).toBe(locale);
    expect(read.pages).toHaveLength(made.pages);
    expect(made.missing).toEqual([]);
  });

  it("has every chapter in order and all of the text that was given", () => {
    const all = squeezed(read.pages.map((page) => page.lines.slice(2, -1).join("")).join(""));
    for (const chapter of data.chapters) {
      for (const section of chapter.sections)
        for (const text of section.paragraphs) expect(all).toContain(squeezed(text).slice(0, 60));
    }
    const tops = read.outline.map((item) => item.page);
    expect(read.outline).toHaveLength(10);
    expect([...tops].sort((a, b) => a - b)).toEqual(tops);
  });

  it("prints page x of y on each page but the cover", () => {
    read.pages.slice(1).forEach((page, i) => {
      const expected = locale === "zh-CN" ? `第${i + 2}页共${made.pages}页` : `Page${i + 2}of${made.pages}`;
      expect(squeezed(page.text)).toContain(expected);
    });
  });

  it("gives the real page of each heading in contents and bookmarks", () => {
    const bookmarks = flat(read.outline);
    const contents = squeezed(
      read.pages
        .slice(1, 3)
        .map((page) => page.text)
        .join("\n"),
    );
    for (const item of bookmarks) {
      expect(squeezed(read.pages[item.page - 1]?.text ?? "")).toContain(squeezed(item.title));
      expect(contents).toContain(`${squeezed(item.title)}${item.page}`);
    }
  });

  it("repeats the head of a table on each page it runs over", () => {
    const [head, value] = locale === "zh-CN" ? [/编号|位次/, "（续）"] : [/No\.|Rank/, "(continued)"];
    const continued = read.pages.filter((page) => page.text.includes(value));
    expect(continued.length).toBeGreaterThan(2);
    for (const page of continued) expect(page.text).toMatch(head);
  });
});

describe("the Chinese of a long report", () => {
  it("begins no line with a closing mark and leaves no heading at a page's foot", async () => {
    const { made, read } = await report("zh-CN", reportFixture("zh-CN", REPORT_SIZES.fifty));
    expect(made.pages).toBeGreaterThanOrEqual(50);
    const bad = read.pages
      .flatMap((page) => page.lines)
      .filter((line) => FORBIDDEN_START.has(line[0] ?? "") && line.length > 1);
    expect(bad).toEqual([]);
    const titles = new Set(flat(read.outline).map((item) => squeezed(item.title)));
    for (const page of read.pages.slice(4)) expect(titles.has(squeezed(page.lines.at(-1) ?? ""))).toBe(false);
  });
});

describe("difficult text", () => {
  const difficult = "李䶮、𬭎合金、𪛖字、<b>标签</b> & 😀👍🏽 \u0000\ud800 ע𲎯 عربي";

  it("is printed, copied as it was, and what no font has is reported", async () => {
    const data = reportFixture("zh-CN");
    const [first] = data.chapters;
    const chapters = [
      { key: "project" as const, sections: [{ no: "1.1", title: difficult, paragraphs: [difficult, ""] }] },
      ...data.chapters.filter((chapter) => chapter !== first),
    ];
    const { made, read } = await report("zh-CN", { ...data, chapters });
    const all = squeezed(read.pages.map((page) => page.text).join(""));
    expect(all).toContain("李䶮、𬭎合金、𪛖字、<b>标签</b>&😀👍");
    expect(made.missing.every((character) => [...character].length === 1)).toBe(true);
    expect(made.missing).toEqual(["ע", "𲎯"]);
  });

  const names = {
    rare: ["王𠮷明", "𪚥𡈽𠀋", "𫟼𬺈𰻞𬀩", "㐂䶮㛃", "𫠀𬀀𬺰"],
    uyghur: ["ئۇيغۇر ئاپتونوم رايونى", "ئابدۇراخمان", "شىنجاڭ"],
    kazakh: ["قازاق", "ىلە"],
    tibetan: ["བོད་རང་སྐྱོང་ལྗོངས།", "བཀྲ་ཤིས་བདེ་ལེགས"],
    mongolian: ["ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ", "ᠥᠪᠥᠷ"],
    yi: ["ꆈꌠꁱꂷ"],
    korean: ["조선족"],
  };
  const withText = (paragraphs: string[]): RiskReportData => {
    const data = reportFixture("zh-CN");
    const [first, ...others] = data.chapters;
    if (!first) throw new Error("no chapter");
    return { ...data, chapters: [{ ...first, sections: [{ no: "1.1", title: "名称", paragraphs }] }, ...others] };
  };

  it("in the scripts that people of the country write is printed, and copied in reading order", async () => {
    const all = Object.values(names).flat();
    const { made, read } = await report(
      "zh-CN",
      withText([...all, `自治区（${names.uyghur[0]}）责任人：${names.uyghur[1]}，2014 年`]),
    );
    expect(made.missing).toEqual([]);
    // This reader gives what runs from the right in pieces, so letters are counted; their order is told below.
    const counted = (text: string, letter: string) => text.split(letter).length;
    const given = squeezed(all.join("") + names.uyghur[0] + names.uyghur[1]);
    const text = squeezed(read.pages.map((page) => page.text).join(""));
    const letters = [...new Set(given)].filter((letter) =>
      /[^\u0021-\u9fff]|\p{Script=Arabic}|\p{Script=Tibetan}/u.test(letter),
    );
    expect(letters.length).toBeGreaterThan(50);
    expect(letters.filter((letter) => counted(text, letter) < counted(given, letter))).toEqual([]);
  });

  it("is set from joined forms, in the order of the eye", async () => {
    const word = joinedAt("شىنجاڭ", 0);
    const ofNun = (text: string) => joinedAt(text, 0)?.glyphs.find(({ codePoints }) => codePoints.includes(0x646))?.gid;
    expect(word?.rtl).toBe(true);
    expect(
      word?.glyphs.filter(({ codePoints }) => codePoints.length > 0).map(({ codePoints }) => codePoints[0]),
    ).toEqual([..."شىنجاڭ"].map((letter) => letter.codePointAt(0)).toReversed());
    expect(
      new Set(["ن", "نا", "انا", "شىنجاڭ"].map(ofNun)).size,
      "alone, first, last but one, in the middle",
    ).toBeGreaterThan(2);
    expect(joinedAt("རྒྱ", 0)?.glyphs.length, "a stack is one place").toBeLessThan(4);
    expect(joinedAt("۱۲۳", 0), "digits run from the left").toBeUndefined();
    expect(joinedAt("جاڭ۱۲", 0)?.text).toBe("جاڭ");
    expect(directionsOf("甲\nאב(")?.order(2, 5)).toEqual([3, 2, 4]);
    expect(directionsOf("甲ab")).toBeUndefined();
    expect(directionsOf("甲אבa")?.order(0, 4)).toEqual([0, 2, 1, 3]);
  });

  it("without a space in four thousand letters stays inside its column", async () => {
    const { made, read } = await report(
      "zh-CN",
      withText(["ئ".repeat(4000), "བོད་".repeat(1000), "ᠮ".repeat(4000), "𠮷".repeat(4000)]),
    );
    expect(made.missing).toEqual([]);
    expect(read.pages.length).toBeGreaterThan(8);
    const text = read.pages.map((page) => page.text).join("");
    for (const character of ["ئ", "𠮷", "ᠮ"]) expect(text.split(character).length).toBe(4001);
  });

  it("that is shaped as a whole is never wider than its column", async () => {
    const { made, read } = await report("zh-CN", withText(["﷽".repeat(24), "ئابدۇرەھمانجان".repeat(9)]));
    expect(made.missing).toEqual([]);
    expect(read.pages.flatMap((page) => page.right).filter((right) => right > 596)).toEqual([]);
  });

  it("in an empty register still gives a whole document", async () => {
    const data = {
      ...reportFixture("en"),
      assets: [],
      threats: [],
      vulnerabilities: [],
      risks: [],
      measures: [],
      chapters: [],
      approvals: [],
    };
    const { made } = await report("en", data);
    expect(made.pages).toBeGreaterThan(8);
  });

  it("in a cell higher than a page goes on over the pages", async () => {
    const data = reportFixture("zh-CN");
    const name = "很长的说明文字，".repeat(900);
    const { read } = await report("zh-CN", {
      ...data,
      assets: data.assets.map((row, i) => (i === 3 ? { ...row, name } : row)),
    });
    const count = squeezed(read.pages.map((page) => page.text).join("")).split("说明").length - 1;
    // Once in the annex and, for an asset of high value, once in the chapter.
    expect(count).toBeGreaterThanOrEqual(900);
  });
});

describe("the other documents", () => {
  // A plan whose works had no dates once never ended: its figure of time ran from nowhere and took all memory.
  it.each(LOCALES)("a plan of nothing yet in %s is printed all the same", async (locale) => {
    const data = planFixture(locale);
    const made = await compose(
      documentPlan(
        "pilotPlan",
        { ...data, sites: [], risks: [], indicators: [], tasks: [], budget: [], sections: [] },
        locale,
      ),
    );
    expect((await readPdf(made.bytes)).outline).toHaveLength(13);
  });

  it.each(LOCALES)("the pilot plan in %s has thirteen chapters, its budget and its approvals", async (locale) => {
    const data = planFixture(locale);
    const made = await compose(documentPlan("pilotPlan", data, locale));
    const read = await readPdf(made.bytes);
    expect(read.outline).toHaveLength(13);
    const all = read.pages.map((page) => page.text).join("\n");
    expect(all).toContain("1,821.60");
    expect(all).toContain("30.2%");
    for (const approval of data.approvals) expect(squeezed(all)).toContain(squeezed(approval.role));
    expect(made.missing).toEqual([]);
  });

  it.each(LOCALES)("the specification in %s keeps the order of elements of GB/T 1.1", async (locale) => {
    const made = await compose(documentPlan("specification", specificationFixture(locale), locale));
    const read = await readPdf(made.bytes);
    const titles = read.outline.map((item) => squeezed(item.title));
    const expected =
      locale === "zh-CN"
        ? [
            "前言",
            "引言",
            "1范围",
            "2规范性引用文件",
            "3术语和定义",
            "4缩略语",
            "附录A（规范性）控制项表",
            "附录B（资料性）风险评估表样",
            "附录C（资料性）试点数据依据",
            "参考文献",
          ]
        : [
            "Foreword",
            "Introduction",
            "1Scope",
            "2Normativereferences",
            "3Termsanddefinitions",
            "4Abbreviatedterms",
            "AnnexA(normative)Tableofcontrols",
            "AnnexB(informative)Formoftheriskassessment",
            "AnnexC(informative)Pilotdatabehindtheclauses",
            "Bibliography",
          ];
    expect(titles.filter((title) => expected.includes(title))).toEqual(expected);
    expect(squeezed(read.pages[0]?.text ?? "")).toContain("ANSHI/G0003—2027");
    expect(made.missing).toEqual([]);
  });
});

describe("determinism", () => {
  it("the same data give the same bytes, other data others", async () => {
    const once = await compose(documentPlan("specification", specificationFixture("zh-CN"), "zh-CN"));
    const again = await compose(documentPlan("specification", specificationFixture("zh-CN"), "zh-CN"));
    const other = await compose(
      documentPlan("specification", { ...specificationFixture("zh-CN"), number: "ANSHI/G 0004—2027" }, "zh-CN"),
    );
    expect(Buffer.compare(once.bytes, again.bytes)).toBe(0);
    expect(Buffer.compare(once.bytes, other.bytes)).not.toBe(0);
  });
});

describe.each(LOCALES)("a certificate in %s", (locale) => {
  it("has neither cover nor contents, says all that it is given, and is the same each time", async () => {
    const digest = "3f1c0a9e 5b7d2468 ace01357 9bdf0246 8ace1357 9bdf0246 8ace1357 9bdf0246";
    const data: CertificateData = {
      title: "隔离检查证书 · 供水",
      heading: "隔离检查证书",
      kind: "只读部分",
      of: "城市供水",
      number: "IC-TEN-68",
      body: "Anshi 安试",
      subject: "隔离",
      createdAt: "2026-11-28T11:27:02.862Z",
      seal: { sha256: "ab".repeat(32) },
      verdict: { word: "发现漏洞", text: "4,143 次尝试中得手 2 次。", bad: true },
      facts: [["检查时间", "2026-11-28 19:27:02（UTC+08:00）"]],
      parts: [
        {
          title: "检查发现",
          tables: [
            {
              caption: "按手法统计",
              columns: [
                { head: "手法", share: 3 },
                { head: "得手", share: 1, align: "right" },
              ],
              rows: [["读取他人的数据", "2"]],
              note: "注",
            },
          ],
        },
        {
          title: "如何核验",
          paragraphs: ["由审计链第 68 条印出。"],
          items: ["先导出", "再核验"],
          facts: [["摘要", digest]],
        },
      ],
      approvals: [{ role: "检查人", unit: "城市供水", name: "张立新", date: "2026-11-28" }],
    };
    const [made, again] = [
      await compose(documentPlan("certificate", data, locale)),
      await compose(documentPlan("certificate", data, locale)),
    ];
    expect(Buffer.from(again.bytes).equals(made.bytes)).toBe(true);
    const read = await readPdf(made.bytes);
    expect([made.pages, made.missing, read.title, read.language]).toEqual([1, [], data.title, locale]);
    const text = squeezed(read.pages.map((page) => page.text).join(""));
    for (const said of [
      data.heading,
      data.of,
      data.verdict.word,
      data.verdict.text,
      digest,
      "先导出",
      "读取他人的数据",
      "张立新",
      data.number,
    ])
      expect(text).toContain(squeezed(said));
    expect(read.outline.map((item) => item.title)).toHaveLength(2);
  });
});
