import { getLocale, type Locale } from "#app/i18n/paraglide/runtime.js";

/**
 * Numbers, amounts, dates and times as the interface writes them. Pure functions of (value, locale); without a locale
 * they take the one of the request. Dates are ISO in both languages (GB/T 7408.1-2023), times on the 24-hour clock.
 */

/** Zone of the programme: what a deadline «on the 22nd» means. */
export const ZONE = "Asia/Shanghai";

/** What stands where there is no value. Its words for a screen reader belong to the place it stands in. */
export const NO_VALUE = "—";

const numberFormats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  const known = numberFormats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, options);
  numberFormats.set(key, made);
  return made;
}

/** Number with grouping. `digits` fixes the decimals; without it up to two are shown. A true minus sign (U+2212). */
export function formatNumber(value: number | bigint, locale: Locale = getLocale(), digits?: number): string {
  if (typeof value === "number" && !Number.isFinite(value)) return NO_VALUE;
  const options =
    digits === undefined
      ? { maximumFractionDigits: 2 }
      : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const text = numberFormat(locale, options).format(value).replace("-", "−");
  return /^−0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** Share 0..1 as percent: 0.125 → «12.5%». */
export function formatPercent(share: number, locale: Locale = getLocale(), digits = 1): string {
  if (!Number.isFinite(share)) return NO_VALUE;
  return numberFormat(locale, { style: "percent", minimumFractionDigits: 0, maximumFractionDigits: digits })
    .format(share)
    .replace("-", "−");
}

/** An amount held as whole hundredths of 万元 (100 yuan): 123456 → «1,234.56». Exact for any bigint. The unit stands in the head. */
export function formatMoney(amountCenti: bigint | number, locale: Locale = getLocale()): string {
  const whole = typeof amountCenti === "bigint" ? amountCenti : BigInt(Math.round(amountCenti));
  const size = whole < 0n ? -whole : whole;
  const cents = (size % 100n).toString().padStart(2, "0");
  return `${whole < 0n ? "−" : ""}${numberFormat(locale, {}).format(size / 100n)}.${cents}`;
}

/** Unit of formatMoney, for heads and hints. */
export function moneyUnit(locale: Locale = getLocale()): string {
  return locale === "en" ? "CNY 10k" : "万元";
}

const partsFormats = new Map<string, Intl.DateTimeFormat>();

function parts(value: Date, zone: string): Record<string, string> {
  let format = partsFormats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    partsFormats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(value).map((part) => [part.type, part.value]));
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Date of an instant in a zone, or a calendar day «2026-11-22» as it is. An unreadable value gives «—». */
export function formatDate(value: Date | string | null | undefined, zone: string = ZONE): string {
  if (value === null || value === undefined || value === "") return NO_VALUE;
  if (typeof value === "string" && DAY.test(value)) return value;
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return NO_VALUE;
  const p = parts(at, zone);
  return `${p["year"]}-${p["month"]}-${p["day"]}`;
}

/** «2026-11-22 14:05» in the programme's zone. Another zone is named: «2026-11-22 06:05 UTC». */
export function formatDateTime(
  value: Date | string | null | undefined,
  zone: string = ZONE,
  withSeconds = false,
): string {
  if (value === null || value === undefined || value === "") return NO_VALUE;
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return NO_VALUE;
  const p = parts(at, zone);
  const clock = `${p["hour"]}:${p["minute"]}${withSeconds ? `:${p["second"]}` : ""}`;
  return `${p["year"]}-${p["month"]}-${p["day"]} ${clock}${zone === ZONE ? "" : ` ${zone}`}`;
}

/** Size of a file in binary units as people read them: «1.5 MB». */
export function formatBytes(bytes: number, locale: Locale = getLocale()): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let step = 0;
  while (size >= 1024 && step < units.length - 1) {
    size /= 1024;
    step += 1;
  }
  return `${formatNumber(size, locale, step === 0 ? 0 : 1)} ${units[step] ?? "B"}`;
}

/** An interval with the dash of the language: «2.9–5.6». */
export function formatRange(low: number, high: number, locale: Locale = getLocale(), digits = 1): string {
  return `${formatNumber(low, locale, digits)}–${formatNumber(high, locale, digits)}`;
}

/** First twelve characters of a digest, enough to tell two apart by eye; the whole stands where it can be copied. */
export function shortDigest(sha256: string): string {
  return sha256.slice(0, 12);
}
