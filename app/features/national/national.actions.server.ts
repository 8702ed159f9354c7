import { z } from "zod";
import { publishNationalLessons, stateNoLessons } from "#app/features/pilots/national-lessons.server.ts";
import {
  batchWindowSchema,
  consultationDaysSchema,
  extensionSchema,
  newProgrammeSchema,
  quotaSchema,
  thresholdSchema,
} from "#app/features/programme/programme.schema.ts";
import {
  changeThreshold,
  createProgramme,
  extendBatch,
  planBatch,
  setBatchStatus,
  setConsultationDays,
  setQuota,
} from "#app/features/programme/programme.server.ts";
import { createSpecification } from "#app/features/specification/editing.server.ts";
import { newSpecificationSchema } from "#app/features/specification/specification.schema.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { text, uuid, whole } from "#app/platform/fields.ts";
import { intent, pageAction } from "#app/request/page.server.ts";

/** What the national office does on its first page: the programme, its windows, quotas and thresholds, lessons, editions. */
export const nationalAction = pageAction(
  { at: "/national" },
  {
    createProgramme: intent({
      schema: newProgrammeSchema.omit({ clockOffsetMs: true }),
      run: async ({ tx, actor, input }) => {
        await createProgramme(tx, actor, { ...input, clockOffsetMs: 0 });
        return { to: "/national", notice: m.national_programme_created() };
      },
    }),
    passLessons: intent({
      schema: z.object({ programmeId: uuid() }),
      run: async ({ tx, actor, input }) => ({
        notice: m.national_lessons_passed({ count: await publishNationalLessons(tx, actor, input.programmeId) }),
      }),
    }),
    noLessons: intent({
      schema: z.object({ programmeId: uuid(), reason: text(2000) }),
      run: async ({ tx, actor, input }) => {
        await stateNoLessons(tx, actor, input);
        return { notice: m.national_lessons_none_stated() };
      },
    }),
    planBatch: intent({
      schema: batchWindowSchema,
      run: async ({ tx, actor, input }) => {
        await planBatch(tx, actor, input);
        return { notice: m.national_batch_saved() };
      },
    }),
    extendBatch: intent({
      schema: extensionSchema,
      run: async ({ tx, actor, input }) => {
        await extendBatch(tx, actor, input);
        return { notice: m.national_batch_extended({ day: input.closesOn }) };
      },
    }),
    consultationDays: intent({
      schema: consultationDaysSchema,
      run: async ({ tx, actor, input }) => {
        await setConsultationDays(tx, actor, input);
        return { notice: m.national_consultation_saved({ days: input.days }) };
      },
    }),
    batchStatus: intent({
      schema: z.object({
        programmeId: uuid(),
        no: whole(1, 2),
        status: z.enum(["open", "closed"], { error: "error_field_choice" }),
      }),
      run: async ({ tx, actor, input }) => {
        await setBatchStatus(tx, actor, input);
        return { notice: m.national_batch_saved() };
      },
    }),
    quota: intent({
      schema: quotaSchema.extend({ note: text(2000) }),
      run: async ({ tx, actor, input }) => {
        await setQuota(tx, actor, input);
        return { notice: m.national_quota_saved() };
      },
    }),
    threshold: intent({
      schema: thresholdSchema,
      run: async ({ tx, actor, input }) => {
        await changeThreshold(tx, actor, input);
        return { notice: m.national_threshold_saved({ k: input.kThreshold }) };
      },
    }),
    createSpecification: intent({
      schema: newSpecificationSchema,
      run: async ({ tx, actor, input }) => ({
        to: `/national/specifications/${await createSpecification(tx, actor, input)}`,
      }),
    }),
  },
);
