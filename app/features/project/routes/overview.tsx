import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { transitionProject } from "#app/features/project/move.server.ts";
import { ElsewhereChecklist, NowChecklist } from "#app/features/project/components/checklists.tsx";
import { projectHead, projectOverview } from "../project.view.server.ts";
import { CorrectProject } from "../components/create-project.tsx";
import { Corrections } from "../components/corrections.tsx";
import { correctionsOf } from "../corrections.server.ts";
import { correctProject, projectCorrection } from "../project-correction.server.ts";
import { correctProjectSchema } from "../project.schema.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { Diagram } from "#app/features/workflow/components/diagram.tsx";
import { History } from "#app/features/workflow/components/history.tsx";
import { eventSchema, payloadOf, irreversible } from "#app/features/workflow/workflow.schema.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/labels.server.ts";
import { loadProject } from "../project.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid, whole } from "#app/platform/fields.ts";
import { LinkButton } from "#app/ui/button.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { KeyValue, PageHeader, Section, Split } from "#app/ui/page.tsx";
import { orNone } from "#app/platform/form-values.ts";

const params = z.object({ projectId: uuid() });

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.head.name ?? m.project_name()} · ${m.ui_brand()}` },
];

const overviewQuery = z.object({ before: orNone(whole(0, 2_147_483_647)), correct: orNone(whole(1, 1)) });

export const loader = pageLoader(
  { at: "/projects/:projectId", params, search: overviewQuery },
  async ({ tx, actor, params: path, search, locale }) => {
    const [head, view, correction, corrected] = await Promise.all([
      projectHead(tx, actor, path.projectId, locale),
      projectOverview(tx, actor, path.projectId, { locale, before: search.before }),
      projectCorrection(tx, actor, path.projectId, locale),
      actor.level === "sector" ? correctionsOf(tx, actor, { projectId: path.projectId }) : [],
    ]);
    return { head, view, level: actor.level, correction, corrected, correcting: search.correct === 1 };
  },
);

export const action = pageAction(
  { at: "/projects/:projectId", params, guardObject: (tx, path) => loadProject(tx, path.projectId) },
  {
    act: intent({
      schema: eventSchema,
      stepUp: irreversible("project"),
      run: async ({ tx, actor, params: path, input, locale }) => {
        const fired = await transitionProject(tx, actor, {
          projectId: path.projectId,
          type: input.type,
          payload: payloadOf(input),
          expectedVersion: input.expectedVersion,
          locale,
        });
        return {
          notice: m.project_moved({
            act: eventLabel("project", input.type, locale),
            state: stateLabel("project", fired.to, locale),
          }),
        };
      },
    }),
    correct: intent({
      schema: correctProjectSchema,
      run: async ({ tx, actor, params: path, input }) => {
        await correctProject(tx, actor, { ...input, projectId: path.projectId });
        return { to: `/projects/${path.projectId}`, notice: m.project_corrected() };
      },
    }),
  },
);

export default function Overview() {
  const { head, view, level, correction, corrected, correcting } = useLoaderData<typeof loader>();
  const result = useResult();
  const now = head.phases.find((p) => p.state === "now");
  return (
    <>
      <PageHeader
        title={head.name}
        of={head.sector}
        state={
          <StatusMark status={now?.late ? "late" : head.state === "completed" ? "done" : "running"}>
            {head.stateLabel}
          </StatusMark>
        }
        version={m.project_version({ version: head.version })}
        meta={
          <>
            <span>{head.code}</span>
            {now?.day ? <span>{m.project_phase_due({ day: now.day })}</span> : null}
          </>
        }
      >
        <EventButtons acts={view.acts} version={view.version} />
      </PageHeader>
      <EventOutcome result={result} />
      <Split
        side={
          level === "site" ? null : <History entries={view.history} older={view.next ? `?before=${view.next}` : null} />
        }
      >
        <NowChecklist head={head} view={view} level={level} />
        <ElsewhereChecklist head={head} view={view} />
        <Section
          title={m.project_settings()}
          acts={
            level === "sector" ? (
              <>
                <LinkButton to={`/projects/${head.id}/sites`} size="s">
                  {m.project_sites()}
                </LinkButton>
                {correction && !correcting ? (
                  <LinkButton to="?correct=1#correct" size="s">
                    {m.project_correct()}
                  </LinkButton>
                ) : null}
              </>
            ) : null
          }
        >
          <KeyValue
            items={[
              { key: m.project_threshold(), value: `${view.project.responseThresholdBp / 100}%` },
              { key: m.project_share(), value: `${view.project.securityShareBp / 100}%` },
            ]}
          />
        </Section>
        {correction && correcting ? <CorrectProject now={correction} result={result} /> : null}
        <Corrections list={corrected} />
      </Split>
      <Diagram title={m.project_diagram_title({ state: head.stateLabel })} diagram={view.diagram} open />
    </>
  );
}
