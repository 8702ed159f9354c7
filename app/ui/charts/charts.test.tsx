import { describe, expect, it } from "vitest";
import { renderKit, textOf } from "#tests/ui/render.tsx";
import { DiagramSvg } from "../diagram.tsx";
import { Bars } from "./bars.tsx";
import { BudgetBar } from "./budget-bar.tsx";
import { Gantt } from "./gantt.tsx";
import { HeatMap } from "./heat-map.tsx";
import { Radar } from "./radar.tsx";
import { Slope } from "./slope.tsx";
import { SmallMultiples } from "./small-multiples.tsx";
import { Spark } from "./spark.tsx";
import { TimeAxis } from "./time-axis.tsx";

const charts = {
  HeatMap: (
    <HeatMap
      title="3 项处于高位"
      rowAxis="可能性"
      columnAxis="损失"
      rows={["5"]}
      columns={["1"]}
      cells={[[{ level: 4, text: "3", to: "?c=1" }]]}
    />
  ),
  Radar: (
    <Radar
      title="身份最高"
      name="本单位"
      max={5}
      axes={[
        { label: "身份", value: 4.2, other: 3 },
        { label: "网络", value: null },
        { label: "隐私", value: 1 },
      ]}
    />
  ),
  Slope: <Slope title="平均下降 4.2" beforeLabel="前" afterLabel="后" items={[{ label: "甲", before: 9, after: 4 }]} />,
  Bars: (
    <Bars
      title="网络降幅最大"
      of="维度"
      measure="降幅"
      bars={[
        { label: "网络", value: 5.1, low: 3.8, high: 6.6 },
        { label: "隐私", value: null },
      ]}
    />
  ),
  BudgetBar: (
    <BudgetBar
      title="占 8.4%"
      partCenti={840n}
      totalCenti={10000n}
      threshold={0.1}
      partLabel="安全投入"
      totalLabel="总预算"
    />
  ),
  Gantt: (
    <Gantt
      title="网关逾期"
      of="措施"
      today="2026-11-22"
      rows={[{ label: "网关", from: "2026-08-01", to: "2026-11-08", status: "late" }]}
    />
  ),
  TimeAxis: (
    <TimeAxis
      title="1 个逾期"
      of="里程碑"
      today="2026-11-22"
      milestones={[{ label: "调研", day: "2026-11-01", status: "late" }]}
    />
  ),
};

describe("a row of a plan of which nothing is known but its days", () => {
  it("is said to be neither ahead nor late, in the picture and in its table", () => {
    const row = { label: "网关", from: "2013-08-01", to: "2013-11-08" };
    const html = renderKit(<Gantt title="已批准的安排" of="措施" today="2026-11-22" rows={[row]} />);
    for (const word of ["未到", "逾期", "当前", "已完成", "状态"]) expect(html).not.toContain(word);
    expect(html).not.toMatch(/class="c-(late|done|ahead)" (x|d="M[^"]*12z)/);
    expect(renderKit(<Gantt title="" of="措施" rows={[row, { ...row, status: "late" }]} />)).toContain("逾期");
  });
});

describe("every chart", () => {
  for (const [name, chart] of Object.entries(charts)) {
    it(`${name}: says its finding, has a name, and its figures behind it`, () => {
      const html = renderKit(chart);
      expect(html).toMatch(/<figure[^>]*aria-labelledby="([^"]+)"><figcaption id="\1"/);
      expect(html).toMatch(/<svg[^>]*role="(img|group)"[^>]*aria-label="[^"]+"/);
      expect(html).toMatch(/<details><summary>查看数据<\/summary>.*<table/s);
      expect(html).toContain('scope="col"');
      expect(html).toContain('scope="row"');
      expect(html).not.toContain("NaN");
    });
  }
});

describe("charts", () => {
  it("make each cell of a heat map a named way to what it counts", () => {
    expect(renderKit(charts.HeatMap)).toContain('<a href="?c=1"><title>5 × 1: 3</title>');
  });
  it("say that a small group is not shown, instead of a bar", () => {
    expect(textOf(renderKit(charts.Bars))).toContain("样本过少，不显示");
  });
  it("tell lateness by a shape as well", () => {
    expect(renderKit(charts.Gantt)).toContain('class="c-late" d="M');
    expect(textOf(renderKit(charts.Gantt))).toContain("逾期");
  });
  it("leave the names of a narrow schedule free of the lines of the calendar and of today", () => {
    const [narrow = ""] = renderKit(charts.Gantt).split("</svg>");
    const name = Number(/<text[^>]* y="(\d+)"[^>]*>网关</.exec(narrow)?.[1]);
    const lines = [...narrow.matchAll(/class="c-(?:grid|today)" d="([^"]+)"/g)].flatMap(([, path = ""]) =>
      [...path.matchAll(/M[\d.]+ ([\d.]+)V([\d.]+)/g)].map(([, from, to]) => [Number(from), Number(to)] as const),
    );
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every(([from, to]) => to <= name - 11 || from >= name + 3)).toBe(true);
  });
  it("have the states of a machine as a list for narrow places, where it stands among them", () => {
    const box = { y: 40, w: 80, h: 40 };
    const html = renderKit(
      <DiagramSvg
        title="实施中"
        width={300}
        height={100}
        groups={[{ id: "one", label: "第一批", status: "now", x: 90, y: 10, w: 100, h: 90 }]}
        nodes={[
          { id: "a", label: "筹备", status: "done", x: 0, ...box },
          { id: "b", label: "实施", status: "now", x: 100, ...box },
          { id: "c", label: "中止", status: "off", x: 210, ...box },
        ]}
        edges={[]}
      />,
    );
    const list = /<ol.*<\/ol>/s.exec(html)?.[0] ?? "";
    expect(textOf(list)).toContain("第一批 · 实施");
    expect(list).toMatch(/<li[^>]*aria-current="step"[^>]*>第一批 · 实施/);
    expect(textOf(list)).not.toContain("中止");
  });
  it("draw a trend with holes, and none at all", () => {
    expect(renderKit(<Spark label="风险" values={[3, null, 2]} />)).toContain('aria-label="风险: 3 → — → 2"');
    expect(renderKit(<Spark label="风险" values={[2, 2, 2]} />)).not.toContain("NaN");
    expect(textOf(renderKit(<Spark label="风险" values={[]} />))).toBe("无");
    expect(renderKit(<Spark label="风险" values={[null, 2]} />)).not.toContain("<svg");
  });
  it("say that there is no data instead of an empty picture", () => {
    const common = { title: "无", of: "对象" };
    for (const chart of [
      <BudgetBar key="b" {...common} partCenti={0} totalCenti={0} threshold={0} partLabel="安全" totalLabel="总" />,
      <Bars key="s" {...common} measure="值" bars={[{ label: "甲", value: null }]} />,
      <Gantt key="g" {...common} rows={[]} />,
      <TimeAxis key="t" {...common} milestones={[]} />,
      <HeatMap key="h" {...common} rowAxis="a" columnAxis="b" rows={["1"]} columns={["1"]} cells={[[null]]} />,
      <Radar key="r" {...common} name="值" max={5} axes={[{ label: "甲", value: null }]} />,
      <Slope key="l" {...common} beforeLabel="前" afterLabel="后" items={[]} />,
      <SmallMultiples key="m" {...common} items={[]} />,
    ]) {
      const html = renderKit(chart);
      expect(html).not.toMatch(/<svg|<table/);
      expect(textOf(html)).toContain("暂无数据");
    }
  });
});
