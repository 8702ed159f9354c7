import { formatMoney, formatNumber, formatPercent, moneyUnit, shortDigest } from "#app/i18n/format.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { joinList } from "#app/i18n/pick.ts";
import { hasMessage, translate } from "#app/i18n/translate.server.ts";
import {
  type Change,
  type ContentShape,
  type Field,
  fieldAt,
  type Format,
  type Json,
  keyed,
  type Rows,
  rowsAt,
} from "./difference.rules.ts";

/* Differences put into the reader's words: names from the catalogue of messages, values as the page writes them. */

/** A line of `FieldDiff`; null where that side has nothing. */
export interface ChangeLine {
  key: string;
  label: string;
  before: string | null;
  after: string | null;
}
/** A feature's own words for codes, by the name its shape gives them: section titles, chapters. */
export type OwnWords = Readonly<Record<string, (code: string, locale: Locale) => string>>;

type Members = Readonly<Record<string, Json>>;
const membersOf = (value: Json | undefined): Members =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : {};
const within = (content: Json, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((at, key) => membersOf(at)[key], content);

interface Writing {
  before: Json;
  after: Json;
  shape: ContentShape;
  words: OwnWords;
  locale: Locale;
}

function write(value: Json | undefined, format: Format, side: Json, w: Writing): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (Array.isArray(value))
    return value.length === 0
      ? null
      : joinList(
          value.map((v) => write(v as Json, format, side, w) ?? ""),
          w.locale,
        );
  const n = typeof value === "number" ? value : Number(value);
  switch (format.as) {
    case "number":
      return formatNumber(n, w.locale);
    case "milli":
      return formatNumber(n / 1000, w.locale);
    case "money":
      return `${formatMoney(n, w.locale)} ${moneyUnit(w.locale)}`;
    case "share":
      return formatPercent(n / 10_000, w.locale, 2);
    case "flag":
      return translate(value === true ? "seal_yes" : "seal_no", {}, w.locale);
    case "digest":
      return shortDigest(String(value));
    case "word": {
      const key = `${format.prefix}${String(value)}`;
      return hasMessage(key) ? translate(key, {}, w.locale) : String(value);
    }
    case "row": {
      const name = membersOf(within(side, [format.of, String(value)]))[format.name];
      return typeof name === "string" ? name : translate("seal_gone", {}, w.locale);
    }
    case "own":
      return w.words[format.of]?.(String(value), w.locale) ?? String(value);
    case "member":
      return write(membersOf(value)[format.name], { as: "number" }, side, w);
    default:
      return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}

/** What a reader knows a row by: its members of that name, in their own formats. */
function rowName(rows: Rows, path: readonly string[], row: Json | undefined, side: Json, w: Writing): string {
  const parts = rows.name.flatMap((name) => {
    const field = fieldAt(w.shape, [...path, name]);
    return write(membersOf(row)[name], field?.format ?? { as: "text" }, side, w) ?? [];
  });
  const text = [...parts.join(" ").replaceAll(/\s+/gu, " ")];
  return text.length > 48 ? `${text.slice(0, 47).join("")}…` : text.join("");
}
/** Names of the rows a path goes through, outermost first. */
function rowNames(path: readonly string[], w: Writing): string[] {
  return path.flatMap((_, i) => {
    const here = path.slice(0, i + 1);
    const rows = rowsAt(w.shape, path.slice(0, i));
    if (!rows) return [];
    const now = within(w.after, here);
    return now === undefined
      ? rowName(rows, here, within(w.before, here), w.before, w)
      : rowName(rows, here, now, w.after, w);
  });
}

/** A row as a whole: it came or went. */
function rowLine(own: Rows, { path, ...change }: Change, w: Writing): ChangeLine {
  const { value } = own;
  const told = value === undefined ? undefined : fieldAt(w.shape, [...path, value]);
  const side = (name: "before" | "after"): string | null => {
    if (!(name in change)) return null;
    const row = change[name];
    if (value === undefined || !told) return rowName(own, path, row, w[name], w);
    return write(membersOf(row)[value], told.format, w[name], w);
  };
  const label = told
    ? [...rowNames(path, w), ...labelOf(told, w)]
    : [...rowNames(path.slice(0, -1), w), translate(own.label ?? "seal_row", {}, w.locale)];
  return { key: path.join("/"), label: label.join(" · "), before: side("before"), after: side("after") };
}
const labelOf = (field: Field, w: Writing): string[] =>
  field.label === null ? [] : [translate(field.label, {}, w.locale)];

/** What the `*` of a path that is no row names, in the feature's own words. */
function namedThing(field: Field, path: readonly string[], w: Writing): string[] {
  const named = field.named === undefined ? undefined : w.words[field.named];
  const free = field.at.split(".").findLastIndex((part, i) => part === "*" && !rowsAt(w.shape, path.slice(0, i)));
  return named && free >= 0 ? [named(path[free] ?? "", w.locale)] : [];
}

function lineOf(change: Change, w: Writing): ChangeLine {
  const { path } = change;
  const own = rowsAt(w.shape, path.slice(0, -1));
  const field = fieldAt(w.shape, path);
  if (own && !field) return rowLine(own, change, w);
  const format: Format = field?.format ?? { as: "text" };
  const label = field ? [...rowNames(path, w), ...namedThing(field, path, w), ...labelOf(field, w)] : path;
  return {
    key: path.join("/"),
    label: label.filter((t) => t !== "").join(" · "),
    before: write(change.before, format, w.before, w),
    after: write(change.after, format, w.after, w),
  };
}

/** What a place of a content is called, by the names of its rows and of its field; null where the shape names none. */
function placeLabel(path: readonly string[], w: Writing): string | null {
  const field = fieldAt(w.shape, path);
  const names = [...rowNames(path, w), ...(field ? [...namedThing(field, path, w), ...labelOf(field, w)] : [])].filter(
    (name) => name !== "",
  );
  return names.length === 0 ? null : names.join(" · ");
}

/** Texts of a content that `holds` tells something of, with what their place is called. */
export function textsWith<T>(
  content: unknown,
  { shape, words = {}, locale }: { shape: ContentShape; words?: OwnWords; locale: Locale },
  holds: (text: string) => T | null,
): { place: string | null; found: T }[] {
  const now = keyed(content, shape);
  const writing: Writing = { before: null, after: now, shape, words, locale };
  const walk = (value: Json, path: readonly string[]): { place: string | null; found: T }[] => {
    if (typeof value === "string") {
      const found = holds(value);
      return found === null ? [] : [{ place: placeLabel(path, writing), found }];
    }
    if (Array.isArray(value)) return value.flatMap((one) => walk(one as Json, path));
    return Object.entries(membersOf(value)).flatMap(([key, one]) => walk(one, [...path, key]));
  };
  return walk(now, []);
}

/** Changes from `compare` as lines, in its order. `before` and `after` are the contents it was given. */
export function changeLines(
  changes: readonly Change[],
  {
    shape,
    before,
    after,
    words = {},
    locale,
  }: { shape: ContentShape; before: unknown; after: unknown; words?: OwnWords; locale: Locale },
): ChangeLine[] {
  const writing: Writing = { before: keyed(before, shape), after: keyed(after, shape), shape, words, locale };
  return changes.map((c) => lineOf(c, writing));
}
