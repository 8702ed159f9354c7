import { Link } from "@remix-run/react";
import { countOfAll } from "#app/features/audit/check-record.rules.ts";
import { type Verdict, verdictOf } from "../isolation.rules.ts";
import { probeKinds } from "#app/features/audit/check-record.schema.ts";
import { formatDateTime, formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton } from "#app/ui/button.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { KeyValue, Section } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import type { ShownCheck } from "./finding.tsx";
import { kindWords, verdictWords } from "./check-words.ts";

/** What is tried and what is not, for who has never seen a database. */
export function Scope() {
  return (
    <>
      <Section title={m.isolation_what()}>
        <KeyValue
          single
          items={probeKinds.map((kind) => ({ key: kindWords[kind][0](), value: kindWords[kind][1]() }))}
        />
      </Section>
      <Section title={m.isolation_not()}>
        <p>
          {m.isolation_not_text()} <code>npm run isolation</code>
        </p>
        <p>{m.isolation_not_bodies()}</p>
      </Section>
    </>
  );
}

const marks = { held: "done", incomplete: "due", failed: "late" } as const satisfies Record<Verdict, string>;
const columns = (shown: string | null): Column<ShownCheck>[] => [
  {
    key: "at",
    head: m.isolation_at(),
    rowHead: true,
    width: "11rem",
    cell: (c) =>
      c.id === shown ? (
        <time dateTime={c.record.at}>{formatDateTime(c.record.at)}</time>
      ) : (
        <Link to={`?check=${c.id}`}>{formatDateTime(c.record.at)}</Link>
      ),
    text: (c) => formatDateTime(c.record.at),
  },
  { key: "by", head: m.isolation_by(), cell: (c) => c.name },
  {
    key: "verdict",
    head: m.isolation_earlier_verdict(),
    cell: (c) => <StatusMark status={marks[verdictOf(c.record)]}>{verdictWords[verdictOf(c.record)]()}</StatusMark>,
    text: (c) => verdictWords[verdictOf(c.record)](),
  },
  {
    key: "tried",
    head: m.isolation_tried(),
    unit: m.isolation_times(),
    numeric: true,
    cell: (c) => formatNumber(countOfAll(c.record).tried),
  },
  {
    key: "through",
    head: m.isolation_through(),
    unit: m.isolation_times(),
    numeric: true,
    cell: (c) => formatNumber(countOfAll(c.record).through),
  },
  { key: "entry", head: m.isolation_entry(), numeric: true, cell: (c) => c.seq },
  {
    key: "certificate",
    head: m.isolation_certificate(),
    hideHead: true,
    cell: (c) => (
      <LinkButton to={`/audit/isolation/${c.id}.pdf`} size="s" kind="quiet" icon="download" reload>
        {m.isolation_certificate()}
      </LinkButton>
    ),
    text: () => "",
  },
];

/** Every check there was, newest first. */
export function CheckList({ checks, shown }: { checks: readonly ShownCheck[]; shown: string | null }) {
  return (
    <Section title={m.isolation_earlier()}>
      <DataTable
        caption={m.isolation_earlier()}
        columns={columns(shown)}
        rows={checks}
        rowKey={(c) => c.id}
        current={shown ?? undefined}
        prefix="h_"
        empty={{ title: m.isolation_none() }}
      />
    </Section>
  );
}
