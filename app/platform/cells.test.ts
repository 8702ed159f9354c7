import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toTsv } from "#app/ui/table.ts";
import { asText, workbookText } from "./cells.ts";

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
});

/** The text as a reader of the file has it: escapes of `_xHHHH_` read, as spreadsheets do. */
const read = (text: string): string =>
  text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

describe("text of a workbook", () => {
  it("is read as it was typed, whatever looks like an escape, a formula or an error in it", () => {
    const piece = fc.constantFrom("_", "x", "_x000D_", "_x005F_", "x0041_", "=", "'", "#N/A", "甲", "𠮷", "F", "0");
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join("")),
        (text) => {
          expect(read(workbookText(text))).toBe(text);
        },
      ),
    );
  });
  it("holds nothing that XML does not, and not more than a cell", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        // oxlint-disable-next-line no-control-regex
        expect(workbookText(text)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u);
      }),
    );
    for (const text of ["_x0041_".repeat(9000), "𠮷".repeat(20_000), `a${"𠮷".repeat(20_000)}`]) {
      const cell = workbookText(text);
      expect(read(cell).length).toBeLessThanOrEqual(32_767);
      expect(cell).not.toMatch(/\p{Surrogate}/u);
      expect(text.startsWith(read(cell).slice(0, -1))).toBe(true);
    }
  });
});
