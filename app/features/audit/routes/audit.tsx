import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { type AuditAct, auditActs, auditSearch } from "#app/features/audit/audit.schema.ts";
import { auditPage, chainState } from "#app/features/audit/audit.server.ts";
import { ChainSummary } from "#app/features/audit/components/chain-summary.tsx";
import { type AuditRow, auditRow } from "#app/features/audit/present.server.ts";
import { may } from "#app/request/permissions.ts";
import { pageLoader } from "#app/request/page.server.ts";
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

export const loader = pageLoader({ at: "/audit", search: auditSearch }, async ({ tx, actor, search, locale }) => {
  const [{ entries, next }, chain] = await Promise.all([auditPage(tx, actor, search), chainState(tx, actor)]);
  return {
    rows: entries.map((e) => auditRow(e, locale)),
    next,
    chain,
    filter: search,
    tenant: actor.tenantName,
    whole: may(actor.role, "audit.export"),
    checks: may(actor.role, "isolation.check"),
  };
});

const actWords: Record<AuditAct, () => string> = {
  transition: m.audit_act_transition,
  change: m.audit_act_change,
  sign_in: m.audit_act_sign_in,
  sign_out: m.audit_act_sign_out,
  sign_in_failed: m.audit_act_sign_in_failed,
  member_added: m.audit_act_member_added,
  member_ended: m.audit_act_member_ended,
  token_created: m.audit_act_token_created,
  token_revoked: m.audit_act_token_revoked,
  password_changed: m.audit_act_password_changed,
  invitation_sent: m.audit_act_invitation_sent,
  invitation_accepted: m.audit_act_invitation_accepted,
  invitation_revoked: m.audit_act_invitation_revoked,
  factor_added: m.audit_act_factor_added,
  factor_removed: m.audit_act_factor_removed,
  recovery_codes_made: m.audit_act_recovery_codes_made,
  recovery_used: m.audit_act_recovery_used,
  identity_linked: m.audit_act_identity_linked,
  account_renamed: m.audit_act_account_renamed,
  account_disabled: m.audit_act_account_disabled,
  account_enabled: m.audit_act_account_enabled,
  break_glass_read: m.audit_act_break_glass_read,
  download: m.audit_act_download,
  export: m.audit_act_export,
  refusal: m.audit_act_refusal,
  isolation: m.audit_act_isolation,
};

type Row = Omit<AuditRow, "at"> & { at: string | Date };
const columns = (): Column<Row>[] => [
  { key: "seq", head: m.audit_seq(), numeric: true, rowHead: true, width: "4.5rem", cell: (e) => e.seq },
  {
    key: "at",
    head: m.audit_at(),
    width: "10rem",
    cell: (e) => <time dateTime={new Date(e.at).toISOString()}>{formatDateTime(e.at)}</time>,
  },
  { key: "who", head: m.audit_who(), cell: (e) => e.who },
  { key: "act", head: m.audit_act(), width: "9rem", cell: (e) => e.actLabel },
  {
    key: "object",
    head: m.audit_object(),
    width: "8rem",
    cell: (e) => e.objectLabel || <None />,
    text: (e) => e.objectId ?? "",
  },
  { key: "text", head: m.audit_what(), cell: (e) => e.text || <None />, text: (e) => e.text },
  {
    key: "id",
    head: m.audit_object_id(),
    optional: true,
    cell: (e) => (e.objectId ? <CopyId value={e.objectId} short={e.objectId.slice(0, 8)} /> : <None />),
    text: (e) => e.objectId ?? "",
  },
  {
    key: "request",
    head: m.audit_request(),
    optional: true,
    cell: (e) => e.request || <None />,
    text: (e) => e.request,
  },
  {
    key: "hash",
    head: m.audit_hash(),
    width: "9.5rem",
    cell: (e) => <CopyId value={e.hash} short={shortDigest(e.hash)} label={m.audit_hash()} />,
    text: (e) => e.hash,
  },
];

export default function Audit() {
  const { rows, next, chain, filter, tenant, whole, checks } = useLoaderData<typeof loader>();
  const active = [
    ...(filter.act ? [{ name: "act", label: actWords[filter.act]() }] : []),
    ...(filter.who ? [{ name: "who", label: filter.who }] : []),
    ...(filter.object ? [{ name: "object", label: filter.object.slice(0, 8) }] : []),
    ...(filter.from ? [{ name: "from", label: m.audit_from_day({ day: filter.from }) }] : []),
    ...(filter.to ? [{ name: "to", label: m.audit_to_day({ day: filter.to }) }] : []),
  ];
  return (
    <>
      <PageHeader
        title={m.audit_title()}
        of={pick(tenant)}
        meta={m.audit_text()}
        main={checks ? { key: "isolation", label: m.isolation_open(), kind: "plain", to: "/audit/isolation" } : null}
      />
      <ChainSummary chain={chain} />
      <FilterBar label={m.audit_filter()} names={["act", "who", "object", "from", "to", "before"]} active={active}>
        <SearchInput name="who" label={m.audit_who()} defaultValue={filter.who} placeholder={m.audit_who_hint()} />
        <Select
          name="act"
          label={m.audit_act()}
          empty={m.audit_all()}
          defaultValue={filter.act ?? ""}
          choices={auditActs.map((value) => ({ value, label: actWords[value]() }))}
        />
        <SearchInput name="object" label={m.audit_object_id()} defaultValue={filter.object} placeholder="00000000-…" />
        <DateInput name="from" label={m.audit_from()} defaultValue={filter.from} />
        <DateInput name="to" label={m.audit_to()} defaultValue={filter.to} />
      </FilterBar>
      <DataTable
        caption={m.audit_title()}
        columns={columns()}
        rows={rows}
        rowKey={(e) => String(e.seq)}
        empty={{ title: m.audit_empty(), text: m.audit_empty_text() }}
        pager={{ next: next === null ? null : String(next), param: "before" }}
        tools={
          <>
            <LinkButton to="/permissions" size="s">
              {m.permissions_link()}
            </LinkButton>
            {whole ? (
              <LinkButton to="/audit.jsonl" size="s" icon="download" download>
                {m.audit_export()}
              </LinkButton>
            ) : null}
          </>
        }
      />
    </>
  );
}
