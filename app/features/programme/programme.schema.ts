import { z } from "zod";
import { orNull } from "#app/platform/form-values.ts";
import { day, optionalText, text, uuid, whole } from "#app/platform/fields.ts";

export const newProgrammeSchema = z.object({
  code: text(40),
  titleZh: text(200),
  titleEn: text(200),
  startsOn: day(),
  endsOn: day(),
  kThreshold: whole(2, 50).default(5),
  clockOffsetMs: z.number().int().default(0),
});
/** Another smallest group, with the reason. `from`: the one that the reader saw. */
export const thresholdSchema = z.object({
  programmeId: uuid(),
  from: whole(2, 50),
  kThreshold: whole(2, 50),
  reason: text(2000),
});
export const batchWindowSchema = z.object({ programmeId: uuid(), no: whole(1, 2), opensOn: day(), closesOn: day() });
/** A later last day of a batch that is open or closed, with the reason. */
export const extensionSchema = z.object({ programmeId: uuid(), no: whole(1, 2), closesOn: day(), reason: text(2000) });
/** Fewest days of a public consultation, with the reason. */
export const consultationDaysSchema = z.object({ programmeId: uuid(), days: whole(1, 365), reason: text(2000) });
export const quotaSchema = z.object({
  programmeId: uuid(),
  batchNo: whole(1, 2),
  sectorId: uuid(),
  quota: whole(0, 500),
  note: optionalText(2000),
});
export const milestoneSchema = z.object({
  programmeId: uuid(),
  id: text(20),
  value: orNull(whole(0, 1_000_000)),
  doneOn: orNull(day()),
  proof: optionalText(2000),
  note: optionalText(2000),
  rev: whole(0, 1_000_000),
});
/** The director's word on a milestone that was recorded as reached. */
export const milestoneDecisionSchema = z.object({
  programmeId: uuid(),
  id: text(20),
  rev: whole(0, 1_000_000),
});
export const milestoneRefusalSchema = milestoneDecisionSchema.extend({ reason: text(2000) });
