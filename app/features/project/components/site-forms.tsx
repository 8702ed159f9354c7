import { type FieldMetadata, useForm } from "@conform-to/react";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import type { ActionResult } from "#app/request/page.server.ts";
import type { SitesPage } from "#app/features/project/setup.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { areaProps, selectProps, summaryErrors, textProps } from "#app/ui/conform.ts";
import { FormErrorSummary } from "#app/ui/form-summary.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { NumberInput, Select, TextArea, TextInput } from "#app/ui/inputs.tsx";
import { Section } from "#app/ui/page.tsx";

type SiteFields = {
  code: string;
  name: string;
  division: string;
  region: string;
  size: string;
  contact: string;
  reason: string;
};
interface Correcting {
  id: string;
  version: string;
  /** The sector corrects everything; a site its own division and contact, and what its systems do and how many devices they have. */
  all: boolean;
}
const sizes = () => [
  { value: "small", label: m.compare_size_small() },
  { value: "medium", label: m.compare_size_medium() },
  { value: "large", label: m.compare_size_large() },
];
export const sizeName = (size: string): string => sizes().find((s) => s.value === size)?.label ?? size;

/** What a correction adds to a form: what is corrected, as it was read, and why. */
function Reason({
  of,
  name,
  label,
  field,
}: {
  of: Correcting;
  name: string;
  label: string;
  field: FieldMetadata<string>;
}) {
  return (
    <>
      <input type="hidden" name={name} value={of.id} />
      <input type="hidden" name="expectedVersion" value={of.version} />
      <TextArea label={label} hint={m.project_correct_hint()} rows={3} maxLength={2000} {...areaProps(field)} />
    </>
  );
}

/** Registers an organisation, whose systems come next; or puts one right. */
export function SiteForm({
  result,
  correct,
  initial = { size: "medium" },
}: {
  result: ActionResult | undefined;
  correct?: Correcting;
  initial?: Partial<SiteFields>;
}) {
  const intent = correct ? "correctSite" : "registerSite";
  const [form, fields] = useForm<SiteFields, string[]>({
    id: "site",
    defaultValue: initial,
    ...failureOf(result, intent),
  });
  const labels = {
    code: m.project_site_code(),
    name: m.project_site_name(),
    division: m.project_site_division(),
    region: m.project_site_region(),
    size: m.project_site_size(),
    contact: m.project_site_contact(),
    reason: m.project_correct_reason(),
  };
  const fixed = correct !== undefined && !correct.all;
  return (
    <Section title={correct ? m.project_site_correct() : m.project_site_new()} id={correct ? "correct" : "new-site"}>
      <PostForm className={correct ? "ui-form" : "ui-stack"} id={form.id} noValidate>
        <FormErrorSummary errors={summaryErrors(form, labels)} />
        <TextInput label={labels.name} readOnly={fixed} {...textProps(fields.name)} />
        <TextInput
          label={labels.code}
          hint={m.project_site_code_hint()}
          readOnly={fixed}
          {...textProps(fields.code)}
          autoComplete="off"
        />
        <TextInput
          label={labels.division}
          hint={m.project_site_division_hint()}
          optional
          {...textProps(fields.division)}
          autoComplete="off"
        />
        <TextInput label={labels.region} hint={m.project_site_region_hint()} optional {...textProps(fields.region)} />
        {fixed ? (
          <input type="hidden" name="size" value={initial.size} />
        ) : (
          <Select label={labels.size} choices={sizes()} {...selectProps(fields.size)} />
        )}
        <TextInput label={labels.contact} optional {...textProps(fields.contact)} />
        {correct ? <Reason of={correct} name="siteId" label={labels.reason} field={fields.reason} /> : null}
        <div>
          <SubmitButton name="intent" value={intent} {...(correct ? { kind: "main" } : {})}>
            {correct ? m.project_correct_save() : m.project_site_register()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}

type SystemFields = { name: string; description: string; grade: string; devices: string; reason: string };

/** Registers an application system of the site that was chosen in the list, or puts one right. */
export function SystemForm({
  site,
  result,
  correct,
  initial = { grade: "2", devices: "0" },
}: {
  site: Pick<NonNullable<SitesPage["chosen"]>, "id" | "name">;
  result: ActionResult | undefined;
  correct?: Correcting;
  initial?: Partial<SystemFields>;
}) {
  const intent = correct ? "correctSystem" : "registerSystem";
  const [form, fields] = useForm<SystemFields, string[]>({
    id: correct ? `system-${correct.id}` : "system",
    defaultValue: initial,
    ...failureOf(result, intent),
  });
  const labels = {
    name: m.project_system_name(),
    description: m.project_system_description(),
    grade: m.compare_grade(),
    devices: m.project_system_devices(),
    reason: m.project_correct_reason(),
  };
  return (
    <Section
      title={correct ? m.project_system_correct() : m.project_system_new()}
      id={correct ? "correct" : "new-system"}
      note={site.name}
    >
      <PostForm className={correct ? "ui-form" : "ui-stack"} id={form.id} noValidate>
        <FormErrorSummary errors={summaryErrors(form, labels)} />
        {correct ? null : <input type="hidden" name="siteId" value={site.id} />}
        {correct && !correct.all ? (
          <>
            <input type="hidden" name="name" value={initial.name} />
            <input type="hidden" name="grade" value={initial.grade} />
          </>
        ) : (
          <>
            <TextInput label={labels.name} {...textProps(fields.name)} />
            <Select
              label={labels.grade}
              choices={["1", "2", "3", "4", "5"].map((n) => ({ value: n, label: m.compare_grade_n({ n }) }))}
              {...selectProps(fields.grade)}
            />
          </>
        )}
        <NumberInput whole label={labels.devices} {...textProps(fields.devices)} />
        <TextArea label={labels.description} optional rows={3} {...areaProps(fields.description)} />
        {correct ? <Reason of={correct} name="systemId" label={labels.reason} field={fields.reason} /> : null}
        <div>
          <SubmitButton kind="main" name="intent" value={intent}>
            {correct ? m.project_correct_save() : m.project_system_register()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}
