/** What of a progress report its approval answers for. Pure data; every member of the content is in one of the lists, which a test holds. */
import type { ContentShape } from "#app/features/document/difference.rules.ts";
import { evidenceShape } from "#app/features/evidence/evidence-shape.rules.ts";

const text = { as: "text" } as const;
const name = "another name is not another figure";
const fixed = "a report is begun with it and keeps it";

export const reportShape: ContentShape = {
  rows: [
    { at: "values", key: ["indicatorId"], name: ["code", "name"], label: "pilots_report_values", value: "valueMilli" },
    { at: "measures", key: ["measureId"], name: ["code", "title"], label: "pilots_report_measures", value: "doneOn" },
    ...evidenceShape.rows,
  ],
  fields: [
    { at: "values.*.valueMilli", label: null, format: { as: "milli" } },
    { at: "values.*.explanation", label: "pilots_explanation", format: text },
    { at: "text", label: "pilots_report_text", format: text },
    { at: "problems", label: "pilots_report_problems", format: text },
    { at: "next", label: "pilots_report_next", format: text },
    { at: "measures.*.doneOn", label: null, format: text },
    ...evidenceShape.fields,
  ],
  immaterial: {
    pilot: fixed,
    period: fixed,
    "values.*.indicatorId": fixed,
    "values.*.code": name,
    "values.*.name": name,
    "values.*.unit": name,
    "measures.*.measureId": fixed,
    "measures.*.code": name,
    "measures.*.title": name,
    ...evidenceShape.immaterial,
  },
};
