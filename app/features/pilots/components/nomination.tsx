import type { ActionResult } from "#app/request/page.server.ts";
import type { pilotView } from "../pilot.view.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { Checkbox } from "#app/ui/choices.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, TextArea } from "#app/ui/inputs.tsx";
import type { Jsonify } from "#app/ui/jsonify.ts";
import { StatusMark } from "#app/ui/marks.tsx";
import { KeyValue, Section } from "#app/ui/page.tsx";
import { fieldOf } from "./pilot-scoring.tsx";

type View = Jsonify<Awaited<ReturnType<typeof pilotView>>>;
type Form = Partial<NonNullable<View["pilot"]["nomination"]>> | null;

/** What the applicant states, for whoever screens or scores it. */
export function NominationFacts({ form, hidePartners = false }: { form: Form; hidePartners?: boolean }) {
  if (form === null) return <p>{m.pilots_nomination_none()}</p>;
  return (
    <KeyValue
      items={[
        {
          key: m.pilots_nomination_partners(),
          value: hidePartners ? m.pilots_panel_hidden() : (form.partners ?? []).join(" · "),
        },
        { key: m.pilots_nomination_programmes(), value: (form.otherProgrammes ?? []).join(" · ") },
        { key: m.pilots_nomination_built(), value: form.builtOn ?? m.pilots_nomination_not_built() },
        {
          key: m.pilots_nomination_commitment(),
          value: form.committed ? m.pilots_nomination_committed() : m.pilots_nomination_not_committed(),
        },
      ]}
    />
  );
}

/** The nomination while it is stated, screened or scored: the applicant's form, or what they stated, with what the rules say. */
export function NominationPart({ view, result }: { view: View; result: ActionResult | undefined }) {
  const form = view.pilot.nomination;
  const screening = view.selection?.screening ?? [];
  return (
    <Section title={m.pilots_nomination()} note={m.pilots_nomination_note()} id="nomination">
      {view.states ? (
        <NominationForm form={form} version={view.nominationVersion} result={result} />
      ) : (
        <NominationFacts form={form} />
      )}
      {view.selection && view.pilot.stage !== "scoring" ? (
        <Section level={3} title={m.pilots_screening()}>
          {screening.length === 0 ? (
            <StatusMark status="done">{m.pilots_screening_clear()}</StatusMark>
          ) : (
            <ul className="ui-list">
              {screening.map((r) => (
                <li key={r.text}>
                  <StatusMark status={r.blocking ? "late" : "due"}>{r.text}</StatusMark>
                </li>
              ))}
            </ul>
          )}
        </Section>
      ) : null}
    </Section>
  );
}

function NominationForm({
  form,
  version,
  result,
}: {
  form: View["pilot"]["nomination"];
  version: string;
  result: ActionResult | undefined;
}) {
  const stale = result && !result.ok && result.error?.code === "stale_revision";
  return (
    <PostForm className="ui-form" noValidate>
      {/* What was typed stays in the fields; what a colleague saved meanwhile stands beside it. */}
      {stale ? (
        <Section level={3} title={m.pilots_nomination_theirs()}>
          <NominationFacts form={form} />
        </Section>
      ) : null}
      <input type="hidden" name="expectedVersion" value={version} />
      <TextArea
        label={m.pilots_nomination_partners()}
        hint={m.pilots_nomination_partners_hint()}
        optional
        rows={2}
        maxLength={2000}
        {...fieldOf(result, "nomination", "partners", (form?.partners ?? []).join("\n"))}
      />
      <TextArea
        label={m.pilots_nomination_programmes()}
        hint={m.pilots_nomination_programmes_hint()}
        optional
        rows={2}
        maxLength={2000}
        {...fieldOf(result, "nomination", "otherProgrammes", (form?.otherProgrammes ?? []).join("\n"))}
      />
      <DateInput
        label={m.pilots_nomination_built()}
        hint={m.pilots_nomination_built_hint()}
        optional
        {...fieldOf(result, "nomination", "builtOn", form?.builtOn ?? "")}
      />
      <Checkbox
        name="committed"
        value="1"
        label={m.pilots_nomination_commit()}
        defaultChecked={form?.committed ?? false}
      />
      <div className="ui-form-acts">
        <SubmitButton name="intent" value="nomination">
          {m.pilots_nomination_save()}
        </SubmitButton>
      </div>
    </PostForm>
  );
}
