import { documentStatus } from "#app/features/document/components/status.ts";
import { Link, useLocation } from "@remix-run/react";
import type { SurveyFilter, SurveyPage } from "../survey.view.server.ts";
import { formatPercent } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { withParams } from "#app/ui/address.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { DueMark, StatusMark } from "#app/ui/marks.tsx";
import { None, Tabs } from "#app/ui/page.tsx";
import type { Column } from "#app/ui/table.ts";

type Line = SurveyPage["lines"][number];

function filterWords(): Record<SurveyFilter, string> {
  return {
    all: m.survey_filter_all(),
    missing: m.survey_filter_missing(),
    late: m.survey_filter_late(),
    review: m.survey_filter_review(),
    returned: m.survey_filter_returned(),
    approved: m.survey_filter_approved(),
  };
}

function Timeliness({ line }: { line: Line }) {
  if (line.daysLate === null) return <None />;
  if (!line.submitted) return <DueMark days={-line.daysLate} />;
  return line.daysLate > 0 ? (
    <StatusMark status="late">{m.survey_came_late({ days: line.daysLate })}</StatusMark>
  ) : (
    <StatusMark status="done">{m.survey_in_time()}</StatusMark>
  );
}

const number = (value: number | null): string => (value === null ? "" : String(value));

function columnsFor(view: SurveyPage, sector: boolean): Column<Line>[] {
  const to = (l: Line) => `/projects/${view.projectId}/survey/${l.documentId}`;
  const opens = (l: Line) => !sector || l.submittedOn !== null;
  const site: Column<Line> = { key: "site", head: m.survey_site(), rowHead: true, cell: (l) => l.siteName };
  return [
    ...(sector ? [site] : []),
    {
      key: "system",
      head: m.survey_system(),
      rowHead: !sector,
      cell: (l) => (opens(l) ? <Link to={to(l)}>{l.systemName}</Link> : l.systemName),
      text: (l) => l.systemName,
    },
    { key: "grade", head: m.survey_grade(), numeric: true, cell: (l) => l.grade },
    {
      key: "state",
      head: m.survey_state(),
      cell: (l) => (
        <StatusMark status={documentStatus(l.state)}>
          {l.stateLabel}
          {l.returned > 0 ? ` · ${m.survey_returned_count({ count: l.returned })}` : ""}
        </StatusMark>
      ),
      text: (l) => l.stateLabel,
    },
    { key: "late", head: m.survey_timeliness(), cell: (l) => <Timeliness line={l} />, text: (l) => number(l.daysLate) },
    {
      key: "submitted",
      head: m.survey_submitted_on(),
      cell: (l) => l.submittedOn ?? <None />,
      text: (l) => l.submittedOn ?? "",
    },
    {
      key: "complete",
      head: m.survey_completeness(),
      unit: "%",
      numeric: true,
      cell: (l) => l.completeness ?? <None />,
      text: (l) => number(l.completeness),
    },
    {
      key: "score",
      head: m.survey_score(),
      numeric: true,
      cell: (l) => (l.overallBp === null ? <None /> : formatPercent(l.overallBp / 10_000)),
      text: (l) => (l.overallBp === null ? "" : String(l.overallBp / 100)),
    },
  ];
}

/** The responses of a survey: for the sector by site with who is missing and late, for a site its own. */
export function ResponseTable({ view, only }: { view: SurveyPage; only: SurveyFilter }) {
  const { search } = useLocation();
  const sector = view.level === "sector";
  const words = filterWords();
  return (
    <>
      {sector ? (
        <Tabs
          label={m.survey_filter()}
          tabs={(Object.keys(words) as SurveyFilter[]).map((f) => ({
            to: withParams(search, { only: f === "all" ? null : f }),
            label: words[f],
            count: view.counts[f],
            current: f === only,
          }))}
        />
      ) : null}
      <DataTable
        caption={sector ? m.survey_responses() : m.survey_own_responses()}
        columns={columnsFor(view, sector)}
        rows={view.lines}
        rowKey={(l) => l.documentId}
        empty={m.survey_none_of_these()}
        plain={!sector}
      />
    </>
  );
}
