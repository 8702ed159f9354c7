import type { SheetPage, SheetSection } from "../sheet.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";
import { SaveState } from "#app/ui/save-state.tsx";
import type { MarkLine } from "./question-head.tsx";
import { Outline } from "./outline.tsx";
import { Question } from "./question.tsx";
import type { Cell, SheetStore } from "./sheet-store.ts";
import { useAnswered, useSheet, useSheetState } from "./use-sheet.ts";

/** Always in sight: how far the sheet is and whether everything is saved. */
function Bar({ store, sections }: { store: SheetStore; sections: readonly SheetSection[] }) {
  const state = useSheetState(store);
  const codes = sections.flatMap((s) => s.questions.map((q) => q.code));
  const answered = useAnswered(store, codes);
  return (
    <div
      className="sticky z-10 flex flex-wrap items-center gap-3 mb-3 border-b border-line bg-ground py-2"
      style={{ top: "var(--bar)" }}
    >
      <strong>{m.survey_answered({ answered, total: codes.length })}</strong>
      <SaveState state={state.state} at={state.at} onRetry={() => void store.flush()} />
      {state.message ? <span role="alert">{state.message}</span> : null}
      {state.conflicts > 0 ? <span role="alert">{m.survey_conflicts({ count: state.conflicts })}</span> : null}
      {state.refused > 0 ? <span role="alert">{m.survey_refused({ count: state.refused })}</span> : null}
      <span className="ui-hint hidden md:inline">{m.survey_keys()}</span>
    </div>
  );
}

function OutlineEntry({ store, section }: { store: SheetStore; section: SheetSection }) {
  const answered = useAnswered(
    store,
    section.questions.map((q) => q.code),
  );
  return <Outline.Entry section={section} answered={answered} />;
}

/** The same each time, so that a question that did not change is not drawn anew. */
const noFiles: readonly never[] = [];

/** The working sheet of a site: sections one after another, the outline beside them. */
export function Sheet({ page, failed }: { page: SheetPage; failed: (Cell & { controlCode: string }) | null }) {
  const cells = failed ? [...page.cells.filter((c) => c.controlCode !== failed.controlCode), failed] : page.cells;
  const store = useSheet(
    page.document.id,
    `/projects/${page.document.projectId}/survey/${page.document.id}/cells`,
    cells,
  );
  const marks = (part: string): readonly MarkLine[] => page.marks.filter((k) => k.part === part);
  return (
    <>
      <Bar store={store} sections={page.sections} />
      <Outline.Frame entries={page.sections.map((s) => <OutlineEntry key={s.key} store={store} section={s} />)}>
        {page.sections.map((section) => (
          <section key={section.key} id={section.key} aria-labelledby={`h-${section.key}`} className="pb-4">
            <h2 id={`h-${section.key}`}>{section.label}</h2>
            {section.questions.map((q) => (
              <Question
                key={q.code}
                question={q}
                store={store}
                marks={marks(q.code)}
                documentId={page.document.id}
                files={page.files[q.code] ?? noFiles}
              />
            ))}
          </section>
        ))}
        {page.sections.length === 0 ? <Notice>{m.survey_empty()}</Notice> : null}
      </Outline.Frame>
    </>
  );
}
