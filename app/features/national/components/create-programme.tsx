import { useForm } from "@conform-to/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { summaryErrors, textProps } from "#app/ui/conform.ts";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { DateInput, NumberInput, TextInput } from "#app/ui/inputs.tsx";
import { PageHeader, Section } from "#app/ui/page.tsx";
import type { Beginning } from "../national.view.server.ts";

type Fields = { code: string; titleZh: string; titleEn: string; startsOn: string; endsOn: string; kThreshold: string };

/** The director's first act: the programme, and with it the action plan's milestones. */
export function CreateProgramme({ beginning, result }: { beginning: Beginning; result: ActionResult | undefined }) {
  const [form, fields] = useForm<Fields, string[]>({
    id: "programme",
    defaultValue: { kThreshold: "5", startsOn: beginning.startsOn, endsOn: beginning.endsOn },
    ...failureOf(result, "createProgramme"),
  });
  const labels = {
    code: m.national_programme_code(),
    titleZh: m.national_programme_zh(),
    titleEn: m.national_programme_en(),
    startsOn: m.national_programme_from(),
    endsOn: m.national_programme_to(),
    kThreshold: m.national_programme_k(),
  };
  return (
    <>
      <PageHeader title={m.national_title()} />
      <Section
        title={m.national_programme_new()}
        note={m.national_programme_note({ tasks: beginning.tasks, count: beginning.milestones })}
      >
        <PostForm className="ui-form" id={form.id} noValidate>
          <FormErrorSummary errors={summaryErrors(form, labels)} />
          <TextInput label={labels.titleZh} {...textProps(fields.titleZh)} />
          <TextInput label={labels.titleEn} {...textProps(fields.titleEn)} />
          <TextInput
            label={labels.code}
            hint={m.national_programme_code_hint()}
            width="m"
            {...textProps(fields.code)}
          />
          <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
            <DateInput label={labels.startsOn} {...textProps(fields.startsOn, "date")} />
            <DateInput label={labels.endsOn} {...textProps(fields.endsOn, "date")} />
          </div>
          <NumberInput
            whole
            label={labels.kThreshold}
            hint={m.national_programme_k_hint()}
            {...textProps(fields.kThreshold)}
          />
          <div className="ui-form-acts">
            <SubmitButton kind="main" name="intent" value="createProgramme">
              {m.national_programme_create()}
            </SubmitButton>
          </div>
        </PostForm>
      </Section>
    </>
  );
}
