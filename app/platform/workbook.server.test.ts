import { strFromU8, unzipSync } from "fflate";
import { readXlsx } from "hucre/xlsx";
import { expect, it } from "vitest";
import { workbook } from "./workbook.server.ts";

const made = (names = ["名单"]) =>
  workbook({
    title: "对比 & 分析",
    sheets: names.map((name) => ({
      name,
      columns: [{ head: "名称", width: 40 }, { head: "数值", numFmt: "0.0" }, { head: "说明" }],
      rows: [
        ["=1+1", 5, "+86 13800138000"],
        ["甲", -1.5, "_x000D_"],
        ["- 列表项", null, "#N/A"],
        ["@张三\ufffe", 1e12, "-5"],
      ],
    })),
  });
const parts = (bytes: Uint8Array) => {
  const files = unzipSync(bytes);
  return (name: string): string => strFromU8(files[name] ?? new Uint8Array());
};

it("keeps every text as it was typed and marks what looks like a formula as text", async () => {
  const bytes = await made();
  const [sheet] = (await readXlsx(bytes)).sheets;
  expect(sheet?.rows.slice(1)).toEqual([
    ["=1+1", 5, "+86 13800138000"],
    ["甲", -1.5, expect.stringMatching(/^_x(005F_x)?000D_$/)],
    ["- 列表项", null, "#N/A"],
    ["@张三", 1e12, "-5"],
  ]);
  const part = parts(bytes);
  expect(part("xl/sharedStrings.xml")).toContain("_x005F_x000D_");
  const cells = [...part("xl/worksheets/sheet1.xml").matchAll(/<c r="([A-Z]\d)" t="(\w+)"(?: s="(\d+)")?/g)];
  expect(cells.filter(([, , type]) => type !== "s")).toEqual([]);
  const formats = [
    ...part("xl/styles.xml")
      .replace(/^.*<cellXfs/s, "")
      .matchAll(/<xf [^>]*>/g),
  ].map(([xf]) => xf);
  const quoted = cells.filter(([, , , s]) => formats[Number(s)]?.includes("quotePrefix=")).map(([, ref]) => ref);
  expect(quoted).toEqual(["A2", "C2", "A4", "A5", "C5"]);
});

it("prints across one page with its head on each, in a named font, under its title", async () => {
  const part = parts(await made());
  const sheet = part("xl/worksheets/sheet1.xml");
  expect(sheet).toMatch(/<pageSetup[^>]*orientation="landscape"[^>]*fitToWidth="1"[^>]*fitToHeight="0"/);
  expect(sheet).toContain("<autoFilter ");
  expect(part("xl/workbook.xml")).toMatch(/_xlnm\.Print_Titles[^>]*>[^<]*\$1:\$1</);
  const fonts = [...part("xl/styles.xml").matchAll(/<font>.*?<\/font>/gs)].map(([font]) => font);
  expect(fonts.filter((font) => !/<sz val="10"\/>.*<name val="Microsoft YaHei"\/>/s.test(font))).toEqual([]);
  expect(part("docProps/core.xml")).toContain("对比 &amp; 分析");
});

it("keeps the number of the page at the foot, however long the title is and whatever stands in it", async () => {
  for (const title of ["x".repeat(119) + "&y", "𠮷".repeat(200), "&".repeat(300), "a"]) {
    const bytes = await workbook({ title, sheets: [{ name: "单", columns: [{ head: "甲" }], rows: [] }] });
    const foot = /<oddFooter>(.*?)<\/oddFooter>/s.exec(parts(bytes)("xl/worksheets/sheet1.xml"))?.[1] ?? "";
    const text = foot.replaceAll("&amp;", "&");
    expect(text.replaceAll("&&", "")).toMatch(/^&L[^&]* · 单&R&P \/ &N$/s);
    expect(text.length).toBeLessThanOrEqual(255);
    expect(text).not.toContain("\ufffd");
  }
});

it("gives every sheet a name of its own that spreadsheets take", async () => {
  const long = "甲".repeat(40);
  const sheets = (await readXlsx(await made([long, long, "a/b:c", "a/b:c"]))).sheets;
  const names = sheets.map((s) => s.name);
  expect(new Set(names).size).toBe(4);
  expect(names.filter((name) => name.length > 31 || /[\\/?*[\]:']/.test(name))).toEqual([]);
});
