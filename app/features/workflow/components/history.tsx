import { Link } from "@remix-run/react";
import { roleName } from "#app/domain/role-name.ts";
import type { HistoryEntry } from "#app/features/workflow/history.server.ts";
import { shortDigest } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { Section } from "#app/ui/page.tsx";
import { Timeline } from "#app/ui/work.tsx";
import type { MemberRole } from "#db/roles.ts";

/** An entry as a loader hands it on: dates may have become text on the way. */
export type HistoryLine = Omit<HistoryEntry, "at"> & { at: Date | string };

const leadsBack = /^(RETURN|REOPEN|REJECT|WITHDRAW)/;
const ends = /^(SUSPEND|TERMINATE|FAIL)/;

/** Who did what, when and why; newest first. `older` leads to the entries before. */
export function History({
  entries,
  older,
  title = m.workflow_ui_history(),
}: {
  entries: readonly HistoryLine[];
  older?: string | null | undefined;
  title?: string;
}) {
  return (
    <Section title={title}>
      {entries.length === 0 ? <p className="ui-hint">{m.workflow_ui_history_empty()}</p> : null}
      <Timeline
        label={title}
        items={entries.map((e) => ({
          id: e.id,
          what: (
            <>
              <strong>{e.label}</strong>
              <span className="ui-hint">
                {" "}
                {e.from === e.to
                  ? m.workflow_ui_history_same({ state: e.toLabel })
                  : m.workflow_ui_history_step({ from: e.fromLabel, to: e.toLabel })}
              </span>
              {e.contentHash ? (
                <span className="ui-hint"> · {m.workflow_ui_history_seal({ digest: shortDigest(e.contentHash) })}</span>
              ) : null}
            </>
          ),
          who:
            e.actorRole === "system"
              ? m.workflow_ui_by_system({ name: e.actorName })
              : `${e.actorName} · ${roleName(e.actorRole as MemberRole)}`,
          at: e.at,
          why: e.reason || null,
          tone: ends.test(e.type)
            ? ("late" as const)
            : leadsBack.test(e.type)
              ? ("returned" as const)
              : ("plain" as const),
        }))}
      />
      {older ? (
        <p>
          <Link to={older} preventScrollReset>
            {m.workflow_ui_history_more()}
          </Link>
        </p>
      ) : null}
    </Section>
  );
}
