import { Form, Link } from "@remix-run/react";
import { breakGlassTables, type BreakGlassTable } from "#app/features/identity/break-glass.schema.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { Button } from "#app/ui/button.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { Select } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, PageHeader, Section } from "#app/ui/page.tsx";

const words: Readonly<Record<BreakGlassTable, () => string>> = {
  projects: m.audit_table_projects,
  sites: m.audit_table_sites,
  systems: m.audit_table_systems,
  submissions: m.audit_table_submissions,
  risks: m.audit_table_risks,
  measures: m.audit_table_measures,
  pilots: m.audit_table_pilots,
};

interface Props {
  access: { id: string; tenantName: { zh: string; en: string }; endsAt: Date | string | null; state: string };
  table: BreakGlassTable | null;
  rows: { rows: Record<string, unknown>[]; next: string | null } | null;
}

/** Rows of one table under an open access. As they stand in the database: whoever looks here looks for a fault. */
export function Reading({ access, table, rows }: Props) {
  const open = access.state === "open";
  return (
    <>
      <PageHeader
        title={m.glass_reading({ tenant: pick(access.tenantName) })}
        of={<Link to="/break-glass">{m.glass_title()}</Link>}
      />
      {open && access.endsAt ? (
        <Notice tone="due">{m.glass_reading_note({ until: formatDateTime(access.endsAt) })}</Notice>
      ) : (
        <Notice tone="returned">{m.glass_read_only_open()}</Notice>
      )}
      {open ? (
        // Never fetched ahead of the click: what is read is noted.
        <Form method="get" className="ui-filter">
          <Select
            label={m.glass_table()}
            name="table"
            width="m"
            defaultValue={table ?? "projects"}
            choices={breakGlassTables.map((t) => ({ value: t, label: words[t]() }))}
          />
          <Button>{m.glass_show()}</Button>
        </Form>
      ) : null}
      {table && rows ? (
        <Section title={m.glass_rows({ table: words[table]() })}>
          <DataTable
            plain
            caption={m.glass_rows({ table: words[table]() })}
            rows={rows.rows}
            rowKey={(r) => String(r["id"])}
            empty={m.glass_rows_none()}
            columns={[
              { key: "row", head: m.glass_row(), rowHead: true, width: "16rem", cell: nameOf },
              {
                key: "content",
                head: m.glass_content(),
                hideHead: true,
                cell: (r) => (
                  <KeyValue
                    items={Object.entries(r).map(([column, value]) => ({ key: column, value: shown(value) }))}
                  />
                ),
              },
            ]}
          />
          {rows.next ? <Link to={`?table=${table}&after=${rows.next}`}>{m.glass_next()}</Link> : null}
        </Section>
      ) : null}
    </>
  );
}

const shown = (value: unknown): string =>
  typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
const nameOf = (row: Record<string, unknown>): string =>
  [row["code"], row["name"] ?? row["name_zh"] ?? row["title"] ?? row["kind"]]
    .filter((v) => typeof v === "string" && v !== "")
    .join(" ") || shown(row["id"]);
