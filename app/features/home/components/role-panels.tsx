import { Link } from "@remix-run/react";
import { daysFrom, lastDay } from "#app/platform/days.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { NO_VALUE } from "#app/i18n/format.ts";
import type { WordedHome } from "../home.view.server.ts";
import { HeatMap } from "#app/ui/charts/heat-map.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import type { Column } from "#app/ui/table.ts";
import { DueMark, RiskLevel, type RiskStep, riskWord, StatusMark } from "#app/ui/marks.tsx";
import { Section, Split } from "#app/ui/page.tsx";
import { EmptyState, Progress } from "#app/ui/states.tsx";

type Extras<K extends WordedHome["extras"]["kind"]> = Extract<WordedHome["extras"], { kind: K }>;
const steps = [1, 2, 3, 4, 5] as const;

interface Measure {
  id: string;
  projectId: string;
  code: string;
  title: string;
  endsOn: string | null;
}
/** What is to be done, and by when. @param today day as 2026-11-29 */
const measureColumns = (today: string): Column<Measure>[] => [
  {
    key: "title",
    head: m.home_measure(),
    rowHead: true,
    cell: (r) => <Link to={`/projects/${r.projectId}/pilot-plan#measure-${r.id}`}>{r.title}</Link>,
  },
  {
    key: "due",
    head: m.home_due_on(),
    cell: (r) => (r.endsOn ? <DueMark days={daysFrom(today, r.endsOn)} /> : NO_VALUE),
  },
];

/** Site: completeness, top risks, open fixes, own pilots. */
export function SiteExtras({ view, extras }: { view: WordedHome; extras: Extras<"site"> }) {
  return (
    <Split
      even
      side={
        <Section title={m.home_open_measures()}>
          <DataTable
            plain
            caption={m.home_open_measures()}
            rows={extras.openMeasures}
            rowKey={(r) => r.id}
            empty={m.home_no_measures()}
            columns={measureColumns(view.today)}
          />
        </Section>
      }
    >
      <Section
        title={m.home_completeness()}
        acts={extras.siteId ? <Link to={`/sites/${extras.siteId}`}>{m.home_own_site()}</Link> : null}
      >
        {extras.responses.length === 0 ? <EmptyState title={m.home_due_none()} /> : null}
        {extras.responses.map((r) => (
          <div key={r.id} className="ui-gap">
            <Link to={`/projects/${r.projectId}/survey/${r.id}`}>{r.system}</Link>
            <Progress
              label={m.home_answered({ done: r.answered, total: r.questions })}
              value={r.answered}
              max={r.questions}
            />
          </div>
        ))}
      </Section>
      <Section title={m.home_top_risks()}>
        <DataTable
          plain
          caption={m.home_top_risks()}
          rows={view.risks}
          rowKey={(r) => r.id}
          empty={m.home_no_risks()}
          columns={[
            {
              key: "code",
              head: m.home_code(),
              short: true,
              cell: (r) => <Link to={`/projects/${r.projectId}/risk-report`}>{r.code}</Link>,
            },
            { key: "text", head: m.home_subject(), rowHead: true, cell: (r) => r.text },
            { key: "level", head: m.home_state(), cell: (r) => <RiskLevel level={r.level as RiskStep} /> },
          ]}
        />
      </Section>
    </Split>
  );
}

/** Risks by likelihood and loss, as many as each field has, coloured by the highest of them. */
function SectorHeat({ projectId, heat }: { projectId: string; heat: Extras<"sector">["heat"] }) {
  const total = heat.reduce((n, h) => n + h.n, 0);
  if (total === 0) return <EmptyState title={m.home_heat_none()} />;
  const at = new Map(heat.map((h) => [`${h.likelihood}:${h.loss}`, h]));
  const high = heat.reduce((n, h) => n + h.high, 0);
  return (
    <HeatMap
      title={m.home_heat_title({ high, total })}
      rowAxis={m.home_heat_loss()}
      columnAxis={m.home_heat_likelihood()}
      rows={[...steps].reverse().map((l) => riskWord(l))}
      columns={steps.map((p) => riskWord(p))}
      cells={[...steps].reverse().map((loss) =>
        steps.map((likelihood) => {
          const cell = at.get(`${likelihood}:${loss}`);
          return {
            level: (cell?.level ?? null) as RiskStep | null,
            text: cell ? String(cell.n) : "",
            ...(cell ? { to: `/projects/${projectId}/risk-report?cell=${likelihood}.${loss}` } : {}),
          };
        }),
      )}
    />
  );
}

/** Regulator: who has not submitted, pilots by stage, heat map, overdue fixes. */
export function SectorExtras({ view, extras }: { view: WordedHome; extras: Extras<"sector"> }) {
  return (
    <Split
      even
      side={
        <>
          <Section title={m.home_heat()}>
            <SectorHeat projectId={view.standing?.projectId ?? ""} heat={extras.heat} />
          </Section>
          <Section title={m.home_overdue()}>
            <DataTable
              plain
              caption={m.home_overdue()}
              rows={extras.overdue}
              rowKey={(r) => r.id}
              empty={m.home_overdue_none()}
              columns={[{ key: "site", head: m.home_site(), cell: (r) => r.site }, ...measureColumns(view.today)]}
            />
          </Section>
        </>
      }
    >
      <Section title={m.home_missing()}>
        <DataTable
          plain
          caption={m.home_missing()}
          rows={extras.missing}
          rowKey={(r) => r.id}
          empty={m.home_missing_none()}
          columns={[
            { key: "site", head: m.home_site(), rowHead: true, cell: (r) => r.site },
            { key: "title", head: m.home_document(), cell: (r) => r.title },
            {
              key: "due",
              head: m.home_due_on(),
              cell: (r) => (r.dueOn ? <DueMark days={daysFrom(view.today, r.dueOn)} /> : NO_VALUE),
            },
          ]}
        />
      </Section>
      <Section title={m.home_board()}>
        {extras.board.length === 0 ? (
          <EmptyState title={m.home_board_none()} />
        ) : (
          <ul className="ui-board-strip">
            {extras.board.map((b) => (
              <li key={`${b.batchNo}:${b.stage}`}>
                <Link to={`/pilots?batch=${b.batchNo}&stage=${b.stage}`}>
                  <b>{b.n}</b>
                  <span>{view.stages[b.stage] ?? b.stage}</span>
                  <small>{m.home_batch({ no: b.batchNo })}</small>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </Split>
  );
}

/** Assessor: jobs by stage, and grants that end soon. */
export function AssessorExtras({ view, extras }: { view: WordedHome; extras: Extras<"assessor"> }) {
  const purpose = {
    design: m.home_task_verify_design,
    acceptance: m.home_task_verify_acceptance,
    operation: m.home_task_verify_operation,
  } as const;
  return (
    <Section title={m.home_jobs()}>
      <DataTable
        plain
        caption={m.home_jobs()}
        rows={extras.jobs}
        rowKey={(r) => r.id}
        empty={{ title: m.home_jobs_none(), text: m.home_jobs_none_text() }}
        columns={[
          {
            key: "pilot",
            head: m.home_pilot(),
            rowHead: true,
            cell: (r) => <Link to={`/pilots/${r.pilotId}`}>{r.pilot}</Link>,
          },
          { key: "sector", head: m.home_sector(), cell: (r) => pick({ zh: r.sectorZh, en: r.sectorEn }) },
          { key: "purpose", head: m.home_purpose(), cell: (r) => purpose[r.purpose]() },
          { key: "stage", head: m.home_stage(), cell: (r) => view.stages[r.stage] ?? r.stage },
          {
            key: "ends",
            head: m.home_grant_ends(),
            cell: (r) => {
              const day = lastDay(new Date(r.endsAt));
              return day <= extras.soon ? <StatusMark status="due">{day}</StatusMark> : day;
            },
          },
        ]}
      />
    </Section>
  );
}

/** Auditor: how much there is, and the way to it. */
export function AuditorExtras({ extras }: { extras: Extras<"auditor"> }) {
  const word = {
    project: m.home_machine_project,
    pilot: m.home_machine_pilot,
    document: m.home_machine_document,
    specification: m.home_machine_specification,
  } as const;
  return (
    <Section title={m.home_audit()} acts={<Link to="/audit">{m.home_audit_open()}</Link>}>
      <DataTable
        plain
        caption={m.home_audit()}
        rows={extras.counts}
        rowKey={(r) => r.machine}
        empty={m.home_changes_none()}
        columns={[
          {
            key: "machine",
            head: m.home_kind(),
            rowHead: true,
            cell: (r) => <Link to={`/audit?machine=${r.machine}`}>{word[r.machine]()}</Link>,
          },
          { key: "n", head: m.home_audit(), numeric: true, cell: (r) => m.home_audit_count({ n: r.n }) },
        ]}
      />
    </Section>
  );
}
