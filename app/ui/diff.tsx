import type { ReactNode } from "react";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { type Choice } from "./inputs.tsx";
import { RadioGroup } from "./choices.tsx";
import { diffText } from "./diff.rules.ts";
import { Notice } from "./notice.tsx";
import { None } from "./page.tsx";

/** Two versions of a text in one: what went struck through, what came underlined. */
export function Diff({ before, after }: { before: string; after: string }) {
  return (
    <span className="ui-diff-text">
      {diffText(before, after).map((piece, index) =>
        piece.kind === "same" ? (
          <span key={index}>{piece.text}</span>
        ) : piece.kind === "gone" ? (
          <del key={index} className="ui-del">
            {piece.text}
          </del>
        ) : (
          <ins key={index} className="ui-ins">
            {piece.text}
          </ins>
        ),
      )}
    </span>
  );
}

export interface FieldChange {
  key: string;
  label: string;
  /** As text; null when absent. */
  before: string | null;
  after: string | null;
}

/** What changed, field by field: for «re-approval needed» and for versions. */
export function FieldDiff({
  caption,
  changes,
  beforeLabel,
  afterLabel,
}: {
  caption: string;
  changes: readonly FieldChange[];
  beforeLabel?: string;
  afterLabel?: string;
}) {
  return (
    <table className="ui-table ui-table-rows">
      <caption className="ui-sr">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{m.ui_field()}</th>
          <th scope="col">{beforeLabel ?? m.ui_before()}</th>
          <th scope="col">{afterLabel ?? m.ui_after()}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.key}>
            <th scope="row">{change.label}</th>
            <td data-label={beforeLabel ?? m.ui_before()}>{change.before === null ? <None /> : change.before}</td>
            <td data-label={afterLabel ?? m.ui_after()}>
              {change.after === null ? (
                <None />
              ) : change.before === null ? (
                change.after
              ) : (
                <Diff before={change.before} after={change.after} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ConflictField {
  /** Name of the field; the choice is posted as `keep_<key>` = mine | theirs. */
  key: string;
  label: string;
  mine: string;
  theirs: string;
}

export interface ConflictNoticeProps {
  /** Who changed it meanwhile, and when. */
  who: string;
  at: Date | string;
  fields: readonly ConflictField[];
  /** The buttons that settle it; inside the page's form. */
  children?: ReactNode;
}

/**
 * Somebody else saved first: field by field theirs and mine, nothing lost, the reader chooses. Stands inside the form whose
 * submission was refused, so what was typed is still there.
 */
export function ConflictNotice({ who, at, fields, children }: ConflictNoticeProps) {
  const shown = (text: string): string => (text === "" ? m.ui_none() : text);
  return (
    <Notice tone="due" title={m.ui_conflict_title()} live>
      <p>{m.ui_conflict_text({ who, time: formatDateTime(at), count: fields.length })}</p>
      <div className="ui-stack" style={{ marginTop: "0.75rem" }}>
        {fields.map((field) => {
          const choices: Choice[] = [
            { value: "theirs", label: m.ui_conflict_theirs(), hint: shown(field.theirs) },
            { value: "mine", label: m.ui_conflict_mine(), hint: <Diff before={field.theirs} after={field.mine} /> },
          ];
          return (
            <RadioGroup
              key={field.key}
              id={`keep-${field.key}`}
              name={`keep_${field.key}`}
              legend={field.label}
              choices={choices}
              defaultValue="theirs"
              required
            />
          );
        })}
        {children ? <div className="ui-acts">{children}</div> : null}
      </div>
    </Notice>
  );
}
