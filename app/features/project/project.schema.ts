import { z } from "zod";
import { readOrganisationCode } from "#app/domain/organisation-code.ts";
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
/** What is wrong with a code, with the character that would be right; null when nothing is. */
function codeFault(written: string): string | null {
  const read = readOrganisationCode(written);
  if (read.ok) return null;
  return read.place === 0
    ? "error_field_organisation_code"
    : `error_field_code_check|place=${read.place}|right=${read.right}`;
}
/** Code of an organisation, as people write it: unified (GB 32100-2015) or, of the time before, GB 11714-1997. */
const organisationCode = () =>
  text(40)
    .refine((s) => codeFault(s) === null, { error: (issue) => codeFault(String(issue.input)) ?? "" })
    .transform((s) => {
      const read = readOrganisationCode(s);
      return read.ok ? read.code : s;
    });
export const newSiteSchema = z.object({
  code: organisationCode(),
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
