import type { ReactNode } from "react";
import type { SheetSection } from "../sheet.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Shape } from "#app/ui/icon.tsx";

/** Contents of the sheet, staying in sight, with how far each section is. */
function Frame({ entries, children }: { entries: ReactNode; children: ReactNode }) {
  return (
    <div className="grid gap-6 lg:grid-cols-[13rem_minmax(0,1fr)]">
      <nav aria-label={m.survey_outline()} className="hidden lg:block">
        <ol
          className="sticky grid list-none gap-1 overflow-y-auto p-0 text-13"
          style={{ top: "calc(var(--bar) + 3.5rem)", maxHeight: "calc(100dvh - var(--bar) - 5rem)" }}
        >
          {entries}
        </ol>
      </nav>
      <div>{children}</div>
    </div>
  );
}

function Entry({ section, answered }: { section: SheetSection; answered: number }) {
  const total = section.questions.length;
  return (
    <li>
      <a href={`#${section.key}`} className="grid grid-cols-[1rem_minmax(0,1fr)_auto] items-baseline gap-1">
        <Shape name={answered === total ? "done" : "draft"} size={11} />
        <span>{section.label}</span>
        <span className="ui-hint">
          {answered}/{total}
        </span>
      </a>
    </li>
  );
}

export const Outline = { Frame, Entry };
