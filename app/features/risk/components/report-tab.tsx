import type { SerializeFrom } from "@remix-run/node";
import { Reapproval } from "#app/features/document/components/reapproval.tsx";
import { SealedDigest } from "#app/features/document/components/sealed-digest.tsx";
import type { ActionResult } from "#app/request/page.server.ts";
import { typedIn } from "#app/request/refused.ts";
import type { ReportPart } from "../risk.view.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { joinList } from "#app/i18n/pick.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { ActButton } from "#app/ui/act.tsx";
import { LinkButton, SubmitButton } from "#app/ui/button.tsx";
import { Bars } from "#app/ui/charts/bars.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { TextArea } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue, Section, Split } from "#app/ui/page.tsx";
import { EmptyState, Progress } from "#app/ui/states.tsx";
import { Checklist } from "#app/ui/work.tsx";
import { RiskHeat } from "./register-tab.tsx";

type Part = SerializeFrom<ReportPart>;
type Chapter = Part["chapters"][number];
type PartSection = Chapter["sections"][number];

/** A dot parts the names of a form's fields. */
const fieldOf = (key: string): string => key.replaceAll(".", "_");
const written = (c: Chapter): PartSection[] => c.sections.filter((s) => s.from === "text");

function ChapterForm({
  chapter,
  language,
  rev,
  result,
}: {
  chapter: Chapter;
  language: "zh" | "en";
  rev: number;
  result: ActionResult | undefined;
}) {
  return (
    <PostForm className="ui-stack" preventScrollReset>
      <input type="hidden" name="language" value={language} />
      <input type="hidden" name="rev" value={rev} />
      {written(chapter).map((s) => (
        <TextArea
          key={s.key}
          name={`texts.${fieldOf(s.key)}`}
          label={`${s.no} ${s.title}`}
          rows={5}
          maxLength={20_000}
          defaultValue={
            typedIn(result, "chapter", language, `texts.${fieldOf(s.key)}`) ?? (language === "zh" ? s.text : s.textEn)
          }
        />
      ))}
      <div>
        <SubmitButton name="intent" value="chapter">
          {m.risk_chapter_save()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}

function Reading({ chapter }: { chapter: Chapter }) {
  const english = getLocale() === "en";
  return (
    <>
      {written(chapter).map((s) => (
        <div key={s.key} className="ui-reading">
          <h4 className="mt-4">{`${s.no} ${s.title}`}</h4>
          {((english ? s.textEn : "") || s.text || s.textEn).split("\n").map((p, i) => (
            <p key={i}>{p}</p>
          ))}
        </div>
      ))}
    </>
  );
}

function ChapterPart({ chapter, part, result }: { chapter: Chapter; part: Part; result: ActionResult | undefined }) {
  const drawn = chapter.sections.filter((s) => s.from !== "text");
  const texts = written(chapter);
  return (
    <Section
      id={`chapter-${chapter.key}`}
      level={3}
      title={`${chapter.no} ${chapter.title}`.trim()}
      acts={
        <StatusMark status={chapter.complete ? "done" : "draft"}>
          {chapter.complete ? m.risk_chapter_complete() : m.risk_chapter_open()}
        </StatusMark>
      }
    >
      {chapter.returned.map((r) => (
        <Notice key={r.reason} tone="returned" title={m.risk_returned_by({ name: r.by })}>
          {r.reason}
        </Notice>
      ))}
      {drawn.length > 0 ? (
        <p className="ui-hint">
          {m.risk_chapter_drawn({
            sections: joinList(drawn.map((s) => `${s.no} ${s.title}`)),
          })}
        </p>
      ) : null}
      {texts.length === 0 ? null : part.editable ? (
        <details open={!chapter.complete || chapter.returned.length > 0}>
          <summary>{m.risk_chapter_edit()}</summary>
          <ChapterForm key={`zh-${part.rev}`} chapter={chapter} language="zh" rev={part.rev} result={result} />
          <details>
            <summary>{m.risk_chapter_english()}</summary>
            <ChapterForm key={`en-${part.rev}`} chapter={chapter} language="en" rev={part.rev} result={result} />
          </details>
        </details>
      ) : (
        <Reading chapter={chapter} />
      )}
    </Section>
  );
}

function Side({ part }: { part: Part }) {
  const { figures } = part;
  const high = figures.byLevel[4] + figures.byLevel[5];
  return (
    <>
      {part.seal ? (
        <Section title={m.risk_seal()} level={3}>
          <KeyValue
            single
            items={[
              { key: m.risk_digest(), value: <SealedDigest sha256={part.seal.sha256} label={m.risk_digest()} /> },
              { key: m.risk_sealed_at(), value: formatDate(part.seal.at) },
              { key: m.risk_sealed_by(), value: part.seal.by },
            ]}
          />
        </Section>
      ) : (
        <Section title={m.risk_gaps()} level={3}>
          <Progress label={m.risk_completeness()} value={part.completeness} left={`${part.completeness}%`} />
          {part.gaps.length === 0 ? (
            <StatusMark status="done">{m.risk_no_gaps()}</StatusMark>
          ) : (
            <Checklist
              label={m.risk_gaps()}
              items={part.gaps.map((g) => ({ key: g.key, label: g.text, done: false, to: g.to }))}
            />
          )}
        </Section>
      )}
      <RiskHeat heat={part.heat} total={figures.total} high={high} linked={false} />
      {figures.total === 0 ? null : (
        <Bars
          title={m.risk_by_dimension()}
          of={m.risk_col_dimension()}
          measure={m.risk_number()}
          whole
          bars={figures.byDimension.map((d) => ({ label: d.label, value: d.total }))}
        />
      )}
    </>
  );
}

/** The report by chapters with their completeness; the national office reads what was sealed. */
export function ReportTab({
  part,
  level,
  result,
}: {
  part: Part | null;
  level: string;
  result: ActionResult | undefined;
}) {
  if (!part)
    return (
      <EmptyState
        title={m.risk_report_none()}
        text={level === "national" ? m.risk_report_none_national() : m.risk_report_none_text()}
      />
    );
  return (
    <Split side={<Side part={part} />}>
      <Reapproval
        standing={part.standing?.approval ?? null}
        state={part.state}
        act={
          part.mayWork ? (
            <LinkButton size="s" to={part.working ? "?view=report" : "?view=report&work=1"}>
              {part.working ? m.seal_work_stop() : m.seal_work()}
            </LinkButton>
          ) : undefined
        }
      />
      {part.editable ? (
        <Notice
          tone="info"
          title={m.risk_texts_title()}
          act={<ActButton act={{ key: "texts", label: m.risk_texts(), post: { intent: "texts" } }} />}
        >
          {m.risk_texts_note()}
        </Notice>
      ) : null}
      {part.chapters.map((c) => (
        <ChapterPart key={c.key} chapter={c} part={part} result={result} />
      ))}
    </Split>
  );
}
