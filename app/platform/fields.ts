import { z } from "zod";
import { trimEnds } from "./trim.ts";

/*
 * Field types shared by forms, the API and imports. Messages are keys: `error_field_…`, told in the reader's language.
 * Lengths count characters as people do (code points), as PostgreSQL's char_length does.
 */

const points = (s: string) => [...s].length;
// NUL cannot be stored, other control characters have no business in text; tab and line ends stay, and what is mended.
const control = /[\u0000-\u0008\u000f-\u001d\u007f-\u0084\u0086-\u009f]/u;
/* What word processors write for themselves, and what it is as text. Of a copy it is all that is left of their own format. */
// Line, page and column breaks of Word; line and paragraph ends of Unicode; NEL.
const lineEnd = /\r\n?|[\u000b\u000c\u000e\u0085\u2028\u2029]/gu;
const hardHyphen = /\u001e/gu;
const optionalHyphen = /\u001f/gu;
const mendable = /[\u000b\u000c\u000e\u001e\u001f]/u;
// Makes what follows read in another order than it is written: a name could be told as another.
const override = /[\u202d\u202e]/u;
// Spaces, and what has neither width nor ink: joiners, marks of direction, selectors, fillers, the blank of Braille.
const unseen = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/gu;
// Spaces, and what joins nothing at an end. Selectors and joiners of signs stay: they belong to the sign before them.
const ends =
  " \t\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u200b\u2060\ufeff";
const loneSurrogate = /\p{Surrogate}/u;
// No XML may hold these two, so no spreadsheet could be written with them.
const notXml = /[\ufffe\uffff]/u;

/** What no text holds: control characters but tab and line ends, half a surrogate pair, U+FFFE and U+FFFF. What is mended is let in. */
export const isUnfit = (s: string): boolean => control.test(s) || loneSurrogate.test(s) || notXml.test(s);
/** Text as people wrote it, from what was pasted: see above. Invisible text is none. */
function mended(s: string): string {
  const plain = trimEnds(
    s.replace(lineEnd, "\n").replace(hardHyphen, "\u2011").replace(optionalHyphen, "").normalize("NFC"),
    ends,
  );
  return isInvisible(plain) ? "" : plain;
}
/** Full-width signs and spaces as the plain ones; what has a meaning of its own, such as ² or ①, stays what it is. */
const halfWidth = (s: string): string =>
  s
    .replace(/[\uff01-\uff5e]/gu, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) - 0xfee0))
    .replaceAll("\u3000", " ");
/** Whether there is nothing to see in a text. */
export const isInvisible = (s: string): boolean => s.replace(unseen, "") === "";
/** Digits as people write a number that is none: full-width, in groups. Any other text stays as it is. */
export function asDigits(value: string): string {
  const plain = halfWidth(value).replace(unseen, "");
  return /^[0-9]+$/.test(plain) ? plain : value;
}
/** The names in a query whose value no text holds; nothing is searched for by them. */
export const unfitNames = (query: Readonly<Record<string, string>>): string[] =>
  Object.keys(query).filter((name) => isUnfit(query[name] ?? "") || isUnfit(name));

/** Where in JSON stands what no text holds, in names too: `answers.0.note`. The first few. */
export function unfitPlaces(value: unknown, most = 20): string[] {
  const found: string[] = [];
  const left: [string, unknown][] = [["", value]];
  for (let next = left.pop(); next && found.length < most; next = left.pop()) {
    const [place, one] = next;
    if (typeof one === "string" && isUnfit(one)) found.push(place);
    if (typeof one !== "object" || one === null) continue;
    for (const [name, inner] of Object.entries(one)) {
      if (isUnfit(name)) found.push(place);
      else left.push([place === "" ? name : `${place}.${name}`, inner]);
    }
  }
  return found;
}

/* What comes in is made of these field types alone: a bare `z.string()` takes NUL, half a letter and a megabyte. */
const mark = Symbol("field type");
/** Names a schema of zod's own as one of the field types. The mark is in its definition, which further checks copy. */
export const fieldType = <T extends z.ZodType>(schema: T): T => {
  Object.assign(schema.def, { [mark]: true });
  return schema;
};
/**
 * Whether text, a number or a yes is one of the field types.
 * @tests every door is held to them by tests/house/incoming.test.ts
 */
export const isFieldType = (schema: z.core.$ZodType): boolean => mark in schema._zod.def;

type Raw = { readonly input?: unknown };
/** Nothing given is told apart from something of another kind. */
const otherwise = (key: string) => (issue: Raw) =>
  issue.input === undefined || issue.input === null ? "error_field_required" : key;

const clean = (max: number) =>
  fieldType(z.string({ error: otherwise("error_field_text") }))
    .transform(mended)
    .refine((s) => !isUnfit(s), { message: "error_field_control_characters" })
    .refine((s) => !override.test(s), { message: "error_field_direction" })
    .refine((s) => points(s) <= max, { error: (issue) => tooLong(max, points(String(issue.input))) });

/** Message key with numbers inside: `key|max=…|actual=…`, taken apart by `splitMessage`. */
const tooLong = (max: number, actual: number) => `error_field_too_long|max=${max}|actual=${actual}`;

/** Text that must be there, at most `max` characters. */
export const text = (max: number) => clean(max).refine((s) => s.length > 0, { message: "error_field_required" });
/** Text that may be empty, and is stated all the same. */
export const statedText = (max: number) => clean(max);
/** Text that may be empty. */
export const optionalText = (max: number) =>
  clean(max)
    .nullish()
    .transform((s) => s ?? "");
/**
 * Text taken as it is: a password, a token, an answer of a browser's own. Counted like text; nothing is trimmed or composed anew.
 * @param error key for whatever is wrong with it; by default each fault has its own
 */
export const verbatim = (max: number, error?: string) =>
  fieldType(z.string({ error: error ?? otherwise("error_field_text") }))
    .refine((s) => !isUnfit(s) && !mendable.test(s), { message: error ?? "error_field_control_characters" })
    .refine((s) => points(s) <= max, { error: (issue) => error ?? tooLong(max, points(String(issue.input))) });
/**
 * Text of one shape: a code, a digest, the name of a column.
 * @param pattern from ^ to $, with an end to its length @param error key for whatever is wrong with it
 */
export const matching = (pattern: RegExp, { error = "error_field_unknown_id" } = {}) =>
  fieldType(z.string({ error: otherwise(error) })).regex(pattern, { error });
/** An id; capital letters are taken and made small. The pattern has no flags: the API's description could not say them. */
export const uuid = () =>
  fieldType(z.string({ error: otherwise("error_field_unknown_id") }))
    .regex(/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/, {
      error: "error_field_unknown_id",
    })
    .toLowerCase();

/** Years that days may lie in. Beyond them nothing here happens, and neighbouring days are not the database's any more. */
const [firstYear, lastYear] = [1900, 2199];
const years = "(?:19|20|21)[0-9]{2}";
const beyond = `error_field_day_range|from=${firstYear}|to=${lastYear}`;
/** A day as people write it in this order: 2014/6/30, 2014.6.30, 2014年6月30日, full-width or not. Any other stays as it is. */
function asDay(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const found = /^([0-9]{4}) ?[-/.年] ?([0-9]{1,2}) ?[-/.月] ?([0-9]{1,2}) ?日?$/.exec(
    halfWidth(value).replace(unseen, " ").trim(),
  );
  if (!found) return value;
  const [, year, month = "", dayOfMonth = ""] = found;
  return `${year}-${month.padStart(2, "0")}-${dayOfMonth.padStart(2, "0")}`;
}
/** A calendar day, 2014-06-30, that exists. */
export const day = () =>
  z.preprocess(
    asDay,
    fieldType(z.string({ error: otherwise("error_field_day") }))
      .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, { error: "error_field_day", abort: true })
      .refine((s) => new RegExp(`^${years}`).test(s), { message: beyond, abort: true })
      .refine((s) => exists(s), { message: "error_field_day" }),
  );
/** An address of mail: one @, then a domain of two names or more. */
export const emailPattern = /^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$/;
/** A calendar month, 2014-06. */
export const monthPattern = `${years}-(?:0[1-9]|1[0-2])`;

function exists(isoDay: string): boolean {
  const at = Date.parse(`${isoDay}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(isoDay);
}

// Between digits: what people set between groups of three.
const grouped = /^[+-]?[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]{1,15})?$/;
/**
 * A number as people write it, in digits and a point alone: full-width signs, the true minus, commas or spaces between
 * groups of three. Groups of another length are no number: 1,2345 may be meant as either.
 */
function plainNumber(value: string): string {
  const plain = halfWidth(value).replace(unseen, " ").replaceAll("\u2212", "-").trim();
  return grouped.test(plain) ? plain.replace(/[, ]/g, "") : plain;
}
/**
 * Text of a form or an address as a number: decimal digits alone, no 0x10 or 1e1. Blank is nothing, other text NaN: left as
 * text, the form's library would read it its own way.
 */
export function asNumber(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const plain = plainNumber(value);
  if (plain === "") return undefined;
  return /^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$/.test(plain) ? Number(plain) : Number.NaN;
}
/** Whole number within limits; takes text from forms and addresses. */
export const whole = (min: number, max: number) => {
  const range = `error_field_range|min=${min}|max=${max}`;
  return z.preprocess(
    asNumber,
    fieldType(z.number({ error: otherwise("error_field_number") }))
      .int({ error: (issue) => (Number.isInteger(issue.input) ? range : "error_field_whole"), abort: true })
      .min(min, { error: range })
      .max(max, { error: range }),
  );
};
/** One of a few numbers, such as the two batches; takes text from forms and addresses. */
export const oneOfNumbers = <const N extends number>(...values: readonly [N, N, ...N[]]) =>
  z.preprocess(
    asNumber,
    z.union(values.map((v) => z.literal(v)) as unknown as [z.ZodLiteral<N>, z.ZodLiteral<N>], {
      error: (issue) =>
        issue.input === undefined || issue.input === null
          ? "error_field_required"
          : `error_field_one_of|values=${values.join(", ")}`,
    }),
  );
/** A decimal with at most `digits` places, kept as a whole number of 10^-digits; no floating point on the way. */
export const scaled = (digits: number, max: number) =>
  z
    .union([fieldType(z.string()), fieldType(z.number())], { error: otherwise("error_field_number") })
    .transform((v) => plainNumber(String(v)))
    .refine((s) => new RegExp(`^-?[0-9]{1,12}(\\.[0-9]{1,${digits}})?$`).test(s), {
      message: `error_field_decimal|digits=${digits}`,
    })
    .transform((s) => toScaled(s, digits))
    .refine((n) => Math.abs(n) <= max * 10 ** digits, { message: `error_field_range|min=${-max}|max=${max}` });

/** "12.5" with 2 digits → 1250. */
export function toScaled(s: string, digits: number): number {
  const negative = s.startsWith("-");
  const [whole = "0", part = ""] = s.replace("-", "").split(".");
  const n = Number(whole) * 10 ** digits + Number(part.padEnd(digits, "0").slice(0, digits) || "0");
  return negative ? -n : n;
}
/** Revision of a row or version of an instance, as PostgreSQL's integer holds it. */
export const revision = (least: 0 | 1 = 0) => whole(least, 2_147_483_647);
export const expectedVersion = () => revision();

/** Takes a message as the schemas above write it apart into key and parameters. */
export function splitMessage(message: string): { key: string; params: Record<string, string> } {
  const [key = "", ...rest] = message.split("|");
  const params = Object.fromEntries(rest.map((r) => [r.slice(0, r.indexOf("=")), r.slice(r.indexOf("=") + 1)]));
  return { key, params };
}

type Fault = z.core.$ZodRawIssue;
const listed = (values: readonly unknown[]): string => values.slice(0, 30).map(String).join(", ");
const kinds: Readonly<Record<string, string>> = {
  string: "error_field_text",
  number: "error_field_number",
  int: "error_field_whole",
  boolean: "error_field_yes_no",
  array: "error_field_list",
  object: "error_field_object",
  record: "error_field_object",
};

/**
 * What is wrong with a value, as a message key, wherever a schema says nothing of its own: hand it to `safeParse` as `error`.
 * Readers are told in their language; the words of the library are nobody's.
 */
export function fieldFault(issue: Fault): string {
  switch (issue.code) {
    case "invalid_type":
      if (issue.input === undefined || issue.input === null) return "error_field_required";
      return kinds[issue.expected] ?? "error_field_invalid";
    case "too_big":
      if (issue.origin === "string") return tooLong(Number(issue.maximum), points(String(issue.input)));
      return issue.origin === "array"
        ? `error_field_list_most|max=${issue.maximum}`
        : `error_field_at_most|max=${issue.maximum}`;
    case "too_small":
      if (issue.origin === "string")
        return issue.input === "" ? "error_field_required" : `error_field_too_short|min=${issue.minimum}`;
      return issue.origin === "array"
        ? `error_field_list_least|min=${issue.minimum}`
        : `error_field_at_least|min=${issue.minimum}`;
    case "invalid_value":
      if (issue.input === undefined || issue.input === null) return "error_field_required";
      return `error_field_one_of|values=${listed(issue.values)}`;
    case "invalid_format":
      return issue.format === "uuid" || issue.format === "guid"
        ? "error_field_unknown_id"
        : issue.format === "date"
          ? "error_field_day"
          : "error_field_format";
    case "unrecognized_keys":
      return `error_field_unknown_members|names=${listed(issue.keys.map((key) => key.slice(0, 40).replaceAll("|", "")))}`;
    default:
      return "error_field_invalid";
  }
}
