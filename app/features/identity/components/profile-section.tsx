import { useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import type { SettingsView } from "#app/features/identity/settings.server.ts";
import { roleName } from "#app/domain/role-name.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { Button, SubmitButton } from "#app/ui/button.tsx";
import { RadioGroup } from "#app/ui/choices.tsx";
import { textProps } from "#app/ui/conform.ts";
import { TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section, Split } from "#app/ui/page.tsx";
import { failureOf } from "./form-result.ts";

type View = Extract<SettingsView, { preferences: unknown }>;

/** Name, memberships, and what a person sets for their own eyes. */
export function ProfileSection({ view, result }: { view: View; result: ActionResult | undefined }) {
  const [form, fields] = useForm<{ name: string }, string[]>({
    id: "rename",
    defaultValue: { name: view.person.name },
    ...failureOf(result, "rename"),
  });
  return (
    <Split even side={<Preferences view={view} />}>
      <Section title={m.identity_section_profile()}>
        <Form method="post" id={form.id} className="ui-stack">
          <TextInput label={m.identity_name()} width="m" {...textProps(fields.name)} autoComplete="name" />
          <div>
            <SubmitButton name="intent" value="rename">
              {m.identity_save()}
            </SubmitButton>
          </div>
        </Form>
      </Section>
      <Section title={m.identity_memberships()} note={m.identity_memberships_hint()}>
        <ul className="ui-list">
          {view.memberships.map((one) => (
            <li key={one.id}>
              {roleName(one.role)} · {[pick(one.tenantName), one.siteName].filter(Boolean).join(" · ")}{" "}
              {one.id === view.current ? (
                <StatusMark status="done">{m.identity_membership_current()}</StatusMark>
              ) : null}
            </li>
          ))}
        </ul>
      </Section>
    </Split>
  );
}

function Preferences({ view }: { view: View }) {
  return (
    <Section title={m.identity_preferences()}>
      <Form method="get" action="/settings/profile" reloadDocument className="ui-stack">
        <RadioGroup
          inline
          name="lng"
          legend={m.identity_language()}
          defaultValue={getLocale()}
          choices={[
            { value: "zh-CN", label: m.identity_language_zh() },
            { value: "en", label: m.identity_language_en() },
          ]}
        />
        <RadioGroup
          inline
          name="theme"
          legend={m.identity_theme()}
          defaultValue={view.preferences.theme}
          choices={[
            { value: "system", label: m.identity_theme_system() },
            { value: "light", label: m.identity_theme_light() },
            { value: "dark", label: m.identity_theme_dark() },
          ]}
        />
        <RadioGroup
          inline
          name="density"
          legend={m.identity_density()}
          defaultValue={view.preferences.density}
          choices={[
            { value: "compact", label: m.identity_density_compact() },
            { value: "comfortable", label: m.identity_density_comfortable() },
          ]}
        />
        <div>
          <Button>{m.identity_save()}</Button>
        </div>
      </Form>
    </Section>
  );
}
