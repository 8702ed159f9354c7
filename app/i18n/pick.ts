import { getLocale, type Locale } from "#app/i18n/paraglide/runtime.js";

/** A text of the domain in both languages. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** The side of a bilingual text for a reader; the other side when this one is empty, for data entered in one language. */
export function pick(text: Bilingual, locale: Locale = getLocale()): string {
  return locale === "en" ? text.en || text.zh : text.zh || text.en;
}

type Pairs<K extends string> = Readonly<Record<`${K}_zh` | `${K}_en`, string>>;

/** The same for rows whose columns are named `<field>_zh` and `<field>_en`: `pickField(control, "title")`. */
export function pickField<K extends string>(row: Pairs<K>, field: K, locale: Locale = getLocale()): string {
  return pick({ zh: row[`${field}_zh`], en: row[`${field}_en`] }, locale);
}

/** The two columns `<field>Zh` and `<field>En` of a database row: `pickCamel(sector, "name")`. */
export function pickCamel<K extends string>(
  row: Readonly<Record<`${K}Zh` | `${K}En`, string>>,
  field: K,
  locale: Locale = getLocale(),
): string {
  return pick({ zh: row[`${field}Zh`], en: row[`${field}En`] }, locale);
}

/** Semicolons: `Intl.ListFormat` has commas alone. */
const betweenClauses: Readonly<Record<Locale, string>> = { "zh-CN": "；", en: "; " };

/** A sentence that ends by itself is followed by the next one. */
const ends = /[.!?。！？]$/;
const afterSentence: Readonly<Record<Locale, string>> = { "zh-CN": "", en: " " };

/**
 * A list in one line, as the language separates what is enumerated: «甲、乙、丙», “a, b, c”. Clauses, which may hold commas of
 * their own, are separated by semicolons: «甲；乙», “a; b”; whole sentences by nothing but their own end: “A. B.”.
 */
export function joinList(
  items: readonly string[],
  locale: Locale = getLocale(),
  form: "words" | "clauses" = "words",
): string {
  if (form === "clauses")
    return items
      .map((item, i) =>
        i === 0 ? item : `${ends.test(items[i - 1] ?? "") ? afterSentence[locale] : betweenClauses[locale]}${item}`,
      )
      .join("");
  return new Intl.ListFormat(locale, { type: "conjunction", style: "narrow" }).format(items);
}
