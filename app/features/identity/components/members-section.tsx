import { useForm } from "@conform-to/react";
import { Link } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { roleName } from "#app/domain/role-name.ts";
import type { MembersView } from "#app/features/identity/settings.server.ts";
import { formatDate } from "#app/i18n/format.ts";
import { getLocale } from "#app/i18n/locale.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick, pickCamel } from "#app/i18n/pick.ts";
import { LinkButton, SubmitButton } from "#app/ui/button.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { selectProps, textProps } from "#app/ui/conform.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { PostForm } from "#app/ui/form.tsx";
import { Select, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import { AccountsSection } from "./accounts-section.tsx";
import { failureOf } from "./form-result.ts";

type People = MembersView;
type InviteForm = { email: string; name: string; role: string; tenantId: string; siteId: string; language: string };

/** The people in one's reach, who was invited, and how to invite one. */
export function MembersSection({ people, result }: { people: People; result: ActionResult | undefined }) {
  return (
    <>
      <Section
        title={m.identity_section_members()}
        note={m.identity_members_intro()}
        acts={
          <LinkButton size="s" to="/permissions">
            {m.permissions_link()}
          </LinkButton>
        }
      >
        <DataTable
          caption={m.identity_section_members()}
          rows={people.members}
          rowKey={(p) => p.id}
          empty={m.identity_members_none()}
          columns={[
            { key: "name", head: m.identity_name(), rowHead: true, cell: (p) => p.name },
            { key: "email", head: m.identity_email(), cell: (p) => p.email },
            { key: "role", head: m.identity_member_role(), cell: (p) => roleName(p.role) },
            {
              key: "tenant",
              head: m.identity_member_tenant(),
              cell: (p) => [pick(p.tenantName), p.siteName].filter(Boolean).join(" · "),
            },
            { key: "since", head: m.identity_member_since(), cell: (p) => formatDate(p.startsAt) },
            {
              key: "state",
              head: m.identity_member_state(),
              cell: (p) =>
                p.endedAt ? (
                  <StatusMark status="returned">{m.identity_member_past()}</StatusMark>
                ) : (
                  <StatusMark status="done">{m.identity_member_live()}</StatusMark>
                ),
            },
            {
              key: "act",
              head: m.identity_member_end(),
              hideHead: true,
              cell: (p) =>
                !p.mayEnd ? null : (
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
      <Invitations people={people} />
      <Invite people={people} result={result} />
      {people.accounts ? <AccountsSection accounts={people.accounts} me={people.me} /> : null}
    </>
  );
}

function Invite({ people, result }: { people: People; result: ActionResult | undefined }) {
  const [form, fields] = useForm<InviteForm, string[]>({
    id: "invite",
    defaultValue: { language: getLocale() },
    ...failureOf(result, "invite"),
  });
  return (
    <Section title={m.signin_invite()} note={m.signin_invite_note()}>
      <PostForm id={form.id} className="ui-stack" key={people.invitations.length}>
        <TextInput label={m.identity_name()} width="m" {...textProps(fields.name)} />
        <TextInput label={m.identity_email()} width="m" {...textProps(fields.email, "email")} autoComplete="off" />
        <Select
          label={m.identity_member_role()}
          width="m"
          choices={people.roles.map((r) => ({ value: r, label: roleName(r) }))}
          {...selectProps(fields.role)}
        />
        <Select
          label={m.identity_member_tenant()}
          width="m"
          hint={
            people.closed > 0 ? (
              <Link to="/break-glass">{m.glass_tenants_closed({ count: people.closed })}</Link>
            ) : undefined
          }
          choices={people.tenants.map((t) => ({ value: t.id, label: pickCamel(t, "name") }))}
          {...selectProps(fields.tenantId)}
        />
        {people.sites.length > 0 ? (
          <Select
            label={m.identity_member_site()}
            width="m"
            empty="—"
            choices={people.sites.map((s) => ({ value: s.id, label: s.name }))}
            {...selectProps(fields.siteId)}
          />
        ) : null}
        <Select
          label={m.signin_letter_language()}
          width="m"
          choices={[
            { value: "zh-CN", label: m.identity_language_zh() },
            { value: "en", label: m.identity_language_en() },
          ]}
          {...selectProps(fields.language)}
        />
        <div>
          <SubmitButton name="intent" value="invite">
            {m.signin_invite_send()}
          </SubmitButton>
        </div>
      </PostForm>
    </Section>
  );
}

/** Invitations that nobody has answered yet. */
function Invitations({ people }: { people: People }) {
  if (people.invitations.length === 0) return null;
  return (
    <Section title={m.signin_invitations()}>
      <DataTable
        plain
        prefix="i_"
        caption={m.signin_invitations()}
        rows={people.invitations}
        rowKey={(i) => i.id}
        empty={m.signin_invitations()}
        columns={[
          { key: "name", head: m.identity_name(), rowHead: true, cell: (i) => i.name },
          { key: "email", head: m.identity_email(), cell: (i) => i.email },
          { key: "role", head: m.identity_member_role(), cell: (i) => roleName(i.role) },
          {
            key: "tenant",
            head: m.identity_member_tenant(),
            cell: (i) => [pick(i.tenantName), i.siteName].filter(Boolean).join(" · "),
          },
          {
            key: "until",
            head: m.signin_invitation_until(),
            cell: (i) =>
              i.expired ? <StatusMark status="late">{m.identity_token_expired()}</StatusMark> : formatDate(i.expiresAt),
          },
          {
            key: "act",
            head: m.signin_invitation_revoke(),
            hideHead: true,
            cell: (i) => (
              <ConfirmDialog
                kind="danger"
                size="s"
                label={m.signin_invitation_revoke()}
                title={m.signin_invitation_revoke_ask({ name: i.name })}
                fields={{ intent: "revokeInvitation", invitationId: i.id }}
              />
            ),
          },
        ]}
      />
    </Section>
  );
}
