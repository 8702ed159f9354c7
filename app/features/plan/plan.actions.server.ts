import { z } from "zod";
import { transitionOfProject } from "#app/features/document/transition.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { eventSchema, eventOf, irreversible } from "#app/features/workflow/workflow.schema.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/labels.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { readQuery } from "#app/platform/body.server.ts";
import { uuid } from "#app/platform/fields.ts";
import { intent, pageAction } from "#app/request/page.server.ts";
import { reportMeasuresDone } from "./measures-done.server.ts";
import {
  addBudgetLine,
  addIndicator,
  addMeasure,
  deleteBudgetLine,
  deleteIndicator,
  deleteMeasure,
  updateBudgetLine,
  updateIndicator,
  updateMeasure,
} from "./plan-rows.server.ts";
import * as schema from "./plan.schema.ts";
import { explainShare, nominateSystem, savePlanTexts, withdrawNomination } from "./plan.server.ts";

export const planParams = z.object({ projectId: uuid() });
const id = () => uuid().optional().catch(undefined);
/** Which measure, budget line or indicator is open for editing, or for which risk or site a new one is entered. */
export const planSearch = z.object({
  edit: id(),
  for: id(),
  line: id(),
  indicator: z
    .union([uuid(), z.literal("new")])
    .optional()
    .catch(undefined),
  budget: id(),
  work: z.literal("1").optional().catch(undefined),
});

/** Whether an approved plan is shown in the form in which its author changes it: when that is asked for, and when a place of it is open. */
export const isWork = (open: z.output<typeof planSearch>): boolean => Object.values(open).some((v) => v !== undefined);
/** Back to the page after an act, in the same standing. */
const back = (request: Request, hash = ""): string =>
  `?${isWork(planSearch.parse(readQuery(request.url))) ? "work=1" : ""}${hash}`;

const saved = (request: Request, hash = "") => ({ notice: m.plan_saved(), to: back(request, hash) });
/** What can be done on the page of the plan. */
export const planAction = pageAction(
  {
    at: "/projects/:projectId/pilot-plan",
    params: planParams,
    guardObject: (tx, path) => loadProject(tx, path.projectId),
  },
  {
    addMeasure: intent({
      schema: schema.newMeasureSchema,
      run: async ({ tx, actor, input, params: path, request }) => ({
        notice: m.plan_measure_added({ code: (await addMeasure(tx, actor, { ...input, ...path })).code }),
        to: back(request, "#measures"),
      }),
    }),
    updateMeasure: intent({
      schema: schema.updateMeasureSchema,
      run: async ({ tx, actor, input, request }) => ({
        notice: m.plan_measure_saved({ code: (await updateMeasure(tx, actor, input)).code }),
        to: back(request, "#measures"),
      }),
    }),
    deleteMeasure: intent({
      schema: schema.measureIdSchema,
      run: async ({ tx, actor, input, request }) => (await deleteMeasure(tx, actor, input), saved(request)),
    }),
    done: intent({
      schema: schema.measureDoneSchema,
      run: async ({ tx, actor, input }) => (await reportMeasuresDone(tx, actor, [input]), { notice: m.plan_saved() }),
    }),
    addLine: intent({
      schema: schema.newBudgetLineSchema,
      run: async ({ tx, actor, input, params: path, request }) => (
        await addBudgetLine(tx, actor, { ...input, ...path }), saved(request, "#budget")
      ),
    }),
    updateLine: intent({
      schema: schema.updateBudgetLineSchema,
      run: async ({ tx, actor, input, request }) => (
        await updateBudgetLine(tx, actor, input), saved(request, "#budget")
      ),
    }),
    deleteLine: intent({
      schema: schema.budgetLineIdSchema,
      run: async ({ tx, actor, input, request }) => (
        await deleteBudgetLine(tx, actor, input), saved(request, "#budget")
      ),
    }),
    share: intent({
      schema: schema.shareReasonSchema,
      run: async ({ tx, actor, input, params: path }) => (
        await explainShare(tx, actor, { ...input, ...path }), { notice: m.plan_saved() }
      ),
    }),
    addIndicator: intent({
      schema: schema.newIndicatorSchema,
      run: async ({ tx, actor, input, params: path, request }) => (
        await addIndicator(tx, actor, { ...input, ...path }), saved(request, "#indicators")
      ),
    }),
    updateIndicator: intent({
      schema: schema.updateIndicatorSchema,
      run: async ({ tx, actor, input, request }) => (
        await updateIndicator(tx, actor, input), saved(request, "#indicators")
      ),
    }),
    deleteIndicator: intent({
      schema: schema.indicatorIdSchema,
      run: async ({ tx, actor, input, request }) => (
        await deleteIndicator(tx, actor, input), saved(request, "#indicators")
      ),
    }),
    nominate: intent({
      schema: schema.nominateSchema,
      run: async ({ tx, actor, input, params: path }) => (
        await nominateSystem(tx, actor, { ...input, ...path }), { notice: m.plan_saved() }
      ),
    }),
    withdraw: intent({
      schema: schema.withdrawNominationSchema,
      run: async ({ tx, actor, input, params: path }) => (
        await withdrawNomination(tx, actor, { ...input, ...path }), { notice: m.plan_saved() }
      ),
    }),
    text: intent({
      schema: schema.planTextSchema,
      run: async ({ tx, actor, input, params: path }) => (
        await savePlanTexts(tx, actor, { ...input, ...path }), { notice: m.plan_saved() }
      ),
    }),
    act: intent({
      schema: eventSchema,
      stepUp: irreversible("document"),
      run: async ({ tx, actor, input, params: path, locale }) => {
        const event = { ...eventOf(input), kind: "pilotPlan", locale } as const;
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
