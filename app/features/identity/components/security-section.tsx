import { useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import type { SecurityView } from "#app/features/identity/settings.server.ts";
import { formatDateTime } from "#app/i18n/format.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { textProps } from "#app/ui/conform.ts";
import { DataTable } from "#app/ui/data-table.tsx";
import { TextInput } from "#app/ui/inputs.tsx";
import { StatusMark } from "#app/ui/marks.tsx";
import { Section } from "#app/ui/page.tsx";
import { failureOf } from "./form-result.ts";
import { NewPasswordFields } from "./password-fields.tsx";

type PasswordForm = { current: string; next: string; repeat: string };

/** Password, and where one is signed in. */
export function SecuritySection({ view, result }: { view: SecurityView; result: ActionResult | undefined }) {
  const [form, fields] = useForm<PasswordForm, string[]>({ id: "password", ...failureOf(result, "password") });
  return (
    <>
      <Section title={m.identity_change_password()}>
        <Form method="post" id={form.id} className="ui-stack" key={result?.ok ? "done" : "open"}>
          <input type="hidden" name="username" autoComplete="username" value={view.person.email} readOnly />
          <TextInput
            label={m.identity_password_current()}
            width="m"
            {...textProps(fields.current, "password")}
            autoComplete="current-password"
          />
          <NewPasswordFields next={textProps(fields.next, "password")} repeat={textProps(fields.repeat, "password")} />
          <div>
            <SubmitButton name="intent" value="password">
              {m.identity_change_password()}
            </SubmitButton>
          </div>
        </Form>
      </Section>
      <Section
        title={m.identity_sessions()}
        note={m.identity_session_rule({ hours: view.hours.session, idle: view.hours.idle })}
      >
        <DataTable
          plain
          caption={m.identity_sessions()}
          rows={view.sessions}
          rowKey={(s) => s.id}
          empty={m.identity_sessions()}
          columns={[
            { key: "agent", head: m.identity_session_agent(), rowHead: true, cell: (s) => shortAgent(s.agent) },
            { key: "ip", head: m.identity_session_address(), cell: (s) => s.ip },
            { key: "since", head: m.identity_session_since(), cell: (s) => formatDateTime(s.createdAt) },
            { key: "seen", head: m.identity_session_seen(), cell: (s) => formatDateTime(s.lastSeenAt) },
            { key: "until", head: m.identity_session_until(), cell: (s) => formatDateTime(s.expiresAt) },
            {
              key: "end",
              head: m.identity_session_end(),
              hideHead: true,
              cell: (s) =>
                s.mine ? <StatusMark status="done">{m.identity_session_this()}</StatusMark> : <EndSession id={s.id} />,
            },
          ]}
        />
        {view.sessions.length > 1 ? (
          <Form method="post" className="ui-form-acts">
            <SubmitButton name="intent" value="endOthers">
              {m.identity_sessions_end_others()}
            </SubmitButton>
          </Form>
        ) : null}
      </Section>
    </>
  );
}

function EndSession({ id }: { id: string }) {
  return (
    <Form method="post">
      <input type="hidden" name="sessionId" value={id} />
      <SubmitButton kind="quiet" size="s" name="intent" value="endSession">
        {m.identity_session_end()}
      </SubmitButton>
    </Form>
  );
}

/** «Chrome 156 · Linux» out of a browser's long line; the line itself where it is not known. */
function shortAgent(agent: string): string {
  const browser = /(Edg|Firefox|Chrome|Safari)\/(\d+)/.exec(agent);
  const system = /(Windows|Mac OS X|Android|iPhone|Linux)/.exec(agent)?.[1];
  if (!browser) return agent.slice(0, 60) || "—";
  return [`${browser[1] === "Edg" ? "Edge" : (browser[1] ?? "")} ${browser[2] ?? ""}`, system]
    .filter(Boolean)
    .join(" · ");
}
