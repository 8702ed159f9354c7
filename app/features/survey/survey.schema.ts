import { z } from "zod";
import { sealedEvidence } from "#app/features/evidence/evidence.schema.ts";
import { fieldType, matching, optionalText, revision, text, whole } from "#app/platform/fields.ts";
import { answerValues, objects } from "#db/vocabulary.ts";

const controlCode = () => matching(/^[A-Z0-9-]{3,20}$/);

/** One cell of the sheet as a form or the browser's queue sends it. `rev` is the one it began from, 0 for a first answer. */
export const answerSchema = z.object({
  controlCode: controlCode(),
  value: z
    .enum(answerValues, { error: "error_field_choice" })
    .nullish()
    .transform((v) => v ?? null),
  note: optionalText(4000),
  evidenceRef: optionalText(1000),
  rev: revision(),
});
export type AnswerInput = z.output<typeof answerSchema>;

const ticked = z
  .union([fieldType(z.boolean()), z.literal("on").transform(() => true)])
  .optional()
  .transform((v) => v === true);
export const assetSchema = z.object({
  name: text(200),
  object: z.enum(objects, { error: "error_field_required" }),
  supplier: optionalText(200),
  singleSource: ticked,
  replacementTested: ticked,
  c: whole(1, 5),
  i: whole(1, 5),
  a: whole(1, 5),
  note: optionalText(2000),
});
export type AssetInput = z.output<typeof assetSchema>;

const sealedAnswer = z.object({
  controlCode: z.string(),
  value: z.enum(answerValues).nullable(),
  note: z.string(),
  evidenceRef: z.string(),
});
const sealedAsset = z.object({
  id: z.string(),
  name: z.string(),
  object: z.enum(objects),
  supplier: z.string(),
  singleSource: z.boolean(),
  /** Was not asked at first: older seals do not name it. */
  replacementTested: z.boolean().default(false),
  c: z.number().int(),
  i: z.number().int(),
  a: z.number().int(),
  note: z.string(),
});
export type SealedAnswer = z.output<typeof sealedAnswer>;
export type SealedAsset = z.output<typeof sealedAsset>;

/** What is sealed when a response is submitted: answers by control code, assets by id, both sorted. */
export const responseContent = z.object({
  kind: z.literal("surveyResponse"),
  projectCode: z.string(),
  questionnaireVersion: z.number().int(),
  site: z.object({ id: z.string(), code: z.string(), name: z.string(), region: z.string(), size: z.string() }),
  system: z.object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    grade: z.number().int(),
    devices: z.number().int(),
  }),
  answers: z.array(sealedAnswer),
  assets: z.array(sealedAsset),
  /** Files with their digests, by id; absent where there are none. */
  evidence: z.array(sealedEvidence).optional(),
});
export type ResponseContent = z.output<typeof responseContent>;
