import { Outlet, useLoaderData, useLocation } from "@remix-run/react";
import { z } from "zod";
import { pageLoader } from "#app/request/page.server.ts";
import { PhaseTabs } from "#app/features/project/components/phases.tsx";
import { projectHead } from "../project.view.server.ts";
import { uuid } from "#app/platform/fields.ts";

export const loader = pageLoader(
  { at: "/projects/:projectId", params: z.object({ projectId: uuid() }) },
  async ({ tx, actor, params, locale }) => ({
    head: await projectHead(tx, actor, params.projectId, locale),
    level: actor.level,
  }),
);

/** The six phases stand above every page of a project, each the way to its own page. */
export default function Project() {
  const { head, level } = useLoaderData<typeof loader>();
  const { pathname } = useLocation();
  return (
    <>
      <PhaseTabs head={head} level={level} pathname={pathname} />
      <Outlet />
    </>
  );
}
