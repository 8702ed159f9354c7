import { specificationPath } from "#app/domain/hrefs.ts";
import { Link } from "@remix-run/react";
import { m } from "#app/i18n/paraglide/messages.js";
import { EventButtons } from "#app/features/workflow/components/event-buttons.tsx";
import { ActButton } from "#app/ui/act.tsx";
import { LinkButton } from "#app/ui/button.tsx";
import { DisabledAct } from "#app/ui/act.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DateInput } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader, Tabs } from "#app/ui/page.tsx";
import type { EditingView } from "../editing.view.server.ts";
import { Consultation } from "./consultation.tsx";
import { EditionMark } from "./cover.public.tsx";

/** Publishing asks for a date: it stands beside the other acts. */
function Publish({ view }: { view: EditingView }) {
  const publish = view.acts.find((a) => a.type === "PUBLISH");
  if (!publish) return null;
  return publish.enabled ? (
    <ConfirmDialog
      kind="main"
      label={m.specification_publish()}
      title={m.specification_publish_title()}
      seals={[`${view.number} ${view.title}`, m.specification_publish_seal_text({ digest: view.facts.contentHash })]}
      fields={{ intent: "publish", expectedVersion: view.version }}
      body={<DateInput id="effectiveOn" name="effectiveOn" label={m.specification_effective()} required />}
    />
  ) : (
    <DisabledAct kind="main" reasons={publish.reasons.map((r) => r.text)}>
      {m.specification_publish()}
    </DisabledAct>
  );
}

/** What is edited, in which state, and what may be done with it now. */
export function EditingHead({ view }: { view: EditingView }) {
  return (
    <PageHeader
      title={view.number}
      of={view.title}
      state={<EditionMark state={view.state} word={view.mark} />}
      version={m.specification_edition({ edition: view.edition })}
      meta={
        <span>
          {m.specification_comments_count({ open: view.facts.unsettledComments, total: view.comments.length })}
        </span>
      }
    >
      {view.public ? (
        <LinkButton to={specificationPath(view.number)} reload>
          {m.specification_public_page()}
        </LinkButton>
      ) : null}
      {view.state === "published" ? (
        <ActButton act={{ key: "edition", label: m.specification_new_edition(), post: { intent: "newEdition" } }} />
      ) : null}
      <Consultation view={view} />
      <Publish view={view} />
      <EventButtons
        acts={view.acts}
        version={view.version}
        without={["OPEN_CONSULTATION", "PUBLISH"]}
        seals={[m.specification_publish_seal_text({ digest: view.facts.contentHash })]}
      />
    </PageHeader>
  );
}

/** What the document as a whole lacks; each clause that is meant by its number. */
export function Gaps({ view }: { view: EditingView }) {
  if (view.gaps.length === 0 || !view.editable) return null;
  const missing = view.gaps.some((g) => g.blocking);
  return (
    <Notice
      tone={missing ? "late" : "info"}
      title={missing ? m.specification_structure_missing() : m.specification_structure_notes()}
    >
      <ul className="ui-list">
        {view.gaps.map((g) => (
          <li key={g.text} className={g.blocking ? "text-late" : "text-ink-3"}>
            {g.text}
            {g.clauses.map((c) => (
              <Link key={c.id} to={`?clause=${c.id}`} className="ml-2">
                {c.no}
              </Link>
            ))}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

export function ViewTabs({ view }: { view: EditingView }) {
  const words = {
    text: m.specification_edit_view_text(),
    import: m.specification_edit_view_import(),
    comments: m.specification_edit_view_comments(),
    coverage: m.specification_edit_view_coverage(),
    front: m.specification_edit_view_front(),
    changes: m.specification_edit_view_changes(),
  };
  return (
    <Tabs
      label={m.specification_edit_views()}
      tabs={(["text", "import", "comments", "coverage", "front", "changes"] as const).map((v) => ({
        to: v === "text" ? "?" : `?view=${v}`,
        label: words[v],
        current: view.view === v,
        ...(v === "comments" && view.facts.unsettledComments > 0 ? { count: view.facts.unsettledComments } : {}),
      }))}
    />
  );
}
