import { wordText } from "#app/domain/reason-text.server.ts";
import { stateLabel } from "#app/features/workflow/labels.server.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { dimensions, healths } from "#db/vocabulary.ts";
import { midtermResults, pilotLeaves } from "#workflows/index.ts";

/** Words of the lists that the pages of pilots choose from, in the reader's language. */
export const wordsOf = (locale: Locale) => ({
  stages: pilotLeaves.map((value) => ({ value, label: stateLabel("pilot", value, locale) })),
  dimensions: dimensions.map((value) => ({ value, label: wordText("dimension", value, locale) })),
  healths: healths.map((value) => ({ value, label: wordText("health", value, locale) })),
  midterm: midtermResults.map((value) => ({ value, label: wordText("midterm", value, locale) })),
});
