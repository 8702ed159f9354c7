import { type FormEvent, useEffect, useRef } from "react";
import { EvidenceLine, type ListedFile } from "#app/features/evidence/components/evidence-list.public.tsx";
import type { SheetPage, SheetQuestion } from "../sheet.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { TextArea } from "#app/ui/inputs.tsx";
import { type Status, StatusMark } from "#app/ui/marks.tsx";
import { answerWord } from "./answers.ts";
import { Outline } from "./outline.tsx";
import { Head, Marks, type MarkLine } from "./question-head.tsx";

type Cell = SheetPage["cells"][number];

/** «Partly» and «not» are told apart at a glance: a reviewer runs through seventy of them. */
const markOf: Readonly<Record<NonNullable<Cell["value"]>, Status>> = {
  compliant: "done",
  partial: "due",
  non_compliant: "late",
  not_applicable: "off",
};

function Answer({ cell }: { cell: Cell | undefined }) {
  if (!cell?.value) return <p className="ui-hint">{m.survey_unanswered()}</p>;
  return (
    <div className="grid gap-1">
      <p>
        <StatusMark status={markOf[cell.value]}>{answerWord(cell.value)}</StatusMark>
      </p>
      {cell.note ? <p className="whitespace-pre-wrap">{cell.note}</p> : null}
      {cell.evidenceRef ? (
        <p className="whitespace-pre-wrap">
          <span className="ui-hint">{m.survey_evidence()} </span>
          {cell.evidenceRef}
        </p>
      ) : null}
    </div>
  );
}

function Return({ index, part }: { index: number; part: string }) {
  return (
    <details data-return={part}>
      <summary>{m.survey_return_this()}</summary>
      <input type="hidden" name={`parts[${index}].part`} value={part} />
      <TextArea
        id={`return-${part}`}
        name={`parts[${index}].reason`}
        label={m.survey_return_reason()}
        rows={2}
        maxLength={2000}
      />
    </details>
  );
}

interface RowProps {
  question: SheetQuestion;
  cell: Cell | undefined;
  marks: readonly MarkLine[];
  files: readonly ListedFile[];
  review: boolean;
}
function SealedQuestion({ question, cell, marks, files, review }: RowProps) {
  return (
    <article
      id={`control-${question.code}`}
      className="grid gap-2 border-t border-line py-4"
      aria-labelledby={`t-${question.code}`}
    >
      <Head question={question} />
      <Answer cell={cell} />
      <EvidenceLine files={files} to="" mayAdd={false} />
      <Marks marks={marks} />
      {review ? <Return index={question.number} part={question.code} /> : null}
    </article>
  );
}

const key = (submissionId: string) => `anshi-review-${submissionId}`;

/** Reasons being written live in the browser until they are sent: a review of seventy answers takes more than one sitting. */
function useKeptReasons(submissionId: string | undefined) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (!submissionId || !form.current) return;
    try {
      const kept = JSON.parse(window.localStorage.getItem(key(submissionId)) ?? "{}") as Record<string, string>;
      for (const [name, text] of Object.entries(kept)) {
        const field = form.current.elements.namedItem(name);
        if (!(field instanceof HTMLTextAreaElement) || field.value !== "") continue;
        field.value = text;
        field.closest("details")?.setAttribute("open", "");
      }
    } catch {
      // unreadable or forbidden storage: the reasons live in the page alone
    }
  }, [submissionId]);
  const keep = (event: FormEvent<HTMLFormElement>) => {
    if (!submissionId) return;
    const written = [...event.currentTarget.querySelectorAll("textarea")]
      .filter((t) => t.value.trim() !== "")
      .map((t) => [t.name, t.value]);
    try {
      window.localStorage.setItem(key(submissionId), JSON.stringify(Object.fromEntries(written)));
    } catch {
      // as above
    }
  };
  return { form, keep };
}

/** What was sealed, for whoever may read it; in review each question can be sent back with its reason. */
export function SealedSheet({ page }: { page: SheetPage }) {
  const review = page.mode === "review" && page.standing.acts.some((a) => a.type === "RETURN");
  const { form, keep } = useKeptReasons(review ? page.submission?.id : undefined);
  const cells = new Map(page.cells.map((c) => [c.controlCode, c]));
  const answered = (codes: readonly string[]) => codes.filter((c) => cells.get(c)?.value).length;
  const body = page.sections.map((section) => (
    <section key={section.key} id={section.key} aria-labelledby={`h-${section.key}`} className="pb-4">
      <h2 id={`h-${section.key}`}>{section.label}</h2>
      {section.questions.map((q) => (
        <SealedQuestion
          key={q.code}
          question={q}
          cell={cells.get(q.code)}
          marks={page.marks.filter((k) => k.part === q.code)}
          files={page.files[q.code] ?? []}
          review={review}
        />
      ))}
    </section>
  ));
  return (
    <Outline.Frame
      entries={page.sections.map((s) => (
        <Outline.Entry key={s.key} section={s} answered={answered(s.questions.map((q) => q.code))} />
      ))}
    >
      {review ? (
        <PostForm ref={form} onInput={keep}>
          <input type="hidden" name="type" value="RETURN" />
          <input type="hidden" name="expectedVersion" value={page.standing.version} />
          {body}
          <Return index={0} part="assets" />
          <div className="sticky bottom-0 flex flex-wrap items-center gap-3 border-t border-line bg-ground py-3">
            <SubmitButton name="intent" value="act" icon="out">
              {m.survey_return_marked()}
            </SubmitButton>
            <span className="ui-hint">{m.survey_return_hint()}</span>
          </div>
        </PostForm>
      ) : (
        body
      )}
    </Outline.Frame>
  );
}
