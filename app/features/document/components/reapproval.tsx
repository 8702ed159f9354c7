import type { ReactNode } from "react";
import type { SerializeFrom } from "@remix-run/node";
import type { Approval } from "#app/features/document/approval.server.ts";
import { isInReview } from "#workflows/document/states.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { FieldDiff } from "#app/ui/diff.tsx";
import { Notice } from "#app/ui/notice.tsx";

/** Lines at first; the others are unfolded. */
const shown = 12;

function Lines({ standing, state }: { standing: SerializeFrom<Approval>; state: string }) {
  const diff = (changes: typeof standing.changes) => (
    <FieldDiff
      caption={m.seal_differs()}
      changes={changes}
      beforeLabel={m.seal_as_approved()}
      afterLabel={isInReview(state) ? m.seal_as_submitted() : m.seal_as_now()}
    />
  );
  const rest = standing.changes.slice(shown);
  return (
    <>
      {diff(standing.changes.slice(0, shown))}
      {rest.length > 0 ? (
        <details>
          <summary>{m.seal_more({ count: rest.length })}</summary>
          {diff(rest)}
        </details>
      ) : null}
    </>
  );
}

/** What an approval no longer covers: the mark with its difference, for a reviewer the difference alone. `act`: the way to change it. */
export function Reapproval({
  standing,
  state,
  act,
}: {
  standing: SerializeFrom<Approval> | null;
  state: string;
  act?: ReactNode;
}) {
  if (!standing) return null;
  const { needed, changes, approved } = standing;
  return (
    <>
      {standing.intact ? null : (
        <Notice tone="late" title={m.seal_broken()}>
          {m.seal_broken_text()}
        </Notice>
      )}
      {needed || changes.length > 0 ? (
        <Notice tone={needed ? "due" : "info"} title={needed ? m.seal_needed() : m.seal_differs()}>
          {changes.length === 0 ? m.seal_needed_elsewhere() : null}
          {changes.length > 0 && needed && approved ? (
            <p>
              {approved.by
                ? m.seal_needed_text({ name: approved.by, time: formatDateTime(approved.at) })
                : m.seal_needed_since({ time: formatDateTime(approved.at) })}
            </p>
          ) : null}
          {changes.length > 0 ? <Lines standing={standing} state={state} /> : null}
          {act ? <div className="mt-2">{act}</div> : null}
        </Notice>
      ) : act ? (
        <div>{act}</div>
      ) : null}
    </>
  );
}
