/** What of a batch review its approval answers for. Pure data; every member of the content is in one of the lists, which a test holds. */
import type { ContentShape, Field } from "#app/features/document/difference.rules.ts";

const text = { as: "text" } as const;
/** Own threshold, thousandths of a level of risk. */
const tolerance = 100;
const effect = (member: string, label: string): Field => ({
  at: `effects.*.${member}`,
  label,
  format: { as: "milli" },
  named: "dimension",
  tolerance,
});

const sums = "sums behind the means, which are compared";
const later = "decided in the learning phase that follows this review; the review of batch two tells what came of it";

/** The lessons of batch one are decided on after its review was approved; those that the review of batch two tells are not. */
export const reviewShape = (batchNo: 1 | 2): ContentShape => ({
  rows: [
    { at: "lessons", key: ["code"], name: ["code"], label: "seal_row_lesson" },
    { at: "silent", key: ["pilot"], name: ["pilot"], label: "seal_row_silent" },
  ],
  fields: [
    { at: "conclusions", label: "seal_field_conclusions", format: text },
    { at: "problems", label: "seal_field_problems", format: text },
    { at: "advice", label: "seal_field_advice", format: text },
    { at: "lessons.*.text", label: "seal_field_text", format: text },
    { at: "silent.*.reason", label: "seal_field_reason", format: text },
    {
      at: "lessons.*.dimension",
      label: "seal_field_dimension",
      format: { as: "word", prefix: "rule_word_dimension_" },
    },
    ...(batchNo === 2
      ? [
          {
            at: "lessons.*.decision",
            label: "seal_field_decision",
            format: { as: "word", prefix: "pilots_decision_" } as const,
          },
          { at: "lessons.*.reason", label: "seal_field_reason", format: text },
        ]
      : []),
    {
      at: "effects.*",
      label: "seal_field_effect_pilots",
      format: { as: "member", name: "pilots" },
      named: "dimension",
    },
    { at: "effects.*.verified", label: "seal_field_effect_verified", format: { as: "number" }, named: "dimension" },
    { at: "effects.*.pilots", label: "seal_field_effect_pilots", format: { as: "number" }, named: "dimension" },
    effect("beforeMilli", "seal_field_effect_before"),
    effect("afterMilli", "seal_field_effect_after"),
  ],
  immaterial: {
    batchNo: "a review is begun for one batch",
    sector: "another name is not another review",
    stages: "pilots go on through their stages; the review tells where they stood on its day",
    "lessons.*.code": "a lesson is made with it and keeps it",
    "silent.*.pilot": "a pilot keeps its code",
    "effects.*.sites": sums,
    "effects.*.changeSum": sums,
    "effects.*.changeSquares": sums,
    ...(batchNo === 1 ? { "lessons.*.decision": later, "lessons.*.reason": later } : {}),
  },
});
