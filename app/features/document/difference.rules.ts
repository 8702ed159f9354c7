/**
 * How two contents of one kind differ, field by field, and which differences an approval does not survive. Pure. A kind says
 * in a `ContentShape` which lists are rows told apart by a key, which fields are material and how they are written, and
 * which are not material and why: an approval answers for what it judged, not for what goes on by itself.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Members = Readonly<Record<string, Json>>;

/**
 * How a value is written: as it is, in its unit, as the word of a message `<prefix><code>`, by the name of the row it points
 * to, by the feature's own words, or of several members by the number in one.
 */
export type Format =
  | { as: "text" | "number" | "flag" | "digest" | "milli" | "money" | "share" }
  | { as: "word"; prefix: string }
  | { as: "row"; of: string; name: string }
  | { as: "own"; of: string }
  | { as: "member"; name: string };

export interface Field {
  /** Path of members joined by dots; `*` is any one member or row: `risks.*.owner`. */
  at: string;
  /** Message key of its name; null where the name of its row says all. */
  label: string | null;
  format: Format;
  /** A number may move by less than this, in its own unit, before it counts. */
  tolerance?: number;
  /** The `*` of the path that is no row names the thing, in the feature's own words under this name: sections by key, sums by dimension. */
  named?: string;
}
export interface Rows {
  at: string;
  /** Members that tell a row from the others. */
  key: readonly string[];
  /** Members that a reader knows it by. */
  name: readonly string[];
  /** Message key of what such a row is; null where rows that come and go are not material. */
  label: string | null;
  /** Member that says what the row holds: a row that comes or goes is told by it, under the row's name. */
  value?: string;
}
export interface ContentShape {
  rows: readonly Rows[];
  fields: readonly Field[];
  /** Paths that are not material, each with the reason why an approval outlives their change. */
  immaterial: Readonly<Record<string, string>>;
}

export interface Change {
  /** Members from the root on; a row stands under the values of its key. */
  path: readonly string[];
  /** Absent on the side where there is nothing. */
  before?: Json;
  after?: Json;
}

const isMembers = (value: Json | undefined): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a pattern names the path, or with `within` something that it lies in. */
function matches(pattern: string, path: readonly string[], within = false): boolean {
  const parts = pattern.split(".");
  return (
    (within ? parts.length <= path.length : parts.length === path.length) &&
    parts.every((p, i) => p === "*" || p === path[i])
  );
}
/** How the rows of a list are told apart; undefined where the path names no list of rows. */
export const rowsAt = (shape: ContentShape, path: readonly string[]): Rows | undefined =>
  shape.rows.find((r) => matches(r.at, path));
/** How a field is named and written; undefined where the shape says nothing of it. */
export const fieldAt = (shape: ContentShape, path: readonly string[]): Field | undefined =>
  shape.fields.find((f) => matches(f.at, path));

const written = (value: Json | undefined): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? null);

/**
 * The content with its rows under their keys instead of in a list, so that their order does not count; members that are
 * undefined are left out, as JSON leaves them. A second row of the same key gets a number of its own.
 */
export function keyed(content: unknown, shape: ContentShape): Json {
  const walk = (value: Json, path: readonly string[]): Json => {
    if (Array.isArray(value)) {
      const rows = rowsAt(shape, path);
      if (!rows) return value as Json;
      const named: Record<string, Json> = {};
      for (const row of value as readonly Json[]) {
        const own = rows.key.map((k) => written(isMembers(row) ? row[k] : row)).join("/");
        let key = own;
        for (let n = 2; Object.hasOwn(named, key); n += 1) key = `${own}#${n}`;
        named[key] = walk(row, [...path, key]);
      }
      return named;
    }
    if (!isMembers(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, walk(v, [...path, k])]));
  };
  return walk(JSON.parse(JSON.stringify(content ?? null)) as Json, []);
}

const equal = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((x, i) => equal(x as Json, b[i] as Json));
  if (!isMembers(a) || !isMembers(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && equal(a[k], b[k]));
};

const side = (name: "before" | "after", of: Members, key: string): Partial<Change> =>
  Object.hasOwn(of, key) ? { [name]: of[key] } : {};

/**
 * Every difference of two keyed contents at the deepest place where both sides are still alike in form; in the order of the
 * keys. A list of rows that one side lacks has none there, where the shape is given.
 */
export function difference(before: Json, after: Json, shape?: ContentShape): Change[] {
  const isList = (path: readonly string[]): boolean => shape !== undefined && rowsAt(shape, path) !== undefined;
  const walk = (a: Members, b: Members, path: readonly string[]): Change[] =>
    [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().flatMap((key): Change[] => {
      const here = [...path, key];
      const [was, is] = [Object.hasOwn(a, key) ? a[key] : undefined, Object.hasOwn(b, key) ? b[key] : undefined];
      if (isMembers(was) && isMembers(is)) return walk(was, is, here);
      if (isMembers(is) && was === undefined && isList(here)) return walk({}, is, here);
      if (isMembers(was) && is === undefined && isList(here)) return walk(was, {}, here);
      return equal(was, is) ? [] : [{ path: here, ...side("before", a, key), ...side("after", b, key) }];
    });
  if (isMembers(before) && isMembers(after)) return walk(before, after, []);
  return equal(before, after) ? [] : [{ path: [], before, after }];
}

const words = (value: Json | undefined): string =>
  (typeof value === "string" ? value : "").replaceAll(/\s+/gu, " ").trim();
/** Nothing, null and text of white space alone read the same. */
const blank = (value: Json | undefined): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "string" && value.trim() === "") ||
  (Array.isArray(value) && value.length === 0);

/** Whether an approval of the content before still covers it after this change. What the shape does not name is material. */
export function isMaterial(change: Change, shape: ContentShape): boolean {
  if (Object.keys(shape.immaterial).some((pattern) => matches(pattern, change.path, true))) return false;
  const field = fieldAt(shape, change.path);
  if (!field) return rowsAt(shape, change.path.slice(0, -1))?.label !== null;
  const { before, after } = change;
  if (blank(before) && blank(after)) return false;
  if (typeof before === "number" && typeof after === "number")
    return Math.abs(after - before) >= (field.tolerance ?? Number.MIN_VALUE);
  return typeof before !== "string" || typeof after !== "string" || words(before) !== words(after);
}

/**
 * Paths of a content that the shape names neither as material nor as not: every one is an oversight.
 * @tests each kind's test holds its shape against what it really seals
 */
export function unnamed(content: unknown, shape: ContentShape): string[] {
  const walk = (value: Json, path: readonly string[]): string[] => {
    if (path.length > 0 && (fieldAt(shape, path) || Object.keys(shape.immaterial).some((p) => matches(p, path, true))))
      return [];
    if (isMembers(value)) return Object.entries(value).flatMap(([k, v]) => walk(v, [...path, k]));
    return [path.join(".")];
  };
  return walk(keyed(content, shape), []);
}

export interface Compared {
  /** The material ones, in the order of the shape. */
  changes: Change[];
  material: boolean;
}
/** Compares two contents as they are stored or would be. */
export function compare(before: unknown, after: unknown, shape: ContentShape): Compared {
  const order = ({ path }: Change): number => {
    const field = shape.fields.findIndex((f) => matches(f.at, path));
    const rows = shape.rows.findIndex((r) => matches(r.at, path.slice(0, -1)));
    return field >= 0 ? field + shape.rows.length : rows >= 0 ? rows : Number.MAX_SAFE_INTEGER;
  };
  const changes = difference(keyed(before, shape), keyed(after, shape), shape).filter((c) => isMaterial(c, shape));
  const root = (c: Change) => shape.fields.findIndex((f) => f.at.split(".")[0] === c.path[0]);
  return { changes: changes.sort((a, b) => root(a) - root(b) || order(a) - order(b)), material: changes.length > 0 };
}
