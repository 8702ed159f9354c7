import { formatDate } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, Section } from "#app/ui/page.tsx";
import type { wordsOf } from "../pilot-words.server.ts";
import type { pilotView } from "../pilot.view.server.ts";
import { HealthMark, wordIn } from "./marks.tsx";

type View = Jsonify<Awaited<ReturnType<typeof pilotView>>>;
type Words = ReturnType<typeof wordsOf>;

/** What a pilot is: its site, direction and grade, its rank, the days that it is held to. */
export function Facts({ view, words }: { view: View; words: Words }) {
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
          ? [
              {
                key: m.pilots_notice_days(),
                value: (
                  <>
                    {m.pilots_range({ from: pilot.noticeFrom, to: pilot.noticeTo })}
                    <div className="ui-hint">
                      {view.noticeAnnounced ? m.pilots_notice_calendar() : m.pilots_notice_calendar_unknown()}
                    </div>
                  </>
                ),
              },
            ]
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

/** How the pilot goes, with the reasons of its health. */
export function Course({ view, words }: { view: View; words: Words }) {
  const course = view.work?.course;
  if (!course) return null;
  return (
    <Section title={m.pilots_health()}>
      <p>
        <HealthMark health={course.health} words={words.healths} />
      </p>
      <ul className="ui-list">
        {course.reasons.map((r) => (
          <li key={r}>{r}</li>
        ))}
      </ul>
      {view.pilot.stage === "operation" ? (
        <p className="ui-hint">{m.pilots_suggestion({ word: course.suggestionWord })}</p>
      ) : null}
    </Section>
  );
}

/** The reasons that were given when it was returned, suspended or ended. */
export function GivenReasons({ view }: { view: View }) {
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
