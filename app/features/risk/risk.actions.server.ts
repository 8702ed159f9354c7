import { z } from "zod";
import { transitionOfProject } from "#app/features/document/transition.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { eventSchema, eventOf, irreversible } from "#app/features/workflow/workflow.schema.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/labels.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid } from "#app/platform/fields.ts";
import { intent, pageAction } from "#app/request/page.server.ts";
import { buildRegister } from "./build.server.ts";
import { addRisk, assignOwner, confirmRisks, dismissRisks, setMethod, updateRisk } from "./register.server.ts";
import { draftReportTexts, saveReportChapter } from "./report.server.ts";
import {
  chapterTextSchema,
  methodSchema,
  newRiskSchema,
  ownerSchema,
  riskIdsSchema,
  updateRiskSchema,
} from "./risk.schema.ts";

const params = z.object({ projectId: uuid() });

/** What can be done on the page of the risk report. */
export const riskAction = pageAction(
  { at: "/projects/:projectId/risk-report", params, guardObject: (tx, path) => loadProject(tx, path.projectId) },
  {
    build: intent({
      schema: z.object({}),
      run: async ({ tx, actor, params: { projectId } }) => {
        const { unlinked: _, ...built } = await buildRegister(tx, actor, projectId);
        return { notice: m.risk_built(built) };
      },
    }),
    confirm: intent({
      schema: riskIdsSchema,
      run: async ({ tx, actor, input }) => ({
        notice: m.risk_confirmed({ count: await confirmRisks(tx, actor, input) }),
      }),
    }),
    dismiss: intent({
      schema: riskIdsSchema,
      run: async ({ tx, actor, input }) => ({
        notice: m.risk_dismissed({ count: await dismissRisks(tx, actor, input) }),
      }),
    }),
    owner: intent({
      schema: ownerSchema,
      run: async ({ tx, actor, input }) => ({
        notice: m.risk_owner_set({ count: await assignOwner(tx, actor, input) }),
      }),
    }),
    update: intent({
      schema: updateRiskSchema,
      run: async ({ tx, actor, input }) => ({
        notice: m.risk_saved({ code: (await updateRisk(tx, actor, input)).code }),
      }),
    }),
    add: intent({
      schema: newRiskSchema,
      run: async ({ tx, actor, input, params: path }) => ({
        notice: m.risk_added({ code: (await addRisk(tx, actor, { ...input, ...path })).code }),
        to: "?view=register",
      }),
    }),
    method: intent({
      schema: methodSchema,
      run: async ({ tx, actor, input, params: path }) => ({
        notice: m.risk_recounted({ count: await setMethod(tx, actor, { ...input, ...path }) }),
      }),
    }),
    texts: intent({
      schema: z.object({}),
      run: async ({ tx, actor, params: path }) => ({
        notice: m.risk_texts_filled({ count: (await draftReportTexts(tx, actor, path.projectId)).filled }),
      }),
    }),
    chapter: intent({
      schema: chapterTextSchema,
      run: async ({ tx, actor, input, params: path }) => {
        await saveReportChapter(tx, actor, { ...input, ...path });
        return { notice: m.risk_chapter_saved() };
      },
    }),
    act: intent({
      schema: eventSchema,
      stepUp: irreversible("document"),
      run: async ({ tx, actor, input, params: path, locale }) => {
        const event = { ...eventOf(input), kind: "riskReport", locale } as const;
        const fired = await transitionOfProject(tx, actor, { ...event, projectId: path.projectId });
        return {
          notice: m.risk_moved({
            act: eventLabel("document", input.type, locale),
            state: stateLabel("document", fired.to, locale),
          }),
        };
      },
    }),
  },
);
