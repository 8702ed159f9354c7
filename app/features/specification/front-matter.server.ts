import type { Actor } from "#app/request/actor.ts";
import type { SpecificationBody } from "#db/schema/index.ts";
import { specificationTexts } from "#seeds/catalogue/index.ts";
import { bothSides } from "./sides.ts";

/**
 * Front matter that a new edition begins with, issued by the caller's office. Editors change it; the document is bilingual
 * only in its clauses, so each element keeps both sides of its text.
 */
export function firstBody(actor: Actor): SpecificationBody {
  const { zh, en } = actor.tenantName;
  const { front_matter: texts } = specificationTexts;
  return {
    foreword: bothSides(
      texts.foreword_zh.replaceAll("{issuer}", () => zh),
      texts.foreword_en.replaceAll("{issuer}", () => en),
    ),
    introduction: bothSides(texts.introduction_zh, texts.introduction_en),
    scope: bothSides(texts.scope_zh, texts.scope_en),
    references: texts.references,
    terms: texts.terms.map((t) => ({
      term: t.term_zh,
      termEn: t.term_en,
      definition: bothSides(t.definition_zh, t.definition_en),
    })),
    abbreviations: [],
    bibliography: texts.bibliography,
    issuedBy: zh,
    ics: texts.ics,
    ccs: texts.ccs,
  };
}
