import { expect, it } from "vitest";
import { blanksOf } from "#app/domain/blanks.ts";
import en from "#app/i18n/messages/en/risk.json" with { type: "json" };
import zh from "#app/i18n/messages/zh-CN/risk.json" with { type: "json" };
import { statementOn } from "./report-script.ts";

it("the demonstration states something wherever a first text leaves it open, and each text is open in both languages", () => {
  const blanks = [zh, en].map((messages) =>
    Object.entries(messages).flatMap(([key, text]) =>
      typeof text === "string" ? blanksOf(text).map((what) => ({ key, what })) : [],
    ),
  );
  for (const { what } of blanks.flat()) expect(statementOn(what)).not.toBe("");
  const [zhKeys, enKeys] = blanks.map((list) => list.map(({ key }) => key).sort());
  expect(zhKeys).toEqual(enKeys);
  expect(zhKeys?.length).toBeGreaterThan(5);
});
