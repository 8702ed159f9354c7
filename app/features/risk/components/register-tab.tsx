import { useLocation } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { dimensions } from "#app/domain/vocabulary.ts";
import { withParams } from "#app/ui/address.ts";
import { ActButton } from "#app/ui/act.tsx";
import { LinkButton, SubmitButton } from "#app/ui/button.tsx";
import { HeatMap } from "#app/ui/charts/heat-map.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { FilterBar } from "#app/ui/filter-bar.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select, TextInput } from "#app/ui/inputs.tsx";
import { riskWord, riskStep } from "#app/ui/marks.tsx";
import { Section, Split } from "#app/ui/page.tsx";
import { EmptyState } from "#app/ui/states.tsx";
import { AddRisk } from "./add-risk.tsx";
import { RiskDetail } from "./risk-detail.tsx";
import { bulk, type Page, type Part, registerColumns } from "./register-columns.tsx";

function Filters({ page, part }: { page: Page; part: Part }) {
  const { filter } = page;
  const active = [
    ...(filter.cell ? [{ name: "cell", label: cellName(filter.cell) }] : []),
    ...(filter.minLevel
      ? [{ name: "minLevel", label: m.risk_filter_from({ level: riskWord(riskStep(filter.minLevel)) }) }]
      : []),
    ...(filter.owner ? [{ name: "owner", label: m.risk_no_owner() }] : []),
    ...(filter.level ? [{ name: "level", label: riskWord(riskStep(filter.level)) }] : []),
    ...(filter.dimension ? [{ name: "dimension", label: part.words.dimension[filter.dimension] ?? "" }] : []),
    ...(filter.q ? [{ name: "q", label: filter.q }] : []),
  ];
  return (
    <FilterBar label={m.risk_filter()} names={["q", "level", "dimension", "site", "status"]} active={active}>
      <TextInput type="search" name="q" label={m.risk_search()} defaultValue={filter.q ?? ""} maxLength={100} />
      <Select
        name="level"
        label={m.risk_col_level()}
        empty={m.risk_all()}
        defaultValue={String(filter.level ?? "")}
        choices={([5, 4, 3, 2, 1] as const).map((l) => ({ value: String(l), label: riskWord(l) }))}
      />
      <Select
        name="dimension"
        label={m.risk_col_dimension()}
        empty={m.risk_all()}
        defaultValue={filter.dimension ?? ""}
        choices={dimensions.map((d) => ({ value: d, label: part.words.dimension[d] ?? d }))}
      />
      {page.level === "sector" ? (
        <>
          <Select
            name="site"
            label={m.risk_col_site()}
            empty={m.risk_all()}
            defaultValue={filter.site ?? ""}
            choices={part.sites.map((s) => ({ value: s.id, label: s.name }))}
          />
          <Select
            name="status"
            label={m.risk_col_status()}
            defaultValue={filter.status}
            choices={[
              { value: "open", label: m.risk_status_open() },
              { value: "proposed", label: m.risk_status_proposed() },
              { value: "confirmed", label: m.risk_status_confirmed() },
              { value: "dismissed", label: m.risk_status_dismissed() },
              { value: "all", label: m.risk_all() },
            ]}
          />
        </>
      ) : null}
    </FilterBar>
  );
}

const cellName = (cell: string): string => {
  const [likelihood = 1, loss = 1] = cell.split(".").map(Number);
  return m.risk_cell({ likelihood: riskWord(riskStep(likelihood)), loss: riskWord(riskStep(loss)) });
};

/** The map over everything that matches; a cell filters the table, and takes the filter off again. */
export function RiskHeat({
  heat,
  total,
  high,
  chosen,
  linked,
}: {
  heat: Part["figures"]["heat"];
  total: number;
  high: number;
  chosen?: string | undefined;
  linked: boolean;
}) {
  const { search } = useLocation();
  const levels = [5, 4, 3, 2, 1] as const;
  const at = (loss: number, likelihood: number) => heat.find((c) => c.loss === loss && c.likelihood === likelihood);
  if (total === 0) return <p className="ui-hint">{m.risk_heat_none()}</p>;
  return (
    <HeatMap
      title={m.risk_heat_title({ total, high })}
      rowAxis={m.risk_loss()}
      columnAxis={m.risk_likelihood()}
      rows={levels.map(riskWord)}
      columns={levels.toReversed().map(riskWord)}
      cell={{ w: 52, h: 36 }}
      cells={levels.map((loss) =>
        levels.toReversed().map((likelihood) => {
          const cell = at(loss, likelihood);
          const key = `${likelihood}.${loss}`;
          const count = cell?.count ?? 0;
          const to =
            linked && count > 0
              ? withParams(search, { cell: chosen === key ? null : key, cursor: null, open: null })
              : undefined;
          return {
            level: cell?.level ?? null,
            text: count > 0 ? String(count) : "",
            to,
            chosen: chosen === key,
            title: `${cellName(key)}: ${count}`,
          };
        }),
      )}
    />
  );
}

function BulkBar() {
  return (
    <PostForm id={bulk} className="ui-filter" preventScrollReset>
      <SubmitButton name="intent" value="confirm">
        {m.risk_confirm()}
      </SubmitButton>
      <SubmitButton name="intent" value="dismiss" kind="plain">
        {m.risk_dismiss()}
      </SubmitButton>
      <TextInput
        name="owner"
        label={m.risk_owner()}
        maxLength={100}
        width="m"
        hideLabel
        placeholder={m.risk_owner_placeholder()}
      />
      <SubmitButton name="intent" value="owner" kind="plain">
        {m.risk_set_owner()}
      </SubmitButton>
    </PostForm>
  );
}

function Method({ page }: { page: Page }) {
  return (
    <Section title={m.risk_method()} note={m.risk_method_note()} level={3}>
      <PostForm className="ui-filter" preventScrollReset>
        <Select
          name="method"
          label={m.risk_method()}
          defaultValue={page.project.method}
          choices={[
            { value: "matrix", label: m.risk_text_method_matrix() },
            { value: "multiplication", label: m.risk_text_method_multiplication() },
          ]}
        />
        <Select
          name="assetRule"
          label={m.risk_asset_rule()}
          defaultValue={page.project.assetRule}
          choices={[
            { value: "max", label: m.risk_text_rule_max() },
            { value: "mean", label: m.risk_text_rule_mean() },
          ]}
        />
        <SubmitButton name="intent" value="method" kind="plain">
          {m.risk_recount()}
        </SubmitButton>
      </PostForm>
    </Section>
  );
}

/** The register: table at the left, the map that filters it at the right; a row opens in place with its chain. */
export function RegisterTab({ page, part, result }: { page: Page; part: Part; result: ActionResult | undefined }) {
  const { search } = useLocation();
  const sector = page.level === "sector";
  const bare = part.figures.total === 0 && !page.filter.q && !page.filter.cell;
  const table = (
    <>
      <Filters page={page} part={part} />
      {sector && part.lines.length > 0 ? <BulkBar /> : null}
      <DataTable
        caption={m.risk_table_caption()}
        columns={registerColumns(search, page.openId, sector)}
        rows={part.lines}
        rowKey={(r) => r.id}
        current={page.openId}
        empty={m.risk_none_match()}
        pager={{ next: part.next }}
        summary={m.risk_count({ total: part.figures.total, high: part.figures.high })}
        extra={(r) =>
          r.id === page.openId && part.chain ? (
            <RiskDetail chain={part.chain} editable={sector} result={result} />
          ) : null
        }
        tools={
          sector ? (
            <>
              <LinkButton size="s" to={withParams(search, { add: "1" })}>
                {m.risk_add()}
              </LinkButton>
              <ActButton size="s" act={{ key: "build", label: m.risk_rebuild(), post: { intent: "build" } }} />
            </>
          ) : null
        }
      />
    </>
  );
  return (
    <>
      {part.add ? <AddRisk choices={part.add} result={result} back={withParams(search, { add: null })} /> : null}
      {bare && page.filter.status === "open" ? (
        <EmptyState
          title={sector ? m.risk_empty() : m.risk_empty_site()}
          text={sector ? m.risk_empty_text() : m.risk_empty_site_text()}
          act={sector ? { key: "build", label: m.risk_build(), post: { intent: "build" } } : undefined}
        />
      ) : (
        <Split
          side={
            <>
              <RiskHeat
                heat={part.figures.heat}
                total={part.figures.total}
                high={part.figures.high}
                chosen={page.filter.cell}
                linked
              />
              {sector && page.open ? <Method page={page} /> : null}
            </>
          }
        >
          {table}
        </Split>
      )}
    </>
  );
}
