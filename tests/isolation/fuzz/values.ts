import fc from "fast-check";

/*
 * Values that nobody means and somebody sends, made up from a seed: the same seed gives the same requests.
 */

/** As a form or an address carries it: half a surrogate pair becomes U+FFFD there. JSON alone can say one, by an escape. */
export const wellFormed = (s: string): string => s.replaceAll(/\p{Surrogate}/gu, "\ufffd");

/** Numbers in [0, 1) from a seed (mulberry32); `fc` draws strings from the same. */
export class Dice {
  private readonly strings: string[];
  private state: number;
  constructor(readonly seed: number) {
    this.state = seed >>> 0;
    this.strings = fc.sample(
      fc.oneof(fc.string({ unit: "binary", maxLength: 30 }), fc.string({ unit: "grapheme", maxLength: 30 })),
      { seed, numRuns: 300 },
    );
  }
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
  chance(share: number): boolean {
    return this.next() < share;
  }
  upTo(n: number): number {
    return Math.floor(this.next() * n);
  }
  pick<T>(from: readonly T[]): T {
    return from[this.upTo(from.length)] as T;
  }
  text(): string {
    return this.chance(0.7) ? this.pick(oddTexts) : this.pick(this.strings);
  }
  /** Any JSON. */
  json(): unknown {
    return this.chance(0.5) ? this.text() : this.pick(oddJson);
  }
}

const cursor = (...of: unknown[]) => Buffer.from(JSON.stringify(of)).toString("base64url");
const someId = "01890000-0000-7000-8000-000000000000";

const oddTexts: readonly string[] = [
  "",
  " ",
  "\u3000",
  "\t",
  "\r\n",
  "\u0000",
  "a\u0000b",
  "\u0001",
  "\u001b[31m",
  "\u007f",
  "\u0085",
  "\u009b",
  "\ufeff",
  "\ufffe",
  "a\uffff",
  "\ufffd",
  "\u{1fffe}",
  "\ud800",
  "a\udc00b",
  "\udbff",
  "\u202e文\u202c",
  "e\u0301",
  "\u1112\u1161\u11ab",
  "𠮷𪚥😀👩‍👩‍👧",
  "长".repeat(9000),
  "𠮷".repeat(300),
  "x".repeat(70_000),
  "<b>&'\"",
  "' or 1=1 --",
  "%",
  "%00",
  "%zz",
  "\\",
  "\\u0000",
  "${x}",
  "{{x}}",
  "0",
  "-0",
  "-1",
  "+1",
  "1.5",
  "1e1",
  "0x10",
  "0b1",
  "007",
  "２",
  "１２",
  "NaN",
  "Infinity",
  "-Infinity",
  "2147483647",
  "2147483648",
  "-2147483649",
  "9007199254740993",
  "99999999999999999999",
  "1e999",
  "1,5",
  "0.0000000001",
  "1_000",
  "0000-01-01",
  "0001-01-01",
  "1899-12-31",
  "1900-01-01",
  "2014-02-29",
  "2014-02-30",
  "2014-13-01",
  "2014-6-1",
  "2199-12-31",
  "9999-12-31",
  "+010000-01-01",
  "-000001-01-01",
  "2014-06-30T00:00:00Z",
  "0000-00",
  "9999-12",
  "2014-00",
  "summary",
  someId,
  someId.toUpperCase(),
  "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
  `${someId}x`,
  `{${someId}}`,
  someId.replaceAll("-", ""),
  "00000000-0000-0000-0000-000000000000",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "null",
  "undefined",
  "true",
  "on",
  "[]",
  "{}",
  "zh-CN",
  "code",
  "-rank",
  "rank:desc",
  "5.5",
  "R-1",
  "SUP-SOL-01",
  "A1-M1",
  "https://[",
  "http://\u0000",
  "https://例え.テスト/",
  "https://user:pw@hooks.example/",
  "javascript:alert(1)",
  "//evil.example",
  "\\\\evil",
  "a@b",
  "a@b.c",
  "，".repeat(3),
  cursor("pilots:code", "P1-00000001", someId),
  cursor("pilots:-due", "\u0000", someId),
  cursor("pilots:code", 1, 2, 3),
  cursor("specifications", "9999-12-31T23:59:59.999Z", someId),
  cursor("specifications", "+275760-09-13T00:00:00.000Z", someId),
  cursor("specifications", "0000-01-01T00:00:00.000Z", someId),
  cursor("specifications", "2014-02-30T00:00:00.000Z", someId),
  cursor("risks", 9, "R-1"),
  cursor("risks", 5, "R-\u0000"),
  cursor("audit", 1e15),
  cursor("audit", -1),
  cursor("audit", 1.5),
  cursor("audit", "1"),
  cursor(),
  cursor("audit"),
  cursor({}),
  "W10",
  "eyJ",
  "____",
  "====",
];

const deep = (depth: number): unknown => (depth === 0 ? 1 : { a: [deep(depth - 1)] });
const oddJson: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1,
  1.5,
  1e21,
  1e300,
  -1e300,
  5e-324,
  2_147_483_647,
  2_147_483_648,
  -2_147_483_649,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 2,
  [],
  {},
  [null],
  [[]],
  [{}],
  { a: 1 },
  [1, "x", null],
  { "": 1 },
  { "\u0000": "x" },
  { "\ud800": 1 },
  { length: 1 },
  { toString: 1 },
  JSON.parse('{"__proto__":{"x":1}}'),
  deep(12),
  Array.from({ length: 400 }, () => "x"),
  Array.from({ length: 201 }, () => ({})),
];

type Schema = Readonly<Record<string, unknown>>;
const isObject = (v: unknown): v is Schema => typeof v === "object" && v !== null && !Array.isArray(v);
const listOf = (v: unknown): readonly unknown[] => (Array.isArray(v) ? v : []);

/** A value that the schema describes, as far as a schema tells; `find` looks up a reference. */
export function described(schema: unknown, dice: Dice, find: (ref: string) => unknown, depth = 0): unknown {
  if (!isObject(schema) || depth > 6) return dice.text();
  if (typeof schema["$ref"] === "string") return described(find(schema["$ref"]), dice, find, depth + 1);
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"])) return dice.pick(schema["enum"] as readonly unknown[]);
  for (const many of ["anyOf", "oneOf"])
    if (Array.isArray(schema[many]))
      return described(dice.pick(schema[many] as readonly unknown[]), dice, find, depth + 1);
  if (Array.isArray(schema["allOf"]))
    return Object.assign(
      {},
      ...schema["allOf"].map((one: unknown) => described(one, dice, find, depth + 1)),
    ) as unknown;
  const type = Array.isArray(schema["type"]) ? dice.pick(schema["type"] as readonly string[]) : schema["type"];
  switch (type) {
    case "null":
      return null;
    case "boolean":
      return dice.chance(0.5);
    case "integer":
    case "number": {
      const [low, high] = [Number(schema["minimum"] ?? 0), Number(schema["maximum"] ?? 100)];
      return dice.pick([low, high, low + dice.upTo(Math.min(high - low, 1e6))]);
    }
    case "array":
      return Array.from({ length: Math.max(Number(schema["minItems"] ?? 0), dice.upTo(3)) }, () =>
        described(schema["items"], dice, find, depth + 1),
      );
    case "object": {
      const required = listOf(schema["required"]);
      const known = Object.entries(isObject(schema["properties"]) ? schema["properties"] : {}).filter(
        ([name]) => required.includes(name) || dice.chance(0.6),
      );
      const more = isObject(schema["additionalProperties"]) ? [[someId, schema["additionalProperties"]] as const] : [];
      return Object.fromEntries([...known, ...more].map(([name, of]) => [name, described(of, dice, find, depth + 1)]));
    }
    case "string":
      return textOf(schema, dice);
    default:
      return dice.json();
  }
}

function textOf(schema: Schema, dice: Dice): string {
  if (schema["format"] === "uuid") return someId;
  if (schema["format"] === "date") return "2014-06-30";
  if (typeof schema["pattern"] === "string")
    return (
      fc.sample(fc.stringMatching(new RegExp(schema["pattern"])), { seed: dice.upTo(2 ** 31), numRuns: 1 })[0] ?? ""
    );
  return dice.pick(["x", "测试", "2014-06-30", "P1-1"]);
}

/** Somewhere in it something else stands, is missing, or stands besides. */
export function mutated(value: unknown, dice: Dice): unknown {
  const copy = structuredClone(value);
  let holder: unknown = copy;
  for (;;) {
    if (!isObject(holder) && !Array.isArray(holder)) return dice.json();
    const inside = holder as Record<string, unknown>;
    const names = Object.keys(inside);
    // A list takes a name for its own only at its end: «4000000000» would make it that long, and no body holds that.
    const name =
      names.length === 0 || dice.chance(0.08)
        ? Array.isArray(holder)
          ? String(holder.length)
          : dice.text()
        : dice.pick(names);
    // Its own alone: by «__proto__» one comes to what all objects of this process share.
    const inner = Object.hasOwn(inside, name) ? inside[name] : undefined;
    if ((isObject(inner) || Array.isArray(inner)) && dice.chance(0.6)) {
      holder = inner;
      continue;
    }
    if (dice.chance(0.15)) delete inside[name];
    else
      Object.defineProperty(inside, name, { value: dice.json(), enumerable: true, configurable: true, writable: true });
    return copy;
  }
}
