import { countOfAll } from "#app/features/audit/check-record.rules.ts";
import { type Verdict, verdictOf } from "#app/features/isolation/isolation.rules.ts";
import type { SealedRecord } from "#app/features/audit/check-record.schema.ts";
import { formatDateTime, formatNumber, shortDigest } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton } from "#app/ui/button.tsx";
import { CopyId } from "#app/ui/copy-id.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, None, Section } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import { Counts } from "./counts.tsx";
import { chainText, kindWords, roleWords, sentences, verdictWords } from "./check-words.ts";

/** A check as the page is given it. */
export interface ShownCheck {
  id: string;
  seq: number;
  at: string | Date;
  hash: string;
  name: string;
  record: SealedRecord;
}

const tones = { held: "done", incomplete: "due", failed: "late" } as const satisfies Record<Verdict, string>;

function catalogueText({ complaints, compared }: SealedRecord["catalogue"]): string {
  if (complaints > 0) return m.isolation_catalogue_holes({ count: complaints });
  return compared ? m.isolation_catalogue_sound() : m.isolation_catalogue_partly();
}

function Facts({ check }: { check: ShownCheck }) {
  const { record } = check;
  const digest = (value: string, label: string) => <CopyId value={value} short={shortDigest(value)} label={label} />;
  const { tree } = record.chain;
  return (
    <KeyValue
      items={[
        {
          key: m.isolation_at(),
          value: <time dateTime={record.at}>{formatDateTime(record.at, undefined, true)} (UTC+8)</time>,
        },
        { key: m.isolation_by(), value: check.name },
        {
          key: m.isolation_took(),
          value: m.isolation_seconds({ seconds: formatNumber(record.ms / 1000, undefined, 1) }),
        },
        {
          key: m.isolation_system(),
          value: m.isolation_system_value({ system: record.system, tables: record.tables.slice(0, 4) }),
        },
        { key: m.isolation_server(), value: m.isolation_server_value({ server: record.server }) },
        { key: m.isolation_catalogue(), value: catalogueText(record.catalogue) },
        { key: m.isolation_chain(), value: chainText(record.chain) },
        {
          key: tree ? m.isolation_root({ size: tree.size }) : m.isolation_root({ size: 0 }),
          value: tree ? digest(tree.root, m.isolation_root({ size: tree.size })) : m.isolation_no_root(),
        },
        { key: m.isolation_entry(), value: m.isolation_entry_value({ seq: check.seq }) },
        { key: m.isolation_entry_hash(), value: digest(check.hash, m.isolation_entry_hash()) },
        { key: m.isolation_digest(), value: digest(record.sha256, m.isolation_digest()) },
        { key: m.isolation_probes(), value: digest(record.probes, m.isolation_probes()) },
      ]}
    />
  );
}

type Hole = SealedRecord["through"][number] & { key: string };
const holeColumns = (): Column<Hole>[] => [
  {
    key: "table",
    head: m.isolation_hole_table(),
    rowHead: true,
    cell: (h) => (h.table === null ? <None /> : <code>{h.table}</code>),
    text: (h) => h.table ?? "",
  },
  { key: "kind", head: m.isolation_kind(), cell: (h) => kindWords[h.kind][0]() },
  { key: "role", head: m.isolation_hole_role(), cell: (h) => roleWords[h.role]() },
  {
    key: "rows",
    head: m.isolation_hole_rows(),
    numeric: true,
    cell: (h) => (h.rows === null ? <None /> : formatNumber(h.rows)),
    text: (h) => String(h.rows ?? ""),
  },
  { key: "name", head: m.isolation_hole_name(), cell: (h) => <code>{h.name}</code>, text: (h) => h.name },
];

/** What got through, by table; then the catalogue's complaints. Nothing where there is nothing. */
function Holes({ record }: { record: SealedRecord }) {
  const { through } = countOfAll(record);
  const more = through - record.through.length;
  const { complaints, first } = record.catalogue;
  return (
    <>
      {through > 0 ? (
        <Section title={m.isolation_holes()} {...(more > 0 ? { note: m.isolation_more({ count: more }) } : {})}>
          <DataTable
            caption={m.isolation_holes()}
            columns={holeColumns()}
            rows={record.through.map((h, i) => ({ ...h, key: String(i) }))}
            rowKey={(h) => h.key}
            empty={{ title: m.isolation_holes_none() }}
          />
        </Section>
      ) : null}
      {complaints > 0 ? (
        <Section
          title={m.isolation_complaints()}
          {...(complaints > first.length ? { note: m.isolation_more({ count: complaints - first.length }) } : {})}
        >
          <ul className="ui-list" lang="en">
            {first.map((text) => (
              <li key={text}>
                <code>{text}</code>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </>
  );
}

/** One check: its verdict, its facts, its counts, and by name what is wrong. */
export function Finding({ check }: { check: ShownCheck }) {
  const verdict = verdictOf(check.record);
  return (
    <>
      <Notice
        tone={tones[verdict]}
        title={verdictWords[verdict]()}
        live
        act={
          <LinkButton to={`/audit/isolation/${check.id}.pdf`} size="s" icon="download" reload>
            {m.isolation_certificate()}
          </LinkButton>
        }
      >
        {sentences(check.record).join(" ")}
      </Notice>
      <Holes record={check.record} />
      <Section title={m.isolation_result()}>
        <Facts check={check} />
      </Section>
      <Section title={m.isolation_counts()} note={m.isolation_counts_note()}>
        <Counts record={check.record} />
      </Section>
    </>
  );
}
