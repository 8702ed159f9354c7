import { useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import { CodeField } from "./enrol.tsx";
import { failureOf } from "./form-result.ts";
import { PasskeyForm } from "./passkey-form.tsx";
import type { ActionResult } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton, SubmitButton } from "#app/ui/button.tsx";
import { textProps } from "#app/ui/conform.ts";
import { TextInput } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { Section } from "#app/ui/page.tsx";

/** The form that waited, sent on by its sender: nothing is done behind their back. */
export function Onwards({ form }: { form: { path: string; fields: [string, string][] } | null }) {
  if (!form)
    return <Notice tone="done" title={m.signin_proved()} act={<LinkButton to="/">{m.signin_home()}</LinkButton>} />;
  return (
    <Form method="post" action={form.path} className="ui-stack">
      <Notice tone="done" title={m.signin_proved()}>
        {m.signin_proved_text()}
      </Notice>
      {form.fields.map(([name, value], at) => (
        <input key={`${name} ${String(at)}`} type="hidden" name={name} value={value} />
      ))}
      <div className="ui-form-acts">
        <SubmitButton kind="main">{m.signin_send_on()}</SubmitButton>
        <LinkButton to={form.path.replace(/\?index$/, "")}>{m.signin_not_now()}</LinkButton>
      </div>
    </Form>
  );
}

/** The ways to prove oneself again that this person has. */
export function Prove({
  view,
  result,
}: {
  view: { email: string; waiting: boolean; totp: boolean; passkeys: boolean };
  result: ActionResult | undefined;
}) {
  const [byPassword, passwordFields] = useForm<{ password: string }, string[]>({
    id: "prove-password",
    ...failureOf(result, "password"),
  });
  const failed =
    result && !result.ok && Object.keys(result.lastResult.error ?? {}).every((name) => name === "")
      ? (result.lastResult.error?.[""] ?? [])
      : [];
  return (
    <Section title={m.signin_prove_how()} note={view.waiting ? m.signin_prove_kept() : m.signin_prove_text()}>
      {failed.map((text) => (
        <Notice key={text} tone="late" live>
          {text}
        </Notice>
      ))}
      <div className="ui-stack">
        {view.passkeys ? <PasskeyForm use="prove" intent="passkey" label={m.signin_use_passkey()} kind="main" /> : null}
        {view.totp ? <ByCode result={result} main={!view.passkeys} /> : null}
        <Form method="post" id={byPassword.id} noValidate className="ui-stack">
          <input type="hidden" name="username" autoComplete="username" value={view.email} readOnly />
          <TextInput
            label={m.identity_password()}
            width="m"
            {...textProps(passwordFields.password, "password")}
            autoComplete="current-password"
          />
          <div>
            <SubmitButton
              {...(view.passkeys || view.totp ? {} : { kind: "main" as const })}
              name="intent"
              value="password"
            >
              {m.signin_prove_password()}
            </SubmitButton>
          </div>
        </Form>
      </div>
    </Section>
  );
}

function ByCode({ result, main }: { result: ActionResult | undefined; main: boolean }) {
  const [byCode, codeFields] = useForm<{ code: string }, string[]>({ id: "prove-code", ...failureOf(result, "code") });
  return (
    <Form method="post" id={byCode.id} noValidate className="ui-stack">
      <CodeField label={m.signin_code_or_recovery()} {...textProps(codeFields.code)} />
      <div>
        <SubmitButton {...(main ? { kind: "main" as const } : {})} name="intent" value="code">
          {m.signin_prove_code()}
        </SubmitButton>
      </div>
    </Form>
  );
}
