import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderKit, textOf } from "#tests/ui/render.tsx";
import { diffText } from "./diff.rules.ts";
import { FieldDiff } from "./diff.tsx";

const join = (pieces: ReturnType<typeof diffText>, ...kinds: string[]) =>
  pieces
    .filter((piece) => kinds.includes(piece.kind))
    .map((piece) => piece.text)
    .join("");

describe("the difference of two texts", () => {
  it("keeps both whole, whatever they are", () => {
    const text = fc.string({ unit: fc.constantFrom("安", "全", "a", "1", " ", "，", "-"), maxLength: 40 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = diffText(before, after);
        expect(join(pieces, "same", "gone")).toBe(before);
        expect(join(pieces, "same", "new")).toBe(after);
      }),
    );
  });
  it("goes by signs in Chinese and by whole dates and words", () => {
    expect(diffText("更换网关", "更换全部网关").map((piece) => piece.text)).toEqual(["更换", "全部", "网关"]);
    expect(diffText("2026-10-31", "2026-11-30").map((piece) => piece.kind)).toEqual(["gone", "new"]);
  });
  it("does not choke on long texts that share nothing", () => {
    expect(diffText("a ".repeat(4000), "b ".repeat(4000)).length).toBeGreaterThan(1);
  });
});

describe("versions", () => {
  it("mark what went and what came by elements of their own, not by colour", () => {
    const html = renderKit(
      <FieldDiff
        caption="变化"
        changes={[
          { key: "1", label: "措施", before: "更换网关", after: "更换全部网关" },
          { key: "2", label: "日期", before: null, after: "2026-11-30" },
        ]}
      />,
    );
    expect(html).toContain("<ins");
    expect(html.match(/scope="row"/g)).toHaveLength(2);
    expect(textOf(html)).toContain("无");
  });
});
