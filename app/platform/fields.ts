import { z } from "zod";

/*
 * Field types shared by forms, the API and imports. Messages are keys: `error_field_…`, told in the reader's language.
 * Lengths count characters as people do (code points), as PostgreSQL's char_length does.
 */

const points = (s: string) => [...s].length;
// NUL cannot be stored, other control characters have no business in text; tab and line ends stay.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u;
const loneSurrogate = /\p{Surrogate}/u;

/** What no text holds: control characters but tab and line ends, half a surrogate pair. */
export const isUnfit = (s: string): boolean => control.test(s) || loneSurrogate.test(s);
/** The names in a query whose value no text holds; nothing is searched for by them. */
export const unfitNames = (query: Readonly<Record<string, string>>): string[] => Object.keys(query).filter((name) => isUnfit(query[name] ?? ""));

const clean = (max: number) =>
  z
    .string({ error: "error_field_required" })
    .transform((s) => s.replace(/\r\n?/g, "\n").normalize("NFC").trim())
    .refine((s) => !isUnfit(s), { message: "error_field_control_characters" })
    .refine((s) => points(s) <= max, { error: (issue) => tooLong(max, points(String(issue.input))) });

/** Message key with numbers inside: `key|max=…|actual=…`, taken apart by `splitMessage`. */
const tooLong = (max: number, actual: number) => `error_field_too_long|max=${max}|actual=${actual}`;

/** Text that must be there, at most `max` characters. */
export const text = (max: number) => clean(max).refine((s) => s.length > 0, { message: "error_field_required" });
/** Text that may be empty. */
export const optionalText = (max: number) => clean(max).nullish().transform((s) => s ?? "");
export const uuid = () =>
  z
    .string({ error: "error_field_required" })
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, { error: "error_field_unknown_id" });
/** A calendar day, 2014-06-30, that exists. */
export const day = () =>
  z
    .string({ error: "error_field_required" })
    .regex(/^\d{4}-\d{2}-\d{2}$/, { error: "error_field_day" })
    .refine(
      (s) => !Number.isNaN(Date.parse(`${s}T00:00:00Z`)) && new Date(`${s}T00:00:00Z`).toISOString().startsWith(s),
      { message: "error_field_day" },
    );
/** Whole number within limits; takes text from forms. */
export const whole = (min: number, max: number) =>
  z.coerce
    .number({ error: "error_field_number" })
    .int({ error: "error_field_whole" })
    .refine((n) => n >= min && n <= max, { message: `error_field_range|min=${min}|max=${max}` });
/** A decimal with at most `digits` places, kept as a whole number of 10^-digits; no floating point on the way. */
export const scaled = (digits: number, max: number) =>
  z
    .union([z.string(), z.number()], { error: "error_field_number" })
    .transform((v) => String(v).trim())
    .refine((s) => new RegExp(`^-?\\d{1,12}(\\.\\d{1,${digits}})?$`).test(s), {
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
export const expectedVersion = () => whole(0, 2_147_483_647);

/** Takes a message as the schemas above write it apart into key and parameters. */
export function splitMessage(message: string): { key: string; params: Record<string, string> } {
  const [key = "", ...rest] = message.split("|");
  const params = Object.fromEntries(rest.map((r) => [r.slice(0, r.indexOf("=")), r.slice(r.indexOf("=") + 1)]));
  return { key, params };
}
