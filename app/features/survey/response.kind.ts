import type { DocumentKindOf, Sealable } from "#app/features/document/kind.ts";
import { sealEvidence } from "#app/features/evidence/evidence.server.ts";
import { pickField } from "#app/i18n/pick.ts";
import { translate } from "#app/i18n/translate.server.ts";
import { summaryOfResponse } from "./content.rules.ts";
import { questionnaire } from "./locked.server.ts";
import { submissionFacts, workingContent } from "./response-content.server.ts";
import { responseShape } from "./response-shape.rules.ts";
import { responseContent, type ResponseContent } from "./survey.schema.ts";

/** Part of a response that is no question: the list of assets. */
const assetsPart = "assets";

/** A response's content with what is sealed beside it. */
export const sealableResponse = (content: ResponseContent): Sealable<ResponseContent> => ({
  content,
  summary: summaryOfResponse(content, questionnaire(content.questionnaireVersion)),
  completeness: (locale) => submissionFacts(content, locale),
});

/** A site's answers about one system, with its assets: handed in by its lead, reviewed question by question. */
export const surveyResponseKind: DocumentKindOf<ResponseContent> = {
  kind: "surveyResponse",
  author: "site",
  now: async (tx, _actor, document) => sealableResponse(await workingContent(tx, document)),
  read: (stored) => responseContent.parse(stored),
  registered: (content, system) => ({ ...content, system: { ...content.system, ...system } }),
  shape: () => responseShape,
  parts: (content, locale) => [
    { part: assetsPart, label: translate("survey_assets_title", {}, locale) },
    ...questionnaire(content.questionnaireVersion).map((c) => ({
      part: c.id,
      label: `${c.id} ${pickField(c, "title", locale)}`,
    })),
  ],
  after: {
    SUBMIT: (tx, _actor, { submission, content }) => sealEvidence(tx, submission, content.evidence),
  },
};
