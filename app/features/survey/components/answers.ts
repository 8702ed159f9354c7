import { m } from "#app/i18n/paraglide/messages.js";
import type { AnswerValue } from "#db/vocabulary.ts";

/** An answer in the reader's words. */
export function answerWord(value: AnswerValue): string {
  switch (value) {
    case "compliant":
      return m.rule_word_answer_compliant();
    case "partial":
      return m.rule_word_answer_partial();
    case "non_compliant":
      return m.rule_word_answer_non_compliant();
    case "not_applicable":
      return m.rule_word_answer_not_applicable();
  }
}
/** Every answer but «met» says why. */
export const needsNote = (value: AnswerValue | null): boolean => value !== null && value !== "compliant";
