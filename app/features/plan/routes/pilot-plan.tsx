import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Unprintable } from "#app/features/document/components/unprintable.tsx";
import { Reapproval } from "#app/features/document/components/reapproval.tsx";
import { PlanView } from "#app/features/plan/components/plan-view.tsx";
import { isWork, planAction, planParams, planSearch } from "../plan.actions.server.ts";
import { planPage } from "../plan.view.server.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import { pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { LinkButton } from "#app/ui/button.tsx";
import { Badge } from "#app/ui/marks.tsx";
import { PageHeader } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";

export const meta: MetaFunction = () => [{ title: `${m.plan_title()} · ${m.ui_brand()}` }];

export const loader = pageLoader(
  { at: "/projects/:projectId/pilot-plan", params: planParams, search: planSearch },
  async ({ tx, actor, params: path, search: open, locale }) => ({
    page: await planPage(tx, actor, path.projectId, locale, isWork(open)),
    open,
    level: actor.level,
  }),
);

export const action = planAction;

export default function PilotPlan() {
  const { page, open, level } = useLoaderData<typeof loader>();
  const result = useResult();
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
          <EventButtons
            acts={standing.acts}
            version={standing.version}
            parts={standing.parts}
            seals={[m.plan_seals()]}
          />
        ) : null}
      </PageHeader>
      {result ? <EventOutcome result={result} intent={result.intent} /> : null}
      <Unprintable places={standing?.unprintable} />
      <Reapproval
        standing={standing?.approval ?? null}
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
