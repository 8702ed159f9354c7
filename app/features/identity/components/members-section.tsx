import { useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import type { ActionResult } from "#app/features/identity/route.server.ts";
import { roleName } from "#app/features/identity/role-name.ts";
import type { SettingsView } from "#app/features/identity/settings.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick, pickCamel } from "#app/i18n/pick.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { selectProps, textProps } from "#app/ui/conform.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { Select, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import { NoPermission } from "#app/ui/states.tsx";
import { failureOf } from "./form-result.ts";

type View = Extract<SettingsView, { members: unknown }>;
type People = NonNullable<View["members"]>;
type MemberForm = { email: string; name: string; password: string; role: string; tenantId: string; siteId: string };

/** The people in one's reach, and how to add one. */
export function MembersSection({ view, result }: { view: View; result: ActionResult | undefined }) {
  const { members: people } = view;
  if (!people) return <NoPermission text={m.identity_members_forbidden()} />;
  return (
    <>
      <Section title={m.identity_section_members()} note={m.identity_members_intro()}>
        <DataTable
          caption={m.identity_section_members()}
          rows={people.members}
          rowKey={(p) => p.id}
          empty={m.identity_members_none()}
          columns={[
            { key: "name", head: m.identity_name(), rowHead: true, cell: (p) => p.name },
            { key: "email", head: m.identity_email(), cell: (p) => p.email },
            { key: "role", head: m.identity_member_role(), cell: (p) => roleName(p.role) },
            { key: "tenant", head: m.identity_member_tenant(), cell: (p) => [pick(p.tenantName), p.siteName].filter(Boolean).join(" · ") },
            { key: "since", head: m.identity_member_since(), cell: (p) => formatDate(p.startsAt) },
            {
              key: "state",
              head: m.identity_member_state(),
              cell: (p) => (p.endedAt ? <StatusMark status="returned">{m.identity_member_past()}</StatusMark> : <StatusMark status="done">{m.identity_member_live()}</StatusMark>),
            },
            {
              key: "act",
              head: m.identity_member_end(),
              hideHead: true,
              cell: (p) =>
                p.endedAt || p.id === view.current ? null : (
                  <ConfirmDialog
                    kind="danger"
                    size="s"
                    label={m.identity_member_end()}
                    title={`${m.identity_member_end()}: ${p.name}`}
                    body={m.identity_member_end_confirm()}
                    fields={{ intent: "endMembership", membershipId: p.id }}
                  />
                ),
            },
          ]}
        />
      </Section>
      <AddMember people={people} result={result} />
    </>
  );
}

function AddMember({ people, result }: { people: People; result: ActionResult | undefined }) {
  const [form, fields] = useForm<MemberForm, string[]>({ id: "member", ...failureOf(result, "addMember") });
  return (
    <Section title={m.identity_member_add()}>
      <Form method="post" id={form.id} className="ui-stack" key={people.members.length}>
        <TextInput label={m.identity_name()} width="m" {...textProps(fields.name)} />
        <TextInput label={m.identity_email()} width="m" {...textProps(fields.email, "email")} autoComplete="off" />
        <Select label={m.identity_member_role()} width="m" choices={people.roles.map((r) => ({ value: r, label: roleName(r) }))} {...selectProps(fields.role)} />
        <Select label={m.identity_member_tenant()} width="m" choices={people.tenants.map((t) => ({ value: t.id, label: pickCamel(t, "name") }))} {...selectProps(fields.tenantId)} />
        {people.sites.length > 0 ? (
          <Select label={m.identity_member_site()} width="m" empty="—" choices={people.sites.map((s) => ({ value: s.id, label: s.name }))} {...selectProps(fields.siteId)} />
        ) : null}
        <TextInput label={m.identity_member_password()} hint={m.identity_member_password_hint()} width="m" {...textProps(fields.password, "password")} autoComplete="new-password" />
        <div>
          <SubmitButton name="intent" value="addMember">
            {m.identity_member_add()}
          </SubmitButton>
        </div>
      </Form>
    </Section>
  );
}
