import { z } from "zod";
import { dimensions, lifecycles, mechanisms, objects } from "#app/domain/vocabulary.ts";

const text = z.string().min(1);
const bilingual = { title_zh: text, title_en: text };
const score = z.number().int().min(1).max(5);
/** How sure a fact is; shown to the reader as «reference not verified» unless `true`. */
const confirmed = z.union([z.boolean(), z.literal("partly")]);
const coded = z.strictObject({ code: text, ...bilingual });

export const controlSchema = z.strictObject({
  id: z.string().regex(/^(SUP|IDN|NET|PRV)-(SOL|EQP|SRV)-0[1-6]$/),
  dimension: z.enum(dimensions),
  object: z.enum(objects),
  lifecycle: z.enum(lifecycles),
  mechanism: z.enum(mechanisms),
  ...bilingual,
  question_zh: text,
  question_en: text,
  guidance_zh: text,
  guidance_en: text,
  /** Ids and short titles of standards; a trailing `?` marks a reference that is not verified. */
  refs: z.array(text).min(1),
  weight: score,
});

export const threatSchema = z.strictObject({
  id: z.string().regex(/^T\d\d$/),
  category: z.enum(["natural", "damage", "failure", "unauth", "function", "info", "supply", "mgmt"]),
  category_zh: text,
  category_en: text,
  source: z.enum(["environmental", "deliberate", "accidental"]),
  dimension: z.enum(dimensions),
  objects: z.array(z.enum(objects)).min(1),
  default_frequency: score,
  ...bilingual,
  description_zh: text,
  description_en: text,
  controls: z.array(text),
  vulnerabilities: z.array(text),
});

export const vulnerabilitySchema = z.strictObject({
  id: z.string().regex(/^V\d\d$/),
  dimension: z.enum(dimensions),
  object: z.enum(objects),
  default_severity: score,
  ...bilingual,
  cwe: text.nullable(),
  controls: z.array(text).min(1),
  threats: z.array(text).min(1),
  detection_zh: text,
  detection_en: text,
});

export const sectorsSchema = z.strictObject({
  default: text,
  lists: z.array(
    z.strictObject({
      ...coded.shape,
      source: text,
      confirmed,
      items: z.array(z.strictObject({ ...coded.shape, priority: z.boolean() })).min(1),
    }),
  ),
});

export const actionPlanSchema = z.strictObject({
  ...bilingual,
  period: text,
  note_zh: text,
  note_en: text,
  principle_zh: text,
  principle_en: text,
  long_term_mechanism: z.array(coded),
  pilot_dimensions: z.array(coded),
  assessment_objects: z.array(coded),
  lifecycle: z.array(coded),
  departments: z.array(coded),
  tasks: z.array(
    z.strictObject({
      no: z.number().int(),
      ...bilingual,
      action_zh: text,
      action_en: text,
      /** Codes in the order of the text; that the first leads is convention, not stated. */
      departments: z.array(text).min(1),
      milestones: z.array(
        z.strictObject({
          id: z.string().regex(/^A[1-5]-M\d$/),
          year: z.number().int(),
          ...bilingual,
          target: z.number().int().nullable(),
          target_max: z.number().int().nullable(),
          unit_zh: text.nullable(),
          unit_en: text.nullable(),
          due: z.iso.date(),
        }),
      ),
    }),
  ),
  safeguards: z.array(
    z.strictObject({
      no: z.number().int(),
      ...bilingual,
      text_zh: text,
      text_en: text,
      features: z.array(z.strictObject(bilingual)),
    }),
  ),
});

const row = z.tuple([z.number().int(), z.number().int(), z.number().int(), z.number().int(), z.number().int()]);
const band = z.tuple([z.number().int(), z.number().int()]);
const lookup = z.strictObject({
  table: z.tuple([row, row, row, row, row]),
  bands: z.tuple([band, band, band, band, band]),
});
const scale = z
  .array(z.strictObject({ value: score, meaning_zh: text, meaning_en: text, confirmed: z.boolean() }))
  .length(5);

export const riskTablesSchema = z.strictObject({
  standard: text,
  replaces: text,
  levels: z.array(z.strictObject({ level: score, ...bilingual })).length(5),
  scales: z.strictObject({ asset: scale, threat: scale, vulnerability: scale }),
  matrix: z.strictObject({ confirmed, note_zh: text, note_en: text, likelihood: lookup, loss: lookup, risk: lookup }),
  multiplication: z.strictObject({ confirmed, formula: text, upperBounds: row, note_zh: text, note_en: text }),
});

const sectionSource = z.enum([
  "text",
  "assets",
  "threats",
  "vulnerabilities",
  "risks",
  "answers",
  "measures",
  "indicators",
  "budget",
  "pilots",
]);
export const reportChaptersSchema = z.strictObject({
  confirmed,
  basis: text,
  chapters: z.array(
    z.strictObject({
      key: text,
      no: text,
      ...bilingual,
      /** `from` tells what fills the section: a written `text`, or rows of the register. */
      sections: z.array(z.strictObject({ key: text, no: text, ...bilingual, from: sectionSource })).min(1),
    }),
  ),
});

const localised = z.strictObject({ zh: text, en: text });
export const etsiSchema = z.strictObject({
  standard: text,
  version: text,
  note_zh: text,
  note_en: text,
  legend: z.record(z.string(), localised),
  conditions: z.record(z.string(), localised),
  features: z.record(z.string(), localised),
  provisions: z.array(
    z.strictObject({ id: text, status: z.string().regex(/^[MR]( C)?( F)?$/), condition: z.array(text), ...bilingual }),
  ),
});

const gradingObject = z.enum(["citizens", "society", "state"]);
const gradingDegree = z.enum(["ordinary", "serious", "grave"]);
const mark = z.enum(["yes", "no", "unconfirmed"]);
export const mlpsSchema = z.strictObject({
  grading: z.strictObject({
    standard: text,
    confirmed,
    objects: z.array(coded),
    degrees: z.array(coded),
    matrix: z.record(gradingObject, z.record(gradingDegree, score)),
    note_zh: text,
    note_en: text,
  }),
  iot_extension: z.strictObject({
    standard: text,
    chapters: z.array(text),
    note_zh: text,
    note_en: text,
    rows: z.array(
      z.strictObject({
        category_zh: text,
        category_en: text,
        control_zh: text,
        control_en: text,
        clause: text,
        levels: z.strictObject({ L1: mark, L2: mark, L3: mark, L4: mark }),
        ...bilingual,
      }),
    ),
  }),
  conclusion: z.strictObject({
    template: text,
    confirmed,
    rules: z.array(
      z.strictObject({
        ...coded.shape,
        min_score: z.number().int(),
        forbidden_risk: z.enum(["medium", "high"]).nullable(),
      }),
    ),
  }),
});

const planSection = z.strictObject({ key: text, ...bilingual, from: sectionSource });
export const docFormatsSchema = z.strictObject({
  gbt_9704: z.strictObject({
    standard: text,
    confirmed,
    page: z.record(z.string(), z.number()),
    sizes_pt: z.record(z.string(), z.number()),
    order: z.array(text),
  }),
  gbt_1_1: z.strictObject({
    standard: text,
    confirmed,
    cover: z.array(z.strictObject({ ...coded.shape, ifAny: z.boolean() })),
    verbs: z.record(
      z.enum(["requirement", "recommendation", "permission", "capability", "possibility"]),
      z.tuple([text, text]),
    ),
  }),
  specification_skeleton: z.array(
    z.strictObject({
      key: text,
      kind: z.enum(["cover", "contents", "foreword", "introduction", "chapter", "annex", "bibliography"]),
      no: text.nullable(),
      ...bilingual,
      required: z.boolean(),
      normative: z.boolean().nullable(),
    }),
  ),
  pilot_plan_sections: z.array(planSection).length(13),
  review_rubric: z.strictObject({
    confirmed,
    criteria: z.array(z.strictObject({ ...coded.shape, weight: z.number().int().positive() })),
  }),
  midterm_fields: z.array(coded),
  acceptance_fields: z.array(coded),
  acceptance_conclusions: z.array(coded),
});

/** First texts of the management specification, in the wording of GB/T 1.1 clause 7.5: one verb, one requirement. */
export const specificationTextsSchema = z.strictObject({
  /** One a control. 应/shall for controls of weight 4 and 5, 宜/should for weight 3. */
  clauses: z.array(
    z.strictObject({
      control: text,
      chapter: z.enum(["design", "acceptance", "operation", "monitoring", "change", "improvement"]),
      text_zh: text,
      text_en: text,
    }),
  ),
  /** Principles of the action plan, which hold whatever the pilots find. */
  general: z.array(z.strictObject({ ...bilingual, text_zh: text, text_en: text })),
  /** `{issuer}` in the foreword stands for the office that issues it. */
  front_matter: z.strictObject({
    foreword_zh: text,
    foreword_en: text,
    introduction_zh: text,
    introduction_en: text,
    scope_zh: text,
    scope_en: text,
    references: z.array(text),
    terms: z.array(z.strictObject({ term_zh: text, term_en: text, definition_zh: text, definition_en: text })),
    bibliography: z.array(text),
    ics: text,
    ccs: text,
  }),
});

export type Control = z.infer<typeof controlSchema>;
