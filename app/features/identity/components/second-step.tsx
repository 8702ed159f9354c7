import { useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { textProps } from "#app/ui/conform.ts";
import { Notice } from "#app/ui/notice.tsx";
import { CodeField, codesOf, EnrolPasskey, EnrolTotp, type EnrolmentView, RecoveryCodes } from "./enrol.tsx";
import { failureOf } from "./form-result.ts";
import { PasskeyForm } from "./passkey-form.tsx";

interface View {
  needs: "factor" | "enrol" | "codes";
  email: string;
  totp: boolean;
  passkeys: boolean;
  /** Has keys, but this address cannot ask for one. */
  elsewhere: boolean;
  codesLeft: number;
  enrolment: EnrolmentView | null;
}
interface StepProps {
  view: View;
  result: ActionResult | undefined;
}

/** What is missing to a sign-in: a second factor, the first one ever, or the codes for a bad day. */
export function SecondStep({ view, result }: StepProps) {
  const codes = codesOf(result);
  const failed = result && !result.ok ? (result.lastResult.error?.[""] ?? []) : [];
  const title = { factor: m.signin_second_title(), enrol: m.signin_enrol_title(), codes: m.signin_codes_heading() }[
    codes ? "codes" : view.needs
  ];
  return (
    <main className="ui-sign-in ui-sign-in-wide" id="main">
      <header>
        <p className="ui-sign-in-name">{m.identity_product()}</p>
        <h1>{title}</h1>
        <p className="ui-hint">{view.email}</p>
      </header>
      {failed.map((text) => (
        <Notice key={text} tone="late" live>
          {text}
        </Notice>
      ))}
      {codes || view.needs === "codes" ? (
        <Codes codes={codes} of={view.email} />
      ) : view.needs === "enrol" ? (
        <Enrol view={view} result={result} />
      ) : (
        <Factor view={view} result={result} />
      )}
      <Form method="post">
        <SubmitButton kind="quiet" name="intent" value="cancel">
          {m.signin_cancel()}
        </SubmitButton>
      </Form>
    </main>
  );
}

function Factor({ view, result }: StepProps) {
  const [form, fields] = useForm<{ code: string }, string[]>({ id: "second", ...failureOf(result, "code") });
  const label = view.totp ? m.signin_code_or_recovery() : m.signin_recovery_code();
  return (
    <>
      {view.passkeys ? (
        <PasskeyForm
          use="second"
          intent="passkey"
          label={m.signin_use_passkey()}
          {...(view.totp ? {} : { kind: "main" as const })}
        />
      ) : null}
      {view.elsewhere ? <p className="ui-hint">{m.error_signin_passkey_address()}</p> : null}
      <Form method="post" id={form.id} noValidate className="ui-stack">
        <CodeField
          label={label}
          hint={view.totp ? m.signin_code_hint() : m.signin_recovery_hint({ count: view.codesLeft })}
          {...textProps(fields.code)}
        />
        <SubmitButton {...(view.totp ? { kind: "main" as const } : {})} name="intent" value="code">
          {m.signin_continue()}
        </SubmitButton>
      </Form>
    </>
  );
}

function Enrol({ view, result }: StepProps) {
  return (
    <>
      <p>{m.signin_enrol_text()}</p>
      {view.enrolment ? (
        <section className="ui-stack">
          <h2>{m.signin_totp()}</h2>
          <EnrolTotp enrolment={view.enrolment} result={result} />
        </section>
      ) : null}
      {view.passkeys ? (
        <section className="ui-stack">
          <h2>{m.signin_passkey()}</h2>
          <p className="ui-hint">{m.signin_passkey_text()}</p>
          <EnrolPasskey result={result} />
        </section>
      ) : null}
    </>
  );
}

function Codes({ codes, of }: { codes: readonly string[] | null; of: string }) {
  return (
    <>
      {codes ? <RecoveryCodes codes={codes} of={of} /> : <p>{m.signin_codes_gone()}</p>}
      <Form method="post" className="ui-form-acts">
        <SubmitButton kind="main" name="intent" value="finish">
          {m.signin_codes_kept()}
        </SubmitButton>
        {codes ? null : (
          <SubmitButton name="intent" value="newCodes">
            {m.signin_codes_new()}
          </SubmitButton>
        )}
      </Form>
    </>
  );
}
