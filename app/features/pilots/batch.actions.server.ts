import { z } from "zod";
import { transition } from "#app/features/document/transition.server.ts";
import { intent, pageAction } from "#app/request/page.server.ts";
import { eventSchema, eventOf, irreversible } from "#app/features/workflow/workflow.schema.ts";
import { eventLabel } from "#app/features/workflow/labels.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid } from "#app/platform/fields.ts";
import { transitionBatch } from "./batch.view.server.ts";
import { correctLesson, decideLessons, recordLesson, stateSilence } from "./lessons.server.ts";
import { takeOverNationalLessons } from "./national-lessons.server.ts";
import { linkOrigin } from "#app/features/identity/mail.server.ts";
import { anonymousSchema, expertSchema, releaseSchema, seatSchema } from "./panel.schema.ts";
import { declareIntent } from "./panel.actions.server.ts";
import { inviteExpert, nameMember, releaseMember, setAnonymous } from "./panel.server.ts";
import { nominatePilots } from "./pilot.server.ts";
import {
  lessonCorrectionSchema,
  lessonDecisionSchema,
  lessonSchema,
  reviewSchema,
  silenceSchema,
} from "./pilots.schema.ts";
import { loadReview, saveBatchReview, startBatchReview } from "./review.server.ts";

export const batchParams = z.object({
  projectId: uuid(),
  batchNo: z.enum(["1", "2"]).transform((n) => (n === "1" ? (1 as const) : (2 as const))),
});
const nothing = z.object({});
const documentId = z.object({ documentId: uuid() });
const pathOf = (params: unknown) => params as z.output<typeof batchParams>;

const lessons = {
  lesson: intent({
    schema: lessonSchema.omit({ batchNo: true }),
    run: async ({ tx, actor, params, input }) => {
      const { projectId, batchNo } = pathOf(params);
      await recordLesson(tx, actor, { projectId, batchNo, ...input });
      return { notice: m.pilots_lesson_saved() };
    },
  }),
  correctLesson: intent({
    schema: lessonCorrectionSchema,
    run: async ({ tx, actor, params, input }) => {
      await correctLesson(tx, actor, { ...pathOf(params), ...input });
      return { notice: m.pilots_lesson_corrected() };
    },
  }),
  decide: intent({
    schema: lessonDecisionSchema,
    run: async ({ tx, actor, params, input }) => {
      const { decided: n, left } = await decideLessons(tx, actor, { ...input, projectId: pathOf(params).projectId });
      return {
        notice: left.length === 0 ? m.pilots_decided({ n }) : m.pilots_decided_but({ n, left: left.join(" · ") }),
      };
    },
  }),
  silence: intent({
    schema: silenceSchema,
    run: async ({ tx, actor, params, input }) => {
      await stateSilence(tx, actor, { ...pathOf(params), ...input });
      return { notice: m.pilots_silence_saved() };
    },
  }),
  takeOver: intent({
    schema: nothing,
    run: async ({ tx, actor, params }) => ({
      notice: m.pilots_taken({ n: await takeOverNationalLessons(tx, actor, pathOf(params).projectId) }),
    }),
  }),
};

const review = {
  startReview: intent({
    schema: nothing,
    run: async ({ tx, actor, params }) => {
      await startBatchReview(tx, actor, pathOf(params));
    },
  }),
  saveReview: intent({
    schema: reviewSchema.extend(documentId.shape),
    run: async ({ tx, actor, input: { documentId: id, rev, ...body } }) => {
      await saveBatchReview(tx, actor, { documentId: id, body, rev });
      return { notice: m.pilots_review_saved() };
    },
  }),
  reviewAct: intent({
    schema: eventSchema.extend(documentId.shape),
    stepUp: irreversible("document"),
    run: async ({ tx, actor, input, locale }) => {
      const { id } = await loadReview(tx, input.documentId);
      await transition(tx, actor, { ...eventOf(input), documentId: id, locale });
      return { notice: m.pilots_report_act_done({ act: eventLabel("document", input.type, locale) }) };
    },
  }),
};

const panel = {
  seat: intent({
    schema: seatSchema,
    run: async ({ tx, actor, params, input }) => {
      await nameMember(tx, actor, { ...pathOf(params), ...input });
      return { notice: m.pilots_panel_named() };
    },
  }),
  inviteExpert: intent({
    schema: expertSchema,
    run: async ({ tx, actor, params, input, context, request }) => {
      await inviteExpert(tx, actor, { ...pathOf(params), ...input }, { origin: linkOrigin(context, request) });
      return { notice: m.pilots_panel_invited({ name: input.name, email: input.email }) };
    },
  }),
  release: intent({
    schema: releaseSchema,
    run: async ({ tx, actor, params, input }) => {
      await releaseMember(tx, actor, { ...pathOf(params), ...input });
      return { notice: m.pilots_panel_release_done() };
    },
  }),
  anonymous: intent({
    schema: anonymousSchema,
    run: async ({ tx, actor, params, input }) => {
      await setAnonymous(tx, actor, { ...pathOf(params), ...input });
      return { notice: m.pilots_panel_anonymous_saved() };
    },
  }),
  declare: declareIntent,
};

/** What can be done on the page of a batch. */
export const batchAction = pageAction(
  {
    at: "/projects/:projectId/batches/:batchNo",
    params: batchParams,
    guardObject: (tx, path) => loadProject(tx, path.projectId),
  },
  {
    act: intent({
      schema: eventSchema,
      stepUp: irreversible("project"),
      run: async ({ tx, actor, params, input, locale }) => {
        await transitionBatch(tx, actor, { ...eventOf(input), projectId: pathOf(params).projectId, locale });
        return { notice: m.pilots_moved({ act: eventLabel("project", input.type, locale) }) };
      },
    }),
    nominate: intent({
      schema: nothing,
      run: async ({ tx, actor, params }) => {
        const { projectId, batchNo } = pathOf(params);
        const { length: n } = await nominatePilots(tx, actor, projectId, batchNo);
        return { notice: n === 0 ? m.pilots_nominated_none() : m.pilots_nominated({ n }) };
      },
    }),
    ...panel,
    ...lessons,
    ...review,
  },
);
