import { Link, useLocation } from "@remix-run/react";
import { daysFrom } from "#app/platform/days.ts";
import type { PilotLine } from "../pilots.view.server.ts";
import { formatDate, formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { readSort, withParams } from "#app/ui/address.ts";
import { Spark } from "#app/ui/charts/spark.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { DueMark, StatusMark } from "#app/ui/marks.tsx";
import { None } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";
import { batchWord, HealthMark, stageStatus, wordIn } from "./marks.tsx";

type Choices = readonly { value: string; label: string }[];
export type Line = Omit<PilotLine, "lastReportAt"> & { lastReportAt: string | Date | null };
export interface PilotWords {
  stages: Choices;
  dimensions: Choices;
  healths: Choices;
}
interface TableProps {
  rows: readonly Line[];
  next: string | null;
  today: string;
  words: PilotWords;
  filtered: boolean;
}

function columnsOf({ today, words }: Pick<TableProps, "today" | "words">): Column<Line>[] {
  return [
    {
      key: "code",
      head: m.pilots_code(),
      short: true,
      sort: "code",
      cell: (r) => <Link to={`/pilots/${r.id}`}>{r.code}</Link>,
      text: (r) => r.code,
    },
    {
      key: "name",
      head: m.pilots_name(),
      rowHead: true,
      cell: (r) => <Link to={`/pilots/${r.id}`}>{r.name}</Link>,
      text: (r) => r.name,
    },
    { key: "site", head: m.pilots_site(), cell: (r) => r.siteName },
    {
      key: "stage",
      head: m.pilots_stage(),
      cell: (r) => <StatusMark status={stageStatus(r.stage)}>{wordIn(words.stages, r.stage)}</StatusMark>,
      text: (r) => wordIn(words.stages, r.stage),
    },
    {
      key: "health",
      head: m.pilots_health(),
      cell: (r) => <HealthMark health={r.health} words={words.healths} />,
      text: (r) => wordIn(words.healths, r.health),
    },
    {
      key: "report",
      head: m.pilots_last_report(),
      sort: "report",
      downFirst: true,
      cell: (r) => (r.lastReportAt ? formatDate(r.lastReportAt) : <None />),
      text: (r) => (r.lastReportAt ? formatDate(r.lastReportAt) : ""),
    },
    {
      key: "trend",
      head: m.pilots_trend(),
      unit: m.pilots_percent(),
      numeric: true,
      cell: (r) => {
        const last = r.trend.at(-1);
        return last === undefined || last === null ? (
          <None />
        ) : (
          <span style={{ whiteSpace: "nowrap" }}>
            <Spark label={m.pilots_trend_label()} values={r.trend} digits={0} width={56} />{" "}
            <span className="ui-spark-value">{formatNumber(last, undefined, 0)}</span>
          </span>
        );
      },
      text: (r) => String(r.trend.at(-1) ?? ""),
    },
    {
      key: "due",
      head: m.pilots_next_due(),
      sort: "due",
      cell: (r) =>
        r.nextReportDue && r.stage === "operation" ? <DueMark days={daysFrom(today, r.nextReportDue)} /> : <None />,
      text: (r) => r.nextReportDue ?? "",
    },
    { key: "batch", head: m.pilots_batch(), cell: (r) => batchWord(r.batchNo) },
    {
      key: "direction",
      head: m.pilots_direction(),
      optional: true,
      cell: (r) => wordIn(words.dimensions, r.direction),
    },
    { key: "grade", head: m.pilots_grade(), numeric: true, optional: true, cell: (r) => r.grade },
    {
      key: "rank",
      head: m.pilots_rank(),
      numeric: true,
      sort: "rank",
      optional: true,
      cell: (r) => r.rank ?? <None />,
      text: (r) => String(r.rank ?? ""),
    },
  ];
}

/** The pilots as a table: stage, health, last report, trend, next due. */
export function PilotTable({ rows, next, today, words, filtered }: TableProps) {
  const { search } = useLocation();
  return (
    <DataTable
      caption={m.pilots_list()}
      columns={columnsOf({ today, words })}
      rows={rows}
      rowKey={(r) => r.id}
      sort={readSort(new URLSearchParams(search).get("sort"))}
      pager={{ next }}
      empty={filtered ? m.pilots_empty_filtered() : m.pilots_empty()}
    />
  );
}

type Card = Omit<Line, "trend">;
/** The pilots as a board, a column a stage; the number counts all of them. */
export function PilotBoard({
  stages,
  words,
  today,
}: {
  stages: readonly { stage: string; n: number; pilots: readonly Card[] }[];
  words: PilotWords;
  today: string;
}) {
  const { search } = useLocation();
  if (stages.length === 0) return <p className="ui-hint">{m.pilots_empty_filtered()}</p>;
  return (
    <div className="ui-scroll" role="region" aria-label={m.pilots_board()} tabIndex={0}>
      <div className="flex items-start gap-3 pb-2">
        {stages.map((column) => (
          <section
            key={column.stage}
            className="shrink-0 border-t-2 border-line-strong pt-2"
            style={{ width: "15rem" }}
            aria-label={wordIn(words.stages, column.stage)}
          >
            <h2 className="mb-2 flex justify-between text-13">
              <span>{wordIn(words.stages, column.stage)}</span>
              <span className="ui-count">{column.n}</span>
            </h2>
            <ul className="flex flex-col gap-2">
              {column.pilots.map((p) => (
                <li key={p.id} className="rounded border border-line bg-raised p-2">
                  <Link to={`/pilots/${p.id}`}>{p.name}</Link>
                  <p className="text-12 text-ink-2">
                    {p.code} · {p.siteName}
                  </p>
                  <p className="mt-1 flex flex-wrap gap-2 text-12">
                    <HealthMark health={p.health} words={words.healths} />
                    {p.nextReportDue && p.stage === "operation" ? (
                      <DueMark days={daysFrom(today, p.nextReportDue)} />
                    ) : null}
                  </p>
                </li>
              ))}
            </ul>
            {column.n > column.pilots.length ? (
              <p className="mt-2 text-12">
                <Link to={withParams(search, { view: null, stage: column.stage, cursor: null })}>
                  {m.pilots_more_of_stage({ n: column.n - column.pilots.length })}
                </Link>
              </p>
            ) : null}
          </section>
        ))}
      </div>
    </div>
  );
}
