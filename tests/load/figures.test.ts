import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { figuresOf, percentile, table } from "./figures.ts";
import { monthBefore } from "./parts/fair.ts";
import { inTurn } from "./parts/part.ts";
import { spread } from "./parts/mix.ts";
import { isFile, linksIn } from "./people.ts";
import type { Account, Product } from "./product.ts";

/* What `npm run load` makes of its samples: a wrong percentile would let a slow product pass. */

describe("figures of a load", () => {
  it("gives a value that was measured, with the share of the others at or below it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const found = percentile(values, share);
          expect(values).toContain(found);
          expect(values.filter((v) => v <= found).length).toBeGreaterThanOrEqual(share * values.length - 1e-6);
          expect(values.filter((v) => v < found).length).toBeLessThan(share * values.length + 1e-6);
        },
      ),
    );
    expect(percentile([], 0.5)).toBeNaN();
  });

  it("counts what was cut at the end with the time it had waited", () => {
    const sample = (ms: number, status: string) => ({ lane: "x", kind: "page", ms, status });
    const found = figuresOf([sample(10, "200"), sample(20, "200"), sample(9000, "cut")], 10);
    expect(found).toMatchObject({ requests: 3, worst: 9000, p50: 20, statuses: { "200": 2, cut: 1 } });
    expect(found.perSecond).toBeCloseTo(0.3);
  });

  it("takes two builds in turn, the one that goes first changing", async () => {
    const [a, b] = ["a", "b"].map((name) => ({ name }) as Product);
    const order: string[] = [];
    const found = await inTurn(
      { products: [a, b].flatMap((one) => (one ? [one] : [])), rounds: 3 },
      async ({ name }, round) => {
        order.push(name + round);
        return round;
      },
    );
    expect(order).toEqual(["a0", "b0", "b1", "a1", "a2", "b2"]);
    expect([...found.values()]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it("takes people of every sector and role before a second one of any", () => {
    const all = ["A", "B"].flatMap((tenant) =>
      ["lead", "officer"].flatMap((role) =>
        [1, 2, 3].map((n) => ({ email: `${tenant}${role}${n}`, tenant, role }) as Account),
      ),
    );
    const some = spread(all, 6);
    expect(new Set(some.slice(0, 4).map((one) => `${one.tenant} ${one.role}`)).size).toBe(4);
    expect(new Set(some).size).toBe(6);
    expect(spread(all, 100)).toHaveLength(12);
  });

  it("follows links of the product that end no session and knows files from pages", () => {
    const html =
      '<a class="x" href="/pilots?a=1&amp;b=2">…</a><a href="/logout">x</a><a href="//evil.example/">y</a><a href="/?lng=en">z</a><a href="/p/survey.xlsx">w</a>';
    expect(linksIn(html)).toEqual(["/pilots?a=1&b=2", "/p/survey.xlsx"]);
    expect(linksIn(html).filter(isFile)).toEqual(["/p/survey.xlsx"]);
  });

  it("reports for the month before the due day, over the year's end too", () => {
    expect(["2014-08-10", "2015-01-10"].map(monthBefore)).toEqual(["2014-07", "2014-12"]);
  });

  it("sets columns of equal width", () => {
    expect(table(["", "p95"], [["this", "7 ms"]]).split("\n")).toEqual(["         p95", "  this  7 ms"]);
  });
});
