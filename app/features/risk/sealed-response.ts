import { z } from "zod";
import { answerValues, objects } from "#app/domain/vocabulary.ts";

/*
 * What the register reads of a sealed survey response. Only what is needed is named, so that a response may carry more.
 */

const level = z.number().int().min(1).max(5);

const sealedAnswerSchema = z.object({
  controlCode: z.string(),
  value: z.enum(answerValues).nullable(),
  note: z.string().default(""),
});
const sealedAssetSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  object: z.enum(objects),
  supplier: z.string().default(""),
  singleSource: z.boolean().default(false),
  replacementTested: z.boolean().default(false),
  c: level,
  i: level,
  a: level,
});
export const sealedResponseSchema = z.object({
  answers: z.array(sealedAnswerSchema).default([]),
  assets: z.array(sealedAssetSchema).default([]),
});
export type SealedAsset = z.output<typeof sealedAssetSchema>;

/** A response with the seal, the site and the system it speaks of. */
export interface SiteResponse extends z.output<typeof sealedResponseSchema> {
  submissionId: string;
  siteId: string;
  systemId: string;
}
