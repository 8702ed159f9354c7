import { byPart, evidenceOfDocument } from "#app/features/evidence/evidence.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Locale } from "#app/i18n/locale.ts";
import type { Tx } from "#db/client.server.ts";
import { dimensions, objects } from "#db/vocabulary.ts";
import { type Control, markedReference } from "#seeds/catalogue/index.ts";
import { word } from "./survey.view.server.ts";
import { questionnaire } from "./locked.server.ts";
import { responseView } from "./response.view.server.ts";

export interface SheetQuestion {
  code: string;
  /** Place in the whole questionnaire, from 1. */
  number: number;
  title: string;
  question: string;
  guidance: string;
  refs: { text: string; confirmed: boolean }[];
  weight: number;
  lifecycle: string;
  mechanism: string;
}
export interface SheetSection {
  key: string;
  label: string;
  questions: SheetQuestion[];
}

const worded = (c: Control, number: number, locale: Locale): SheetQuestion => ({
  code: c.id,
  number,
  title: locale === "en" ? c.title_en : c.title_zh,
  question: locale === "en" ? c.question_en : c.question_zh,
  guidance: locale === "en" ? c.guidance_en : c.guidance_zh,
  refs: c.refs.map(markedReference),
  weight: c.weight,
  lifecycle: word("lifecycle", c.lifecycle, locale),
  mechanism: word("mechanism", c.mechanism, locale),
});

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The questions in the reader's language alone, in sections of dimension × object. */
function sheetSections(version: number, locale: Locale): SheetSection[] {
  const all = questionnaire(version);
  let last = 0;
  return dimensions.flatMap((dimension) =>
    objects.map((object) => ({
      key: `${dimension}-${object}`,
      label: capital(`${word("dimension", dimension, locale)} · ${word("object", object, locale)}`),
      questions: all
        .filter((c) => c.dimension === dimension && c.object === object)
        .map((c) => worded(c, ++last, locale)),
    })),
  );
}

/** Everything the sheet's page shows. */
export async function sheetPage(tx: Tx, actor: Actor, input: { documentId: string; locale: Locale }) {
  const view = await responseView(tx, actor, input);
  const files = await evidenceOfDocument(tx, { tenantId: actor.tenantId, id: input.documentId });
  const { completeness, ...rest } = view;
  return {
    ...rest,
    /** By control code. */
    files: byPart(files),
    sections: sheetSections(view.questionnaireVersion, input.locale),
    gaps: {
      missing: completeness.missing.length,
      needsNote: completeness.needsNote.length,
      withoutEvidence: completeness.withoutEvidence.length,
      returned: completeness.returned.length,
      total: completeness.total,
      answered: completeness.answered,
      percent: completeness.percent,
    },
  };
}
export type SheetPage = Awaited<ReturnType<typeof sheetPage>>;
