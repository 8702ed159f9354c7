import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asDigits,
  asNumber,
  day,
  fieldFault,
  isUnfit,
  oneOfNumbers,
  optionalText,
  scaled,
  text,
  unfitPlaces,
  uuid,
  verbatim,
  whole,
} from "./fields.ts";

const faults = (schema: z.ZodType, value: unknown): string[] =>
  schema.safeParse(value, { error: fieldFault }).error?.issues.map((i) => i.message) ?? [];

describe("text", () => {
  it.each(["\u0000", "a\u0001", "\u001b[31m", "\u009b", "\ud800", "x\udc00", "\ufffe", "a\uffffb"])(
    "refuses %j, wherever text is taken",
    (bad) => {
      for (const schema of [text(20), optionalText(20), verbatim(20)])
        expect(faults(schema, bad)).toEqual(["error_field_control_characters"]);
      expect(unfitPlaces({ a: [{ note: bad }] })).toEqual(["a.0.note"]);
    },
  );
  it("keeps tabs and line ends, is composed anew, and counts as people count", () => {
    expect(text(5).parse("a\tb\r\nc")).toBe("a\tb\nc");
    expect(text(1).parse("e\u0301")).toBe("é");
    expect(text(3).parse("𠮷𠮷𠮷")).toBe("𠮷𠮷𠮷");
    expect(faults(text(3), "𠮷𠮷𠮷𠮷")).toEqual(["error_field_too_long|max=3|actual=4"]);
    expect(faults(text(3), 5)).toEqual(["error_field_text"]);
    expect(faults(text(3), "  ")).toEqual(["error_field_required"]);
  });
  it("whatever is taken can be stored, sealed and written as XML", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (s) => {
        const taken = text(1000).safeParse(s);
        if (taken.success)
          expect(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u.test(taken.data)).toBe(true);
        else
          expect(
            isUnfit(s) ||
              /[\u202d\u202e]/u.test(s) ||
              !/[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u000b\u000c\u000e\u001f\u2800]/u.test(s),
          ).toBe(true);
      }),
    );
  });
  it.each([
    ["copied from Word,\u000bsecond line", "copied from Word,\nsecond line"],
    ["page one\u000cpage two", "page one\npage two"],
    ["column\u000enext", "column\nnext"],
    ["line\u2028next\u2029paragraph\u0085end", "line\nnext\nparagraph\nend"],
    ["GB/T\u001e22239", "GB/T\u201122239"],
    ["secu\u001frity", "security"],
    ["\ufeff\u200b 站点 \u200b\u00a0", "站点"],
    ["邊\u{e0100}", "邊\u{e0100}"],
    ["مى\u200cخواهم", "مى\u200cخواهم"],
  ])("%j is what was meant: %j", (pasted, meant) => {
    expect(text(60).parse(pasted)).toBe(meant);
    expect(unfitPlaces({ note: pasted })).toEqual([]);
  });
  it.each(["\u200b", "\u200b\u2060", "\u3164", "\u2800", "\u00ad", " \u{e0001}\ufe0f", "\u200e\u2069"])(
    "%j cannot be seen, and is nothing",
    (invisible) => {
      expect(faults(text(20), invisible)).toEqual(["error_field_required"]);
      expect(optionalText(20).parse(invisible)).toBe("");
    },
  );
  it.each(["王\u202e明", "\u202dabc"])("%j would be read as another, and says so", (turned) => {
    for (const schema of [text(20), optionalText(20)])
      expect(faults(schema, turned)).toEqual(["error_field_direction"]);
  });
  it("what a word processor writes for itself is no part of a password", () =>
    expect(faults(verbatim(20), "a\u000bb")).toEqual(["error_field_control_characters"]));
});

describe("numbers", () => {
  it("are digits alone: what only looks like one is no figure", () => {
    for (const sign of ["10²", "10⁶", "①", "⒈", "½", "Ⅳ", "٣", "㈠"])
      expect(whole(0, 1000).safeParse(sign).success, sign).toBe(false);
    expect(whole(0, 10_000).parse("１，０２５")).toBe(1025);
    expect(["１１０ １０５", "110 105", "11010５"].map(asDigits)).toEqual(["110105", "110105", "110105"]);
    expect(asDigits("昌平 1 区")).toBe("昌平 1 区");
  });
  // Of the longer ones: thousands or tens of thousands, a point or a comma? Each may be meant as either.
  it.each(
    `0x10 1e1 NaN Infinity 1_000 1,5 0b1 --1 1. .5 1,2345 12,34,567 1.234,5 ,500 1,,000 1\u00a000 1'000`.split(" "),
  )("%s is none", (bad) => expect(faults(whole(-100, 100), bad)).toEqual(["error_field_number"]));
  it.each([
    ["5", 5],
    ["+5", 5],
    ["-5", -5],
    ["007", 7],
    ["１２", 12],
    [" 8 ", 8],
    ["\u22125", -5],
    ["\uff0d\uff15", -5],
    ["\u200b9\u00a0", 9],
  ])("%s is one", (given, n) => expect(whole(-100, 100).parse(given)).toBe(n));
  it.each([
    ["1,200.50", 120_050],
    ["１２００．５", 120_050],
    ["１，２００．５０", 120_050],
    ["12 345 678.9", 1_234_567_890],
    ["-1,234.5", -123_450],
    ["\u22120.05", -5],
  ])("an amount written %s is what it says", (given, cents) => expect(scaled(2, 1e9).parse(given)).toBe(cents));
  it.each([null, undefined, ""])("%j is nothing, and nothing is not 0", (nothing) =>
    expect(faults(whole(0, 5), nothing)).toEqual(["error_field_required"]),
  );
  it.each([true, [], {}, [5]])("%j is none either", (other) =>
    expect(faults(whole(0, 5), other)).toEqual(["error_field_number"]),
  );
  it("beyond its limits it says which they are", () => {
    for (const beyond of [6, "6", -1, 1e300, 2 ** 53])
      expect(faults(whole(0, 5), beyond)).toEqual(["error_field_range|min=0|max=5"]);
    expect(faults(whole(0, 5), "1.5")).toEqual(["error_field_whole"]);
    expect(faults(oneOfNumbers(1, 2), "3")).toEqual(["error_field_one_of|values=1, 2"]);
    expect(oneOfNumbers(1, 2).parse("2")).toBe(2);
  });
  it("read from text is what the text says, or no number", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (n) => {
        expect(asNumber(String(n))).toBe(n);
      }),
    );
  });
});

describe("ids", () => {
  const id = "01890000-0000-7000-8000-00000000000a";
  it("are taken in capitals and made small", () => expect(uuid().parse(id.toUpperCase())).toBe(id));
  it("have a pattern that a reader of the description can use: no delimiters, no flags", () => {
    const { pattern } = z.toJSONSchema(uuid(), { io: "input" }) as { pattern?: string };
    expect(pattern).toMatch(/^\^.*\$$/);
    for (const one of [id, id.toUpperCase()]) expect(new RegExp(pattern ?? "x", "u").test(one)).toBe(true);
  });
});

describe("days", () => {
  it.each(["0000-01-01", "0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])(
    "%s is beyond what happens here",
    (far) => expect(faults(day(), far)).toEqual(["error_field_day_range|from=1900|to=2199"]),
  );
  it.each([
    "2014-02-29",
    "2014-02-30",
    "2014-13-01",
    "14-06-30",
    "30/06/2014",
    "2014-06",
    "20140630",
    "+010000-01-01",
    "2014-06-30T00:00:00Z",
  ])("%s is none", (bad) => expect(faults(day(), bad)).toEqual(["error_field_day"]));
  it.each(["1900-01-01", "2016-02-29", "2199-12-31"])("%s is one", (good) => expect(day().parse(good)).toBe(good));
  it.each(["2014-6-1", "2014/06/01", "2014.6.1", "2014年6月1日", "２０１４－０６－０１", " 2014-06-01 "])(
    "%s is written as people do",
    (given) => expect(day().parse(given)).toBe("2014-06-01"),
  );
});

describe("faults", () => {
  it("are keys of our own, whatever the schema is made of", () => {
    const schema = z.object({
      s: z.string().min(2).max(3),
      n: z.number().min(1).max(2),
      b: z.boolean(),
      e: z.enum(["a", "b"]),
      l: z.array(z.string()).min(1).max(2),
      o: z.strictObject({}),
      r: z.record(uuid(), z.number()),
      u: z.union([z.literal(1), z.string()]),
      d: z.iso.date(),
    });
    fc.assert(
      fc.property(
        fc.record({
          s: fc.anything(),
          n: fc.anything(),
          b: fc.anything(),
          e: fc.anything(),
          l: fc.anything(),
          o: fc.anything(),
          r: fc.anything(),
          u: fc.anything(),
          d: fc.anything(),
        }),
        (value) => {
          for (const message of faults(schema, value))
            expect(message).toMatch(/^error_field_[a-z_]+(\|[a-z]+=[^|]*)*$/);
        },
      ),
    );
  });
});
