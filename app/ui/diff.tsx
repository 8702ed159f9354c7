import { m } from "#app/i18n/paraglide/messages.js";
import { diffText } from "./diff.rules.ts";
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
