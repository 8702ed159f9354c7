import type { MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { pageLoader } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { batchAction, batchParams } from "../batch.actions.server.ts";
import { batchView } from "../batch.view.server.ts";
import {
  Adoption,
  DecideForm,
  LessonForm,
  Lessons,
  NationalLessons,
  Voices,
} from "#app/features/pilots/components/batch-lessons.tsx";
import { Elsewhere, Findings, Frame, Ranking, Review } from "../components/batch-sections.tsx";
import { PanelSection } from "../components/panel-section.tsx";
import { wordsOf } from "../pilot-words.server.ts";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { EventOutcome } from "#app/features/workflow/components/conflict.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader, Section, Split } from "#app/ui/page.tsx";
import { StatusMark } from "#app/ui/marks.tsx";

const titleOf = (no: number) => (no === 1 ? m.pilots_batch_1() : m.pilots_batch_2());
export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? titleOf(data.view.batchNo) : m.pilots_title()} · ${m.ui_brand()}` },
];

export const loader = pageLoader(
  { at: "/projects/:projectId/batches/:batchNo", params: batchParams },
  async ({ tx, actor, params, locale }) => ({
    view: await batchView(tx, actor, params.projectId, params.batchNo, locale),
    words: wordsOf(locale),
  }),
);

export const action = batchAction;

export default function Batch() {
  const { view, words } = useLoaderData<typeof loader>();
  const result = useResult();
  const { sector } = view;
  const learning = view.batchNo === 2 || view.step === "learning";
  const recording = view.step === "running" || view.step === "reviewing";
  const own = sector?.lessons.filter((l) => learning || l.lesson.batchNo === view.batchNo) ?? view.siteLessons;
  return (
    <>
      <PageHeader
        title={`${titleOf(view.batchNo)} · ${m.pilots_title()}`}
        state={
          view.step === "skipped" ? (
            <StatusMark status="off">{m.project_skipped()}</StatusMark>
          ) : view.step === "past" ? (
            <StatusMark status="done">{m.pilots_batch_past()}</StatusMark>
          ) : (
            <StatusMark status={view.here ? "running" : "draft"}>{view.state}</StatusMark>
          )
        }
      >
        <EventButtons acts={view.acts} version={view.version} />
      </PageHeader>
      <EventOutcome result={result} />
      {result?.ok && !["act", "reviewAct"].includes(result.intent) && result.notice ? (
        <Notice tone="done" title={result.notice} live />
      ) : null}
      {result && !result.ok && result.error && !["act", "reviewAct"].includes(result.intent) ? (
        <Notice tone="late" title={result.error.message} live />
      ) : null}
      <Split
        side={
          <>
            <Section title={m.pilots_facts()}>
              <Frame view={view} />
            </Section>
            {sector && sector.stages.length > 0 ? (
              <Section title={m.pilots_running()}>
                <ul className="ui-list">
                  {sector.stages.map((s) => (
                    <li key={s.stage}>{m.pilots_pair({ a: s.label, b: s.n })}</li>
                  ))}
                </ul>
              </Section>
            ) : null}
            {sector && learning ? <Adoption sector={sector} words={words} /> : null}
          </>
        }
      >
        {sector ? null : <Elsewhere level={view.level} />}
        {sector && view.step !== "learning" ? <Ranking view={view} sector={sector} words={words} /> : null}
        {sector && view.step === "selecting" ? <PanelSection panel={sector.panel} result={result} /> : null}
        {sector && view.step === "learning" ? <NationalLessons sector={sector} words={words} /> : null}
        {view.level === "national" ? null : (
          <Section title={m.pilots_lessons()} note={learning ? m.pilots_lessons_note() : undefined} id="lessons">
            <Lessons
              lessons={own}
              words={words}
              decides={view.decides}
              mends={sector && recording ? { sector, batchNo: view.batchNo, result } : null}
            />
            {sector && view.decides && own.length > 0 ? <DecideForm sector={sector} result={result} /> : null}
            {sector && recording ? <LessonForm sector={sector} words={words} result={result} /> : null}
          </Section>
        )}
        {sector && (recording || view.step === "past") ? (
          <Section title={m.pilots_voices()} note={recording ? m.pilots_voices_note() : undefined}>
            <Voices sector={sector} open={recording} />
          </Section>
        ) : null}
        {sector && view.step !== "learning" ? (
          <>
            <Findings sector={sector} words={words} />
            <Review view={view} sector={sector} result={result} />
          </>
        ) : null}
      </Split>
    </>
  );
}
