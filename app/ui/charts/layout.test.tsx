import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawingsOf, faultsOf } from "#tests/ui/picture.ts";
import { renderKit } from "#tests/ui/render.tsx";
import { Bars } from "./bars.tsx";
import { BudgetBar } from "./budget-bar.tsx";
import { Figure } from "./figure.tsx";
import { Gantt } from "./gantt.tsx";
import { HeatMap } from "./heat-map.tsx";
import { Radar } from "./radar.tsx";
import { Slope } from "./slope.tsx";
import { TimeAxis } from "./time-axis.tsx";
import { dayTicks } from "./axis.tsx";
import { apart, endLabels, spread } from "./labels.ts";
import { dayAxis, domainOf, linearAxis } from "./scale.ts";
import { fitText, textWidth, wrapText } from "./text.ts";

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** As the product keeps its values. */
const thousandths = fc.integer({ min: -1e9, max: 1e9 }).map((n) => n / 1000);
const label = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."城市供水管网远程监测系统身份认证"), minLength: 1, maxLength: 45, size: "max" }),
  fc.string({
    unit: fc.constantFrom(..."Mutual authentication of gateways WM"),
    minLength: 1,
    maxLength: 110,
    size: "max",
  }),
);
const day = fc.integer({ min: 15_000, max: 17_000 }).map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
/** Nothing leaves the picture and no two texts touch, at every size that is drawn. */
function expectClean(html: string, sizes: number) {
  const drawings = drawingsOf(html);
  expect(drawings).toHaveLength(sizes);
  for (const drawing of drawings) expect(faultsOf(drawing)).toEqual([]);
}
const runs = { numRuns: 60 };

describe("ticks", () => {
  it("of counts are whole, in order, inside the axis, whose ends they are", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5000), { maxLength: 8 }), finite(20, 900), fc.boolean(), (counts, room, across) => {
        const axis = linearAxis(domainOf(counts), [0, room], { whole: true, across });
        const values = axis.ticks.map((tick) => tick.value);
        expect(values.every(Number.isInteger)).toBe(true);
        expect(values).toEqual([...new Set(values)].toSorted((a, b) => a - b));
        expect([values[0], values.at(-1)]).toEqual(axis.domain);
        expect(axis.domain[1]).toBeGreaterThanOrEqual(Math.max(0, ...counts));
        expect(axis.ticks.every(({ at }) => at >= -1e-6 && at <= room + 1e-6)).toBe(true);
      }),
    );
  });
  it("of one or two pilots have no halves between them", () => {
    expect(linearAxis([0, 2], [0, 600], { whole: true, across: true }).ticks.map((tick) => tick.label)).toEqual([
      "0",
      "1",
      "2",
    ]);
    expect(linearAxis([0, 13], [200, 0], { whole: true }).ticks.map((tick) => tick.label)).toEqual([
      "0",
      "2",
      "4",
      "6",
      "8",
      "10",
      "12",
      "14",
    ]);
  });
  it("of values are round, in order, inside an axis that holds all values, and never more than can be read", () => {
    fc.assert(
      fc.property(
        fc.array(thousandths, { minLength: 1, maxLength: 8 }),
        finite(20, 900),
        fc.boolean(),
        (all, room, across) => {
          const { ticks, domain, at } = linearAxis(domainOf(all), [0, room], { across });
          expect(ticks.map((tick) => tick.value)).toEqual(ticks.map((tick) => tick.value).toSorted((a, b) => a - b));
          expect(ticks.length).toBeLessThan(12);
          for (const value of all) {
            expect(value >= domain[0] && value <= domain[1]).toBe(true);
            expect(at(value)).toBeGreaterThanOrEqual(-1e-6);
            expect(at(value)).toBeLessThanOrEqual(room + 1e-6);
          }
        },
      ),
    );
    expect(linearAxis([0, 25], [100, 0]).ticks.map((tick) => tick.value)).toEqual([0, 10, 20, 30]);
    expect(linearAxis([0, 25], [160, 0]).ticks.map((tick) => tick.value)).toEqual([0, 5, 10, 15, 20, 25]);
  });
  it("of labels side by side leave a gap", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0001, max: 1e9, noNaN: true }), finite(60, 900), (most, room) => {
        const { ticks } = linearAxis([0, most], [0, room], { across: true });
        const boxes = ticks
          .filter(({ label }) => label !== "")
          .map(({ at, label }) => [at - textWidth(label) / 2, at + textWidth(label) / 2] as const);
        expect(boxes.length > 0 && apart(boxes)).toBe(true);
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(
          ticks.some(({ label }) => label === "") ? boxes.length + 1 : boxes.length,
        );
      }),
    );
  });
});

describe("ticks of days", () => {
  it("begin years, months, weeks or days, as there is room", () => {
    const labels = (from: string, to: string, room: number) =>
      dayAxis([from, to], [0, room]).ticks.map((tick) => tick.label);
    expect(labels("2013-01-01", "2015-12-31", 300)).toEqual(["2013", "2014", "2015"]);
    expect(labels("2026-01-15", "2026-09-30", 600)).toEqual([
      "2026-02",
      "2026-03",
      "2026-04",
      "2026-05",
      "2026-06",
      "2026-07",
      "2026-08",
      "2026-09",
    ]);
    expect(labels("2026-01-15", "2026-09-30", 300)).toEqual(["2026-04", "2026-07"]);
    expect(labels("2026-11-20", "2026-11-23", 800)).toEqual(["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23"]);
    fc.assert(
      fc.property(fc.array(day, { minLength: 1, maxLength: 5 }), finite(100, 900), (days, room) => {
        const axis = dayAxis(days, [10, 10 + room]);
        expect(axis.ticks.every(({ at }) => at >= 10 && at <= 10 + room)).toBe(true);
        expect(days.every((one) => axis.at(one) >= 10 && axis.at(one) <= 10 + room)).toBe(true);
        expect(
          apart(axis.ticks.filter(({ label }) => label !== "").map(({ at, label }) => [at, at + textWidth(label)])),
        ).toBe(true);
      }),
    );
  });
});

describe("labels of days", () => {
  it("stand beside their tick, inside, apart, and never under the line of today", () => {
    fc.assert(
      fc.property(
        fc.array(day, { minLength: 1, maxLength: 5 }),
        finite(100, 900),
        fc.option(finite(0, 1)),
        (days, width, part) => {
          const axis = dayAxis(days, [6, width - 20]);
          const today = part === null ? null : part * width;
          const boxes = dayTicks(axis, width, today).flatMap(({ label, beside }) => {
            if (!beside) return [];
            const room = textWidth(label);
            const from = beside.textAnchor === "start" ? beside.x : beside.x - room;
            return [[from, from + room] as const];
          });
          expect(apart(boxes)).toBe(true);
          expect(boxes.every(([from, to]) => from >= 0 && to <= width)).toBe(true);
          expect(boxes.every(([from, to]) => today === null || today < from || today > to)).toBe(true);
        },
      ),
    );
  });
  it("go before their tick where today would cross them", () => {
    const axis = dayAxis(["2014-04-20", "2015-01-31"], [6, 320]);
    const place = axis.at("2014-07-01");
    const found = dayTicks(axis, 344, axis.at("2014-08-01")).find((tick) => tick.label === "2014-07");
    expect(found?.beside).toEqual({ x: place - 4, textAnchor: "end" });
  });
});

describe("sizes of a drawing", () => {
  it("are shown where text stays above 11 pixels", () => {
    const css = readFileSync(new URL("../styles/charts.css", import.meta.url), "utf8");
    const shown = [...css.matchAll(/@container \(min-width: (\d+)px\) \{\s*\.ui-chart-draw > \.ui-draw-from-(\w+)/g)];
    const html = renderKit(
      <Figure
        title="题"
        table={{ heads: [], rows: [] }}
        sizes={["xs", "s", "h", "m", "w", "l", "x"]}
        draw={() => ({ height: 9, marks: null })}
      />,
    );
    const drawn = new Map(
      [...html.matchAll(/ui-draw-from-(\w+)[^>]*?width="(\d+)"/g)].map((found) => [found[1], Number(found[2])]),
    );
    expect(shown.map((found) => found[2])).toEqual([...drawn.keys()]);
    for (const [, place, size] of shown)
      expect((Number(place) / (drawn.get(size) ?? Infinity)) * 12).toBeGreaterThanOrEqual(11);
  });
});

describe("labels", () => {
  it("keep apart when there is room", () => {
    fc.assert(
      fc.property(fc.array(finite(0, 200), { maxLength: 10 }), (places) => {
        const moved = spread(places, 14, 0, 200).toSorted((a, b) => a - b);
        expect(
          apart(
            moved.map((place) => [place, place + 14 - 1e-6]),
            0,
          ),
        ).toBe(true);
        expect(moved.every((place) => place >= -1e-6 && place <= 200)).toBe(true);
      }),
    );
  });
  it("of lines stay with their line or are left out, the greatest change first", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ at: finite(0, 100), weight: finite(0, 9) }), { maxLength: 30 }), (all) => {
        const placed = endLabels(all, 14, 0, 100);
        const kept = placed.filter((place) => place !== null).toSorted((a, b) => a - b);
        expect(
          apart(
            kept.map((place) => [place, place + 14 - 1e-6]),
            0,
          ),
        ).toBe(true);
        expect(placed.every((place, n) => place === null || Math.abs(place - (all[n]?.at ?? 0)) <= 14)).toBe(true);
        const first = all.indexOf(all.toSorted((a, b) => b.weight - a.weight)[0] as (typeof all)[number]);
        expect(all.length === 0 || placed[first] !== null).toBe(true);
      }),
    );
  });
  it("are cut or broken to their place", () => {
    fc.assert(
      fc.property(label, finite(40, 300), fc.integer({ min: 1, max: 3 }), (text, width, most) => {
        expect(textWidth(fitText(text, width))).toBeLessThanOrEqual(width);
        const lines = wrapText(text, width, most);
        expect(lines.length).toBeLessThanOrEqual(most);
        expect(lines.every((line) => textWidth(line) <= width)).toBe(true);
        if (textWidth(text) <= width) expect(lines).toEqual([text.trimEnd()]);
      }),
    );
    expect(wrapText("Mutual authentication", 90)).toEqual(["Mutual", "authentication"]);
    expect(wrapText("系统解决方案，全部", 72)).toEqual(["系统解决方", "案，全部"]);
  });
});

describe("nothing leaves its picture and no texts touch", () => {
  it("bars", () => {
    const bar = fc.record({ label, value: fc.option(thousandths), spread: fc.nat(500) });
    fc.assert(
      fc.property(fc.array(bar, { minLength: 1, maxLength: 6 }), fc.boolean(), fc.boolean(), (bars, whole, aim) => {
        fc.pre(bars.some((one) => one.value !== null));
        const html = renderKit(
          <Bars
            title="题"
            of="维度"
            measure="平均变化"
            unit="风险值"
            digits={1}
            whole={whole}
            {...(aim ? { threshold: { value: 300, label: "目标值" } } : {})}
            bars={bars.map(({ label, value, spread: s }) =>
              value === null ? { label, value } : { label, value, low: value - s, high: value + s },
            )}
          />,
        );
        expectClean(html, 3);
      }),
      runs,
    );
  });
  it("slopes", () => {
    const item = fc.record({ label, before: thousandths, after: thousandths });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 14 }), label, (items, head) => {
        expectClean(
          renderKit(<Slope title="题" beforeLabel={head} afterLabel={head} unit="风险值" items={items} />),
          3,
        );
      }),
      runs,
    );
  });
  it("radars of three to eight axes", () => {
    const axis = fc.record({ label, value: fc.option(finite(0, 100)), other: finite(0, 100) });
    fc.assert(
      fc.property(fc.array(axis, { minLength: 3, maxLength: 8 }), (axes) => {
        fc.pre(axes.some((one) => one.value !== null));
        expectClean(renderKit(<Radar title="题" name="得分" otherName="中位数" max={100} unit="%" axes={axes} />), 2);
      }),
      runs,
    );
  });
  it("heat maps", () => {
    fc.assert(
      fc.property(
        fc.array(label, { minLength: 1, maxLength: 5 }),
        fc.array(label, { minLength: 1, maxLength: 6 }),
        (rows, columns) => {
          const cells = rows.map(() => columns.map(() => ({ level: 3 as const, text: "128" })));
          const html = renderKit(
            <HeatMap
              title="题"
              rowAxis="损失"
              columnAxis="可能性"
              rows={rows}
              columns={columns}
              cells={cells}
              cell={{ w: 96, h: 36 }}
            />,
          );
          expectClean(html, 2);
        },
      ),
      runs,
    );
  });
});

describe("nothing leaves its picture and no texts touch, over time and money", () => {
  it("budgets", () => {
    fc.assert(
      fc.property(fc.nat(10_000), finite(0, 1), (part, threshold) => {
        const html = renderKit(
          <BudgetBar
            title="题"
            partCenti={part}
            totalCenti={10_000}
            threshold={threshold}
            partLabel="安全投入"
            totalLabel="总"
          />,
        );
        expectClean(html, 3);
      }),
      runs,
    );
  });
  it("schedules", () => {
    const row = fc.record({ label, days: fc.tuple(day, day), inner: fc.boolean(), late: fc.boolean(), mark: day });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 6 }), fc.option(day, { nil: undefined }), (rows, today) => {
        const html = renderKit(
          <Gantt
            title="题"
            of="措施"
            today={today}
            rows={rows.map(({ label, days, inner, late, mark }) => {
              const [from = "", to = ""] = days.toSorted();
              return {
                label,
                from,
                to,
                inner,
                status: late ? "late" : "now",
                href: "#m",
                marks: [{ day: mark, label: "评审" }],
              };
            })}
          />,
        );
        expectClean(html, 3);
      }),
      {
        ...runs,
        // A span of two days: the bar of the second ended a whole day beyond the picture.
        examples: [
          [
            [{ label: "城", days: ["2011-01-26", "2011-01-27"], inner: false, late: false, mark: "2011-01-26" }],
            undefined,
          ],
        ],
      },
    );
  });
  it("milestones", () => {
    const status = fc.constantFrom("done" as const, "due" as const, "late" as const, "ahead" as const);
    fc.assert(
      fc.property(
        fc.array(fc.record({ label, day, status, href: fc.constant("#m") }), { minLength: 1, maxLength: 14 }),
        fc.option(day, { nil: undefined }),
        (milestones, today) => {
          expectClean(renderKit(<TimeAxis title="题" of="里程碑" today={today} milestones={milestones} />), 4);
        },
      ),
      runs,
    );
  });
});
