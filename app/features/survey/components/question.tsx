import { Form } from "@remix-run/react";
import { type KeyboardEvent, memo } from "react";
import {
  EvidenceLine,
  evidenceAddress,
  type ListedFile,
} from "#app/features/evidence/components/evidence-list.public.tsx";
import type { SheetQuestion } from "../sheet.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Button } from "#app/ui/button.tsx";
import { cx } from "#app/ui/cx.ts";
import { useHydrated } from "#app/ui/hydrated.ts";
import { TextArea } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { type AnswerValue, answerValues } from "#db/vocabulary.ts";
import { answerWord, needsNote } from "./answers.ts";
import { Head, Marks, type MarkLine } from "./question-head.tsx";
import { differing, type Row, type SheetStore } from "./sheet-store.ts";
import { useRow } from "./use-sheet.ts";

/** Moves the focus to the next question of the sheet. */
function focusNext(from: HTMLElement): void {
  const all = [...document.querySelectorAll<HTMLElement>("[data-question]")];
  all[all.indexOf(from) + 1]?.focus();
}

function onKey(event: KeyboardEvent<HTMLElement>, store: SheetStore, code: string): void {
  const row = event.currentTarget;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    focusNext(row);
    return;
  }
  const typing = (event.target as Element).matches("textarea");
  const value: AnswerValue | undefined = answerValues[Number(event.key) - 1];
  if (typing || event.ctrlKey || event.altKey || event.metaKey || !/^[1-4]$/.test(event.key) || !value) return;
  event.preventDefault();
  store.edit(code, { value });
  const note = row.querySelector<HTMLTextAreaElement>("textarea[name=note]");
  if (needsNote(value) && note?.value.trim() === "") note.focus();
  else focusNext(row);
}

function Choices({ row, code, onPick }: { row: Row; code: string; onPick: (value: AnswerValue) => void }) {
  return (
    <div className="ui-choices-row" role="radiogroup" aria-label={m.survey_answer()}>
      {answerValues.map((value, n) => (
        <label key={value} className="ui-choice" htmlFor={`q-${code}-${value}`}>
          <input
            type="radio"
            id={`q-${code}-${value}`}
            name="value"
            value={value}
            checked={row.value === value}
            onChange={() => onPick(value)}
          />
          <span>
            <kbd className="ui-hint" aria-hidden="true">
              {n + 1}
            </kbd>{" "}
            {answerWord(value)}
          </span>
        </label>
      ))}
    </div>
  );
}

const fieldWord = {
  value: () => m.survey_answer(),
  note: () => m.survey_note(),
  evidenceRef: () => m.survey_evidence_lines(),
};
const told = (field: keyof typeof fieldWord, of: Pick<Row, "value" | "note" | "evidenceRef">): string =>
  field === "value" ? (of.value ? answerWord(of.value) : m.survey_unanswered()) : of[field] || "—";

function Conflict({ row, code, store }: { row: Row; code: string; store: SheetStore }) {
  if (!row.theirs) return null;
  const { theirs } = row;
  return (
    <Notice tone="due" title={m.survey_conflict({ name: theirs.updatedByName })} live>
      <ul className="ui-list">
        {differing(row).map(({ field, mine }) => {
          const values = { field: fieldWord[field](), theirs: told(field, theirs), mine: told(field, row) };
          return <li key={field}>{mine ? m.survey_conflict_both(values) : m.survey_conflict_theirs(values)}</li>;
        })}
      </ul>
      <div className="ui-acts">
        <Button type="button" size="s" onClick={() => store.settle(code, "theirs")}>
          {m.survey_take_theirs()}
        </Button>
        <Button type="button" size="s" onClick={() => store.settle(code, "mine")}>
          {m.survey_keep_mine()}
        </Button>
      </div>
    </Notice>
  );
}

function Saved({ row }: { row: Row }) {
  if (row.state === "saving") return <span className="ui-hint">{m.ui_save_saving()}</span>;
  if (row.state === "dirty") return <span className="ui-hint">{m.ui_save_dirty()}</span>;
  if (row.state === "refused")
    return <StatusMark status="late">{row.errors?.["value"]?.join(" ") ?? m.survey_answer_refused()}</StatusMark>;
  if (row.state === "conflict") return null;
  return row.rev > 0 && row.value !== null ? <StatusMark status="done">{m.ui_save_saved()}</StatusMark> : null;
}

export interface QuestionProps {
  question: SheetQuestion;
  store: SheetStore;
  marks: readonly MarkLine[];
  documentId: string;
  files: readonly ListedFile[];
}

/** One question of the working sheet. Without script it is a form of its own, with a button; with script it saves by itself. */
export const Question = memo(function Question({ question, store, marks, documentId, files }: QuestionProps) {
  const { code } = question;
  const row = useRow(store, code);
  const hydrated = useHydrated();
  const wantsNote = needsNote(row.value) && row.note.trim() === "";
  // The whole question takes the keys, as a group of its controls that can be moved to (WAI-ARIA, group).
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a shortcut for controls that are all reachable by themselves
    <div
      role="group"
      id={`control-${code}`}
      data-question={code}
      tabIndex={-1}
      onKeyDown={(event) => onKey(event, store, code)}
      className={cx(
        "grid gap-2 border-t border-line py-4",
        (row.state === "conflict" || row.state === "refused") && "bg-due-soft",
      )}
      aria-labelledby={`t-${code}`}
    >
      <Head question={question} />
      <Marks marks={marks} />
      <Form
        method="post"
        preventScrollReset
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          void store.flush();
        }}
      >
        <input type="hidden" name="controlCode" value={code} />
        <input type="hidden" name="rev" value={row.rev} />
        <Choices row={row} code={code} onPick={(value) => store.edit(code, { value })} />
        <div className="grid gap-3 md:grid-cols-2">
          <TextArea
            id={`note-${code}`}
            name="note"
            label={m.survey_note()}
            optional={!needsNote(row.value)}
            rows={2}
            maxLength={4000}
            value={row.note}
            onChange={(e) => store.edit(code, { note: e.currentTarget.value })}
            errors={row.errors?.["note"]?.join(" ") ?? (wantsNote ? m.survey_note_wanted() : undefined)}
          />
          <TextArea
            id={`evidence-${code}`}
            name="evidenceRef"
            label={m.survey_evidence_lines()}
            optional
            rows={2}
            maxLength={1000}
            value={row.evidenceRef}
            onChange={(e) => store.edit(code, { evidenceRef: e.currentTarget.value })}
            errors={row.errors?.["evidenceRef"]?.join(" ")}
          />
        </div>
        <EvidenceLine files={files} to={evidenceAddress.answer(documentId, code)} mayAdd />
        {hydrated ? (
          <Saved row={row} />
        ) : (
          <div className="ui-acts">
            <button className="ui-btn ui-btn-s" name="intent" value="cell">
              {m.survey_save_cell()}
            </button>
          </div>
        )}
      </Form>
      <Conflict row={row} code={code} store={store} />
    </div>
  );
});
