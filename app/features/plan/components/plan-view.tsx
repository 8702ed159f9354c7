import { groups, max, min } from "d3-array";
import { formatDate, formatMoney, formatNumber, moneyUnit } from "#app/i18n/format.ts";
import { SealedDigest } from "#app/features/document/components/sealed-digest.tsx";
import { m } from "#app/i18n/paraglide/messages.js";
import { Gantt, type GanttRow } from "#app/ui/charts/gantt.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, Section, Split } from "#app/ui/page.tsx";
import { Checklist } from "#app/ui/work.tsx";
import { Budget } from "./budget.tsx";
import { Indicators } from "./indicators.tsx";
import { Measures } from "./measures.tsx";
import { Nominations } from "./nominations.tsx";
import type { Page, PartProps } from "./part-props.ts";
import { Texts } from "./texts.tsx";

function Side({ page }: { page: Page }) {
  const nominated = page.nominations.length;
  const count = page.risks.reduce((n, r) => n + r.measures.length, 0);
  return (
    <>
      {page.seal ? (
        <Section title={m.risk_seal()} level={3}>
          <KeyValue
            single
            items={[
              { key: m.risk_digest(), value: <SealedDigest sha256={page.seal.sha256} label={m.risk_digest()} /> },
              { key: m.risk_sealed_at(), value: formatDate(page.seal.at) },
              { key: m.risk_sealed_by(), value: page.seal.by },
            ]}
          />
        </Section>
      ) : null}
      {page.gaps === null ? null : (
        <Section title={m.plan_gaps()} level={3}>
          {page.gaps.length === 0 ? (
            <StatusMark status="done">{page.editable || page.working ? m.plan_no_gaps() : m.plan_whole()}</StatusMark>
          ) : (
            <Checklist
              label={m.plan_gaps()}
              items={page.gaps.map((g) => ({
                key: g.key,
                label: g.text,
                done: false,
                to: page.editable ? g.to : undefined,
                note: g.blocking ? undefined : m.plan_gap_hint(),
              }))}
            />
          )}
        </Section>
      )}
      <Section title={m.plan_figures()} level={3}>
        <KeyValue
          single
          items={[
            { key: m.plan_measures(), value: formatNumber(count) },
            { key: m.plan_total(), value: `${formatMoney(page.totals.totalCenti)} ${moneyUnit()}` },
            ...(page.level === "site" ? [] : [{ key: m.plan_nominations(), value: formatNumber(nominated) }]),
          ]}
        />
      </Section>
    </>
  );
}

/** The measures below a bar for their stage of the lifecycle, which says how many of them are done. */
function scheduleRows({ gantt, words }: Page): GanttRow[] {
  const stages = groups(gantt, (row) => row.lifecycle);
  return stages.flatMap(([stage, rows]) => {
    const own = rows.map(({ id, label, from, to, status }) => {
      return { label, from, to, status: status ?? undefined, href: `#measure-${id}`, inner: stages.length > 1 };
    });
    if (stages.length < 2) return own;
    const whole = {
      label: stage === null ? m.plan_lifecycle_none() : (words.lifecycle[stage] ?? stage),
      from: min(rows, (row) => row.from) ?? "",
      to: max(rows, (row) => row.to) ?? "",
    };
    if (rows.every((row) => row.status === null)) return [whole, ...own];
    const done = rows.filter((row) => row.status === "done").length;
    const head = {
      ...whole,
      progress: done / rows.length,
      status:
        done === rows.length
          ? ("done" as const)
          : rows.every((row) => row.status === "ahead")
            ? ("ahead" as const)
            : ("now" as const),
    };
    return [head, ...own];
  });
}

function Timetable({ page }: { page: Page }) {
  return (
    <Section
      id="schedule"
      title={m.plan_schedule()}
      note={page.undated > 0 ? m.plan_undated({ count: page.undated }) : undefined}
    >
      {page.gantt.length === 0 ? (
        <p className="ui-hint">{m.plan_schedule_none()}</p>
      ) : (
        <Gantt
          title={m.plan_schedule_title({ count: page.gantt.length })}
          of={m.plan_measures()}
          today={page.ganttToday ?? undefined}
          rows={scheduleRows(page)}
        />
      )}
    </Section>
  );
}

/** The plan from its gaps to its measures, budget, schedule, indicators, nominations and text. */
export function PlanView({ page, open, result }: PartProps) {
  const own = { page, open, result };
  return (
    <>
      {page.returned.map((r) => (
        <Notice
          key={`${r.title}${r.reason}`}
          tone="returned"
          title={r.title ? `${m.risk_returned_by({ name: r.by })} · ${r.title}` : m.risk_returned_by({ name: r.by })}
        >
          {r.reason}
        </Notice>
      ))}
      {page.windowOver ? (
        <Notice tone="due" title={m.plan_window_over({ day: page.windowOver })}>
          {m.plan_window_over_text()}
        </Notice>
      ) : null}
      <Split side={<Side page={page} />}>
        <Measures {...own} />
        <Budget {...own} />
        <Timetable page={page} />
        <Indicators {...own} />
        {page.level === "site" ? null : <Nominations {...own} />}
        {page.level === "site" ? null : <Texts {...own} />}
      </Split>
    </>
  );
}
