import type { MetaFunction } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { DivisionNote } from "#app/features/project/components/site-parts.tsx";
import { SiteForm, sizeName, SystemForm } from "#app/features/project/components/site-forms.tsx";
import { newSiteSchema, newSystemSchema } from "#app/features/project/project.schema.ts";
import { registerSite, registerSystem, loadProject } from "#app/features/project/project.server.ts";
import { sitesPage, sitesQuery } from "#app/features/project/setup.server.ts";
import { formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid } from "#app/platform/fields.ts";
import { LinkButton } from "#app/ui/button.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { None, PageHeader, Section, Split } from "#app/ui/page.tsx";

const params = z.object({ projectId: uuid() });

export const meta: MetaFunction = () => [{ title: `${m.project_sites()} · ${m.ui_brand()}` }];

export const loader = pageLoader(
  { at: "/projects/:projectId/sites", params, search: sitesQuery },
  ({ tx, actor, params: path, search }) => sitesPage(tx, actor, path.projectId, search),
);

const at = (projectId: string, siteId: string) => `/projects/${projectId}/sites?site=${siteId}#new-system`;

export const action = pageAction(
  { at: "/projects/:projectId/sites", params, guardObject: (tx, path) => loadProject(tx, path.projectId) },
  {
    registerSite: intent({
      schema: newSiteSchema,
      run: async ({ tx, actor, params: path, input }) => ({
        to: at(path.projectId, await registerSite(tx, actor, input)),
        notice: m.project_site_registered({ name: input.name }),
      }),
    }),
    registerSystem: intent({
      schema: newSystemSchema,
      run: async ({ tx, actor, params: path, input }) => {
        await registerSystem(tx, actor, input);
        return { to: at(path.projectId, input.siteId), notice: m.project_system_registered({ name: input.name }) };
      },
    }),
  },
);

export default function Sites() {
  const view = useLoaderData<typeof loader>();
  const result = useResult();
  const systems = view.sites.reduce((sum, s) => sum + s.systems.length, 0);
  return (
    <>
      <PageHeader title={m.project_sites()}>
        {view.addsPeople ? <LinkButton to="/settings/members">{m.project_sites_people()}</LinkButton> : null}
        <LinkButton to={`/projects/${view.projectId}/survey`}>{m.project_sites_survey()}</LinkButton>
      </PageHeader>
      {view.surveyOpen ? <Notice tone="info" title={m.project_sites_open()} /> : null}
      <Split
        side={
          <>
            {view.chosen ? <SystemForm key={`${view.chosen.id}${systems}`} site={view.chosen} result={result} /> : null}
            <SiteForm key={`${view.sites.length}${view.chosen?.id ?? ""}`} result={result} />
          </>
        }
      >
        <Section title={m.project_sites_list()} note={m.project_sites_note()}>
          <DataTable
            plain
            caption={m.project_sites_list()}
            rows={view.sites}
            rowKey={(s) => s.id}
            current={view.chosen?.id ?? null}
            empty={{ title: m.project_sites_none(), text: m.project_sites_none_text() }}
            pager={{ next: view.next }}
            columns={[
              {
                key: "name",
                head: m.project_site_name(),
                rowHead: true,
                cell: (s) => <Link to={`/sites/${s.id}`}>{s.name}</Link>,
                text: (s) => s.name,
              },
              {
                key: "code",
                head: m.project_site_code(),
                short: true,
                cell: (s) => <span className="tabular-nums">{s.code}</span>,
              },
              {
                key: "where",
                head: m.project_site_region(),
                cell: (s) =>
                  s.region === "" ? (
                    <None />
                  ) : (
                    <>
                      {s.region} <DivisionNote mark={s.mark} from={s.from} to={s.to} />
                    </>
                  ),
                text: (s) => s.region,
              },
              { key: "size", head: m.project_site_size(), short: true, cell: (s) => sizeName(s.size) },
              {
                key: "systems",
                head: m.project_systems(),
                cell: (s) => (
                  <>
                    {s.systems.map((one) => (
                      <div key={one.id}>
                        {m.project_system_line({
                          name: one.name,
                          grade: one.grade,
                          devices: formatNumber(one.devices),
                        })}
                      </div>
                    ))}
                    <Link to={`?site=${s.id}#new-system`}>{m.project_system_add()}</Link>
                  </>
                ),
              },
            ]}
          />
        </Section>
      </Split>
    </>
  );
}
