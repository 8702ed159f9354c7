import { type MetaFunction, redirect } from "@remix-run/node";
import { Link, useLoaderData } from "@remix-run/react";
import { intent, pageAction, pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { CreateProject } from "#app/features/project/components/create-project.tsx";
import { LateCell } from "#app/features/project/components/late-cell.tsx";
import { newProjectForm } from "#app/features/project/project.schema.ts";
import { createProject } from "#app/features/project/project.server.ts";
import { projectStart } from "#app/features/project/setup.server.ts";
import { listProjects } from "../project.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { DataTable } from "#app/ui/data-table.tsx";
import { Badge } from "#app/ui/marks.tsx";
import { None, PageHeader } from "#app/ui/page.tsx";

export const meta: MetaFunction = () => [{ title: `${m.project_list_title()} · ${m.ui_brand()}` }];

export const loader = pageLoader({ at: "/projects" }, async ({ tx, actor, locale }) => {
  const projects = await listProjects(tx, actor, locale);
  const [only] = projects;
  // A sector has one project: its list would be a detour.
  if (actor.level !== "national" && only && projects.length === 1) throw redirect(`/projects/${only.id}`);
  return { projects, start: await projectStart(tx, actor, locale) };
});

export const action = pageAction(
  { at: "/projects" },
  {
    createProject: intent({
      schema: newProjectForm,
      run: async ({ tx, actor, input }) => ({
        to: `/projects/${await createProject(tx, actor, input)}`,
        notice: m.project_created(),
      }),
    }),
  },
);

export default function Projects() {
  const { projects, start } = useLoaderData<typeof loader>();
  const result = useResult();
  if (start?.proposal)
    return (
      <>
        <PageHeader title={m.project_list_title()} />
        <CreateProject proposal={start.proposal} result={result} />
      </>
    );
  return (
    <>
      <PageHeader title={m.project_list_title()} />
      <DataTable
        caption={m.project_list_caption()}
        rows={projects}
        rowKey={(p) => p.id}
        empty={{
          title: start?.missing === "right" ? m.project_list_not_yours() : m.project_list_empty(),
          text:
            start?.missing === "programme"
              ? m.project_needs_programme()
              : start?.missing === "lead"
                ? m.project_needs_lead()
                : start?.missing === "right"
                  ? m.project_list_not_yours_text()
                  : m.project_list_empty_text(),
        }}
        columns={[
          {
            key: "sector",
            head: m.project_sector(),
            rowHead: true,
            cell: (p) => (
              <>
                <Link to={`/projects/${p.id}`}>{p.sector}</Link>{" "}
                {p.priority ? <Badge accent>{m.project_priority()}</Badge> : null}
              </>
            ),
            text: (p) => p.sector,
          },
          { key: "name", head: m.project_name(), cell: (p) => p.name },
          { key: "code", head: m.project_code(), short: true, cell: (p) => p.code },
          { key: "state", head: m.project_state(), cell: (p) => p.stateLabel },
          {
            key: "due",
            head: m.project_due(),
            short: true,
            cell: (p) => p.dueOn ?? <None />,
            text: (p) => p.dueOn ?? "",
          },
          {
            key: "late",
            head: m.project_late(),
            cell: (p) => <LateCell state={p.state} daysLate={p.daysLate} />,
            text: (p) => String(p.daysLate ?? ""),
          },
        ]}
      />
    </>
  );
}
