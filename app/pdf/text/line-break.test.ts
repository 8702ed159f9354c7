import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  BREAK_ALLOWED,
  BREAK_MANDATORY,
  BREAK_NONE,
  breakOpportunities,
  FORBIDDEN_END,
  FORBIDDEN_START,
} from "./line-break.ts";

const signs = [
  ..."安全试点报告应宜可能的一〇䶮，。、；：？！”’）》】「」“‘（《【—…·％℃%,.;:?!)](ABC xyz019-/’'\u00a0𪛖😀\n",
];
const mixed = fc.array(fc.constantFrom(...signs), { maxLength: 120 }).map((parts) => parts.join(""));

/** The unbreakable pieces of a text in order. */
function linePieces(text: string): string[] {
  const breaks = breakOpportunities(text);
  const cuts = Array.from({ length: text.length }, (_, at) => at).filter((at) => at > 0 && breaks[at] !== BREAK_NONE);
  return [0, ...cuts].map((from, i) => text.slice(from, cuts[i])).filter((piece) => piece !== "");
}

describe("line breaking", () => {
  it("loses and adds nothing: the pieces joined are the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(mixed, fc.string({ unit: "grapheme", maxLength: 80 })),
        (text) => linePieces(text).join("") === text,
      ),
    );
  });

  it("never begins a piece with a closing mark nor ends one with an opening mark", () => {
    fc.assert(
      fc.property(mixed, (text) => {
        const breaks = breakOpportunities(text);
        for (let at = 1; at < text.length; at += 1) {
          if (breaks[at] !== BREAK_ALLOWED) continue;
          expect(FORBIDDEN_START.has(text[at] ?? "")).toBe(false);
          expect(FORBIDDEN_END.has(text[at - 1] ?? "")).toBe(false);
        }
      }),
    );
  });

  it("never cuts a character of two code units", () => {
    fc.assert(
      fc.property(mixed, (text) => linePieces(text).every((piece) => !/[\ud800-\udbff]$|^[\udc00-\udfff]/.test(piece))),
    );
  });

  it("breaks Han text between any two characters and Latin words nowhere", () => {
    expect(linePieces("安全试点")).toEqual(["安", "全", "试", "点"]);
    expect(linePieces("使用TLS加密")).toEqual(["使", "用", "TLS", "加", "密"]);
    expect(linePieces("security pilot")).toEqual(["security ", "pilot"]);
  });

  it("keeps marks with the character they belong to", () => {
    expect(linePieces("报告，《规范》。")).toEqual(["报", "告，", "《规", "范》。"]);
    expect(linePieces("要求“可替换”的")).toEqual(["要", "求", "“可", "替", "换”", "的"]);
    expect(linePieces("占25.0%）")).toEqual(["占", "25.0%）"]);
  });

  it("never parts a dash of two or an ellipsis of two", () => {
    expect(linePieces("结论——通过……完")).toEqual(["结", "论——", "通", "过……", "完"]);
  });

  it("keeps the number of a standard whole", () => {
    expect(linePieces("依据GB/T 22239-2019执行")).toEqual(["依", "据", "GB/T 22239-2019", "执", "行"]);
  });

  it("opens digests and addresses that no column could hold", () => {
    const digest = "3f1c0a9e5b7d2468ace013579bdf02468ace13579bdf0246";
    expect(linePieces(digest).length).toBeGreaterThan(5);
    expect(linePieces(digest).join("")).toBe(digest);
  });

  it("treats a line feed as the end of a line", () => {
    expect(breakOpportunities("甲\n乙")[2]).toBe(BREAK_MANDATORY);
  });
});
