import { useForm } from "@conform-to/react";
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

type SiteFields = { code: string; name: string; region: string; size: string; contact: string };
const sizes = () => [
  { value: "small", label: m.compare_size_small() },
  { value: "medium", label: m.compare_size_medium() },
  { value: "large", label: m.compare_size_large() },
];
export const sizeName = (size: string): string => sizes().find((s) => s.value === size)?.label ?? size;

/** Registers an organisation; its systems come next. */
export function SiteForm({ result }: { result: ActionResult | undefined }) {
  const [form, fields] = useForm<SiteFields, string[]>({
    id: "site",
    defaultValue: { size: "medium" },
    ...failureOf(result, "registerSite"),
  });
  const labels = {
    code: m.project_site_code(),
    name: m.project_site_name(),
    region: m.project_site_region(),
    size: m.project_site_size(),
    contact: m.project_site_contact(),
  };
  return (
    <Section title={m.project_site_new()} id="new-site">
      <PostForm className="ui-stack" id={form.id} noValidate>
        <FormErrorSummary errors={summaryErrors(form, labels)} />
        <TextInput label={labels.name} {...textProps(fields.name)} />
        <TextInput
          label={labels.code}
          hint={m.project_site_code_hint()}
          {...textProps(fields.code)}
          autoComplete="off"
        />
        <TextInput label={labels.region} optional {...textProps(fields.region)} />
        <Select label={labels.size} choices={sizes()} {...selectProps(fields.size)} />
        <TextInput label={labels.contact} optional {...textProps(fields.contact)} />
        <div>
          <SubmitButton name="intent" value="registerSite">
            {m.project_site_register()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}

type SystemFields = { siteId: string; name: string; description: string; grade: string; devices: string };

/** Registers an application system of the site that was chosen in the list. */
export function SystemForm({
  site,
  result,
}: {
  site: NonNullable<SitesPage["chosen"]>;
  result: ActionResult | undefined;
}) {
  const [form, fields] = useForm<SystemFields, string[]>({
    id: "system",
    defaultValue: { grade: "2", devices: "0" },
    ...failureOf(result, "registerSystem"),
  });
  const labels = {
    name: m.project_system_name(),
    description: m.project_system_description(),
    grade: m.compare_grade(),
    devices: m.project_system_devices(),
  };
  return (
    <Section title={m.project_system_new()} id="new-system" note={site.name}>
      <PostForm className="ui-stack" id={form.id} noValidate>
        <FormErrorSummary errors={summaryErrors(form, labels)} />
        <input type="hidden" name="siteId" value={site.id} />
        <TextInput label={labels.name} {...textProps(fields.name)} />
        <Select
          label={labels.grade}
          choices={["1", "2", "3", "4", "5"].map((n) => ({ value: n, label: m.compare_grade_n({ n }) }))}
          {...selectProps(fields.grade)}
        />
        <NumberInput whole label={labels.devices} {...textProps(fields.devices)} />
        <TextArea label={labels.description} optional rows={3} {...areaProps(fields.description)} />
        <div>
          <SubmitButton kind="main" name="intent" value="registerSystem">
            {m.project_system_register()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}
