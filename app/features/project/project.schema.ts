import { z } from "zod";
import { day, optionalText, scaled, text, uuid, whole } from "#app/platform/fields.ts";
import { phases, riskMethods, assetRules } from "#db/vocabulary.ts";

export const newProjectSchema = z.object({
  programmeId: uuid(),
  code: text(40),
  nameZh: text(200),
  nameEn: text(200),
  riskMethod: z.enum(riskMethods).default("matrix"),
  assetRule: z.enum(assetRules).default("max"),
  responseThresholdBp: whole(0, 10_000).default(8000),
  securityShareBp: whole(0, 10_000).default(1000),
  dueOn: z.object(
    Object.fromEntries(phases.map((p) => [p, day()])) as Record<(typeof phases)[number], ReturnType<typeof day>>,
  ),
});
const percent = () => scaled(2, 100).refine((bp) => bp >= 0, { message: "error_field_range|min=0|max=100" });
/** The same as a form gives it: shares in percent. */
export const newProjectForm = newProjectSchema
  .omit({ responseThresholdBp: true, securityShareBp: true, riskMethod: true, assetRule: true })
  .extend({ responseThreshold: percent(), securityShare: percent() })
  .transform(({ responseThreshold, securityShare, ...rest }) => ({
    ...rest,
    riskMethod: "matrix" as const,
    assetRule: "max" as const,
    responseThresholdBp: responseThreshold,
    securityShareBp: securityShare,
  }));
/** Unified social credit code, GB 32100-2015: 18 characters without I, O, S, V, Z. */
export const creditCode = () =>
  text(18).refine((s) => /^[0-9A-HJ-NP-RTUWXY]{18}$/.test(s), { message: "error_field_credit_code" });
export const newSiteSchema = z.object({
  code: creditCode(),
  name: text(200),
  region: optionalText(100),
  size: z.enum(["small", "medium", "large"]).default("medium"),
  contact: optionalText(200),
});
export const newSystemSchema = z.object({
  siteId: uuid(),
  name: text(200),
  description: optionalText(4000),
  grade: whole(1, 5),
  devices: whole(0, 100_000_000).default(0),
});
