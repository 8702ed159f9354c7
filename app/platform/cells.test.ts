import fc from "fast-check";
import { readXlsx, writeXlsx } from "hucre/xlsx";
import { describe, expect, it } from "vitest";
import { toTsv } from "#app/ui/table.ts";
import { asCell, asText } from "./cells.ts";

const dangerous = fc
  .tuple(fc.constantFrom("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", " =", "\u00a0@"), fc.string())
  .map(([first, rest]) => first + rest);
const opens = /^[\s\u00a0\ufeff]*[=+\-@＝＋－＠]|^[\t\r]/u;
const number = /^[+-]?\d[\d,.]*%?$/;

describe("cells that leave the house", () => {
  it("no text opens a formula, and what cannot is left as it is", () => {
    fc.assert(
      fc.property(fc.oneof(dangerous, fc.string({ unit: "grapheme" })), (text) => {
        const cell = asText(text);
        expect(!opens.test(cell) || number.test(cell)).toBe(true);
        expect(cell === text || cell === `'${text}`).toBe(true);
        expect(asText(cell)).toBe(cell);
      }),
    );
  });
  it("figures keep their sign", () => {
    for (const figure of ["-1", "+2.5", "-1,234.50", "-12%"]) expect(asText(figure)).toBe(figure);
    expect(asCell(-3)).toBe(-3);
    expect(asText("-2+3+cmd|' /C calc'!A0")).toMatch(/^'/);
  });
  it("a copied table holds none in any cell", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(dangerous, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        (rows) => {
          for (const line of toTsv(rows).split("\n"))
            for (const cell of line.split("\t")) expect(!opens.test(cell) || number.test(cell)).toBe(true);
        },
      ),
    );
  });
  it("a workbook holds text where text was given", async () => {
    const rows = [["=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", "+86 10", "甲"]];
    const bytes = await writeXlsx({ sheets: [{ name: "x", rows: rows.map((row) => row.map(asCell)) }] });
    const [sheet] = (await readXlsx(bytes)).sheets;
    expect(sheet?.rows[0]).toEqual(["'=1+1", `'=HYPERLINK("http://x")`, "'@SUM(A1)", "'+86 10", "甲"]);
  });
});
