import type { MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { EvidenceLine } from "#app/features/evidence/components/evidence-list.public.tsx";
import { type ActionResult, pageLoader } from "#app/request/page.server.ts";
import { pilotAction, pilotParams } from "../pilot.actions.server.ts";
import { Grants, Verifications } from "#app/features/pilots/components/pilot-assess.tsx";
import { batchWord, HealthMark, stageStatus, wordIn } from "#app/features/pilots/components/marks.tsx";
import { Indicators, Measures, ReportPart, Reports } from "#app/features/pilots/components/pilot-reports.tsx";
import { Objections, Scoring } from "#app/features/pilots/components/pilot-scoring.tsx";
import { pilotView, reportView } from "../pilot.view.server.ts";
import { wordsOf } from "../pilot-words.server.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { History } from "#app/features/workflow/components/history.tsx";
import { formatDate } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { uuid } from "#app/platform/fields.ts";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, PageHeader, Section, Split } from "#app/ui/page.tsx";
import { PhaseLine } from "#app/ui/work.tsx";
import { stageIs } from "#workflows/pilot/stages.ts";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? `${data.view.pilot.code} ${data.view.pilot.name}` : m.pilots_title()} · ${m.ui_brand()}` },
];

const search = z.object({ report: uuid().optional().catch(undefined) });
export const loader = pageLoader(
  { at: "/pilots/:pilotId", params: pilotParams, search },
  async ({ tx, actor, params, search: { report }, locale }) => {
    const view = await pilotView(tx, actor, params.pilotId, locale);
    const opened =
      report && view.work?.reports.some((r) => r.id === report)
        ? await reportView(tx, actor, params.pilotId, report, locale)
        : null;
    return { view, words: wordsOf(locale), report: opened };
  },
);

export const action = pilotAction;

type Data = ReturnType<typeof useLoaderData<typeof loader>>;

function Facts({ view, words }: Pick<Data, "view" | "words">) {
  const { pilot, work } = view;
  return (
    <KeyValue
      items={[
        ...(work ? [{ key: m.pilots_site(), value: work.site?.name ?? null }] : []),
        { key: m.pilots_direction(), value: wordIn(words.dimensions, pilot.direction) },
        { key: m.pilots_grade(), value: pilot.grade },
        ...(pilot.scoreCenti === null || !work
          ? []
          : [
              {
                key: m.pilots_score(),
                value: `${(pilot.scoreCenti / 100).toFixed(2)}${pilot.rank === null ? "" : ` · ${m.pilots_rank()} ${pilot.rank}`}`,
              },
            ]),
        ...(pilot.noticeFrom && pilot.noticeTo
          ? [{ key: m.pilots_notice_days(), value: m.pilots_range({ from: pilot.noticeFrom, to: pilot.noticeTo }) }]
          : []),
        ...(pilot.nextReportDue && pilot.stage === "operation"
          ? [{ key: m.pilots_next_due(), value: pilot.nextReportDue }]
          : []),
        ...(pilot.lastReportAt ? [{ key: m.pilots_last_report(), value: formatDate(pilot.lastReportAt) }] : []),
        {
          key: m.pilots_midterm(),
          value: view.context.midterm
            ? view.context.midterm.reason
              ? m.pilots_pair({ a: view.context.midterm.word, b: view.context.midterm.reason })
              : view.context.midterm.word
            : m.pilots_midterm_none(),
        },
      ]}
    />
  );
}

function Course({ view, words }: Pick<Data, "view" | "words">) {
  const course = view.work?.course;
  if (!course) return null;
  return (
    <Section title={m.pilots_health()}>
      <p>
        <HealthMark health={course.health} words={words.healths} />
      </p>
      {course.reasons.length > 0 ? (
        <ul className="ui-list">
          {course.reasons.map((r) => (
            <li key={r}>{r}</li>
          ))}
        </ul>
      ) : (
        <p className="ui-hint">{m.pilots_health_ok()}</p>
      )}
      {view.pilot.stage === "operation" ? (
        <p className="ui-hint">{m.pilots_suggestion({ word: course.suggestionWord })}</p>
      ) : null}
    </Section>
  );
}

function Told({ view }: Pick<Data, "view">) {
  const { returnReason, endReason, suspendReason } = view.context;
  return (
    <>
      {returnReason ? (
        <Notice tone="returned" title={m.pilots_returned()}>
          {returnReason}
        </Notice>
      ) : null}
      {suspendReason ? (
        <Notice tone="late" title={m.pilots_suspended_why()}>
          {suspendReason}
        </Notice>
      ) : null}
      {endReason ? (
        <Notice tone="late" title={m.pilots_ended_why()}>
          {endReason}
        </Notice>
      ) : null}
    </>
  );
}

/** Before selection there is nothing to report yet. */

export default function Pilot() {
  const { view, words, report } = useLoaderData<typeof loader>();
  const result = useActionData() as ActionResult | undefined;
  const { pilot, work, selection } = view;
  return (
    <>
      <PageHeader
        title={pilot.name}
        of={work?.site?.name}
        crumbs={[{ label: m.pilots_title(), to: "/pilots" }]}
        state={<StatusMark status={stageStatus(pilot.stage)}>{view.stage}</StatusMark>}
        meta={`${pilot.code} · ${batchWord(pilot.batchNo)}`}
      >
        <EventButtons acts={view.acts} version={view.version} results={words.midterm} without={["RECORD_PROGRESS"]} />
      </PageHeader>
      {result?.ok && result.intent !== "reportAct" && result.intent !== "act" && result.notice ? (
        <Notice tone="done" title={result.notice} live />
      ) : null}
      {result && !result.ok && result.error && !["act", "reportAct"].includes(result.intent) ? (
        <Notice tone="late" title={result.error.message} live />
      ) : null}
      <EventOutcome result={result} />
      <Told view={view} />
      <PhaseLine label={m.pilots_stages()} phases={view.line.map((p) => ({ ...p, note: p.note ?? undefined }))} />
      <Split
        side={
          <>
            <Section title={m.pilots_facts()}>
              <Facts view={view} words={words} />
            </Section>
            <Course view={view} words={words} />
            <History entries={view.history} />
          </>
        }
      >
        {report && work ? <ReportPart report={report} work={work} result={result} /> : null}
        {selection ? (
          <>
            <Objections selection={selection} stage={pilot.stage} result={result} />
            <Scoring selection={selection} stage={pilot.stage} result={result} />
          </>
        ) : null}
        {work && !(stageIs(pilot.stage, "selecting") || pilot.stage === "rejected") ? (
          <>
            <Reports view={view} work={work} open={report?.id ?? null} />
            <Indicators work={work} />
            <Measures view={view} work={work} />
          </>
        ) : null}
        {view.filed && view.filed.length > 0 ? (
          <Section title={m.evidence_title()}>
            <EvidenceLine files={view.filed} to="" mayAdd={false} />
          </Section>
        ) : null}
        {stageIs(pilot.stage, "selecting") || pilot.stage === "rejected" ? null : (
          <>
            <Verifications view={view} result={result} />
            <Grants view={view} result={result} />
          </>
        )}
      </Split>
    </>
  );
}
