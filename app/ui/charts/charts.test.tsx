import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderKit, textOf } from "#tests/ui/render.tsx";
import { Bars } from "./bars.tsx";
import { BudgetBar } from "./budget-bar.tsx";
import { Gantt } from "./gantt.tsx";
import { HeatMap } from "./heat-map.tsx";
import { Radar } from "./radar.tsx";
import { Slope } from "./slope.tsx";
import { Spark } from "./spark.tsx";
import { TimeAxis } from "./time-axis.tsx";
import { calendarTicks, dayNumber, fitText, linear, spread, textWidth, ticks } from "./scale.ts";

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
  it("draw a trend with holes, and none at all", () => {
    expect(renderKit(<Spark label="风险" values={[3, null, 2]} />)).toContain('aria-label="风险: 3 → — → 2"');
    expect(renderKit(<Spark label="风险" values={[2, 2, 2]} />)).not.toContain("NaN");
    expect(textOf(renderKit(<Spark label="风险" values={[]} />))).toBe("无");
  });
  it("stand an empty budget", () => {
    expect(
      renderKit(
        <BudgetBar title="尚无预算" partCenti={0} totalCenti={0} threshold={0} partLabel="安全" totalLabel="总" />,
      ),
    ).not.toMatch(/NaN|Infinity/);
  });
});

describe("scales", () => {
  it("map ends to ends", () => {
    expect(linear([0, 10], [100, 0])(2.5)).toBe(75);
    expect(linear([3, 3], [5, 9])(3)).toBe(5);
  });
  it("take round steps that hold all values", () => {
    expect(ticks(0, 19)).toEqual([0, 5, 10, 15, 20]);
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        (low, span) => {
          const steps = ticks(low, low + span);
          expect(steps[0]).toBeLessThanOrEqual(low + span * 1e-9);
          expect(steps.at(-1)).toBeGreaterThanOrEqual(low + span - span * 1e-9);
          expect(steps.length).toBeLessThan(16);
        },
      ),
    );
  });
  it("keep labels apart when there is room", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { maxLength: 10 }), (places) => {
        const moved = spread(places, 14, 0, 200).toSorted((a, b) => a - b);
        for (let index = 1; index < moved.length; index += 1)
          expect((moved[index] ?? 0) - (moved[index - 1] ?? 0)).toBeGreaterThan(13.999);
      }),
    );
  });
  it("cut text to its place", () => {
    expect(textWidth(fitText("城市供水管网远程监测系统", 80))).toBeLessThanOrEqual(80);
    expect(fitText("短", 80)).toBe("短");
  });
  it("mark months, quarters or years as there is room", () => {
    const [from, to] = [dayNumber("2026-01-15"), dayNumber("2027-06-30")];
    expect(calendarTicks(from, to, 20).map((tick) => tick.label)[0]).toBe("2026-02");
    expect(calendarTicks(from, to, 6).map((tick) => tick.label)).toEqual([
      "2026-04",
      "2026-07",
      "2026-10",
      "2027-01",
      "2027-04",
    ]);
    expect(calendarTicks(from, to, 1).map((tick) => tick.label)).toEqual([]);
    expect(calendarTicks(dayNumber("2013-01-01"), dayNumber("2015-12-31"), 3).map((tick) => tick.label)).toEqual([
      "2013",
      "2014",
      "2015",
    ]);
  });
});
