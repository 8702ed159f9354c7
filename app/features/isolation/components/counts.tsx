import { type Count, countOf, countOfAll, countOfKind } from "#app/features/audit/check-record.rules.ts";
import { type ProbeKind, probeKinds, probeRoles, type SealedRecord } from "#app/features/audit/check-record.schema.ts";
import { formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { DataTable } from "#app/ui/data-table.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import { kindWords, roleWords } from "./check-words.ts";

/** How many were tried; beside it, marked, what got through or could not be decided. */
function Cell({ count }: { count: Count | null }) {
  if (!count) return <None />;
  return (
    <>
      {formatNumber(count.tried)}
      {count.through > 0 ? (
        <>
          {" "}
          <StatusMark status="late">{m.isolation_cell_through({ through: formatNumber(count.through) })}</StatusMark>
        </>
      ) : null}
      {count.undecided > 0 ? (
        <>
          {" "}
          <StatusMark status="due">
            {m.isolation_cell_undecided({ undecided: formatNumber(count.undecided) })}
          </StatusMark>
        </>
      ) : null}
    </>
  );
}
const plain = (count: Count | null): string => (count ? `${count.tried}/${count.through}/${count.undecided}` : "");

/** Kinds × roles, with the sums that a reader looks for first. */
export function Counts({ record }: { record: SealedRecord }) {
  const through = (count: Count) =>
    count.through > 0 ? <StatusMark status="late">{formatNumber(count.through)}</StatusMark> : formatNumber(0);
  const columns: Column<{ kind: ProbeKind }>[] = [
    { key: "kind", head: m.isolation_kind(), rowHead: true, width: "11rem", cell: ({ kind }) => kindWords[kind][0]() },
    ...probeRoles.map(
      (role): Column<{ kind: ProbeKind }> => ({
        key: role,
        head: roleWords[role](),
        numeric: true,
        cell: ({ kind }) => <Cell count={countOf(record, kind, role)} />,
        text: ({ kind }) => plain(countOf(record, kind, role)),
      }),
    ),
    {
      key: "tried",
      head: m.isolation_tried(),
      unit: m.isolation_times(),
      numeric: true,
      cell: ({ kind }) => formatNumber(countOfKind(record, kind).tried),
    },
    {
      key: "through",
      head: m.isolation_through(),
      unit: m.isolation_times(),
      numeric: true,
      cell: ({ kind }) => through(countOfKind(record, kind)),
      text: ({ kind }) => String(countOfKind(record, kind).through),
    },
  ];
  const all = countOfAll(record);
  return (
    <DataTable
      caption={m.isolation_counts()}
      columns={columns}
      rows={probeKinds.map((kind) => ({ kind }))}
      rowKey={({ kind }) => kind}
      empty={{ title: m.isolation_none() }}
      totals={{ kind: m.isolation_total(), tried: formatNumber(all.tried), through: through(all) }}
    />
  );
}
