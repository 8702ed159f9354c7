import { z } from "zod";
import { orNone } from "#app/platform/form-values.ts";
import { oneOfNumbers, uuid, whole } from "#app/platform/fields.ts";
import { dimensions, siteSizes } from "#db/vocabulary.ts";

/** What is put side by side; all of it in the address. */
export const comparisonFilter = z.object({
  batch: orNone(oneOfNumbers(1, 2)),
  stage: orNone(z.enum(["operation", "summary", "accepted"])),
  grade: orNone(whole(1, 5)),
  size: orNone(z.enum(siteSizes)),
  direction: orNone(z.enum(dimensions)),
  /** Figures of reports that await review as well; for the sector. */
  awaiting: orNone(z.enum(["yes"])),
  /** Indicator whose pilots are told one by one. */
  indicator: orNone(uuid()),
});
export type ComparisonFilter = z.output<typeof comparisonFilter>;
