import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { type ActionResult, intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { buildRegister } from "#app/features/risk/build.server.ts";
import { RegisterTab } from "#app/features/risk/components/register-tab.tsx";
import { ReportTab } from "#app/features/risk/components/report-tab.tsx";
import { actOnReport, riskPage } from "#app/features/risk/page.server.ts";
import {
  addRisk,
  assignOwner,
  confirmRisks,
  dismissRisks,
  setMethod,
  updateRisk,
} from "#app/features/risk/register.server.ts";
import { draftReportTexts, saveReportChapter } from "#app/features/risk/report.server.ts";
import {
  chapterTextSchema,
  methodSchema,
  newRiskSchema,
  ownerSchema,
  registerFilterSchema,
  riskIdsSchema,
  updateRiskSchema,
} from "#app/features/risk/risk.schema.ts";
import { ActOutcome } from "#app/features/workflow/components/conflict.tsx";
import { Acts } from "#app/features/workflow/components/acts.tsx";
import { actSchema, sealing } from "#app/features/workflow/workflow.schema.ts";
import { eventLabel, stateLabel } from "#app/features/workflow/workflow.server.ts";
import { loadProject } from "#app/features/project/project.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid, verbatim } from "#app/platform/fields.ts";
import { LinkButton } from "#app/ui/button.tsx";
import { Badge } from "#app/ui/marks.tsx";
import { PageHeader, Tabs } from "#app/ui/page.tsx";

const params = z.object({ projectId: uuid() });
const search = registerFilterSchema.extend({
  view: z.enum(["register", "report"]).catch("register").default("register"),
  cursor: verbatim(200).optional(),
  open: uuid().optional().catch(undefined),
  add: z.literal("1").optional().catch(undefined),
  work: z.literal("1").optional().catch(undefined),
});

export const meta: MetaFunction = () => [{ title: `${m.risk_title()} · ${m.ui_brand()}` }];

export const loader = pageLoader(
  { at: "/projects/:projectId/risk-report", params, search },
  ({ tx, actor, params: path, search: { view, cursor, open, add, work, ...filter }, locale }) =>
    riskPage(tx, actor, path.projectId, { view, filter, cursor, open, add: add === "1", work: work === "1" }, locale),
);

export const action = pageAction(
  { at: "/projects/:projectId/risk-report", params, sees: (tx, path) => loadProject(tx, path.projectId) },
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
      schema: actSchema,
      stepUp: sealing("document"),
      run: async ({ tx, actor, input, params: path, locale }) => {
        const fired = await actOnReport(tx, actor, { ...input, ...path, locale });
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

export default function RiskReport() {
  const page = useLoaderData<typeof loader>();
  const result = useActionData() as ActionResult | undefined;
  const { report, level, project } = page;
  const standing = report?.standing;
  return (
    <>
      <PageHeader
        title={level === "site" ? m.risk_title_site() : m.risk_title()}
        of={project.name}
        state={standing ? <Badge>{standing.stateLabel}</Badge> : null}
        meta={<span>{m.risk_due({ day: project.dueOn })}</span>}
      >
        {report ? (
          <LinkButton to={`/projects/${project.id}/risk-report.pdf`} icon="download" reload>
            {m.risk_pdf()}
          </LinkButton>
        ) : null}
        {standing ? (
          <Acts
            acts={standing.acts}
            version={standing.version}
            parts={report.chapters.map((c) => ({ part: c.key, label: `${c.no} ${c.title}`.trim() }))}
            seals={[m.risk_seals_text(), m.risk_seals_rows()]}
          />
        ) : null}
      </PageHeader>
      {level === "sector" ? (
        <Tabs
          label={m.risk_title()}
          tabs={[
            { to: "?view=register", label: m.risk_tab_register(), current: page.view === "register" },
            { to: "?view=report", label: m.risk_tab_report(), current: page.view === "report" },
          ]}
        />
      ) : null}
      {result ? <ActOutcome result={result} intent={result.intent} /> : null}
      {page.view === "register" && page.register ? (
        <RegisterTab page={page} part={page.register} result={result} />
      ) : null}
      {page.view === "report" ? <ReportTab part={report} level={level} result={result} /> : null}
    </>
  );
}
