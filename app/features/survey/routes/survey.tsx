import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { ResponseTable } from "#app/features/survey/components/response-table.tsx";
import { Ranks, Rate, ScorePanel } from "#app/features/survey/components/scores.tsx";
import { surveyFilters, surveyPage, transitionSurvey } from "../survey.view.server.ts";
import { inviteSystems } from "#app/features/survey/survey.server.ts";
import { remindOfResponses } from "../remind.server.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { eventSchema, irreversible } from "#app/features/workflow/workflow.schema.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/labels.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid } from "#app/platform/fields.ts";
import { ActButton } from "#app/ui/act.tsx";
import { LinkButton } from "#app/ui/button.tsx";
import { PageHeader, Section } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";

const params = z.object({ projectId: uuid() });
const search = z.object({
  only: z.enum(surveyFilters).catch("all").default("all"),
});

export const meta: MetaFunction = () => [{ title: `${m.survey_title()} · ${m.ui_brand()}` }];

export const loader = pageLoader(
  { at: "/projects/:projectId/survey", params, search },
  async ({ tx, actor, params: path, search: query, locale }) => ({
    only: query.only,
    view: await surveyPage(tx, actor, path.projectId, { only: query.only, locale }),
  }),
);

export const action = pageAction(
  { at: "/projects/:projectId/survey", params, guardObject: (tx, path) => loadProject(tx, path.projectId) },
  {
    act: intent({
      schema: eventSchema,
      stepUp: irreversible("project"),
      run: async ({ tx, actor, params: path, input, locale }) => {
        const fired = await transitionSurvey(tx, actor, { ...input, projectId: path.projectId, locale });
        return {
          notice: m.project_moved({
            act: eventLabel("project", input.type, locale),
            state: stateLabel("project", fired.to, locale),
          }),
        };
      },
    }),
    remind: intent({
      schema: z.object({ documentIds: z.array(uuid()).max(2000).default([]) }),
      run: async ({ tx, actor, params: path, input }) => ({
        notice: m.survey_reminded({
          count: await remindOfResponses(tx, actor, { projectId: path.projectId, ...input }),
        }),
      }),
    }),
    invite: intent({
      schema: z.object({}),
      run: async ({ tx, actor, params: path }) => ({
        notice: m.survey_invited({ count: (await inviteSystems(tx, actor, { projectId: path.projectId })).length }),
      }),
    }),
  },
);

export default function Survey() {
  const { view, only } = useLoaderData<typeof loader>();
  const result = useResult();
  const sector = view.level === "sector";
  const open = view.state === "survey.collecting" || view.state === "survey.closing";
  const file = `/projects/${view.projectId}/survey.xlsx`;
  return (
    <>
      <PageHeader title={m.survey_title()} meta={<span>{m.survey_due_on({ day: view.dueOn })}</span>}>
        {view.counts.all > 0 ? (
          <LinkButton to={file} icon="download" download>
            {m.survey_download()}
          </LinkButton>
        ) : null}
        {sector ? <LinkButton to={`/projects/${view.projectId}/sites`}>{m.project_sites()}</LinkButton> : null}
        {sector && open ? (
          <ActButton act={{ key: "invite", label: m.survey_invite(), post: { intent: "invite" } }} />
        ) : null}
        {sector && open && view.counts.missing > 0 ? (
          <ActButton
            act={{ key: "remind", label: m.survey_remind({ count: view.counts.missing }), post: { intent: "remind" } }}
          />
        ) : null}
        <EventButtons acts={view.acts} version={view.version} />
      </PageHeader>
      <EventOutcome result={result} />
      <EventOutcome result={result} intent="invite" />
      <EventOutcome result={result} intent="remind" />
      {view.counts.all === 0 ? (
        <EmptyState title={m.survey_empty()} text={sector ? m.survey_empty_sector() : m.survey_empty_site()} />
      ) : (
        <>
          {sector ? <Rate view={view} /> : null}
          <Section title={sector ? m.survey_responses() : m.survey_own_responses()}>
            <ResponseTable view={view} only={only} />
          </Section>
        </>
      )}
      {view.ranks ? <Ranks ranks={view.ranks} /> : null}
      {sector && view.scores.responses > 0 ? <ScorePanel scores={view.scores} /> : null}
    </>
  );
}
