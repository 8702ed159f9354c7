import { hasMessage, translate } from "#app/i18n/translate.server.ts";
import type { Locale } from "#app/i18n/locale.ts";

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
/** A reason, an explanation step, a checklist item or a sentence of a comparison as text. */
export function reasonText(
  reason: { key: string; params: Readonly<Record<string, string | number>> },
  locale: Locale,
): string {
  const params = Object.fromEntries(
    Object.entries(reason.params).map(([name, value]) => {
      const list = WORD_LISTS[name];
      return [name, list ? wordText(list as WordList, value, locale) : value];
    }),
  );
  return translate(reason.key, params, locale);
}
