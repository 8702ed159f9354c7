import type { MetaFunction } from "@remix-run/node";
import { useLoaderData, useLocation } from "@remix-run/react";
import { type AuditEntry, auditPage, auditSearch } from "#app/features/audit/audit.server.ts";
import { roleName } from "#app/features/identity/role-name.ts";
import { pageLoader } from "#app/features/identity/route.server.ts";
import { formatDateTime, shortDigest } from "#app/i18n/format.ts";
import { pick } from "#app/i18n/pick.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton } from "#app/ui/button.tsx";
import { CopyId } from "#app/ui/copy-id.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { FilterBar } from "#app/ui/filter-bar.tsx";
import { DateInput, SearchInput, Select } from "#app/ui/inputs.tsx";
import { None, PageHeader } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";

export const meta: MetaFunction = () => [{ title: `${m.audit_title()} · ${m.identity_product()}` }];

export const loader = pageLoader({ can: "audit.read", search: auditSearch }, async ({ tx, actor, search, locale }) => ({
  ...(await auditPage(tx, actor, search, locale)),
  filter: search,
  tenant: actor.tenantName,
}));

type Entry = AuditEntry;
const machineWords = { project: m.audit_machine_project, pilot: m.audit_machine_pilot, document: m.audit_machine_document, specification: m.audit_machine_specification };

const columns = (): Column<Entry>[] => [
  { key: "at", head: m.audit_at(), rowHead: true, width: "10rem", cell: (e) => <time dateTime={new Date(e.at).toISOString()}>{formatDateTime(e.at)}</time> },
  { key: "who", head: m.audit_who(), cell: (e) => `${e.actorName}（${roleName(e.actorRole)}）` },
  { key: "object", head: m.audit_object(), width: "6rem", cell: (e) => machineWords[e.machine](), text: (e) => e.objectId },
  { key: "event", head: m.audit_event(), cell: (e) => e.label },
  { key: "course", head: m.audit_course(), cell: (e) => (e.fromLabel === e.toLabel ? e.toLabel : `${e.fromLabel} → ${e.toLabel}`) },
  { key: "reason", head: m.audit_reason(), cell: (e) => e.reason || <None />, text: (e) => e.reason },
  { key: "seal", head: m.audit_seal(), width: "9.5rem", cell: (e) => (e.contentHash ? <CopyId value={e.contentHash} short={shortDigest(e.contentHash)} label={m.audit_seal()} /> : <None />), text: (e) => e.contentHash ?? "" },
  { key: "id", head: m.audit_object_id(), optional: true, cell: (e) => <CopyId value={e.objectId} short={e.objectId.slice(0, 8)} />, text: (e) => e.objectId },
];

export default function Audit() {
  const { entries, next, filter, tenant } = useLoaderData<typeof loader>();
  const { search } = useLocation();
  const names = ["machine", "who", "from", "to", "before"];
  const active = [
    ...(filter.machine ? [{ name: "machine", label: machineWords[filter.machine]() }] : []),
    ...(filter.who ? [{ name: "who", label: filter.who }] : []),
    ...(filter.from ? [{ name: "from", label: m.audit_from_day({ day: filter.from }) }] : []),
    ...(filter.to ? [{ name: "to", label: m.audit_to_day({ day: filter.to }) }] : []),
  ];
  return (
    <>
      <PageHeader title={m.audit_title()} of={pick(tenant)} meta={m.audit_text()} />
      <FilterBar label={m.audit_filter()} names={names} active={active}>
        <SearchInput name="who" label={m.audit_who()} defaultValue={filter.who} placeholder={m.audit_who_hint()} />
        <Select name="machine" label={m.audit_object()} empty={m.audit_all()} defaultValue={filter.machine ?? ""} choices={Object.entries(machineWords).map(([value, label]) => ({ value, label: label() }))} />
        <DateInput name="from" label={m.audit_from()} defaultValue={filter.from} />
        <DateInput name="to" label={m.audit_to()} defaultValue={filter.to} />
      </FilterBar>
      <DataTable
        caption={m.audit_title()}
        columns={columns()}
        rows={entries}
        rowKey={(e) => String(e.no)}
        empty={{ title: m.audit_empty(), text: m.audit_empty_text() }}
        pager={{ next: next === null ? null : String(next), param: "before" }}
        tools={
          <LinkButton to={`/audit.jsonl${search}`} size="s" icon="download" download>
            {m.audit_export()}
          </LinkButton>
        }
      />
    </>
  );
}
