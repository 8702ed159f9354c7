import { z } from "zod";
import { orNone } from "#app/features/form-values.ts";
import { uuid } from "#app/platform/fields.ts";
import { dimensions, siteSizes } from "#db/vocabulary.ts";

/** What is put side by side; all of it in the address. */
export const comparisonFilter = z.object({
  batch: orNone(z.coerce.number().pipe(z.union([z.literal(1), z.literal(2)]))),
  stage: orNone(z.enum(["operation", "summary", "accepted"])),
  grade: orNone(z.coerce.number().int().min(1).max(5)),
  size: orNone(z.enum(siteSizes)),
  direction: orNone(z.enum(dimensions)),
  /** Indicator whose pilots are told one by one. */
  indicator: orNone(uuid()),
});
export type ComparisonFilter = z.output<typeof comparisonFilter>;
