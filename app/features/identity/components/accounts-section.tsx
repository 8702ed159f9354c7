import { Link } from "@remix-run/react";
import type { Account } from "#app/features/identity/accounts.server.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { ConfirmDialog } from "#app/ui/confirm.tsx";
import { DataTable } from "#app/ui/data-table.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { None, Section } from "#app/ui/page.tsx";

/** Every account, for the operator: switched off it is dead with the next request. */
export function AccountsSection({ accounts, me }: { accounts: readonly Account[]; me: string }) {
  return (
    <Section title={m.signin_accounts()} note={m.signin_accounts_note()}>
      <DataTable
        prefix="a_"
        caption={m.signin_accounts()}
        rows={accounts}
        rowKey={(a) => a.id}
        empty={m.identity_members_none()}
        columns={[
          { key: "email", head: m.identity_email(), rowHead: true, cell: (a) => a.email },
          { key: "name", head: m.identity_name(), cell: (a) => a.name },
          { key: "roles", head: m.signin_account_roles(), numeric: true, cell: (a) => a.roles },
          { key: "factors", head: m.signin_account_factors(), numeric: true, cell: (a) => a.factors },
          { key: "sessions", head: m.signin_account_sessions(), numeric: true, cell: (a) => a.sessions },
          {
            key: "seen",
            head: m.identity_session_seen(),
            cell: (a) => (a.lastSeenAt ? formatDateTime(a.lastSeenAt) : <None />),
          },
          {
            key: "state",
            head: m.identity_member_state(),
            cell: (a) =>
              a.disabledAt ? (
                <StatusMark status="returned">{m.signin_account_is_off()}</StatusMark>
              ) : (
                <StatusMark status="done">{m.identity_member_live()}</StatusMark>
              ),
          },
          {
            key: "act",
            head: m.signin_account_act(),
            hideHead: true,
            cell: (a) => (a.id === me ? null : <Acts account={a} />),
          },
        ]}
      />
    </Section>
  );
}

function Acts({ account }: { account: Account }) {
  const fields = { accountId: account.id };
  return (
    <div className="ui-form-acts">
      {account.disabledAt ? (
        <ConfirmDialog
          size="s"
          label={m.signin_account_switch_on()}
          title={m.signin_account_switch_on_ask({ email: account.email })}
          fields={{ intent: "switchAccount", off: "0", ...fields }}
        />
      ) : (
        <ConfirmDialog
          kind="danger"
          size="s"
          label={m.signin_account_switch_off()}
          title={m.signin_account_switch_off_ask({ email: account.email })}
          body={m.signin_account_switch_off_text()}
          fields={{ intent: "switchAccount", off: "1", ...fields }}
        />
      )}
      {account.factors > 0 && account.closed ? <Link to="/break-glass">{m.glass_factors_closed()}</Link> : null}
      {account.factors > 0 && !account.closed ? (
        <ConfirmDialog
          kind="danger"
          size="s"
          label={m.signin_factors_clear()}
          title={m.signin_factors_clear_ask({ email: account.email })}
          body={m.signin_factors_clear_text()}
          fields={{ intent: "clearFactors", ...fields }}
        />
      ) : null}
    </div>
  );
}
