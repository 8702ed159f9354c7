import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { whole } from "#app/platform/fields.ts";
import { faultsOfMembers, takeEach, withoutMembers } from "./aside.rules.ts";

const schema = z.object({ title: z.string(), list: z.array(z.object({ n: whole(0, 9) })).max(300) });
const judge = (body: unknown) => {
  const parsed = schema.safeParse(body);
  return parsed.success
    ? { ok: true as const, value: parsed.data }
    : {
        ok: false as const,
        faults: Object.fromEntries(parsed.error.issues.map((i) => [i.path.map(String).join("."), [i.message]])),
      };
};

describe("things that are saved together", () => {
  it("each stands for itself: what is good is taken, what is not is told, nothing is both or lost", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 12 }), { minLength: 1, maxLength: 40 }), (numbers) => {
        const taken = takeEach({ title: "t", list: numbers.map((n) => ({ n })) }, "list", judge);
        const good = numbers.filter((n) => n >= 0 && n <= 9);
        expect(taken === null).toBe(good.length === 0);
        if (taken === null) return;
        expect(taken.value.list.map(({ n }) => n)).toEqual(good);
        expect(taken.aside.map(({ given }) => (given as { n: number }).n)).toEqual(
          numbers.filter((n) => n < 0 || n > 9),
        );
        expect(taken.aside.every(({ errors }) => "n" in errors)).toBe(true);
      }),
    );
  });
  it("what is wrong beside them refuses all of it", () => {
    expect(takeEach({ title: 5, list: [{ n: 1 }, { n: 99 }] }, "list", judge)).toBeNull();
    expect(takeEach({ title: "t", list: "no list" }, "list", judge)).toBeNull();
    expect(takeEach(null, "list", judge)).toBeNull();
    // Too many is a fault of the list, and of none of its members.
    expect(takeEach({ title: "t", list: Array.from({ length: 301 }, () => ({ n: 1 })) }, "list", judge)).toBeNull();
  });
  it("a list that is far too long is judged once", () => {
    let times = 0;
    const list = Array.from({ length: 501 }, () => ({ n: 99 }));
    expect(takeEach({ title: "t", list }, "list", (b) => ((times += 1), judge(b)))).toBeNull();
    expect(times).toBe(0);
  });
  it("faults are found by place, as forms and as the API name them", () => {
    expect(faultsOfMembers("list", { "list[1].n": ["a"], "list.3": ["b"] })).toEqual(
      new Map([
        [1, { n: ["a"] }],
        [3, { "": ["b"] }],
      ]),
    );
    expect(faultsOfMembers("list", { "list[1].n": ["a"], title: ["b"] })).toBeNull();
    expect(faultsOfMembers("list", {})).toBeNull();
    expect(faultsOfMembers("list", { "listing.0": ["a"] })).toBeNull();
  });
  it("a form without some of them is numbered anew", () => {
    const fields = [
      ["intent", "save"],
      ["list[0].n", "1"],
      ["list[1].n", "x"],
      ["list[1].m", "y"],
      ["list[2].n", "3"],
    ] as const;
    expect(withoutMembers(fields, "list", new Set([1]))).toEqual({
      fields: [
        ["intent", "save"],
        ["list[0].n", "1"],
        ["list[1].n", "3"],
      ],
      out: new Map([[1, { n: "x", m: "y" }]]),
    });
  });
});
