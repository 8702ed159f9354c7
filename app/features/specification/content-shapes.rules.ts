/** What of a sector's draft and of a national edition their approval answers for. Pure data; a test holds that no member is forgotten. */
import type { ContentShape, Field } from "#app/features/document/difference.rules.ts";

const text = { as: "text" } as const;
const tag = (list: string): Field => ({
  at: `clauses.*.tags.${list}`,
  label: `seal_field_${list}`,
  format: { as: "word", prefix: `rule_word_${list}_` },
});
const tags = ["dimension", "object", "lifecycle", "mechanism"].map(tag);
const field =
  (rows: string) =>
  (member: string, label: string, format: Field["format"] = text): Field => ({
    at: `${rows}.*.${member}`,
    label,
    format,
  });
const [clause, evidence] = [field("clauses"), field("clauses.*.evidence")];
const statement = evidence("statement", "seal_field_statement", { as: "own", of: "side" });
const supports = [
  evidence("batchNo", "seal_field_batch", { as: "word", prefix: "rule_word_batch_" }),
  evidence("pilots", "seal_field_pilots", { as: "number" }),
  statement,
  evidence("effectMilli", "seal_field_effect", { as: "milli" }),
  evidence("dissent", "seal_field_dissent", { as: "flag" }),
];

const fixed = "an entry is made with it and keeps it";
const read = "read from the text, which is compared";

export const draftShape: ContentShape = {
  rows: [
    { at: "clauses", key: ["key"], name: ["title"], label: "seal_row_clause" },
    { at: "clauses.*.evidence", key: ["kind", "ref"], name: ["ref"], label: "seal_row_evidence" },
  ],
  fields: [
    clause("chapter", "seal_field_chapter", { as: "own", of: "chapter" }),
    clause("title", "seal_field_title"),
    clause("text", "seal_field_text"),
    clause("titleEn", "seal_field_title_en"),
    clause("textEn", "seal_field_text_en"),
    ...tags,
    clause("evidenceNone", "seal_field_no_evidence", { as: "flag" }),
    ...supports,
  ],
  immaterial: {
    kind: "the same in every draft",
    project: "another name is not another draft",
    "clauses.*.key": fixed,
    "clauses.*.verb": read,
    "clauses.*.evidence.*.kind": fixed,
    "clauses.*.evidence.*.ref": fixed,
    "clauses.*.evidence.*.basis": "whom the figures speak of, by ids; the figures are compared",
  },
};

const body = (member: string, label: string): Field => ({ at: `body.${member}`, label, format: text });
/** Clauses of a sealed edition have no id: those that were paired carry the same `pair` on both sides (`pairedClauses`). */
export const editionShape: ContentShape = {
  rows: [
    { at: "clauses", key: ["pair"], name: ["number", "headingZh"], label: "seal_row_clause" },
    {
      at: "clauses.*.evidence",
      key: ["sector", "submission", "statement"],
      name: ["sector", "statement"],
      label: "seal_row_evidence",
    },
    { at: "body.terms", key: ["term"], name: ["term"], label: "seal_field_terms" },
    { at: "body.abbreviations", key: ["short"], name: ["short"], label: "seal_field_abbreviations" },
  ],
  fields: [
    { at: "titleZh", label: "seal_field_title", format: text },
    { at: "titleEn", label: "seal_field_title_en", format: text },
    body("foreword", "seal_field_foreword"),
    body("introduction", "seal_field_introduction"),
    body("scope", "seal_field_scope"),
    body("references", "seal_field_references"),
    { at: "body.terms.*.termEn", label: "seal_field_title_en", format: text },
    { at: "body.terms.*.definition", label: "seal_field_definition", format: text },
    { at: "body.abbreviations.*.full", label: "seal_field_full", format: text },
    body("bibliography", "seal_field_bibliography"),
    body("issuedBy", "seal_field_issued_by"),
    body("ics", "seal_field_ics"),
    body("ccs", "seal_field_ccs"),
    clause("number", "seal_field_code"),
    clause("headingZh", "seal_field_title"),
    clause("headingEn", "seal_field_title_en"),
    clause("textZh", "seal_field_text"),
    clause("textEn", "seal_field_text_en"),
    ...tags,
    clause("evidenceNone", "seal_field_no_evidence", { as: "flag" }),
    ...supports,
  ],
  immaterial: {
    kind: "the same in every edition",
    edition: fixed,
    "body.terms.*.term": fixed,
    "body.abbreviations.*.short": fixed,
    "clauses.*.pair": "how the two sides were paired",
    "clauses.*.kind": fixed,
    "clauses.*.verb": read,
    "clauses.*.evidence.*.sector": fixed,
    "clauses.*.evidence.*.submission": fixed,
  },
};
