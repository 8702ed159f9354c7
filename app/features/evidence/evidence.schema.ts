import { z } from "zod";
import { matching, uuid } from "#app/platform/fields.ts";
import { blankIsNone } from "#app/platform/form-values.ts";

const id = () => z.preprocess(blankIsNone, uuid().optional());

/** What a file is tied to: an answer or a report (`document`, with the control's code as `part` for an answer), or a measure of a pilot. */
export const targetSchema = z
  .object({
    document: id(),
    part: z.preprocess((v) => v ?? "", matching(/^(?:[A-Z0-9-]{3,20})?$/)),
    measure: id(),
    pilot: id(),
  })
  .refine((t) => (t.document === undefined) !== (t.measure === undefined), {
    error: "error_evidence_target",
    path: ["document"],
  })
  .refine((t) => (t.measure === undefined) === (t.pilot === undefined), {
    error: "error_evidence_target",
    path: ["pilot"],
  })
  .refine((t) => t.measure === undefined || t.part === "", { error: "error_evidence_target", path: ["part"] });
export type Target = z.output<typeof targetSchema>;

/** As sealed with a response or a report. */
export const sealedEvidence = z.object({
  id: z.string(),
  part: z.string(),
  name: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
});
export type SealedEvidence = z.output<typeof sealedEvidence>;
