import { Unprintable } from "#app/features/document/components/unprintable.tsx";
import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { RegisterTab } from "#app/features/risk/components/register-tab.tsx";
import { ReportTab } from "#app/features/risk/components/report-tab.tsx";
import { riskAction } from "../risk.actions.server.ts";
import { riskPage } from "../risk.view.server.ts";
import { registerFilterSchema } from "#app/features/risk/risk.schema.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid, verbatim } from "#app/platform/fields.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
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

export const action = riskAction;

export default function RiskReport() {
  const page = useLoaderData<typeof loader>();
  const result = useResult();
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
          <EventButtons
            acts={standing.acts}
            version={standing.version}
            parts={standing.parts}
            seals={[m.risk_seals_text(), m.risk_seals_rows()]}
          />
        ) : null}
      </PageHeader>
      <Unprintable places={standing?.unprintable} />
      {level === "sector" ? (
        <Tabs
          label={m.risk_title()}
          tabs={[
            { to: "?view=register", label: m.risk_tab_register(), current: page.view === "register" },
            { to: "?view=report", label: m.risk_tab_report(), current: page.view === "report" },
          ]}
        />
      ) : null}
      {result ? <EventOutcome result={result} intent={result.intent} /> : null}
      {page.view === "register" && page.register ? (
        <RegisterTab page={page} part={page.register} result={result} />
      ) : null}
      {page.view === "report" ? <ReportTab part={report} level={level} result={result} /> : null}
    </>
  );
}
