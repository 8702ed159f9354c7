import { describe, expect, it } from "vitest";
import { renderKit, textOf } from "#tests/ui/render.tsx";
import { DueMark, RiskLevel, StatusMark } from "./marks.tsx";
import { PhaseLine, Checklist, Timeline } from "./work.tsx";

describe("states", () => {
  it("are told by a shape and a word, not by colour alone", () => {
    const html = renderKit(<StatusMark status="late" />);
    expect(html).toContain("<svg");
    expect(textOf(html)).toBe("逾期");
    expect(textOf(renderKit(<StatusMark status="returned" />, { locale: "en" }))).toBe("Returned");
  });
  it("count days in words of the language", () => {
    expect(textOf(renderKit(<DueMark days={-1} />, { locale: "en" }))).toBe("1 day late");
    expect(textOf(renderKit(<DueMark days={-3} />))).toBe("逾期 3 天");
    expect(textOf(renderKit(<DueMark days={0} />))).toBe("今天到期");
    expect(renderKit(<DueMark days={7} />)).toContain("ui-mark-due");
    expect(renderKit(<DueMark days={8} />)).toContain("ui-mark-quiet");
  });
  it("give the level of risk a number and a word, also where the word is not shown", () => {
    expect(textOf(renderKit(<RiskLevel level={4} />))).toBe("4 高");
    expect(textOf(renderKit(<RiskLevel level={5} bare />))).toContain("很高");
  });
});

describe("work", () => {
  it("says which phase is now, and which is late, in words", () => {
    const html = renderKit(
      <PhaseLine
        label="阶段"
        phases={[
          { key: "1", label: "调研", state: "done" },
          { key: "2", label: "报告", state: "now", late: true },
          { key: "3", label: "方案", state: "ahead" },
        ]}
      />,
    );
    expect(html.match(/aria-current="step"/g)).toHaveLength(1);
    expect(textOf(html)).toMatch(/调研 已完成 报告 当前 逾期 方案 未到/);
  });
  it("leads from what is missing to the very place", () => {
    const html = renderKit(
      <Checklist
        label="还差什么"
        items={[
          { key: "1", label: "措施", done: false, to: "/plan#high" },
          { key: "2", label: "预算", done: true, to: "/plan" },
        ]}
      />,
    );
    expect(html).toContain('href="/plan#high"');
    expect(html).not.toContain('href="/plan"');
    expect(textOf(html)).toMatch(/待补充： 措施 已满足： 预算/);
  });
  it("writes the time so that machines read it and people of the programme's zone do", () => {
    const html = renderKit(
      <Timeline
        label="经过"
        items={[{ id: "1", what: "提交", who: "王", at: "2026-11-21T16:30:00Z", why: "补齐材料" }]}
      />,
    );
    expect(html).toContain('dateTime="2026-11-21T16:30:00.000Z"');
    expect(textOf(html)).toContain("2026-11-22 00:30");
    expect(textOf(html)).toContain("补齐材料");
  });
});
