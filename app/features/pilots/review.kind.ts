import { wordText } from "#app/domain/reason-text.server.ts";
import type { DocumentKindOf } from "#app/features/document/kind.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { reviewShape } from "./review-shape.rules.ts";
import { reviewAsNow, reviewFacts, type SealedReview } from "./review.server.ts";

const parts = {
  conclusions: "pilots_review_conclusions",
  problems: "pilots_review_problems",
  advice: "pilots_review_advice",
  lessons: "pilots_lessons",
};

/** The review of a batch: written by the regulator, approved by the lead, and handed on to the national office with that. */
export const batchReviewKind: DocumentKindOf<SealedReview> = {
  kind: "batchReview",
  author: "sector",
  async now(tx, actor, document) {
    const { content, summary, unheard } = await reviewAsNow(tx, actor, document);
    return { content, summary, completeness: (locale) => reviewFacts(content, unheard, locale) };
  },
  shape: ({ batchNo }) => reviewShape(batchNo === 2 ? 2 : 1),
  words: () => ({ dimension: (code, locale) => wordText("dimension", code, locale) }),
  parts: (_content, locale) =>
    Object.entries(parts).map(([part, key]) => ({ part, label: translate(key, {}, locale) })),
  handedOnWhenApproved: true,
  // Its figures are those of the pilots' reports.
  restsOn: ["progressReport"],
};
