import { Form } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import type { SecurityView } from "#app/features/identity/settings.server.ts";
import { formatDate, formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";
import { codesOf, EnrolPasskey, EnrolTotp, type EnrolmentView, RecoveryCodes } from "./enrol.tsx";

type View = SecurityView & { enrolment: EnrolmentView | null; passkeysHere: boolean; fresh: boolean };
interface Props {
  view: View;
  result: ActionResult | undefined;
}

/** Second factors of the account: authenticator, passkeys, codes for a bad day. */
export function FactorsSection({ view, result }: Props) {
  const codes = codesOf(result);
  return (
    <>
      {codes ? <RecoveryCodes codes={codes} of={view.person.email} /> : null}
      <Totp view={view} result={result} />
      <Passkeys view={view} result={result} />
      {view.factors.totp || view.factors.passkeys > 0 ? <Codes left={view.factors.codes} /> : null}
    </>
  );
}

function Totp({ view, result }: Props) {
  const { totp } = view.factors;
  return (
    <Section title={m.signin_totp()} note={m.signin_totp_text()}>
      {totp ? (
        <div className="ui-form-acts">
          <StatusMark status="done">{m.signin_on()}</StatusMark>
          <ConfirmDialog
            kind="danger"
            size="s"
            label={m.signin_totp_remove()}
            title={m.signin_totp_remove_ask()}
            fields={{ intent: "removeTotp" }}
          />
        </div>
      ) : view.enrolment ? (
        <EnrolTotp enrolment={view.enrolment} result={result} />
      ) : (
        <Form method="post">
          <SubmitButton name="intent" value="beginTotp">
            {m.signin_totp_begin()}
          </SubmitButton>
        </Form>
      )}
    </Section>
  );
}

function Passkeys({ view, result }: Props) {
  return (
    <Section title={m.signin_passkey()} note={m.signin_passkey_text()}>
      {view.passkeys.length > 0 ? (
        <DataTable
          plain
          prefix="k_"
          caption={m.signin_passkey()}
          rows={view.passkeys}
          rowKey={(k) => k.id}
          empty={m.signin_passkey_none()}
          columns={[
            { key: "name", head: m.signin_passkey_name(), rowHead: true, cell: (k) => k.name },
            { key: "since", head: m.signin_passkey_since(), cell: (k) => formatDate(k.createdAt) },
            {
              key: "used",
              head: m.identity_token_used(),
              cell: (k) => (k.lastUsedAt ? formatDateTime(k.lastUsedAt) : <None />),
            },
            {
              key: "synced",
              head: m.signin_passkey_synced(),
              cell: (k) => (k.backedUp ? m.signin_yes() : m.signin_no()),
            },
            {
              key: "act",
              head: m.signin_passkey_remove(),
              hideHead: true,
              cell: (k) => (
                <ConfirmDialog
                  kind="danger"
                  size="s"
                  label={m.signin_passkey_remove()}
                  title={m.signin_passkey_remove_ask({ name: k.name })}
                  fields={{ intent: "removePasskey", passkeyId: k.id }}
                />
              ),
            },
          ]}
        />
      ) : null}
      {view.passkeysHere ? (
        <EnrolPasskey result={result} />
      ) : (
        <p className="ui-hint">{m.error_signin_passkey_address()}</p>
      )}
    </Section>
  );
}

function Codes({ left }: { left: number }) {
  return (
    <Section title={m.signin_codes_heading()} note={m.signin_codes_left({ count: left })}>
      <ConfirmDialog
        size="s"
        label={m.signin_codes_new()}
        title={m.signin_codes_new_ask()}
        fields={{ intent: "newCodes" }}
      />
    </Section>
  );
}
