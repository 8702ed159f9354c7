import type { z } from "zod";
import { AppError, type MessageParams } from "./errors.ts";

/*
 * What a sender may ask a library to unfold. A name such as `rows[7].note` is an order to build objects and arrays, and a
 * short text can order very large ones. So names, nesting and numbers are judged as text, before any library builds
 * anything, and names that the schema does not have are left out. The cost of a body then grows with its bytes alone.
 */

export const SHAPE_LIMITS = {
  /** Fields of a form. The largest of ours marks a thousand risks at once. */
  fields: 2_000,
  /** Characters of one field's name. */
  name: 200,
  /** Segments of one field's name, levels of a JSON document. */
  depth: 16,
  /** Members of objects and arrays of a JSON document, together. A sheet of two hundred answers has some two thousand. */
  members: 20_000,
  /** Parameters of a query. */
  parameters: 100,
} as const;

const refused = (code: string, params: MessageParams) =>
  new AppError(code, 400, `${code} ${JSON.stringify(params)}`, { params });
/** Enough of a name to find it by, and never a page full of it. */
const shortened = (name: string): string => (name.length > 60 ? `${name.slice(0, 60)}…` : name);

/** @throws form_too_many_fields; `count` before anything was taken apart */
export function judgeFieldCount(count: number): void {
  if (count > SHAPE_LIMITS.fields) throw refused("form_too_many_fields", { limit: SHAPE_LIMITS.fields });
}
/** @throws query_too_long */
export function judgeParameterCount(count: number): void {
  if (count > SHAPE_LIMITS.parameters) throw refused("query_too_long", { limit: SHAPE_LIMITS.parameters });
}

/** A name's parts: `rows[7].note` is `["rows", 7, "note"]`; `[]` is the empty text. Null where it is no path at all. */
export function segmentsOf(name: string): (string | number)[] | null {
  const found: (string | number)[] = [];
  const token = /(\.?)([^.[\]]+)|\[(\d*)\]/y;
  while (token.lastIndex < name.length) {
    const part = token.exec(name);
    if (!part) return null;
    const [, dot, key, index] = part;
    if (key === undefined) found.push(index === "" ? "" : Number(index));
    else if ((dot === "") !== (found.length === 0)) return null;
    else found.push(key);
  }
  return found.length === 0 || typeof found[0] !== "string" ? null : found;
}

/** The names that a schema has, as a tree. A leaf takes a value; a node may be both, as a list that is sent under one name. */
export interface Names {
  keys: Map<string, Names>;
  /** Under any key: records. */
  any: Names | null;
  /** Under a number: lists. */
  item: Names | null;
  leaf: boolean;
}
const empty = (): Names => ({ keys: new Map(), any: null, item: null, leaf: false });
const known = new WeakMap<z.core.$ZodType, Names>();

/** The names of a schema's fields, looked through optional, default, transform, preprocess, union and the like. */
export function namesOf(schema: z.core.$ZodType): Names {
  let found = known.get(schema);
  if (!found) {
    found = empty();
    // Before its parts are looked at: a schema that contains itself ends there.
    known.set(schema, found);
    addNames(found, schema);
  }
  return found;
}

/** What zod 4 keeps of a schema (`_zod.def`), as far as names go. */
interface Definition {
  type: string;
  shape?: Record<string, z.core.$ZodType>;
  catchall?: z.core.$ZodType;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  innerType?: z.core.$ZodType;
  options?: readonly z.core.$ZodType[];
  left?: z.core.$ZodType;
  right?: z.core.$ZodType;
  in?: z.core.$ZodType;
  out?: z.core.$ZodType;
  getter?: () => z.core.$ZodType;
}

function addNames(into: Names, schema: z.core.$ZodType): void {
  const def = schema._zod.def as unknown as Definition;
  if (def.shape) {
    for (const [key, part] of Object.entries(def.shape)) into.keys.set(key, merged(into.keys.get(key), namesOf(part)));
    if (def.catchall && def.catchall._zod.def.type !== "never") into.any = merged(into.any, namesOf(def.catchall));
  } else if (def.element) into.item = merged(into.item, namesOf(def.element));
  else if (def.valueType) into.any = merged(into.any, namesOf(def.valueType));
  else {
    const inner = [def.innerType, def.left, def.right, def.getter?.(), ...(def.options ?? []), inputOf(def)].filter(
      (one) => one !== undefined,
    );
    for (const one of inner) mergeInto(into, namesOf(one));
    if (inner.length === 0) into.leaf = true;
  }
}

/** The side of a pipe that takes what was sent: preprocess has a transform there, which tells nothing of names. */
const inputOf = (def: Definition): z.core.$ZodType | undefined =>
  def.in?._zod.def.type === "transform" ? def.out : def.in;

function mergeInto(into: Names, more: Names): void {
  for (const [key, part] of more.keys) into.keys.set(key, merged(into.keys.get(key), part));
  if (more.any) into.any = merged(into.any, more.any);
  if (more.item) into.item = merged(into.item, more.item);
  into.leaf ||= more.leaf;
}
/** Both, without changing either: trees are shared. */
function merged(one: Names | null | undefined, other: Names): Names {
  if (!one || one === other) return other;
  const both: Names = { ...one, keys: new Map(one.keys) };
  mergeInto(both, other);
  return both;
}

/** Names that every object has of itself, and those under which the form library keeps its own. */
const isReserved = (segment: string | number): boolean =>
  typeof segment === "string" && (segment in Object.prototype || segment.startsWith("__"));

function takes(names: Names, segments: readonly (string | number)[]): boolean {
  let at: Names | null | undefined = names;
  for (const [i, segment] of segments.entries()) {
    if (isReserved(segment)) return false;
    if (segment === "" && i < segments.length - 1) return false;
    at = typeof segment === "string" && segment !== "" ? (at.keys.get(segment) ?? at.any) : at.item;
    if (!at) return false;
  }
  return at.leaf || at.item !== null;
}

/**
 * The fields that a schema knows, in their order; any other is left out. What is left out is judged too.
 * A list is as long as the fields that fill it: an index beyond their number is refused, so that no list is built for one.
 * @throws form_name_too_long, form_too_deep, form_list_with_gaps
 */
export function knownFields(fields: Iterable<readonly [string, string]>, names: Names): [string, string][] {
  const kept: [string, string][] = [];
  const lists = new Map<string, { most: number; fields: number; name: string }>();
  for (const [name, value] of fields) {
    if (name.length > SHAPE_LIMITS.name)
      throw refused("form_name_too_long", { name: shortened(name), limit: SHAPE_LIMITS.name });
    const segments = segmentsOf(name);
    if (segments && segments.length > SHAPE_LIMITS.depth)
      throw refused("form_too_deep", { name: shortened(name), limit: SHAPE_LIMITS.depth });
    if (!segments || !takes(names, segments)) continue;
    kept.push([name, value]);
    for (const [i, segment] of segments.entries()) {
      if (typeof segment !== "number") continue;
      const list = segments.slice(0, i).join("\n");
      const seen = lists.get(list) ?? { most: -1, fields: 0, name };
      lists.set(list, {
        most: Math.max(seen.most, segment),
        fields: seen.fields + 1,
        name: segment > seen.most ? name : seen.name,
      });
    }
  }
  for (const { most, fields: filled, name } of lists.values()) {
    if (most >= filled) throw refused("form_list_with_gaps", { name: shortened(name), limit: filled - 1 });
  }
  return kept;
}

const [quote, backslash, comma, openBrace, openBracket, closeBrace, closeBracket] = [
  '"',
  "\\",
  ",",
  "{",
  "[",
  "}",
  "]",
].map((c) => c.charCodeAt(0));

/**
 * Looks through a JSON text without building it: how deep it goes and how much it holds.
 * @throws json_too_deep, json_too_long. Whether it is JSON at all is the parser's to say.
 */
export function judgeJson(text: string): void {
  let depth = 0;
  let members = 0;
  let inText = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text.charCodeAt(i);
    if (inText) {
      if (c === backslash) i += 1;
      else if (c === quote) inText = false;
      continue;
    }
    if (c === quote) inText = true;
    else if (c === comma) members += 1;
    else if (c === closeBrace || c === closeBracket) depth -= 1;
    else if (c === openBrace || c === openBracket) {
      depth += 1;
      members += 1;
      if (depth > SHAPE_LIMITS.depth) throw refused("json_too_deep", { limit: SHAPE_LIMITS.depth });
    }
    if (members > SHAPE_LIMITS.members) throw refused("json_too_long", { limit: SHAPE_LIMITS.members });
  }
}
