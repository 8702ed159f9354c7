import { z } from "zod";
import { readOrganisationCode } from "#app/domain/organisation-code.ts";
import { day, matching, optionalText, scaled, statedText, text, uuid, whole } from "#app/platform/fields.ts";
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
/** Six digits of GB/T 2260, as a division or its name is typed; what is not six digits is a name. */
const division = () => optionalText(100);
export const newSiteSchema = z.object({
  code: organisationCode(),
  name: text(200),
  /** Code of the division, or its name. */
  division: division(),
  /** Name of the division where its code is in no list. */
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
const reason = () => text(2000);
/** As the page showed it: a row that became another meanwhile is not corrected unseen. */
const expected = () => matching(/^[0-9a-f]{16}$/, { error: "error_field_required" });
/** What of a site is put right, all fields as they are to stand, and why. */
export const correctSiteSchema = newSiteSchema.extend({
  size: z.enum(["small", "medium", "large"], { error: "error_field_choice" }),
  siteId: uuid(),
  expectedVersion: expected(),
  reason: reason(),
});
export const correctSystemSchema = newSystemSchema
  .omit({ siteId: true })
  .extend({ devices: whole(0, 100_000_000), systemId: uuid(), expectedVersion: expected(), reason: reason() });
/** The same of a program, which names every field: one that is left out of a form is empty, one that a program forgets is not. */
export const siteCorrectionBody = correctSiteSchema
  .omit({ siteId: true })
  .extend({ division: statedText(100), region: statedText(100), contact: statedText(200) });
export const systemCorrectionBody = correctSystemSchema
  .omit({ systemId: true })
  .extend({ description: statedText(4000) });
/** A later day for what a site has not handed in of the survey. */
export const extensionSchema = z.object({ siteId: uuid(), dueOn: day(), reason: reason() });
export const correctProjectSchema = z.object({
  nameZh: text(200),
  nameEn: text(200),
  dueOn: newProjectSchema.shape.dueOn,
  responseThreshold: percent(),
  securityShare: percent(),
  expectedVersion: expected(),
  reason: reason(),
});
