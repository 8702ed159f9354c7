import { parseWithZod } from "@conform-to/zod/v4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { judgeJson, knownFields, namesOf, segmentsOf, SHAPE_LIMITS } from "./shape.rules.ts";

const schema = z
  .object({
    title: z.string(),
    ids: z.preprocess((v) => (Array.isArray(v) ? v : [v]), z.array(z.string())),
    texts: z.record(z.string(), z.string()).transform((t) => t),
    rows: z.array(z.object({ note: z.string().nullish(), marks: z.array(z.string()).default([]) })).optional(),
    due: z.object({ on: z.string() }).default({ on: "" }),
    kind: z.union([z.string(), z.literal("")]),
  })
  .refine(() => true);
const names = namesOf(schema);
const kept = (...fields: string[]) =>
  knownFields(
    fields.map((name) => [name, "x"] as const),
    names,
  ).map(([name]) => name);

describe("the fields of a form", () => {
  it("are those that the schema has, through preprocess, transform, optional, default, union and refine", () => {
    const all = [
      "title",
      "kind",
      "ids",
      "ids",
      "ids[]",
      "ids[0]",
      "texts.a_b",
      "rows[0].note",
      "rows[0].marks",
      "rows[0].marks[]",
      "rows[1].note",
      "due.on",
    ];
    expect(kept(...all)).toEqual(all);
  });
  it.each([
    "other",
    "title.more",
    "title[0]",
    "texts",
    "texts.a.b",
    "rows.note",
    "rows[0].other",
    "due",
    "[0]",
    "",
    ".title",
    "a..b",
    "rows[0",
    "rows[-1].note",
    "rows[].note",
    "texts.__proto__",
    "texts.constructor",
    "texts.toString",
    "__intent__",
    "__state__",
    "constructor.title",
  ])("leave out %j", (name) => expect(kept("title", name)).toEqual(["title"]));
  it("are refused by name where they ask for more than they bring", () => {
    expect(() => kept("rows[1].note")).toThrow(
      expect.objectContaining({ status: 400, code: "form_list_with_gaps", params: { name: "rows[1].note", limit: 0 } }),
    );
    expect(() => kept("rows[0].note", "rows[0].marks[2]")).toThrow(
      expect.objectContaining({ code: "form_list_with_gaps" }),
    );
    expect(() => kept("n".repeat(SHAPE_LIMITS.name + 1))).toThrow(
      expect.objectContaining({ code: "form_name_too_long" }),
    );
    expect(() => kept(`a${".a".repeat(SHAPE_LIMITS.depth)}`)).toThrow(
      expect.objectContaining({ code: "form_too_deep" }),
    );
  });
  it("say the same of a name as the library that unfolds it", () => {
    const form = new URLSearchParams([
      ["title", "t"],
      ["ids", "1"],
      ["rows[0].note", "n"],
      ["rows[0].marks[]", "m"],
      ["texts.k", "v"],
      ["due.on", "d"],
      ["kind", "k"],
    ]);
    const all = parseWithZod(form, { schema });
    const known = parseWithZod(new URLSearchParams(knownFields(form, names)), { schema });
    expect(all.status).toBe("success");
    expect(known).toMatchObject({ status: "success", payload: all.payload, value: (all as { value?: unknown }).value });
  });

  /** Every place that was made for it: slots of arrays, keys of objects. */
  const places = (value: unknown): number =>
    Array.isArray(value)
      ? value.length + [...value].reduce((sum: number, one) => sum + places(one), 0)
      : typeof value === "object" && value !== null
        ? Object.values(value).reduce((sum: number, one) => sum + 1 + places(one), 0)
        : 0;
  const index = fc.oneof(
    { weight: 5, arbitrary: fc.nat(6) },
    fc.nat(100_000),
    fc.constantFrom(2 ** 31, 2 ** 32 - 1, 1e21),
  );
  const segment = fc.oneof(
    fc.constantFrom(
      "title",
      "ids",
      "texts",
      "rows",
      "note",
      "marks",
      "due",
      "on",
      "kind",
      "x",
      "constructor",
      "__state__",
    ),
    fc.string({ maxLength: 5 }),
  );
  const path = fc
    .tuple(
      segment,
      fc.array(
        fc.oneof(
          index.map((n) => `[${n}]`),
          fc.constant("[]"),
          segment.map((s) => `.${s}`),
        ),
        { maxLength: 5 },
      ),
    )
    .map(([first, rest]) => first + rest.join(""));

  it("cost no more than they are many, whatever their names", () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 60 }), (asked) => {
        let fields: [string, string][];
        try {
          fields = knownFields(
            asked.map((name) => [name, "1"] as const),
            names,
          );
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
          return;
        }
        const submission = parseWithZod(new URLSearchParams(fields), { schema });
        const sentBack = submission.reply();
        const most = asked.reduce((sum, name) => sum + 1 + (segmentsOf(name)?.length ?? 0), 0);
        expect(places(submission.payload)).toBeLessThanOrEqual(most);
        expect(places(sentBack.initialValue)).toBeLessThanOrEqual(most);
      }),
      { numRuns: 500 },
    );
  });
  it("are the same once they were judged", () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 30 }), (asked) => {
        const once = (() => {
          try {
            return knownFields(
              asked.map((name) => [name, "1"] as const),
              names,
            );
          } catch {
            return null;
          }
        })();
        fc.pre(once !== null);
        expect(knownFields(once ?? [], names)).toEqual(once);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a JSON text", () => {
  const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  it("may go as deep and hold as much as it may, and no more", () => {
    expect(() => judgeJson(nested(SHAPE_LIMITS.depth))).not.toThrow();
    expect(() => judgeJson(nested(SHAPE_LIMITS.depth + 1))).toThrow(
      expect.objectContaining({ status: 400, code: "json_too_deep" }),
    );
    expect(() => judgeJson(JSON.stringify(Array.from({ length: SHAPE_LIMITS.members }, () => 0)))).not.toThrow();
    expect(() => judgeJson(JSON.stringify(Array.from({ length: SHAPE_LIMITS.members + 1 }, () => 0)))).toThrow(
      expect.objectContaining({ code: "json_too_long" }),
    );
  });
  it("is counted as it is, with marks in its texts left alone", () => {
    const depthOf = (value: unknown): number =>
      typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: SHAPE_LIMITS.depth + 4 }),
        fc.constantFrom(undefined, 2),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          if (depthOf(value) > SHAPE_LIMITS.depth)
            expect(() => judgeJson(text)).toThrow(expect.objectContaining({ code: "json_too_deep" }));
          else expect(() => judgeJson(text)).not.toThrow();
        },
      ),
      { numRuns: 500 },
    );
    expect(() => judgeJson(JSON.stringify({ a: `"${"[{,\\".repeat(500)}` }))).not.toThrow();
  });
});
