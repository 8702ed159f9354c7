/** What of a pilot plan its approval answers for. Pure data; every member of the content is in one of the lists, which a test holds. */
import type { ContentShape, Field } from "#app/features/document/difference.rules.ts";

const text = { as: "text" } as const;
const word = (list: string) => ({ as: "word", prefix: `rule_word_${list}_` }) as const;
const of =
  (rows: string) =>
  (member: string, label: string, format: Field["format"]): Field => ({ at: `${rows}.*.${member}`, label, format });
const [measure, line, indicator] = [of("measures"), of("budgetLines"), of("indicators")];

const fixed = "an entry is made with it and keeps it";
const name = "another name is not another plan";
const report =
  "stands in the risk report, which has an approval of its own; the plan answers for which risks it treats";

export const planShape: ContentShape = {
  rows: [
    { at: "risks", key: ["id"], name: ["code"], label: "seal_row_risk" },
    { at: "measures", key: ["id"], name: ["code", "title"], label: "seal_row_measure" },
    { at: "budgetLines", key: ["id"], name: ["title"], label: "seal_row_budget" },
    { at: "indicators", key: ["id"], name: ["code", "name"], label: "seal_row_indicator" },
    { at: "nominations", key: ["systemId", "batchNo"], name: ["systemId", "batchNo"], label: "seal_row_nomination" },
    // The sector's list of sites and systems; those that take part are nominated.
    { at: "sites", key: ["id"], name: ["name"], label: null },
    { at: "systems", key: ["id"], name: ["name"], label: null },
  ],
  fields: [
    { at: "reportSha256", label: "seal_field_report", format: { as: "digest" } },
    { at: "thresholdBp", label: "seal_field_threshold", format: { as: "share" } },
    { at: "risks.*.level", label: "seal_field_level", format: word("level") },
    measure("title", "seal_field_title", text),
    measure("dimension", "seal_field_dimension", word("dimension")),
    measure("object", "seal_field_object", word("object")),
    measure("lifecycle", "seal_field_lifecycle", word("lifecycle")),
    measure("mechanism", "seal_field_mechanism", word("mechanism")),
    measure("budgetLineId", "seal_field_budget_line", { as: "row", of: "budgetLines", name: "title" }),
    measure("startsOn", "seal_field_starts", text),
    measure("endsOn", "seal_field_ends", text),
    measure("owner", "seal_field_owner", text),
    measure("threatCut", "seal_field_threat_cut", { as: "number" }),
    measure("vulnerabilityCut", "seal_field_vulnerability_cut", { as: "number" }),
    line("title", "seal_field_title", text),
    line("amountCenti", "seal_field_amount", { as: "money" }),
    line("security", "seal_field_security", { as: "flag" }),
    line("lifecycle", "seal_field_lifecycle", word("lifecycle")),
    { at: "shareReasons.*", label: "seal_field_share_reason", format: text, named: "site" },
    indicator("name", "seal_field_name", text),
    indicator("unit", "seal_field_unit", text),
    indicator("dimension", "seal_field_dimension", word("dimension")),
    indicator("direction", "seal_field_better", { as: "word", prefix: "plan_direction_" }),
    indicator("baselineMilli", "seal_field_baseline", { as: "milli" }),
    indicator("targetMilli", "seal_field_target", { as: "milli" }),
    { at: "nominations.*.systemId", label: "seal_field_system", format: { as: "row", of: "systems", name: "name" } },
    { at: "nominations.*.batchNo", label: "seal_field_batch", format: word("batch") },
    { at: "nominations.*.direction", label: "seal_field_direction", format: word("dimension") },
    { at: "systems.*.grade", label: "seal_field_grade", format: { as: "number" } },
    { at: "sections.*", label: "seal_field_section", format: text, named: "section" },
    { at: "sectionsEn.*", label: "seal_field_section_en", format: text, named: "section" },
  ],
  immaterial: {
    kind: "the same in every plan",
    version: "the form of the content, not what it says",
    project: "name and dates are the programme's frame",
    sector: name,
    sites: name,
    "systems.*.id": fixed,
    "systems.*.siteId": fixed,
    "systems.*.name": name,
    "systems.*.devices": "devices are added while a system is built",
    "measures.*.id": fixed,
    "measures.*.code": fixed,
    "measures.*.siteId": fixed,
    "measures.*.riskId": fixed,
    "measures.*.rev": "how often it was saved",
    "measures.*.doneOn": "carrying the plan out does not change it",
    "budgetLines.*.id": fixed,
    "budgetLines.*.siteId": fixed,
    "indicators.*.id": fixed,
    "indicators.*.code": fixed,
    ...Object.fromEntries(
      ["id", "code", "siteId", "threatCode", "vulnerabilityCode", "dimension", "object", "lifecycle", "mechanism"].map(
        (m) => [`risks.*.${m}`, fixed],
      ),
    ),
    "risks.*.owner": report,
    "risks.*.residualLevel": "follows from the measures, which are compared",
  },
};
