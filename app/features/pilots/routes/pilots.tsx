import type { MetaFunction } from "@remix-run/node";
import { Link, useLoaderData, useLocation } from "@remix-run/react";
import { assessorJobs } from "../assessors.server.ts";
import { today } from "#app/request/actor.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { boardOf, listPilots, pilotsQuery } from "#app/features/pilots/list.server.ts";
import { wordsOf } from "#app/features/pilots/words.server.ts";
import { batchWord, purposeWord, ResultMark, wordIn } from "#app/features/pilots/components/marks.tsx";
import { PilotBoard, PilotTable } from "#app/features/pilots/components/pilot-table.tsx";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { withParams } from "#app/ui/address.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { FilterBar } from "#app/ui/filter-bar.tsx";
import { SearchInput, Select } from "#app/ui/inputs.tsx";
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
  if (search.view === "board") return { ...common, kind: "board" as const, board: await boardOf(tx, actor, search) };
  return { ...common, kind: "table" as const, page: await listPilots(tx, actor, search) };
});

const names = ["q", "stage", "health", "batch", "direction"];

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

function Jobs({ data }: { data: Extract<Data, { kind: "jobs" }> }) {
  return (
    <DataTable
      caption={m.pilots_jobs()}
      rows={data.jobs}
      rowKey={(r) => r.grantId}
      empty={m.pilots_jobs_empty()}
      columns={[
        { key: "code", head: m.pilots_code(), short: true, cell: (r) => r.code },
        {
          key: "name",
          head: m.pilots_name(),
          rowHead: true,
          cell: (r) => <Link to={`/pilots/${r.pilotId}`}>{r.name}</Link>,
          text: (r) => r.name,
        },
        { key: "sector", head: m.pilots_sector(), cell: (r) => pick({ zh: r.sectorZh, en: r.sectorEn }) },
        { key: "stage", head: m.pilots_stage(), cell: (r) => wordIn(data.words.stages, r.stage) },
        { key: "purpose", head: m.pilots_purpose(), cell: (r) => purposeWord(r.purpose) },
        { key: "result", head: m.pilots_last_result(), cell: (r) => <ResultMark result={r.lastResult} /> },
        { key: "until", head: m.pilots_grant_until(), cell: (r) => formatDateTime(r.endsAt) },
      ]}
    />
  );
}

function Filters({ data }: { data: Data }) {
  const { words, query } = data;
  const active = [
    ...(query.q ? [{ name: "q", label: query.q }] : []),
    ...(query.stage ? [{ name: "stage", label: wordIn(words.stages, query.stage) }] : []),
    ...(query.health ? [{ name: "health", label: wordIn(words.healths, query.health) }] : []),
    ...(query.batch ? [{ name: "batch", label: batchWord(query.batch) }] : []),
    ...(query.direction ? [{ name: "direction", label: wordIn(words.dimensions, query.direction) }] : []),
  ];
  const batches = [1, 2].map((n) => ({ value: String(n), label: batchWord(n) }));
  return (
    <FilterBar label={m.pilots_filter()} names={names} active={active}>
      <SearchInput name="q" label={m.pilots_search()} defaultValue={query.q} />
      <Select
        name="stage"
        label={m.pilots_stage()}
        choices={words.stages}
        empty={m.pilots_all()}
        defaultValue={query.stage ?? ""}
        key={`s${query.stage}`}
      />
      <Select
        name="health"
        label={m.pilots_health()}
        choices={words.healths}
        empty={m.pilots_all()}
        defaultValue={query.health ?? ""}
        key={`h${query.health}`}
      />
      <Select
        name="batch"
        label={m.pilots_batch()}
        choices={batches}
        empty={m.pilots_all()}
        defaultValue={query.batch ? String(query.batch) : ""}
        key={`b${query.batch}`}
      />
      <Select
        name="direction"
        label={m.pilots_direction()}
        choices={words.dimensions}
        empty={m.pilots_all()}
        defaultValue={query.direction ?? ""}
        key={`d${query.direction}`}
      />
    </FilterBar>
  );
}

export default function Pilots() {
  const data = useLoaderData<typeof loader>();
  const { search } = useLocation();
  if (data.kind === "jobs")
    return (
      <>
        <PageHeader title={m.pilots_jobs()} of={pick(data.of)} />
        <Jobs data={data} />
      </>
    );
  const filtered = names.some((name) => data.query[name as keyof typeof data.query] !== undefined);
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
      <Filters data={data} />
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
