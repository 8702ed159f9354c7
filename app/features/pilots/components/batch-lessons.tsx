import type { ActionResult } from "#app/request/page.server.ts";
import type { batchView } from "../batch.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { RadioGroup } from "#app/ui/choices.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select, TextArea } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { decisionWord, wordIn } from "./marks.tsx";
import type { PilotWords } from "./pilot-table.tsx";
import { fieldOf } from "./pilot-scoring.tsx";

type Sector = NonNullable<Jsonify<Awaited<ReturnType<typeof batchView>>>["sector"]>;
type Lesson = Sector["lessons"][number];
const decisions = ["adopted", "adapted", "refused"];

function Decide({ lesson }: { lesson: Lesson["lesson"] }) {
  const open = lesson.decision === "open";
  return (
    <ConfirmDialog
      size="s"
      kind={open ? "plain" : "quiet"}
      label={open ? m.pilots_decide() : m.pilots_decide_again()}
      title={`${lesson.code} ${lesson.text}`}
      confirmLabel={m.pilots_decide()}
      fields={{ intent: "decide", lessonId: lesson.id, rev: lesson.rev }}
      body={
        <>
          <RadioGroup
            id={`d-${lesson.id}`}
            name="decision"
            legend={m.pilots_lesson_decision()}
            inline
            required
            choices={decisions.map((value) => ({ value, label: decisionWord(value) }))}
            {...(open ? {} : { defaultValue: lesson.decision })}
          />
          <TextArea
            name="reason"
            label={m.pilots_decision_reason()}
            required
            rows={3}
            maxLength={2000}
            defaultValue={lesson.reason}
          />
        </>
      }
    />
  );
}

/** The lessons as a list to decide; `decidable` for the sector. */
export function Lessons({
  lessons,
  words,
  decidable,
}: {
  lessons: readonly Lesson[];
  words: PilotWords;
  decidable: boolean;
}) {
  return (
    <DataTable
      plain
      caption={m.pilots_lessons()}
      rows={lessons}
      rowKey={(r) => r.lesson.id}
      empty={m.pilots_no_lessons()}
      columns={[
        { key: "code", head: m.pilots_code(), short: true, cell: (r) => r.lesson.code },
        { key: "text", head: m.pilots_lesson(), rowHead: true, cell: (r) => r.lesson.text },
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
            <>
              <StatusMark
                status={r.lesson.decision === "open" ? "waiting" : r.lesson.decision === "refused" ? "off" : "done"}
              >
                {decisionWord(r.lesson.decision)}
              </StatusMark>
              {r.lesson.reason ? (
                <p className="ui-hint">
                  {r.lesson.decidedByName
                    ? m.pilots_by({ text: r.lesson.reason, name: r.lesson.decidedByName })
                    : r.lesson.reason}
                </p>
              ) : null}
            </>
          ),
        },
        ...(decidable
          ? [
              {
                key: "act",
                head: m.pilots_decide(),
                hideHead: true,
                cell: (r: Lesson) => (r.lesson.batchNo === 1 ? <Decide lesson={r.lesson} /> : null),
              },
            ]
          : []),
      ]}
    />
  );
}

/** A new lesson of this batch. */
export function LessonForm({
  sector,
  words,
  result,
}: {
  sector: Sector;
  words: PilotWords;
  result: ActionResult | undefined;
}) {
  return (
    <PostForm className="ui-form mt-4" noValidate>
      <Select
        label={m.pilots_dimension()}
        choices={words.dimensions}
        empty={m.pilots_choose()}
        {...fieldOf(result, "lesson", "dimension")}
      />
      <Select
        label={m.pilots_lesson_pilot()}
        optional
        choices={sector.ranking.map((r) => ({ value: r.id, label: `${r.code} ${r.name}` }))}
        empty={m.pilots_choose()}
        {...fieldOf(result, "lesson", "pilotId")}
      />
      <TextArea label={m.pilots_lesson_text()} rows={3} maxLength={2000} {...fieldOf(result, "lesson", "text")} />
      <div className="ui-form-acts">
        <SubmitButton name="intent" value="lesson">
          {m.pilots_lesson_add()}
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
        empty={m.pilots_national_none()}
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
