import { phasePage } from "#app/features/project/phase-page.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton } from "#app/ui/button.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { Section } from "#app/ui/page.tsx";
import { Checklist } from "#app/ui/work.tsx";
import type { ProjectHead, ProjectOverview } from "../project.view.server.ts";

type View = Jsonify<ProjectOverview>;

/** What the present phase still waits for. A site is led to its own survey. */
export function NowChecklist({ head, view, level }: { head: ProjectHead; view: View; level: string }) {
  return (
    <Section
      title={m.project_now({ state: head.stateLabel })}
      note={view.checklist.length > 0 ? m.project_checklist_text() : undefined}
    >
      {view.checklist.length > 0 ? (
        <Checklist label={m.project_checklist()} items={view.checklist} />
      ) : (
        <p className="ui-hint">
          {head.state === "completed" || head.state === "terminated" ? m.project_ended() : m.project_checklist_empty()}
        </p>
      )}
      {level === "site" && view.phase === "survey" ? (
        <LinkButton to={`/projects/${head.id}/survey`}>{m.project_own_survey()}</LinkButton>
      ) : null}
    </Section>
  );
}

/** Acts of the present phase that stand on the page of its document, with what keeps them from being taken. */
export function ElsewhereChecklist({ head, view }: { head: ProjectHead; view: View }) {
  if (view.elsewhere.length === 0 || !view.phase) return null;
  const place = `/projects/${head.id}/${phasePage(view.phase)}`;
  return (
    <Section
      title={m.project_elsewhere()}
      note={m.project_elsewhere_text()}
      acts={
        <LinkButton to={place} size="s">
          {m.project_go()}
        </LinkButton>
      }
    >
      <Checklist
        label={m.project_elsewhere()}
        items={view.elsewhere.map((a) => ({
          key: a.type,
          label: a.label,
          done: false,
          to: place,
          note: a.enabled ? undefined : a.reasons.map((r) => r.text).join(" "),
        }))}
      />
    </Section>
  );
}
