import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LaidNode } from "./layout.server.ts";
import { paginate } from "./paginate.ts";

const HEIGHT = 200;
const source = { type: "VIEW", style: {}, props: {}, children: [] };

function box(height: number, props: Record<string, unknown> = {}, children: readonly LaidNode[] = []): LaidNode {
  return { kind: "box", x: 0, y: 0, width: 100, height, style: {}, props, children, source };
}

/** Stacks nodes with a gap above each, as the layout does. */
function column(nodes: readonly LaidNode[], gap: number): LaidNode {
  let y = 0;
  const children = nodes.map((node) => {
    const placed = { ...node, y: y + gap };
    y += gap + node.height;
    return placed;
  });
  return box(y, {}, children);
}

function table(rows: readonly number[]): LaidNode {
  const head = box(14, { "data-flow": "head" });
  return box(14 + rows.reduce((a, b) => a + b, 0), { "data-flow": "table" }, [
    head,
    ...rows.map((height) => box(height, { "data-flow": "row" })),
  ]);
}

describe("pagination", () => {
  it("places every block once, in order, inside the page", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ height: fc.integer({ min: 5, max: 190 }), keep: fc.boolean() }), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.integer({ min: 0, max: 20 }),
        (blocks, gap) => {
          const nodes = blocks.map(({ height, keep }, i) =>
            box(height, { "data-index": i, ...(keep && height < 30 ? { "data-keep-next": true } : {}) }),
          );
          const { pages } = paginate(column(nodes, gap), HEIGHT);
          expect(pages.flat().map((thing) => thing.node.props["data-index"])).toEqual(nodes.map((_, i) => i));
          for (const thing of pages.flat()) expect(thing.y + thing.node.height).toBeLessThanOrEqual(HEIGHT + 0.02);
        },
      ),
    );
  });

  it("repeats a table's head on each page and never leaves it alone", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 180 }),
        fc.array(fc.integer({ min: 8, max: 60 }), { minLength: 1, maxLength: 40 }),
        (before, rows) => {
          const { pages } = paginate(column([box(before), table(rows)], 4), HEIGHT);
          const roles = pages.map((page) => page.map((thing) => thing.node.props["data-flow"]));
          expect(roles.flat().filter((role) => role === "row")).toHaveLength(rows.length);
          for (const page of roles) {
            if (!page.includes("row")) continue;
            const first = page.indexOf("row");
            expect(page[first - 1]).toBe("head");
          }
          for (const page of roles) expect(page.at(-1)).not.toBe("head");
        },
      ),
    );
  });

  it("keeps a heading with the block after it", () => {
    const { pages } = paginate(column([box(150), box(20, { "data-keep-next": true }), box(60)], 5), HEIGHT);
    expect(pages.map((page) => page.length)).toEqual([1, 2]);
  });

  it("drops the space above what begins a page", () => {
    const { pages } = paginate(column([box(190), box(50)], 30), HEIGHT);
    expect(pages[1]?.[0]?.y).toBe(0);
  });
});
