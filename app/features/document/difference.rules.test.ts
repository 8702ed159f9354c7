import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Change,
  compare,
  type ContentShape,
  difference,
  isMaterial,
  type Json,
  keyed,
  unnamed,
} from "./difference.rules.ts";

const shape: ContentShape = {
  rows: [
    { at: "rows", key: ["id"], name: ["code"], label: "x_row" },
    { at: "rows.*.notes", key: ["no", "of"], name: [], label: null },
  ],
  fields: [
    { at: "title", label: "x_title", format: { as: "text" } },
    { at: "rows.*.code", label: "x_code", format: { as: "text" } },
    { at: "rows.*.mean", label: "x_mean", format: { as: "milli" }, tolerance: 100 },
    { at: "rows.*.notes.*.text", label: "x_note", format: { as: "text" } },
  ],
  immaterial: { sealedAt: "when, not what", "rows.*.seen": "goes on by itself" },
};
const name = fc.constantFrom("title", "code", "id", "rows", "notes", "__proto__", "toString", "a.b", "");
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string({ maxLength: 4 }),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie("value")), { maxLength: 4 }).map((e) => Object.fromEntries(e) as Json),
  ),
})).value;
const content = fc.record({
  title: fc.string(),
  rows: fc.uniqueArray(
    fc.record({
      id: fc.nat(9),
      code: fc.string({ maxLength: 3 }),
      mean: fc.integer({ min: -500, max: 500 }),
      notes: fc.array(fc.record({ no: fc.nat(3), of: fc.nat(2), text: fc.string({ maxLength: 3 }) }), { maxLength: 3 }),
    }),
    { selector: (r) => r.id, maxLength: 6 },
  ),
  other: json,
});

const shuffled = (value: Json, flip: (n: number) => boolean): Json => {
  if (Array.isArray(value)) return value.map((v) => shuffled(v as Json, flip));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([k, v]) => [k, shuffled(v, flip)] as const);
  return Object.fromEntries(flip(entries.length) ? entries.toReversed() : entries);
};

/** The keyed content that the changes lead to. */
function applied(content: Json, changes: readonly Change[]): Json {
  return changes.reduce<Json>((now, change) => put(now, change.path, change), content);
}
function put(value: Json, path: readonly string[], change: Change): Json {
  const [key, ...rest] = path;
  if (key === undefined) return change.after ?? null;
  // Own members only, set by entries: a member may be called `__proto__`.
  const members = typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  if (rest.length === 0 && !("after" in change)) return Object.fromEntries(members.filter(([k]) => k !== key));
  const old = members.find(([k]) => k === key);
  const next: [string, Json] = [key, put(old ? old[1] : {}, rest, change)];
  return Object.fromEntries(old ? members.map((entry) => (entry[0] === key ? next : entry)) : [...members, next]);
}

describe("difference of two contents", () => {
  it("of equal ones is empty", () => {
    fc.assert(fc.property(json, (a) => difference(a, structuredClone(a)).length === 0));
    fc.assert(fc.property(content, (a) => compare(a, structuredClone(a), shape).changes.length === 0));
  });
  it("applied to the one gives the other", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(applied(a, difference(a, b))).toEqual(b);
      }),
    );
    fc.assert(
      fc.property(content, content, (a, b) => {
        expect(applied(keyed(a, shape), difference(keyed(a, shape), keyed(b, shape)))).toEqual(keyed(b, shape));
      }),
    );
  });
  it("does not see the order of members, nor of rows that have a key", () => {
    fc.assert(
      fc.property(content, content, fc.func(fc.boolean()), (a, b, flip) => {
        const turned = { ...(shuffled(b, flip) as object), rows: b.rows.toReversed() };
        expect(difference(keyed(a, shape), keyed(turned, shape)).map((c) => c.path)).toEqual(
          difference(keyed(a, shape), keyed({ ...b, rows: b.rows }, shape)).map((c) => c.path),
        );
      }),
      { numRuns: 60 },
    );
  });
  it("is there the other way round as well, with its sides changed", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(difference(b, a)).toEqual(
          difference(a, b).map((c) => ({
            path: c.path,
            ...("after" in c ? { before: c.after } : {}),
            ...("before" in c ? { after: c.before } : {}),
          })),
        );
      }),
    );
  });
});

describe("what is material", () => {
  const base = {
    title: "甲 乙",
    sealedAt: "2013",
    rows: [{ id: 1, code: "R-1", mean: 1000, seen: 1, notes: [{ no: 1, of: 1, text: "x" }] }],
  };
  const paths = (after: object) => compare(base, { ...base, ...after }, shape).changes.map((c) => c.path.join("/"));

  it("leaves out white space, what is declared so, and figures within their tolerance", () => {
    expect(paths({ title: " 甲\n乙", sealedAt: "2014", rows: [{ ...base.rows[0], seen: 2, mean: 1099 }] })).toEqual([]);
    expect(paths({ rows: [{ ...base.rows[0], mean: 1100 }] })).toEqual(["rows/1/mean"]);
    expect(paths({ title: "甲乙" })).toEqual(["title"]);
  });
  it("counts rows that came or went, unless the shape says they do so by themselves", () => {
    expect(paths({ rows: [] })).toEqual(["rows/1"]);
    expect(paths({ rows: [...base.rows, { id: 2, code: "R-2" }] })).toEqual(["rows/2"]);
    expect(paths({ rows: [{ ...base.rows[0], notes: [] }] })).toEqual([]);
  });
  it("sees the rows of a list that was not there before, and of one that is gone", () => {
    const { rows: _, ...without } = base;
    const told = (before: object, after: object) =>
      compare(before, after, shape).changes.map((c) => [c.path.join("/"), "before" in c, "after" in c]);
    expect(told(without, base)).toEqual([["rows/1", false, true]]);
    expect(told(base, without)).toEqual([["rows/1", true, false]]);
    expect(told(without, { ...without, rows: [] })).toEqual([]);
  });
  it("counts what the shape forgot, and names it", () => {
    expect(isMaterial({ path: ["other"], before: 1, after: 2 }, shape)).toBe(true);
    expect(unnamed({ ...base, other: 1, rows: [{ id: 1, code: "R-1", fresh: { a: 1 } }] }, shape)).toEqual([
      "rows.1.id",
      "rows.1.fresh.a",
      "other",
    ]);
  });
});
