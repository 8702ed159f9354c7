import { useForm } from "@conform-to/react";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import type { ActionResult } from "#app/request/page.server.ts";
import type { ProjectProposal } from "#app/features/project/setup.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { summaryErrors, textProps } from "#app/ui/conform.ts";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, NumberInput, TextInput } from "#app/ui/inputs.tsx";
import { Section } from "#app/ui/page.tsx";

type Fields = {
  programmeId: string;
  code: string;
  nameZh: string;
  nameEn: string;
  responseThreshold: string;
  securityShare: string;
  dueOn: Record<string, string>;
};

/** The lead's first act: the sector's project, its dates proposed in the proportions of the action plan. */
export function CreateProject({ proposal, result }: { proposal: ProjectProposal; result: ActionResult | undefined }) {
  const [form, fields] = useForm<Fields, string[]>({
    id: "project",
    defaultValue: {
      programmeId: proposal.programmeId,
      code: proposal.code,
      nameZh: proposal.nameZh,
      nameEn: proposal.nameEn,
      responseThreshold: "80",
      securityShare: "10",
      dueOn: Object.fromEntries(proposal.phases.map((p) => [p.key, p.dueOn])),
    },
    ...failureOf(result, "createProject"),
  });
  const due = fields.dueOn.getFieldset();
  const labels: Record<string, string> = {
    code: m.project_code(),
    nameZh: m.project_name_zh(),
    nameEn: m.project_name_en(),
    responseThreshold: m.project_threshold(),
    securityShare: m.project_share(),
    ...Object.fromEntries(proposal.phases.map((p) => [`dueOn.${p.key}`, p.label])),
  };
  return (
    <Section title={m.project_new()} note={m.project_new_text({ programme: proposal.programme })}>
      <PostForm className="ui-form" id={form.id} noValidate>
        <FormErrorSummary errors={summaryErrors(form, labels)} />
        <input type="hidden" name="programmeId" value={proposal.programmeId} />
        <TextInput label={labels["nameZh"]} {...textProps(fields.nameZh)} />
        <TextInput label={labels["nameEn"]} {...textProps(fields.nameEn)} />
        <TextInput label={labels["code"]} width="m" {...textProps(fields.code)} />
        <NumberInput
          label={labels["responseThreshold"]}
          hint={m.project_threshold_hint()}
          unit="%"
          {...textProps(fields.responseThreshold)}
        />
        <NumberInput
          label={labels["securityShare"]}
          hint={m.project_share_hint()}
          unit="%"
          {...textProps(fields.securityShare)}
        />
        <fieldset className="ui-field">
          <legend className="ui-label mb-1">{m.project_due_dates()}</legend>
          <p className="ui-hint">{m.project_due_dates_hint()}</p>
          <div className="mt-2 grid grid-cols-1 gap-4 sm:grid-cols-2">
            {proposal.phases.map((p) => {
              const field = due[p.key];
              return field ? <DateInput key={p.key} label={p.label} {...textProps(field, "date")} /> : null;
            })}
          </div>
        </fieldset>
        <div className="ui-form-acts">
          <SubmitButton kind="main" name="intent" value="createProject">
            {m.project_create()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}
