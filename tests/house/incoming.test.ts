import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { api } from "#app/api.server.ts";
import { isFieldType } from "#app/platform/fields.ts";

/*
 * What comes in by a form, an address or the API is made of the field types: a bare `z.string()` would take NUL, half a
 * letter, a megabyte, and tell its fault in the library's words.
 */

type Any = z.core.$ZodType;
/** What a schema is made of, by the names that a sender knows. Keys of a record are names, bounded by their number. */
function parts(schema: Any): [name: string, part: Any][] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "object":
      return Object.entries(def.shape);
    case "array":
      return [["*", def.element]];
    case "tuple":
      return def.items.map((item, at) => [String(at), item]);
    case "record":
      return [["*", def.valueType]];
    case "union":
      return def.options.map((option) => ["", option]);
    case "intersection":
      return [
        ["", def.left],
        ["", def.right],
      ];
    case "pipe":
      // What comes out of the first is ours already, unless the first only makes ready for the second.
      return (def.in as z.core.$ZodTypes)._zod.def.type === "transform" ? [["", def.out]] : [["", def.in]];
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "catch":
    case "readonly":
    case "nonoptional":
      return [["", def.innerType]];
    case "lazy":
      return [["", def.getter()]];
    default:
      return [];
  }
}

/** Places where text, a number or a yes is taken that is none of the field types. */
function bare(schema: Any, place = "", seen = new Set<Any>()): string[] {
  if (seen.has(schema)) return [];
  seen.add(schema);
  const { type } = (schema as z.core.$ZodTypes)._zod.def;
  const plain = ["string", "number", "boolean", "bigint", "date", "any", "unknown"].includes(type);
  if (plain && !isFieldType(schema)) return [`${place}: ${type}`];
  return parts(schema).flatMap(([name, part]) => bare(part, name === "" ? place : `${place}.${name}`, seen));
}

const routes = import.meta.glob<Record<string, unknown>>("/app/features/*/routes/**/*.{ts,tsx}");
const doorsOf = async () => {
  const doors: [string, unknown][] = [];
  for (const [file, load] of Object.entries(routes)) {
    if (/\.test\./.test(file)) continue;
    const { loader, action } = await load();
    if (loader !== undefined) doors.push([`${file} loader`, loader]);
    if (action !== undefined) doors.push([`${file} action`, action]);
  }
  return doors;
};
const takesOf = (door: unknown): readonly Any[] | undefined => (door as { takes?: readonly Any[] }).takes;

/** Of sign-in, before there is anybody to ask for: each reads a word or two of its address by itself (token, next, problem). */
const byHand = [
  ...["invitation", "login", "logout", "not-found", "oidc", "reset", "second", "step-up", "switch"].map(
    (page) => `${page} loader`,
  ),
  "logout action",
];

describe("what comes in", () => {
  it("by the API is made of the field types", () => {
    const found = [...api.takes].flatMap(([at, schemas]) => schemas.flatMap((schema) => bare(schema, at)));
    expect(api.takes.size).toBeGreaterThan(20);
    expect(found).toEqual([]);
  });

  it("by a page's address or form is made of the field types", { timeout: 120_000 }, async () => {
    const doors = await doorsOf();
    const found = doors.flatMap(([name, door]) => (takesOf(door) ?? []).flatMap((schema) => bare(schema, name)));
    expect(doors.length).toBeGreaterThan(60);
    expect(found).toEqual([]);
  });

  it("comes by a door that says what it takes", { timeout: 120_000 }, async () => {
    const silent = (await doorsOf()).filter(([, door]) => takesOf(door) === undefined).map(([name]) => name);
    const named = silent.map((name) => name.replace("/app/features/identity/routes/", "").replace(/\.tsx?(?= )/, ""));
    expect(named.toSorted()).toEqual(byHand.toSorted());
  });
});
