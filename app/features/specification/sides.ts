/*
 * A text that is kept in one field and read in two languages: the Chinese one and, after a line of its own, the English one.
 * What a person typed has one side alone and is read as it was typed.
 */
const LANGUAGE_BREAK = "\n\n---\n\n";
export const bothSides = (zh: string, en: string): string => `${zh}${LANGUAGE_BREAK}${en}`;

/** The side for a reader; the whole of it where it has one side only. */
export function sideOf(text: string, locale: string): string {
  const [zh = "", en] = text.split(LANGUAGE_BREAK);
  return locale === "en" ? (en ?? zh) : zh;
}
