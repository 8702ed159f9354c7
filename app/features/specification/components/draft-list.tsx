import { Link } from "@remix-run/react";
import { m } from "#app/i18n/paraglide/messages.js";
import { StatusMark } from "#app/ui/marks.tsx";
import type { DraftClauseView, SectorDraftView } from "../draft.view.server.ts";

function Evidence({ clause }: { clause: DraftClauseView }) {
  if (clause.evidence.length > 0)
    return <span className="ui-hint">{m.specification_evidence_count({ count: clause.evidence.length })}</span>;
  if (clause.evidenceNone) return <span className="ui-hint">{m.specification_declared_none()}</span>;
  return <StatusMark status="due">{m.specification_without_evidence()}</StatusMark>;
}

function Row({ clause, editable, current }: { clause: DraftClauseView; editable: boolean; current: boolean }) {
  const title = clause.title || m.specification_no_heading();
  const blocking = clause.reasons.filter((r) => r.blocking);
  return (
    <li
      className={current ? "border-l-2 border-accent py-2 pl-3" : "border-l-2 border-transparent py-2 pl-3"}
      {...(current ? { "aria-current": "true" as const } : {})}
    >
      <p>
        {editable ? (
          <Link to={`?clause=${encodeURIComponent(clause.key)}`} preventScrollReset>
            <strong>{title}</strong>
          </Link>
        ) : (
          <strong>{title}</strong>
        )}
      </p>
      <p className="text-14">{clause.text}</p>
      <p className="flex flex-wrap gap-x-4 gap-y-1 text-12 text-ink-3">
        <span>{clause.tagWords.join(" · ")}</span>
        <span>{clause.verbWord}</span>
        <Evidence clause={clause} />
        {blocking.map((r) => (
          <StatusMark key={r.text} status="late">
            {r.text}
          </StatusMark>
        ))}
      </p>
      {!editable && clause.evidence.length > 0 ? (
        <ul className="mt-1 text-12 text-ink-2">
          {clause.evidence.map((e) => (
            <li key={`${e.kind}:${e.ref}`}>
              {e.statement}
              {e.dissent ? ` · ${m.specification_dissent()}` : null}
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}

/** Clauses by chapter; the chosen one marked. */
export function DraftList({ view }: { view: SectorDraftView }) {
  return (
    <>
      {view.chapters
        .filter((c) => c.clauses.length > 0)
        .map((c) => (
          <section key={c.value} className="mb-4">
            <h3>{c.label}</h3>
            <ul className="divide-y divide-line">
              {c.clauses.map((clause) => (
                <Row
                  key={clause.key}
                  clause={clause}
                  editable={view.editable}
                  current={view.chosen?.key === clause.key}
                />
              ))}
            </ul>
          </section>
        ))}
    </>
  );
}
