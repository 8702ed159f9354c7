import { documentStatus } from "#app/features/document/components/status.ts";
import { Link } from "@remix-run/react";
import { Reapproval } from "#app/features/document/components/reapproval.tsx";
import { SealedDigest } from "#app/features/document/components/sealed-digest.tsx";
import { daysFrom } from "#app/platform/days.ts";
import { EvidenceLine, evidenceAddress } from "#app/features/evidence/components/evidence-list.public.tsx";
import type { ActionResult } from "#app/request/page.server.ts";
import type { pilotView, reportView } from "../pilot.view.server.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { formatDate, formatDateTime, formatNumber } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { joinList } from "#app/i18n/pick.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { Spark } from "#app/ui/charts/spark.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput } from "#app/ui/inputs.tsx";
import { DueMark, StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, None, Section } from "#app/ui/page.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { decimal, periodWord } from "./marks.tsx";
import { ReportForm } from "./report-form.tsx";
import { isInReview, isWithAuthor } from "#workflows/document/states.ts";

type View = Jsonify<Awaited<ReturnType<typeof pilotView>>>;
type Work = NonNullable<View["work"]>;
type Report = NonNullable<Jsonify<Awaited<ReturnType<typeof reportView>>>>;
type SealedContent = NonNullable<Report["sealed"]>["content"];

/** The reports of the pilot by period; a site begins the next one here. */
export function Reports({ view, work, open }: { view: View; work: Work; open: string | null }) {
  const months = view.months.slice(0, 4).toReversed();
  return (
    <Section title={m.pilots_reports()} id="reports">
      <DataTable
        plain
        caption={m.pilots_reports()}
        rows={work.reports}
        rowKey={(r) => r.id}
        current={open}
        empty={m.pilots_no_report()}
        columns={[
          {
            key: "period",
            head: m.pilots_period(),
            rowHead: true,
            cell: (r) => <Link to={`?report=${r.id}#report`}>{periodWord(r.period)}</Link>,
            text: (r) => periodWord(r.period),
          },
          {
            key: "state",
            head: m.pilots_state(),
            cell: (r) => <StatusMark status={documentStatus(r.state)}>{r.stateLabel}</StatusMark>,
          },
          {
            key: "due",
            head: m.pilots_due_on(),
            cell: (r) =>
              r.dueOn === null ? (
                <None />
              ) : isWithAuthor(r.state) ? (
                <DueMark days={daysFrom(view.today, r.dueOn)} />
              ) : (
                r.dueOn
              ),
          },
          { key: "updated", head: m.pilots_updated(), cell: (r) => formatDate(r.updatedAt) },
        ]}
      />
      {months.length > 0 || view.summaryOpen ? (
        <PostForm className="ui-form-acts mt-4">
          <input type="hidden" name="intent" value="startReport" />
          {/* the one that has waited longest first */}
          {months.map((one, i) => (
            <SubmitButton key={one} name="period" value={one} kind={i === 0 ? "plain" : "quiet"}>
              {m.pilots_start_report({ period: one })}
            </SubmitButton>
          ))}
          {view.summaryOpen ? (
            <SubmitButton name="period" value="summary" kind="plain">
              {m.pilots_start_summary()}
            </SubmitButton>
          ) : null}
        </PostForm>
      ) : null}
    </Section>
  );
}

const orNone = (milli: number | null | undefined) =>
  milli === null || milli === undefined ? <None /> : decimal(milli);

/** Figures as a reviewer judges them: beside the last ones, where they began and are to go, and those of the other pilots. */
function Judged({ values, judged }: { values: SealedContent["values"]; judged: Report["judged"] }) {
  const of = new Map(judged.map((j) => [j.indicatorId, j]));
  return (
    <DataTable
      plain
      caption={m.pilots_report_values()}
      rows={values}
      rowKey={(v) => v.indicatorId}
      empty={m.pilots_no_indicators()}
      columns={[
        { key: "name", head: m.pilots_indicator(), rowHead: true, cell: (v) => `${v.code} ${v.name}` },
        { key: "unit", head: m.pilots_unit(), cell: (v) => v.unit },
        {
          key: "value",
          head: m.pilots_value(),
          numeric: true,
          cell: (v) =>
            of.get(v.indicatorId)?.leap ? (
              <StatusMark status="due">{decimal(v.valueMilli)}</StatusMark>
            ) : (
              decimal(v.valueMilli)
            ),
        },
        { key: "last", head: m.pilots_last(), numeric: true, cell: (v) => orNone(of.get(v.indicatorId)?.lastMilli) },
        {
          key: "baseline",
          head: m.pilots_baseline(),
          numeric: true,
          cell: (v) => orNone(of.get(v.indicatorId)?.baselineMilli),
        },
        {
          key: "target",
          head: m.pilots_target(),
          numeric: true,
          cell: (v) => orNone(of.get(v.indicatorId)?.targetMilli),
        },
        {
          key: "peers",
          head: m.pilots_peers(),
          numeric: true,
          cell: (v) => {
            const own = of.get(v.indicatorId);
            return own && own.peerMedianMilli !== null
              ? m.pilots_peer_median({ value: decimal(own.peerMedianMilli), n: own.peers })
              : orNone(null);
          },
        },
        { key: "why", head: m.pilots_explanation(), cell: (v) => v.explanation ?? <None /> },
      ]}
    />
  );
}

function Sealed({ sealed, judged }: { sealed: NonNullable<Report["sealed"]>; judged: Report["judged"] }) {
  const { content } = sealed;
  return (
    <>
      {judged.length > 0 ? <Judged values={content.values} judged={judged} /> : null}
      <KeyValue
        single
        items={[
          ...(judged.length > 0
            ? []
            : content.values.map((v) => ({
                key: `${v.code} ${v.name}`,
                value: v.explanation
                  ? m.pilots_pair({ a: `${decimal(v.valueMilli)} ${v.unit}`, b: v.explanation })
                  : `${decimal(v.valueMilli)} ${v.unit}`,
              }))),
          { key: m.pilots_report_text(), value: <span className="whitespace-pre-wrap">{content.text}</span> },
          {
            key: m.pilots_report_problems(),
            value: content.problems ? <span className="whitespace-pre-wrap">{content.problems}</span> : null,
          },
          {
            key: m.pilots_report_next(),
            value: content.next ? <span className="whitespace-pre-wrap">{content.next}</span> : null,
          },
          ...content.measures.map((x) => ({ key: `${x.code} ${x.title}`, value: x.doneOn })),
        ]}
      />
      <p className="ui-hint">
        {m.pilots_sealed_at({ name: sealed.by, time: formatDateTime(sealed.at) })} ·{" "}
        <SealedDigest sha256={sealed.sha256} label={m.pilots_digest()} />
      </p>
    </>
  );
}

/** One report: what came back and why, the form for its authors, what was sealed for the others. */
export function ReportPart({ report, work, result }: { report: Report; work: Work; result: ActionResult | undefined }) {
  const returned = report.marks.filter((x) => x.verdict === "returned");
  return (
    <Section
      id="report"
      title={m.pilots_report_of({ period: periodWord(report.period) })}
      note={<StatusMark status={documentStatus(report.state)}>{report.stateLabel}</StatusMark>}
      acts={
        <>
          <EventButtons
            acts={report.acts}
            version={report.version}
            intent="reportAct"
            fields={{ documentId: report.id }}
            parts={report.parts}
            size="s"
          />
          <Link to="?#reports">{m.pilots_close_report()}</Link>
        </>
      }
    >
      <EventOutcome result={result} intent="reportAct" />
      {report.state === "returned" && returned.length > 0 ? (
        <Notice tone="returned" title={m.pilots_returned()}>
          <ul>
            {returned.map((x) => (
              <li key={x.part}>
                {m.pilots_by({
                  text: m.pilots_pair({ a: x.label, b: x.reason }),
                  name: x.byName,
                })}
              </li>
            ))}
          </ul>
        </Notice>
      ) : null}
      <Reapproval standing={report.approval} state={report.state} />
      {report.editable ? (
        <ReportForm key={report.id} report={report} work={work} result={result} />
      ) : report.sealed ? (
        <Sealed sealed={report.sealed} judged={report.judged} />
      ) : (
        <p className="ui-hint">{m.pilots_not_sealed()}</p>
      )}
      <EvidenceLine files={report.files} to={evidenceAddress.report(report.id)} mayAdd={report.editable} />
    </Section>
  );
}

/** Reported figures against baseline and target, each with its course. */
export function Indicators({ work }: { work: Work }) {
  const waiting = work.reports.filter((r) => isInReview(r.state)).map((r) => periodWord(r.period));
  return (
    <Section
      title={m.pilots_indicators()}
      {...(waiting.length > 0 ? { note: m.pilots_indicators_awaiting({ periods: joinList(waiting) }) } : {})}
    >
      <DataTable
        plain
        caption={m.pilots_indicators()}
        rows={work.indicators}
        rowKey={(r) => r.id}
        empty={m.pilots_no_indicators()}
        columns={[
          { key: "name", head: m.pilots_indicator(), rowHead: true, cell: (r) => `${r.code} ${r.name}` },
          { key: "unit", head: m.pilots_unit(), cell: (r) => r.unit },
          {
            key: "baseline",
            head: m.pilots_baseline(),
            numeric: true,
            cell: (r) => (r.baselineMilli === null ? <None /> : formatNumber(r.baselineMilli / 1000)),
          },
          {
            key: "value",
            head: m.pilots_value(),
            numeric: true,
            cell: (r) => {
              const last = r.values.at(-1);
              return last ? (
                <span style={{ whiteSpace: "nowrap" }}>
                  <Spark
                    label={r.name}
                    values={[
                      ...(r.baselineMilli === null ? [] : [r.baselineMilli / 1000]),
                      ...r.values.map((v) => v.valueMilli / 1000),
                    ]}
                  />{" "}
                  <span className="ui-spark-value">{formatNumber(last.valueMilli / 1000)}</span>
                </span>
              ) : (
                <None />
              );
            },
          },
          {
            key: "target",
            head: m.pilots_target(),
            numeric: true,
            cell: (r) => (r.targetMilli === null ? <None /> : formatNumber(r.targetMilli / 1000)),
          },
        ]}
      />
    </Section>
  );
}

/** Measures of the plan against this system's risks; the site reports each when it is in place. */
export function Measures({ view, work }: { view: View; work: Work }) {
  return (
    <Section title={m.pilots_measures()} id="measures">
      <DataTable
        plain
        caption={m.pilots_measures()}
        rows={work.measures}
        rowKey={(r) => r.id}
        empty={m.pilots_no_measures()}
        columns={[
          { key: "code", head: m.pilots_code(), short: true, cell: (r) => r.code },
          { key: "title", head: m.pilots_measure(), rowHead: true, cell: (r) => r.title },
          {
            key: "ends",
            head: m.pilots_ends_on(),
            short: true,
            cell: (r) =>
              r.endsOn === null ? <None /> : r.doneOn ? r.endsOn : <DueMark days={daysFrom(view.today, r.endsOn)} />,
          },
          {
            key: "done",
            head: m.pilots_done_on(),
            cell: (r) =>
              r.doneOn ? (
                <StatusMark status="done">{r.doneOn}</StatusMark>
              ) : view.level === "site" ? (
                <ConfirmDialog
                  size="s"
                  label={m.pilots_measure_done()}
                  title={r.title}
                  confirmLabel={m.pilots_measure_done()}
                  fields={{ intent: "measure", measureId: r.id }}
                  body={
                    <DateInput
                      name="doneOn"
                      label={m.pilots_done_on()}
                      defaultValue={view.today}
                      max={view.today}
                      required
                    />
                  }
                />
              ) : (
                <None />
              ),
          },
          {
            key: "files",
            head: m.evidence_title(),
            cell: (r) =>
              r.files.length === 0 && view.level !== "site" ? (
                <None />
              ) : (
                <EvidenceLine
                  files={r.files}
                  to={evidenceAddress.measure(view.pilot.id, r.id)}
                  mayAdd={view.level === "site"}
                />
              ),
          },
        ]}
      />
    </Section>
  );
}
