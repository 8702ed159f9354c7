import { EvidenceLine } from "#app/features/evidence/components/evidence-list.public.tsx";
import type { ActionResult } from "#app/request/page.server.ts";
import { Grants, Verifications } from "./pilot-assess.tsx";
import { batchWord, stageStatus } from "./marks.tsx";
import { NominationPart } from "./nomination.tsx";
import { Course, Facts, GivenReasons } from "./pilot-facts.tsx";
import { Indicators, Measures, ReportPart, Reports } from "./pilot-reports.tsx";
import { Objections, Scoring } from "./pilot-scoring.tsx";
import type { pilotView, reportView } from "../pilot.view.server.ts";
import type { wordsOf } from "../pilot-words.server.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { History } from "#app/features/workflow/components/history.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader, Section, Split } from "#app/ui/page.tsx";
import { PhaseLine } from "#app/ui/work.tsx";
import { stageIs } from "#workflows/pilot/stages.ts";

interface PilotPageProps {
  view: Jsonify<Awaited<ReturnType<typeof pilotView>>>;
  words: Jsonify<ReturnType<typeof wordsOf>>;
  report: Jsonify<Awaited<ReturnType<typeof reportView>>>;
  result: ActionResult | undefined;
}

/** The page of a pilot, for whoever sees the pilot itself. */
export function PilotPage({ view, words, report, result }: PilotPageProps) {
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
      <GivenReasons view={view} />
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
        {work && (stageIs(pilot.stage, "unscored") || pilot.stage === "scoring") ? (
          <NominationPart view={view} result={result} />
        ) : null}
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
