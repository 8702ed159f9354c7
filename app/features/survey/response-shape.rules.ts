/** What of a survey response its approval answers for. Pure data; every member of the content is in one of the lists, which a test holds. */
import type { ContentShape, Field } from "#app/features/document/difference.rules.ts";

const text = { as: "text" } as const;
const asset = (member: string, format: Field["format"]): Field => ({
  at: `assets.*.${member}`,
  label: `survey_asset_${member}`,
  format,
});

const registered = "stands in the sector's register; what was answered is about the system as it is";

export const responseShape: ContentShape = {
  rows: [
    { at: "answers", key: ["controlCode"], name: ["controlCode"], label: "survey_answer", value: "value" },
    { at: "assets", key: ["id"], name: ["name"], label: "survey_asset" },
  ],
  fields: [
    { at: "answers.*.value", label: "survey_answer", format: { as: "word", prefix: "rule_word_answer_" } },
    { at: "answers.*.note", label: "survey_note", format: text },
    { at: "answers.*.evidenceRef", label: "survey_evidence_count", format: { as: "lines" } },
    // What an asset is worth decides its risks.
    asset("name", text),
    asset("object", { as: "word", prefix: "rule_word_object_" }),
    asset("supplier", text),
    asset("singleSource", { as: "flag" }),
    asset("replacementTested", { as: "flag" }),
    asset("c", { as: "number" }),
    asset("i", { as: "number" }),
    asset("a", { as: "number" }),
    asset("note", text),
  ],
  immaterial: {
    kind: "the same for every response",
    projectCode: "a response is begun for one project",
    questionnaireVersion: "a project keeps its questionnaire to the end",
    site: registered,
    system: registered,
    "answers.*.controlCode": "tells the answer from the others",
    "assets.*.id": "tells the asset from the others",
    evidence: "what was answered stands as it was answered; files that are filed later support it",
  },
};
