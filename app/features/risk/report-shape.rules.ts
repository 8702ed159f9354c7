/** What of a risk report its approval answers for. Pure data; every member of the content is in one of the lists, which a test holds. */
import type { ContentShape, Field } from "#app/features/document/difference.rules.ts";

const level = { as: "word", prefix: "rule_word_level_" } as const;
const text = { as: "text" } as const;
const risk = (member: string, label: string, format: Field["format"]): Field => ({
  at: `risks.*.${member}`,
  label,
  format,
});
const asset = (member: string, label: string, format: Field["format"]): Field => ({
  at: `assets.*.${member}`,
  label,
  format,
});

const fixed = "an entry is made with it and keeps it";
const computed = "follows from the levels beside it by the method, which are compared";
const name = "another name is not another assessment";

export const reportShape: ContentShape = {
  rows: [
    { at: "responses", key: ["systemId"], name: ["systemId"], label: "seal_row_response" },
    { at: "assets", key: ["id"], name: ["name"], label: "seal_row_asset" },
    { at: "risks", key: ["id"], name: ["code"], label: "seal_row_risk" },
    // They come and go with their assets, which are compared.
    { at: "sites", key: ["id"], name: ["name"], label: null },
    { at: "sites.*.systems", key: ["id"], name: ["name"], label: null },
  ],
  fields: [
    { at: "project.method", label: "seal_field_method", format: { as: "word", prefix: "risk_text_method_" } },
    { at: "project.assetRule", label: "seal_field_asset_rule", format: { as: "word", prefix: "seal_asset_rule_" } },
    { at: "project.catalogueVersion", label: "seal_field_catalogue", format: { as: "number" } },
    { at: "sections.*", label: "seal_field_section", format: text, named: "section" },
    { at: "sectionsEn.*", label: "seal_field_section_en", format: text, named: "section" },
    risk("level", "seal_field_level", level),
    risk("assetValue", "seal_field_asset_value", level),
    risk("threat", "seal_field_threat", level),
    risk("vulnerability", "seal_field_vulnerability", level),
    risk("treatment", "seal_field_treatment", { as: "word", prefix: "risk_treatment_" }),
    risk("owner", "seal_field_owner", text),
    risk("note", "seal_field_note", text),
    asset("name", "seal_field_name", text),
    asset("object", "seal_field_object", { as: "word", prefix: "rule_word_object_" }),
    asset("supplier", "seal_field_supplier", text),
    asset("singleSource", "seal_field_single", { as: "flag" }),
    asset("c", "seal_field_c", level),
    asset("i", "seal_field_i", level),
    asset("a", "seal_field_a", level),
    { at: "responses.*.systemId", label: "seal_field_system", format: { as: "own", of: "system" } },
    { at: "responses.*.sha256", label: "seal_field_digest", format: { as: "digest" } },
    { at: "sites.*.systems.*.grade", label: "seal_field_grade", format: { as: "number" } },
  ],
  immaterial: {
    kind: "the same in every report",
    version: "the form of the content, not what it says",
    "project.id": fixed,
    "project.code": fixed,
    "project.nameZh": name,
    "project.nameEn": name,
    "project.dueOn": "a date of the programme's frame, not of the assessment",
    sector: name,
    "responses.*.siteId": fixed,
    "responses.*.sealedAt": "the digest tells whether it is another response",
    "sites.*.id": fixed,
    "sites.*.name": name,
    "sites.*.region": "where the office is entered does not bear on its risks",
    "sites.*.systems.*.id": fixed,
    "sites.*.systems.*.name": name,
    "sites.*.systems.*.devices":
      "devices are added while a system is built; what they are worth stands with the assets",
    "assets.*.id": fixed,
    "assets.*.siteId": fixed,
    "assets.*.systemId": fixed,
    "assets.*.value": computed,
    ...Object.fromEntries(
      [
        "id",
        "code",
        "siteId",
        "systemId",
        "assetId",
        "threatCode",
        "vulnerabilityCode",
        "controlCode",
        "dimension",
        "object",
        "lifecycle",
        "mechanism",
      ].map((m) => [`risks.*.${m}`, fixed]),
    ),
    ...Object.fromEntries(
      ["likelihood", "likelihoodLevel", "loss", "lossLevel", "value"].map((m) => [`risks.*.${m}`, computed]),
    ),
    "risks.*.residualLevel": "follows from the measures of the plan, which has an approval of its own and comes later",
  },
};
