import { byPart, evidenceOfDocument } from "#app/features/evidence/evidence.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { translate } from "#app/i18n/translate.server.ts";
import type { Tx } from "#db/client.server.ts";
import { dimensions, objects } from "#db/vocabulary.ts";
import { type Control, markedReference } from "#seeds/catalogue/index.ts";
import { word } from "./page.server.ts";
import { questionnaire } from "./locked.server.ts";
import { responseView, type ResponseView } from "./view.server.ts";

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
export function sheetSections(version: number, locale: Locale): SheetSection[] {
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

export interface ChangeLine {
  key: string;
  label: string;
  before: string | null;
  after: string | null;
}

/** What differs from the approved content, in words. */
function changeLines(view: ResponseView, locale: Locale): ChangeLine[] {
  const t = (key: string) => translate(key, {}, locale);
  const value = (field: string, raw: string): string | null =>
    raw === "" ? null : field === "value" ? word("answer", raw, locale) : raw;
  const fields = { value: t("survey_answer"), note: t("survey_note"), evidence: t("survey_evidence_count") };
  return [
    ...(view.changes?.answers ?? []).map((c) => ({
      key: `${c.controlId}-${c.field}`,
      label: `${c.controlId} · ${fields[c.field]}`,
      before: value(c.field, c.before),
      after: value(c.field, c.after),
    })),
    ...(view.changes?.assets ?? []).flatMap((c) =>
      c.kind === "changed"
        ? c.fields.map((f) => ({
            key: `${c.assetId}-${f.field}`,
            label: `${c.name} · ${t(`survey_asset_${f.field}`)}`,
            before: f.before || null,
            after: f.after || null,
          }))
        : [
            {
              key: c.assetId,
              label: t("survey_asset"),
              before: c.kind === "removed" ? c.name : null,
              after: c.kind === "added" ? c.name : null,
            },
          ],
    ),
  ];
}

/** Everything the sheet's page shows. */
export async function sheetPage(tx: Tx, actor: Actor, input: { documentId: string; locale: Locale }) {
  const view = await responseView(tx, actor, input);
  const files = await evidenceOfDocument(tx, { tenantId: actor.tenantId, id: input.documentId });
  const { completeness, changes: _changes, ...rest } = view;
  return {
    ...rest,
    /** By control code. */
    files: byPart(files),
    sections: sheetSections(view.questionnaireVersion, input.locale),
    changes: changeLines(view, input.locale),
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
