/** What of a survey response its approval answers for. Pure data; every member of the content is in one of the lists, which a test holds. */
import type { ContentShape, Field } from "#app/features/document/difference.rules.ts";
import { evidenceShape } from "#app/features/evidence/evidence-shape.rules.ts";

const text = { as: "text" } as const;
const asset = (member: string, format: Field["format"]): Field => ({
  at: `assets.*.${member}`,
  label: `survey_asset_${member}`,
  format,
});

const name = "another name is not another system";
const fixed = "a response is begun for one system of one site and keeps it";

export const responseShape: ContentShape = {
  rows: [
    { at: "answers", key: ["controlCode"], name: ["controlCode"], label: "survey_answer", value: "value" },
    { at: "assets", key: ["id"], name: ["name"], label: "survey_asset" },
    ...evidenceShape.rows,
  ],
  fields: [
    { at: "answers.*.value", label: "survey_answer", format: { as: "word", prefix: "rule_word_answer_" } },
    { at: "answers.*.note", label: "survey_note", format: text },
    { at: "answers.*.evidenceRef", label: "survey_evidence", format: text },
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
    ...evidenceShape.fields,
    // What the register says of the system decides what is asked of it; the sector may correct it after approval.
    { at: "system.grade", label: "seal_field_grade", format: { as: "number" } },
    { at: "system.description", label: "seal_field_system_description", format: text },
  ],
  immaterial: {
    kind: "the same for every response",
    projectCode: "a response is begun for one project",
    questionnaireVersion: "a project keeps its questionnaire to the end",
    "site.id": fixed,
    "site.code": "the code of the unit that answered, corrected or not",
    "site.name": name,
    "site.region": "where the office is entered does not bear on what was answered",
    "site.size": "how large the unit is does not bear on what was answered; comparisons read it from the register",
    "system.id": fixed,
    "system.name": name,
    "system.devices": "devices are added while a system is built; what they are worth stands with the assets",
    "answers.*.controlCode": "tells the answer from the others",
    "assets.*.id": "tells the asset from the others",
    ...evidenceShape.immaterial,
  },
};
