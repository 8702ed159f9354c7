import type { SheetQuestion } from "../sheet.view.server.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Notice } from "#app/ui/notice.tsx";

/** Number, question, how to check it and what it rests on. */
export function Head({ question }: { question: SheetQuestion }) {
  return (
    <div>
      <h3 id={`t-${question.code}`} className="text-14">
        <span className="ui-hint">{question.number}. </span>
        {question.title} <span className="ui-hint">{question.code}</span>
      </h3>
      <p>{question.question}</p>
      <details>
        <summary className="ui-hint">{m.survey_guidance()}</summary>
        <p>{question.guidance}</p>
        <p className="ui-hint">
          {question.lifecycle} · {question.mechanism} · {m.survey_weight()} {question.weight}
        </p>
        <ul className="ui-hint">
          {question.refs.map((ref) => (
            <li key={ref.text}>
              {ref.text}
              {ref.confirmed ? null : (
                <abbr title={m.survey_reference_unverified()}> ({m.survey_reference_unverified()})</abbr>
              )}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

export interface MarkLine {
  part: string;
  verdict: "returned" | "accepted";
  reason: string;
  byName: string;
  at: Date | string;
  seq: number;
  open: boolean;
}

/** What the regulator said of it: the open reason in full, earlier ones in small. */
export function Marks({ marks }: { marks: readonly MarkLine[] }) {
  if (marks.length === 0) return null;
  const open = marks.filter((k) => k.open && k.verdict === "returned");
  const past = marks.filter((k) => !open.includes(k) && k.reason !== "");
  return (
    <>
      {open.map((k) => (
        <Notice
          key={`${k.seq}${k.part}`}
          tone="returned"
          title={m.survey_returned_by({ name: k.byName, time: formatDateTime(k.at) })}
        >
          {k.reason}
        </Notice>
      ))}
      {past.map((k) => (
        <p key={`${k.seq}${k.part}`} className="ui-hint">
          {m.survey_returned_before({ seq: k.seq, name: k.byName, reason: k.reason })}
        </p>
      ))}
    </>
  );
}
