import type { MetaFunction } from "@remix-run/node";
import { useLoaderData, useLocation } from "@remix-run/react";
import { comparisonFilter } from "#app/features/compare/compare.schema.ts";
import { NationalPanels } from "#app/features/compare/components/national-compare.tsx";
import { nationalCompare, sectorCompare } from "../compare.view.server.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { PageHeader, Tabs } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";
import { SectorBody } from "#app/features/compare/components/sector-body.tsx";

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
