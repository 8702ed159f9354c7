import { z } from "zod";
import { uuid } from "#app/platform/fields.ts";
import { dimensions, siteSizes } from "#db/vocabulary.ts";

const none = <T extends z.ZodType>(of: T) => z.preprocess((v) => (v === "" || v === null ? undefined : v), of.optional());
/** What is put side by side; all of it in the address. */
export const comparisonFilter = z.object({
  batch: none(z.coerce.number().pipe(z.union([z.literal(1), z.literal(2)]))),
  stage: none(z.enum(["operation", "summary", "accepted"])),
  grade: none(z.coerce.number().int().min(1).max(5)),
  size: none(z.enum(siteSizes)),
  direction: none(z.enum(dimensions)),
  /** Indicator whose pilots are told one by one. */
  indicator: none(uuid()),
});
export type ComparisonFilter = z.output<typeof comparisonFilter>;
