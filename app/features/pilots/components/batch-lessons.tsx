import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { typed, typedText } from "#app/request/refused.ts";
import type { batchView } from "../batch.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { RadioGroup } from "#app/ui/choices.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { FieldError } from "#app/ui/field.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { decisionWord, wordIn } from "./marks.tsx";
import type { PilotWords } from "./pilot-table.tsx";
import { fieldOf } from "./pilot-scoring.tsx";

type Sector = NonNullable<Jsonify<Awaited<ReturnType<typeof batchView>>>["sector"]>;
type Lesson = Sector["lessons"][number];
const decisions = ["adopted", "adapted", "refused"];
const uptakeKinds = ["measure", "indicator", "clause"] as const;
const uptakeWord = (kind: (typeof uptakeKinds)[number]) =>
  ({
    measure: m.pilots_uptake_measure(),
    indicator: m.pilots_uptake_indicator(),
    clause: m.pilots_uptake_clause(),
  })[kind];

const decideForm = "decide-lessons";
/** The value of a lesson's box: what is decided, and as it was read. */
const readOf = ({ id, rev }: Lesson["lesson"]) => `${id}:${rev}`;

/** Another once any was decided: what was chosen and typed is over then, and stays while nothing was. */
const decidedSoFar = (lessons: readonly Lesson[]) => lessons.reduce((n, { lesson }) => n + lesson.rev, 0);

function Uptake({ row }: { row: Lesson }) {
  const { uptakeKind: kind, uptake } = row.lesson;
  if (kind === null) return row.uptakeGone ? <StatusMark status="late">{m.pilots_uptake_none()}</StatusMark> : null;
  if (row.uptakeGone) return <StatusMark status="late">{m.pilots_uptake_gone({ what: uptake })}</StatusMark>;
  const what = row.uptakeTitle ? `${uptake} ${row.uptakeTitle}` : uptake;
  return <p>{m.pilots_uptake_by({ kind: uptakeWord(kind), what })}</p>;
}

/** The lessons as a list; with boxes to choose some for whoever decides, and a form to put one right while the batch is reviewed. */
export function Lessons({
  lessons,
  words,
  decides,
  mends = null,
}: {
  lessons: readonly Lesson[];
  words: PilotWords;
  decides: boolean;
  mends?: Mending | null;
}) {
  return (
    <DataTable
      plain
      key={decidedSoFar(lessons)}
      caption={m.pilots_lessons()}
      rows={lessons}
      rowKey={(r) => r.lesson.id}
      empty={m.pilots_no_lessons()}
      columns={[
        ...(decides
          ? [
              {
                key: "choose",
                head: m.pilots_lesson_choose_head(),
                hideHead: true,
                cell: (r: Lesson) =>
                  r.lesson.batchNo === 1 ? (
                    <input
                      type="checkbox"
                      form={decideForm}
                      name="lessons"
                      value={readOf(r.lesson)}
                      aria-label={m.pilots_lesson_choose({ code: r.lesson.code })}
                    />
                  ) : null,
              },
            ]
          : []),
        { key: "code", head: m.pilots_code(), short: true, cell: (r) => r.lesson.code },
        {
          key: "text",
          head: m.pilots_lesson(),
          rowHead: true,
          cell: (r) => (
            <>
              {r.lesson.text}
              {mends && r.lesson.batchNo === mends.batchNo && r.lesson.nationalLessonId === null ? (
                <details key={r.lesson.rev} open={typedText(mends.result, "correctLesson", "lessonId") === r.lesson.id}>
                  <summary>{m.pilots_lesson_correct()}</summary>
                  <LessonForm {...mends} words={words} lesson={r.lesson} />
                </details>
              ) : null}
            </>
          ),
        },
        {
          key: "dimension",
          head: m.pilots_dimension(),
          cell: (r) => <span className="whitespace-nowrap">{wordIn(words.dimensions, r.lesson.dimension)}</span>,
        },
        { key: "from", head: m.pilots_lesson_from(), cell: (r) => r.pilotCode ?? <None /> },
        {
          key: "decision",
          head: m.pilots_lesson_decision(),
          cell: (r) => (
            <div>
              <StatusMark
                status={r.lesson.decision === "open" ? "waiting" : r.lesson.decision === "refused" ? "off" : "done"}
              >
                {decisionWord(r.lesson.decision)}
              </StatusMark>
              <Uptake row={r} />
              {r.lesson.reason ? (
                <p className="ui-hint">
                  {r.lesson.decidedByName
                    ? m.pilots_by({ text: r.lesson.reason, name: r.lesson.decidedByName })
                    : r.lesson.reason}
                </p>
              ) : null}
            </div>
          ),
        },
      ]}
    />
  );
}

/** What becomes of the lessons chosen above: one decision, one reason, and what takes them up. */
export function DecideForm({ sector, result }: { sector: Sector; result: ActionResult | undefined }) {
  const { errors } = typed(result, "decide");
  const chosen = typedText(result, "decide", "decision");
  return (
    <PostForm id={decideForm} className="ui-form mt-4" noValidate key={decidedSoFar(sector.lessons)}>
      <h3>{m.pilots_decide_title()}</h3>
      <FieldError id={decideForm} errors={errors["lessons"] ?? undefined} />
      <RadioGroup
        name="decision"
        legend={m.pilots_lesson_decision()}
        inline
        choices={decisions.map((value) => ({ value, label: decisionWord(value) }))}
        errors={errors["decision"] ?? undefined}
        {...(chosen === undefined ? {} : { defaultValue: chosen })}
      />
      <TextArea label={m.pilots_decision_reason()} rows={3} maxLength={2000} {...fieldOf(result, "decide", "reason")} />
      <Select
        label={m.pilots_uptake_kind()}
        hint={m.pilots_uptake_hint()}
        choices={uptakeKinds.map((value) => ({ value, label: uptakeWord(value) }))}
        empty={m.pilots_choose()}
        {...fieldOf(result, "decide", "uptakeKind")}
      />
      <TextInput
        label={m.pilots_uptake_what()}
        list="lesson-uptakes"
        autoComplete="off"
        maxLength={300}
        {...fieldOf(result, "decide", "uptake")}
      />
      <datalist id="lesson-uptakes">
        {sector.uptakes.map((u) => (
          <option key={u.code} value={u.code}>
            {u.title}
          </option>
        ))}
      </datalist>
      <div className="ui-form-acts">
        <SubmitButton name="intent" value="decide">
          {m.pilots_decide()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}

/** The pilots of the batch with what each taught, or why it taught nothing: the review asks one of the two of each. */
export function Voices({ sector, open }: { sector: Sector; open: boolean }) {
  return (
    <DataTable
      plain
      caption={m.pilots_voices()}
      rows={sector.voices}
      rowKey={(r) => r.id}
      empty={m.pilots_voices_none()}
      columns={[
        { key: "code", head: m.pilots_code(), short: true, cell: (r) => r.code },
        {
          key: "name",
          head: m.pilots_name(),
          rowHead: true,
          cell: (r) => <Link to={`/pilots/${r.id}`}>{r.name}</Link>,
        },
        {
          key: "lessons",
          head: m.pilots_lessons(),
          cell: (r) =>
            r.lessons > 0 ? (
              <StatusMark status="done">{m.pilots_voice_lessons({ n: r.lessons })}</StatusMark>
            ) : r.reason === null ? (
              <StatusMark status="waiting">{m.pilots_voice_missing()}</StatusMark>
            ) : (
              <StatusMark status="off">{m.pilots_voice_silent({ reason: r.reason })}</StatusMark>
            ),
        },
        ...(open
          ? [
              {
                key: "act",
                head: m.pilots_silence(),
                hideHead: true,
                cell: (r: Sector["voices"][number]) => (r.lessons > 0 ? null : <Silence voice={r} />),
              },
            ]
          : []),
      ]}
    />
  );
}

const Silence = ({ voice }: { voice: Sector["voices"][number] }) => (
  <ConfirmDialog
    size="s"
    kind="quiet"
    label={m.pilots_silence()}
    title={m.pilots_silence_title({ pilot: voice.code })}
    confirmLabel={m.pilots_silence()}
    fields={{ intent: "silence", pilotId: voice.id }}
    body={
      <TextArea
        name="reason"
        label={m.pilots_silence_reason()}
        required
        rows={3}
        maxLength={2000}
        defaultValue={voice.reason ?? ""}
      />
    }
  />
);

interface Mending {
  sector: Sector;
  batchNo: number;
  result: ActionResult | undefined;
}
/** A new lesson of this batch, or one that is put right. */
export function LessonForm({
  sector,
  words,
  result: given,
  lesson,
}: Omit<Mending, "batchNo"> & { words: PilotWords; lesson?: Lesson["lesson"] }) {
  const intent = lesson ? "correctLesson" : "lesson";
  // What was refused stands in the form that was sent.
  const result = lesson && typedText(given, intent, "lessonId") !== lesson.id ? undefined : given;
  const field = (name: string, now: string) => ({
    ...fieldOf(result, intent, name, now),
    ...(lesson ? { id: `${name}-${lesson.id}` } : {}),
  });
  return (
    <PostForm className="ui-form mt-4" noValidate>
      {lesson ? (
        <>
          <input type="hidden" name="lessonId" value={lesson.id} />
          <input type="hidden" name="rev" value={lesson.rev} />
        </>
      ) : null}
      <Select
        label={m.pilots_dimension()}
        choices={words.dimensions}
        empty={m.pilots_choose()}
        {...field("dimension", lesson?.dimension ?? "")}
      />
      <Select
        label={m.pilots_lesson_pilot()}
        optional
        choices={sector.voices.map((r) => ({ value: r.id, label: `${r.code} ${r.name}` }))}
        empty={m.pilots_choose()}
        {...field("pilotId", lesson?.pilotId ?? "")}
      />
      <TextArea label={m.pilots_lesson_text()} rows={3} maxLength={2000} {...field("text", lesson?.text ?? "")} />
      <div className="ui-form-acts">
        <SubmitButton name="intent" value={intent}>
          {lesson ? m.pilots_lesson_correct() : m.pilots_lesson_add()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}

/** Dimension × decision: what became of what was learnt. */
export function Adoption({ sector, words }: { sector: Sector; words: PilotWords }) {
  const total = sector.adoption.reduce((n, r) => n + r.total, 0);
  if (total === 0) return null;
  const sum = (key: "adopted" | "adapted" | "refused" | "open") => sector.adoption.reduce((n, r) => n + r[key], 0);
  return (
    <Section title={m.pilots_adoption()} note={m.pilots_adoption_title({ decided: total - sum("open"), total })}>
      <DataTable
        plain
        caption={m.pilots_adoption()}
        rows={sector.adoption}
        rowKey={(r) => r.dimension}
        empty={m.pilots_no_lessons()}
        totals={{
          dimension: m.pilots_total_count(),
          adopted: sum("adopted"),
          adapted: sum("adapted"),
          refused: sum("refused"),
          open: sum("open"),
          total,
        }}
        columns={[
          {
            key: "dimension",
            head: m.pilots_dimension(),
            rowHead: true,
            cell: (r) => wordIn(words.dimensions, r.dimension),
          },
          { key: "adopted", head: m.pilots_decision_adopted(), numeric: true, cell: (r) => r.adopted },
          { key: "adapted", head: m.pilots_decision_adapted(), numeric: true, cell: (r) => r.adapted },
          { key: "refused", head: m.pilots_decision_refused(), numeric: true, cell: (r) => r.refused },
          { key: "open", head: m.pilots_decision_open(), numeric: true, cell: (r) => r.open },
          { key: "total", head: m.pilots_total_count(), numeric: true, cell: (r) => r.total },
        ]}
      />
    </Section>
  );
}

const noneFrom = ({ noneStated: none }: Sector): string =>
  none ? m.pilots_national_none_stated({ name: none.byName, reason: none.reason }) : m.pilots_national_none();

/** Lessons of other sectors as the national office passed them on. */
export function NationalLessons({ sector, words }: { sector: Sector; words: PilotWords }) {
  const left = sector.passedOn.filter((l) => !l.takenOver).length;
  return (
    <Section
      title={m.pilots_national_lessons()}
      acts={
        left > 0 ? (
          <PostForm>
            <SubmitButton name="intent" value="takeOver" size="s">
              {m.pilots_take_over()}
            </SubmitButton>
          </PostForm>
        ) : null
      }
    >
      <DataTable
        plain
        caption={m.pilots_national_lessons()}
        rows={sector.passedOn}
        rowKey={(r) => r.id}
        empty={noneFrom(sector)}
        columns={[
          { key: "sector", head: m.pilots_sector(), cell: (r) => pick({ zh: r.sectorZh, en: r.sectorEn }) },
          { key: "text", head: m.pilots_lesson(), rowHead: true, cell: (r) => r.text },
          { key: "dimension", head: m.pilots_dimension(), cell: (r) => wordIn(words.dimensions, r.dimension) },
          {
            key: "taken",
            head: m.pilots_state(),
            cell: (r) =>
              r.takenOver ? (
                <StatusMark status="done">{m.pilots_taken_over()}</StatusMark>
              ) : (
                <StatusMark status="waiting" />
              ),
          },
        ]}
      />
    </Section>
  );
}
