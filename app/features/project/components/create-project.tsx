import { useForm } from "@conform-to/react";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import type { ActionResult } from "#app/request/page.server.ts";
import type { projectCorrection } from "#app/features/project/project-correction.server.ts";
import type { ProjectProposal } from "#app/features/project/setup.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { areaProps, summaryErrors, textProps } from "#app/ui/conform.ts";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, NumberInput, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { Section } from "#app/ui/page.tsx";

type Fields = {
  programmeId?: string;
  code?: string;
  expectedVersion?: string;
  reason?: string;
  nameZh: string;
  nameEn: string;
  responseThreshold: string;
  securityShare: string;
  dueOn: Record<string, string>;
};

interface Phase {
  key: string;
  label: string;
  dueOn: string;
}
interface FormProps {
  id: string;
  intent: "createProject" | "correct";
  initial: Fields;
  phases: readonly Phase[];
  act: string;
  /** Names of thresholds, keys of phases that stay as they are. */
  fixed?: readonly string[];
  result: ActionResult | undefined;
}

/** Names, thresholds and days of a project: as it is set up, or as it is put right, which wants a reason. */
function ProjectForm({ id, intent, initial, phases, act, fixed = [], result }: FormProps) {
  const [form, fields] = useForm<Fields, string[]>({ id, defaultValue: initial, ...failureOf(result, intent) });
  const due = fields.dueOn.getFieldset();
  const labels: Record<string, string> = {
    code: m.project_code(),
    nameZh: m.project_name_zh(),
    nameEn: m.project_name_en(),
    responseThreshold: m.project_threshold(),
    securityShare: m.project_share(),
    reason: m.project_correct_reason(),
    ...Object.fromEntries(phases.map((p) => [`dueOn.${p.key}`, p.label])),
  };
  const corrects = intent === "correct";
  return (
    <PostForm className="ui-form" id={form.id} noValidate>
      <FormErrorSummary errors={summaryErrors(form, labels)} />
      {initial.programmeId ? <input type="hidden" name="programmeId" value={initial.programmeId} /> : null}
      {initial.expectedVersion ? <input type="hidden" name="expectedVersion" value={initial.expectedVersion} /> : null}
      <TextInput label={labels["nameZh"]} {...textProps(fields.nameZh)} />
      <TextInput label={labels["nameEn"]} {...textProps(fields.nameEn)} />
      {corrects ? null : <TextInput label={labels["code"]} width="m" {...textProps(fields.code)} />}
      <NumberInput
        label={labels["responseThreshold"]}
        hint={m.project_threshold_hint()}
        unit="%"
        readOnly={fixed.includes("responseThreshold")}
        {...textProps(fields.responseThreshold)}
      />
      <NumberInput
        label={labels["securityShare"]}
        hint={m.project_share_hint()}
        unit="%"
        readOnly={fixed.includes("securityShare")}
        {...textProps(fields.securityShare)}
      />
      <fieldset className="ui-field">
        <legend className="ui-label mb-1">{m.project_due_dates()}</legend>
        <p className="ui-hint">{m.project_due_dates_hint()}</p>
        <div className="mt-2 grid grid-cols-1 gap-4 sm:grid-cols-2">
          {phases.map((p) => {
            const field = due[p.key];
            return field ? (
              <DateInput key={p.key} label={p.label} readOnly={fixed.includes(p.key)} {...textProps(field, "date")} />
            ) : null;
          })}
        </div>
      </fieldset>
      {corrects ? <TextArea label={labels["reason"]} rows={3} maxLength={2000} {...areaProps(fields.reason)} /> : null}
      <div className="ui-form-acts">
        <SubmitButton kind="main" name="intent" value={intent}>
          {act}
        </SubmitButton>
      </div>
    </PostForm>
  );
}

const dueOf = (phases: readonly Phase[]) => Object.fromEntries(phases.map((p) => [p.key, p.dueOn]));

/** The lead's first act: the sector's project, its dates proposed in the proportions of the action plan. */
export function CreateProject({ proposal, result }: { proposal: ProjectProposal; result: ActionResult | undefined }) {
  return (
    <Section title={m.project_new()} note={m.project_new_text({ programme: proposal.programme })}>
      <ProjectForm
        id="project"
        intent="createProject"
        phases={proposal.phases}
        act={m.project_create()}
        result={result}
        initial={{
          programmeId: proposal.programmeId,
          code: proposal.code,
          nameZh: proposal.nameZh,
          nameEn: proposal.nameEn,
          responseThreshold: "80",
          securityShare: "10",
          dueOn: dueOf(proposal.phases),
        }}
      />
    </Section>
  );
}

type Correctable = NonNullable<Awaited<ReturnType<typeof projectCorrection>>>;
/** A project put right by its sector's lead, with the reason. */
export function CorrectProject({ now, result }: { now: Correctable; result: ActionResult | undefined }) {
  return (
    <Section title={m.project_correct()} note={m.project_correct_note()} id="correct">
      <ProjectForm
        key={now.version}
        id="correct-project"
        intent="correct"
        phases={now.phases}
        fixed={now.fixed}
        act={m.project_correct_save()}
        result={result}
        initial={{ ...now.fields, expectedVersion: now.version, reason: "", dueOn: dueOf(now.phases) }}
      />
    </Section>
  );
}
