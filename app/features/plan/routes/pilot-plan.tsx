import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { Reapproval } from "#app/features/document/components/reapproval.tsx";
import { type ActionResult, intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { PlanView } from "#app/features/plan/components/plan-view.tsx";
import { actOnPlan, planPage } from "#app/features/plan/page.server.ts";
import {
  addBudgetLine,
  addIndicator,
  addMeasure,
  deleteBudgetLine,
  deleteIndicator,
  deleteMeasure,
  reportMeasureDone,
  updateBudgetLine,
  updateIndicator,
  updateMeasure,
} from "#app/features/plan/plan-rows.server.ts";
import * as schema from "#app/features/plan/plan.schema.ts";
import { explainShare, nominateSystem, savePlanTexts, withdrawNomination } from "#app/features/plan/plan.server.ts";
import { Acts } from "#app/features/workflow/components/acts.tsx";
import { ActOutcome } from "#app/features/workflow/components/conflict.tsx";
import { actSchema, sealing } from "#app/features/workflow/workflow.schema.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/workflow.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { readQuery } from "#app/platform/body.server.ts";
import { uuid } from "#app/platform/fields.ts";
import { LinkButton } from "#app/ui/button.tsx";
import { Badge } from "#app/ui/marks.tsx";
import { PageHeader } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";

const params = z.object({ projectId: uuid() });
const id = () => uuid().optional().catch(undefined);
/** Which measure, budget line or indicator is open for editing, or for which risk or site a new one is entered. */
const search = z.object({
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

/** Whether an approved plan is shown as its author changes it: asked for, or a place of it is open. */
const isWork = (open: z.output<typeof search>): boolean => Object.values(open).some((v) => v !== undefined);
/** Back to the page after an act, in the same standing. */
const back = (request: Request, hash = ""): string =>
  `?${isWork(search.parse(readQuery(request.url))) ? "work=1" : ""}${hash}`;

export const meta: MetaFunction = () => [{ title: `${m.plan_title()} · ${m.ui_brand()}` }];

export const loader = pageLoader(
  { at: "/projects/:projectId/pilot-plan", params, search },
  async ({ tx, actor, params: path, search: open, locale }) => ({
    page: await planPage(tx, actor, path.projectId, locale, isWork(open)),
    open,
    level: actor.level,
  }),
);

const saved = (request: Request, hash = "") => ({ notice: m.plan_saved(), to: back(request, hash) });
export const action = pageAction(
  { at: "/projects/:projectId/pilot-plan", params, sees: (tx, path) => loadProject(tx, path.projectId) },
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
      run: async ({ tx, actor, input }) => (await reportMeasureDone(tx, actor, input), { notice: m.plan_saved() }),
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
      schema: actSchema,
      stepUp: sealing("document"),
      run: async ({ tx, actor, input, params: path, locale }) => {
        const fired = await actOnPlan(tx, actor, { ...input, ...path, locale });
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

export default function PilotPlan() {
  const { page, open, level } = useLoaderData<typeof loader>();
  const result = useActionData() as ActionResult | undefined;
  if (!page) {
    return (
      <>
        <PageHeader title={m.plan_title()} />
        <EmptyState title={m.plan_none()} text={level === "national" ? m.plan_none_national() : undefined} />
      </>
    );
  }
  const { standing, project } = page;
  return (
    <>
      <PageHeader
        title={level === "site" ? m.plan_title_site() : m.plan_title()}
        of={project.name}
        state={standing ? <Badge>{standing.stateLabel}</Badge> : null}
        meta={<span>{m.risk_due({ day: project.dueOn })}</span>}
      >
        {level === "site" ? null : (
          <LinkButton to={`/projects/${project.id}/pilot-plan.pdf`} icon="download" reload>
            {m.risk_pdf()}
          </LinkButton>
        )}
        {standing ? (
          <Acts
            acts={standing.acts}
            version={standing.version}
            parts={page.sections.map((s) => ({ part: s.key, label: s.title }))}
            seals={[m.plan_seals()]}
          />
        ) : null}
      </PageHeader>
      {result ? <ActOutcome result={result} intent={result.intent} /> : null}
      <Reapproval
        standing={page.reapproval}
        state={page.state}
        act={
          page.mayWork ? (
            <LinkButton size="s" to={page.working ? "?" : "?work=1"}>
              {page.working ? m.seal_work_stop() : m.seal_work()}
            </LinkButton>
          ) : undefined
        }
      />
      <PlanView page={page} open={open} result={result} />
    </>
  );
}
