import { describe, expect, it } from "vitest";
import { unprintable } from "#app/pdf/printable.server.ts";
import { editionShape } from "#app/features/specification/content-shapes.rules.ts";
import { planShape } from "#app/features/plan/plan-shape.rules.ts";
import { unprintableIn } from "./printable.server.ts";

describe("what cannot be printed", () => {
  it("is none of what people of the country write, and each other sign once", () => {
    for (const text of [
      "王𠮷明、𪚥（ئۇيغۇر）",
      "བོད་རང་སྐྱོང་ལྗོངས།",
      "ᠮᠣᠩᠭᠣᠯ",
      "ꆈꌠ 조선족",
      "Ωβ ±5 ℃ ½ №3 😀",
      "a\tb\u200b\n",
    ])
      expect(unprintable(text)).toEqual([]);
    expect(unprintable("𲎯 שלום 𲎯ש")).toEqual(["𲎯", "ש", "ל", "ו", "ם"]);
  });

  it("is told with the place where it stands, in the reader's words", () => {
    const plan = {
      measures: [
        { id: "1", code: "M-0001", title: "更换𲎯网关", owner: "李明" },
        { id: "2", code: "M-0002", title: "加固", owner: "שרה" },
      ],
      sections: { goals: "正文 𲎯 与 𲎱" },
      sites: [{ id: "3", name: "𲎯厂" }],
    };
    const words = { section: (key: string) => (key === "goals" ? "1 目标" : key) };
    expect(unprintableIn(plan, { shape: planShape, words, locale: "zh-CN" })).toEqual([
      { place: "M-0001 更换𲎯网关 · 标题", characters: "𲎯" },
      { place: "M-0002 加固 · 责任人", characters: "ש ר ה" },
      { place: "1 目标 · 正文（中文）", characters: "𲎯 𲎱" },
      { place: "𲎯厂", characters: "𲎯" },
    ]);
    const edition = { clauses: [{ number: "4.1", headingZh: "总则", textZh: "应 𲎯" }], titleZh: "规范" };
    expect(unprintableIn(edition, { shape: editionShape, locale: "en" }).map(({ characters }) => characters)).toEqual([
      "𲎯",
    ]);
  });
});
