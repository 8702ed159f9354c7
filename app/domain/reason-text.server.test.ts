import { expect, test } from "vitest";
import { reasonText, wordText } from "./reason-text.server.ts";

test("codes are told in words, in both languages, numbers as they are", () => {
  const sentence = {
    key: "rule_compare_fell",
    params: { batch: "1", dimension: "identity", n: 6, level: 95, change: "4.2", low: "2.9", high: "5.6" },
  };
  expect(reasonText(sentence, "zh-CN")).toBe("第一批 6 个试点的身份认证维度风险平均下降 4.2（95% 区间 2.9–5.6）");
  expect(reasonText(sentence, "en")).toBe(
    "Batch one, 6 pilots: identity risk fell by 4.2 on average (95% interval 2.9–5.6)",
  );
  expect(reasonText({ key: "rule_specification_element_missing", params: { element: "scope" } }, "zh-CN")).toBe(
    "缺少必备要素：范围",
  );
});
test("a code without a word stays visible", () => expect(wordText("batch", "9", "en")).toBe("9"));

test("chapters of a report are counted as the reader counts", () => {
  const reason = { key: "rule_risk_chapter_missing", params: { chapter: "二", count: 1, sections: "2.3" } };
  expect(reasonText(reason, "zh-CN")).toBe("第二章缺 1 节：2.3");
  expect(reasonText(reason, "en")).toBe("Chapter 2, 1 missing: 2.3");
  const gate = { key: "reason_project_chapters_missing", params: { count: 2, chapters: "三 · 附件" } };
  expect(reasonText(gate, "zh-CN")).toContain("（三 · 附件）");
  expect(reasonText(gate, "en")).toContain("(3 · Annexes)");
});
