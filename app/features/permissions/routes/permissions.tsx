import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { pageLoader } from "#app/request/page.server.ts";
import { permissionsSearch } from "#app/features/permissions/permissions.schema.ts";
import { permissionsView, type WordedLine } from "../permissions.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton } from "#app/ui/button.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { FilterBar } from "#app/ui/filter-bar.tsx";
import { Select } from "#app/ui/inputs.tsx";
import { Badge } from "#app/ui/marks.tsx";
import { PageHeader } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";

export const meta: MetaFunction = () => [{ title: `${m.permissions_title()} · ${m.ui_brand()}` }];

export const loader = pageLoader({ at: "/permissions", search: permissionsSearch }, async ({ search, locale }) =>
  permissionsView(search, locale),
);

type View = ReturnType<typeof useLoaderData<typeof loader>>;

const statesText = (line: WordedLine): string =>
  line.states?.join(m.permissions_between()) ?? m.permissions_any_state();

function columns({ roles, filter }: View): Column<WordedLine>[] {
  return [
    { key: "object", head: m.permissions_object(), width: "6.5rem", cell: (l) => l.object },
    {
      key: "act",
      head: m.permissions_act(),
      rowHead: true,
      width: "15rem",
      cell: (l) => (
        <>
          {l.act}
          {l.seals ? (
            <>
              {" "}
              <Badge>{m.permissions_seals()}</Badge>
            </>
          ) : null}
        </>
      ),
      text: (l) => l.act,
    },
    {
      key: "states",
      head: m.permissions_states(),
      width: "13rem",
      cell: (l) => (l.states ? statesText(l) : <span className="ui-hint">{statesText(l)}</span>),
      text: statesText,
    },
    ...roles.flatMap((role, i): Column<WordedLine>[] =>
      filter.role === undefined || filter.role === role.value
        ? [
            {
              key: role.value,
              head: role.label,
              centred: true,
              wrapHead: true,
              width: "5rem",
              cell: (l) => l.whose[i]?.word ?? null,
              text: (l) => l.whose[i]?.word ?? "",
            },
          ]
        : [],
    ),
  ];
}

function Filters({ view: { filter, roles, kinds, states } }: { view: View }) {
  const word = (choices: readonly { value: string; label: string }[], value: string) =>
    choices.find((c) => c.value === value)?.label ?? value;
  const active = [
    ...(filter.role ? [{ name: "role", label: word(roles, filter.role) }] : []),
    ...(filter.of ? [{ name: "of", label: word(kinds, filter.of) }] : []),
    ...(filter.state ? [{ name: "state", label: word(states, filter.state) }] : []),
  ];
  return (
    <FilterBar label={m.permissions_filter()} names={["role", "of", "state"]} active={active}>
      <Select
        name="role"
        label={m.permissions_role()}
        empty={m.permissions_all()}
        choices={roles}
        defaultValue={filter.role ?? ""}
        key={`r${filter.role}`}
      />
      <Select
        name="of"
        label={m.permissions_object()}
        empty={m.permissions_all()}
        choices={kinds}
        defaultValue={filter.of ?? ""}
        key={`o${filter.of}`}
      />
      {states.length > 0 ? (
        <Select
          name="state"
          label={m.permissions_states()}
          empty={m.permissions_all()}
          choices={states}
          defaultValue={filter.state ?? ""}
          key={`s${filter.of}${filter.state}`}
        />
      ) : null}
    </FilterBar>
  );
}

/** Who may do what, to which objects, in which state: the table that the product itself asks. */
export default function Permissions() {
  const view = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader title={m.permissions_title()} meta={m.permissions_text()} />
      <Filters view={view} />
      <p className="ui-hint mb-3">{m.permissions_key()}</p>
      <DataTable
        caption={m.permissions_title()}
        columns={columns(view)}
        rows={view.lines}
        rowKey={(l) => l.key}
        empty={m.permissions_empty()}
        summary={m.permissions_count({ shown: view.lines.length, total: view.total })}
        tools={
          <LinkButton to="/permissions.xlsx" size="s" icon="download" download>
            {m.permissions_export()}
          </LinkButton>
        }
      />
    </>
  );
}
