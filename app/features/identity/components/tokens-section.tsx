import { useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import type { SettingsView } from "#app/features/identity/settings.server.ts";
import { formatDate, formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { Checkbox } from "#app/ui/choices.tsx";
import { checkProps, textProps } from "#app/ui/conform.ts";
import { CopyId } from "#app/ui/copy-id.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { NumberInput, TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { Section } from "#app/ui/page.tsx";
import { failureOf } from "./form-result.ts";

type View = Extract<SettingsView, { tokens: unknown }>;
type Token = View["tokens"][number];
type TokenForm = { name: string; days: string; write: boolean; seal: boolean };

const isToken = (data: unknown): data is { token: string } =>
  typeof data === "object" && data !== null && "token" in data && typeof data.token === "string";

/** API tokens of the present membership. */
export function TokensSection({ view, result }: { view: View; result: ActionResult | undefined }) {
  const [form, fields] = useForm<TokenForm, string[]>({
    id: "token",
    defaultValue: { days: "90" },
    ...failureOf(result, "createToken"),
  });
  return (
    <>
      {result?.ok && isToken(result.data) ? (
        <Notice tone="done" title={m.identity_token_created()} live>
          <CopyId value={result.data.token} />
        </Notice>
      ) : null}
      <Section
        title={m.identity_section_tokens()}
        note={m.identity_tokens_intro()}
        acts={<a href="/api/v1/openapi.json">{m.identity_token_docs()}</a>}
      >
        <DataTable
          plain
          caption={m.identity_section_tokens()}
          rows={view.tokens}
          rowKey={(t) => t.id}
          empty={m.identity_token_none()}
          columns={[
            { key: "name", head: m.identity_token_name(), rowHead: true, cell: (t) => t.name },
            { key: "scopes", head: m.identity_token_scopes(), cell: (t) => scopeOf(t) },
            { key: "until", head: m.identity_token_until(), cell: (t) => formatDate(t.expiresAt) },
            { key: "used", head: m.identity_token_used(), cell: (t) => formatDateTime(t.lastUsedAt) },
            { key: "state", head: m.identity_token_state(), cell: (t) => <TokenState token={t} /> },
            {
              key: "act",
              head: m.identity_token_revoke(),
              hideHead: true,
              cell: (t) => (t.revokedAt ? null : <Revoke id={t.id} />),
            },
          ]}
        />
      </Section>
      <Section title={m.identity_token_create()}>
        <Form method="post" id={form.id} className="ui-stack" key={view.tokens.length}>
          <TextInput
            label={m.identity_token_name()}
            hint={m.identity_token_name_hint()}
            width="m"
            {...textProps(fields.name)}
          />
          <NumberInput
            label={m.identity_token_days()}
            unit={m.identity_token_days_unit()}
            whole
            {...textProps(fields.days)}
          />
          <Checkbox label={m.identity_token_write()} {...checkProps(fields.write)} />
          <Checkbox label={m.identity_token_seal()} hint={m.identity_token_seal_hint()} {...checkProps(fields.seal)} />
          <div>
            <SubmitButton name="intent" value="createToken">
              {m.identity_token_create()}
            </SubmitButton>
          </div>
        </Form>
      </Section>
    </>
  );
}

const scopeOf = ({ scopes }: Token): string =>
  scopes.includes("seal")
    ? m.identity_token_scope_seal()
    : scopes.includes("write")
      ? m.identity_token_scope_write()
      : m.identity_token_scope_read();

function TokenState({ token }: { token: Token }) {
  if (token.revokedAt) return <StatusMark status="returned">{m.identity_token_revoked()}</StatusMark>;
  if (token.expired) return <StatusMark status="late">{m.identity_token_expired()}</StatusMark>;
  return <StatusMark status="done">{m.identity_token_live()}</StatusMark>;
}

function Revoke({ id }: { id: string }) {
  return (
    <Form method="post">
      <input type="hidden" name="tokenId" value={id} />
      <SubmitButton kind="quiet" size="s" name="intent" value="revokeToken">
        {m.identity_token_revoke()}
      </SubmitButton>
    </Form>
  );
}
