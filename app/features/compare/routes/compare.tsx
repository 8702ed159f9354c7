import type { MetaFunction } from "@remix-run/node";
import { Form, useLoaderData, useLocation } from "@remix-run/react";
import { comparisonFilter } from "#app/features/compare/compare.schema.ts";
import { NationalPanels } from "#app/features/compare/components/national-compare.tsx";
import {
  Dimensions,
  IndicatorPart,
  LikeWithLike,
  MadeOf,
  ReplaceablePart,
  sizeWord,
  type View,
} from "#app/features/compare/components/sector-compare.tsx";
import { nationalCompare, sectorCompare } from "#app/features/compare/view.server.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { Button } from "#app/ui/button.tsx";
import { Select } from "#app/ui/inputs.tsx";
import { PageHeader, Tabs } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";

export const meta: MetaFunction = () => [{ title: `${m.compare_title()} · ${m.ui_brand()}` }];

export const loader = pageLoader(
  { at: "/compare", search: comparisonFilter },
  async ({ tx, actor, search, locale }) => {
    const common = { filter: search, of: actor.tenantName };
    if (actor.level === "national")
      return {
        ...common,
        kind: "national" as const,
        view: await nationalCompare(tx, actor, search.batch ?? 1, locale),
      };
    return { ...common, kind: "sector" as const, view: await sectorCompare(tx, actor, search, locale) };
  },
);

type Filter = ReturnType<typeof useLoaderData<typeof loader>>["filter"];

/** What is put side by side; a GET form, so that it is in the address. */
function Picks({ view, filter }: { view: View; filter: Filter }) {
  const of = (value: string | number | undefined) => ({ defaultValue: value === undefined ? "" : String(value) });
  return (
    <Form method="get" className="ui-form" preventScrollReset aria-label={m.compare_pick()}>
      <Select
        key={`batch-${filter.batch}`}
        name="batch"
        label={m.compare_batch()}
        empty={m.compare_all()}
        choices={[
          { value: "1", label: m.compare_batch_1() },
          { value: "2", label: m.compare_batch_2() },
        ]}
        {...of(filter.batch)}
      />
      <Select
        key={`stage-${filter.stage}`}
        name="stage"
        label={m.compare_stage()}
        empty={m.compare_all()}
        choices={view.words.stages}
        {...of(filter.stage)}
      />
      <Select
        key={`grade-${filter.grade}`}
        name="grade"
        label={m.compare_grade()}
        empty={m.compare_all()}
        choices={[1, 2, 3, 4, 5].map((n) => ({ value: String(n), label: m.compare_grade_n({ n }) }))}
        {...of(filter.grade)}
      />
      <Select
        key={`size-${filter.size}`}
        name="size"
        label={m.compare_size()}
        empty={m.compare_all()}
        choices={["small", "medium", "large"].map((value) => ({ value, label: sizeWord(value) }))}
        {...of(filter.size)}
      />
      <Select
        key={`direction-${filter.direction}`}
        name="direction"
        label={m.compare_direction()}
        empty={m.compare_all()}
        choices={view.words.dimensions}
        {...of(filter.direction)}
      />
      <Select
        key={`indicator-${filter.indicator}`}
        name="indicator"
        label={m.compare_indicator()}
        empty={m.compare_no_indicator()}
        choices={view.indicators.map((i) => ({ value: i.id, label: `${i.code} ${i.name}` }))}
        {...of(filter.indicator)}
      />
      <Button>{m.compare_apply()}</Button>
    </Form>
  );
}

function SectorBody({ view, filter }: { view: View; filter: Filter }) {
  return (
    <div className="grid items-start gap-6 lg:grid-cols-[13rem_minmax(0,1fr)]">
      <Picks view={view} filter={filter} />
      <div className="ui-stack min-w-0">
        {view.headline ? <p className="text-16 font-semibold">{view.headline}</p> : null}
        {view.pilots === 0 ? (
          <EmptyState
            title={m.compare_empty_title()}
            text={
              Object.values(filter).some((v) => v !== undefined) ? m.compare_empty_filtered() : m.compare_empty_text()
            }
          />
        ) : (
          <>
            <Dimensions view={view} />
            <MadeOf view={view} />
            <LikeWithLike view={view} />
            <IndicatorPart view={view} />
            <ReplaceablePart view={view} />
          </>
        )}
      </div>
    </div>
  );
}

export default function Compare() {
  const data = useLoaderData<typeof loader>();
  const { search } = useLocation();
  const workbook = {
    key: "xlsx",
    label: m.compare_workbook(),
    icon: "download" as const,
    to: `/comparison.xlsx${search}`,
    reload: true,
    download: "",
  };
  if (data.kind === "national") {
    const { view } = data;
    return (
      <>
        <PageHeader
          title={m.compare_title()}
          of={m.compare_of_national()}
          main={view && view.sectors.length > 0 ? workbook : null}
        />
        <Tabs
          label={m.compare_batch()}
          tabs={([1, 2] as const).map((n) => ({
            to: `?batch=${n}`,
            label: n === 1 ? m.compare_batch_1() : m.compare_batch_2(),
            current: (data.filter.batch ?? 1) === n,
          }))}
        />
        {view ? (
          <NationalPanels view={view} />
        ) : (
          <EmptyState title={m.compare_empty_title()} text={m.compare_national_empty()} />
        )}
      </>
    );
  }
  const { view } = data;
  return (
    <>
      <PageHeader
        title={m.compare_title()}
        of={pick(data.of)}
        meta={view ? m.compare_selected({ pilots: view.pilots, sites: view.sites }) : undefined}
        main={view && view.pilots > 0 ? workbook : null}
      />
      {view ? (
        <SectorBody view={view} filter={data.filter} />
      ) : (
        <EmptyState title={m.compare_empty_title()} text={m.compare_empty_text()} />
      )}
    </>
  );
}
