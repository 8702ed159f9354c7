import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { auditSearch } from "#app/features/audit/audit.schema.ts";
import { auditPage, chainState } from "#app/features/audit/audit.server.ts";
import { AuditFilter } from "#app/features/audit/components/audit-filter.tsx";
import { auditColumns } from "#app/features/audit/components/audit-columns.tsx";
import { ChainSummary } from "#app/features/audit/components/chain-summary.tsx";
import { auditRow } from "../audit.view.server.ts";
import { may } from "#app/request/permissions.ts";
import { pageLoader } from "#app/request/page.server.ts";
import { pick } from "#app/i18n/pick.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton } from "#app/ui/button.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PageHeader } from "#app/ui/page.tsx";

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

export default function Audit() {
  const { rows, next, chain, filter, tenant, whole, checks } = useLoaderData<typeof loader>();
  return (
    <>
      <PageHeader
        title={m.audit_title()}
        of={pick(tenant)}
        meta={m.audit_text()}
        main={checks ? { key: "isolation", label: m.isolation_open(), kind: "plain", to: "/audit/isolation" } : null}
      />
      <ChainSummary chain={chain} />
      <AuditFilter filter={filter} />
      <DataTable
        caption={m.audit_title()}
        columns={auditColumns()}
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
