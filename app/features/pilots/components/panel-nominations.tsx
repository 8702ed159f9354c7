import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { ResultNotice } from "#app/features/identity/components/result-notice.public.tsx";
import type { expertView, nominationView } from "../pilot.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { formatNumber } from "#app/i18n/format.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { StatusMark } from "#app/ui/marks.tsx";
import { KeyValue, PageHeader, Section } from "#app/ui/page.tsx";
import { Declare } from "./panel-section.tsx";
import { NominationFacts } from "./nomination.tsx";
import { Sheet } from "./pilot-scoring.tsx";

type Work = Jsonify<Awaited<ReturnType<typeof expertView>>>;
type Nomination = Jsonify<Awaited<ReturnType<typeof nominationView>>>;

/** What an outside expert has to do: declare their interests, then score one nomination after another. */
export function PanelNominations({ work, result }: { work: Work; result: ActionResult | undefined }) {
  return (
    <>
      {work.undeclared.map((panelId) => (
        <Declare key={panelId} panelId={panelId} result={result} />
      ))}
      <DataTable
        caption={m.pilots_panel_nominations()}
        rows={work.nominations}
        rowKey={(r) => r.id}
        empty={{ title: m.pilots_panel_no_nominations(), text: m.pilots_panel_no_nominations_text() }}
        columns={[
          {
            key: "code",
            head: m.pilots_code(),
            rowHead: true,
            short: true,
            cell: (r) => <Link to={`/pilots/${r.id}`}>{r.code}</Link>,
            text: (r) => r.code,
          },
          { key: "name", head: m.pilots_name(), cell: (r) => r.name ?? m.pilots_panel_hidden() },
          { key: "site", head: m.pilots_site(), cell: (r) => r.siteName ?? m.pilots_panel_hidden() },
          { key: "direction", head: m.pilots_direction(), cell: (r) => r.directionWord },
          { key: "grade", head: m.pilots_grade(), numeric: true, cell: (r) => r.grade },
          {
            key: "state",
            head: m.pilots_state(),
            cell: (r) =>
              r.finished === null ? (
                <StatusMark status="waiting">{m.pilots_pending()}</StatusMark>
              ) : r.finished === "recused" ? (
                <StatusMark status="off">{m.pilots_recused()}</StatusMark>
              ) : (
                <StatusMark status="done">{m.pilots_handed_in()}</StatusMark>
              ),
          },
        ]}
      />
    </>
  );
}

/** One nomination as an outside expert reads it, with their own sheet. */
export function NominationPage({ view, result }: { view: Nomination; result: ActionResult | undefined }) {
  const { nomination: n } = view;
  return (
    <>
      <PageHeader
        title={n.name ?? n.code}
        of={n.siteName ?? undefined}
        crumbs={[{ label: m.pilots_panel_nominations(), to: "/pilots" }]}
        meta={n.code}
      />
      <ResultNotice result={result} />
      <Section title={m.pilots_nomination()}>
        <KeyValue
          items={[
            { key: m.pilots_name(), value: n.name ?? m.pilots_panel_hidden() },
            { key: m.pilots_site(), value: n.siteName ?? m.pilots_panel_hidden() },
            { key: m.pilots_direction(), value: view.directionWord },
            { key: m.pilots_grade(), value: n.grade },
            { key: m.pilots_panel_devices(), value: formatNumber(n.devices) },
          ]}
        />
        <Section level={3} title={m.pilots_panel_description()}>
          <p className="whitespace-pre-line">{n.description}</p>
        </Section>
        <Section level={3} title={m.pilots_panel_stated()}>
          <NominationFacts form={n.nomination} hidePartners={n.anonymous} />
        </Section>
      </Section>
      <Section title={m.pilots_my_sheet()} note={m.pilots_score_final_note()}>
        <Sheet selection={view.scoring} result={result} />
      </Section>
    </>
  );
}
