import { hasMessage, translate } from "#app/i18n/translate.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";

/** Word list of each parameter that holds a code instead of words; all other parameters are shown as they are. */
const WORD_LISTS: Readonly<Record<string, string>> = {
  dimension: "dimension",
  object: "object",
  lifecycle: "lifecycle",
  mechanism: "mechanism",
  answer: "answer",
  batch: "batch",
  verb: "verb",
  verbEn: "verb",
  found: "verb",
  element: "element",
  strength: "strength",
};
type WordList =
  | "dimension"
  | "object"
  | "lifecycle"
  | "mechanism"
  | "answer"
  | "batch"
  | "verb"
  | "element"
  | "strength"
  | "health"
  | "midterm"
  | "status"
  | "report"
  | "level";

/** A code of the domain in the reader's language; the code itself where no word is known, so that nothing is hidden. */
export function wordText(list: WordList, code: string | number, locale: Locale): string {
  const key = `rule_word_${list}_${code}`;
  return hasMessage(key) ? translate(key, {}, locale) : String(code);
}
const chineseDigit = new Intl.NumberFormat("zh-CN-u-nu-hanidec");
const digits = new Map(Array.from({ length: 9 }, (_, i) => [chineseDigit.format(i + 1), String(i + 1)]));
/** Numbers of a report's chapters as the catalogue has them (一, 附件); English readers count in figures, and read names. */
function chaptersText(numbers: string, locale: Locale): string {
  const annexes = m.pdf_chapter_annexes({}, { locale: "zh-CN" });
  const told = (no: string) => (no === annexes ? m.pdf_chapter_annexes({}, { locale }) : (digits.get(no) ?? no));
  return locale === "en" ? numbers.split(" · ").map(told).join(" · ") : numbers;
}

/** A reason, an explanation step, a checklist item or a sentence of a comparison as text. */
export function reasonText(
  reason: { key: string; params: Readonly<Record<string, string | number>> },
  locale: Locale,
): string {
  const params = Object.fromEntries(
    Object.entries(reason.params).map(([name, value]) => {
      if (name === "chapter" || name === "chapters") return [name, chaptersText(String(value), locale)];
      const list = WORD_LISTS[name];
      return [name, list ? wordText(list as WordList, value, locale) : value];
    }),
  );
  return translate(reason.key, params, locale);
}
