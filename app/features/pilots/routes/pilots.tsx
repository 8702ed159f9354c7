import type { MetaFunction } from "@remix-run/node";
import { useLoaderData, useLocation } from "@remix-run/react";
import { assessorJobs } from "../assessors.server.ts";
import { today } from "#app/request/actor.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { pilotsAction } from "../panel.actions.server.ts";
import { expertView } from "../pilot.view.server.ts";
import { ResultNotice } from "#app/features/identity/components/result-notice.public.tsx";
import { PanelNominations } from "../components/panel-nominations.tsx";
import { useResult } from "#app/request/use-result.ts";
import { boardOf, listPilots, pilotsQuery } from "../pilots.view.server.ts";
import { wordsOf } from "../pilot-words.server.ts";
import { AssessorJobs } from "#app/features/pilots/components/assessor-jobs.tsx";
import { filterNames, PilotFilters } from "#app/features/pilots/components/pilot-filters.tsx";
import { PilotBoard, PilotTable } from "#app/features/pilots/components/pilot-table.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { withParams } from "#app/ui/address.ts";
import { PageHeader, Tabs } from "#app/ui/page.tsx";

export const meta: MetaFunction = () => [{ title: `${m.pilots_title()} · ${m.ui_brand()}` }];

export const loader = pageLoader({ at: "/pilots", search: pilotsQuery }, async ({ tx, actor, search, locale }) => {
  const common = {
    words: wordsOf(locale),
    today: today(actor),
    query: search,
    of: actor.tenantName,
    site: actor.siteName,
  };
  if (actor.level === "assessor") return { ...common, kind: "jobs" as const, jobs: await assessorJobs(tx, actor) };
  if (actor.level === "expert") return { ...common, kind: "panel" as const, work: await expertView(tx, actor, locale) };
  if (search.view === "board") return { ...common, kind: "board" as const, board: await boardOf(tx, actor, search) };
  return { ...common, kind: "table" as const, page: await listPilots(tx, actor, search) };
});

export const action = pilotsAction;

export default function Pilots() {
  const data = useLoaderData<typeof loader>();
  const result = useResult();
  const { search } = useLocation();
  if (data.kind === "jobs")
    return (
      <>
        <PageHeader title={m.pilots_jobs()} of={pick(data.of)} />
        <AssessorJobs jobs={data.jobs} words={data.words} />
      </>
    );
  if (data.kind === "panel")
    return (
      <>
        <PageHeader title={m.pilots_panel_nominations()} of={pick(data.of)} />
        <ResultNotice result={result} />
        <PanelNominations work={data.work} result={result} />
      </>
    );
  const filtered = filterNames.some((name) => data.query[name as keyof typeof data.query] !== undefined);
  return (
    <>
      <PageHeader title={m.pilots_title()} of={data.site || pick(data.of)} />
      <Tabs
        label={m.pilots_view()}
        tabs={[
          {
            to: withParams(search, { view: null, cursor: null }),
            label: m.pilots_list(),
            current: data.kind === "table",
          },
          {
            to: withParams(search, { view: "board", cursor: null }),
            label: m.pilots_board(),
            current: data.kind === "board",
          },
        ]}
      />
      <PilotFilters words={data.words} query={data.query} />
      {data.kind === "board" ? (
        <PilotBoard stages={data.board.stages} words={data.words} today={data.today} />
      ) : (
        <PilotTable
          rows={data.page.rows}
          next={data.page.next}
          today={data.today}
          words={data.words}
          filtered={filtered}
        />
      )}
    </>
  );
}
