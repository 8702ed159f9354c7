import { useForm } from "@conform-to/react";
import { Form } from "@remix-run/react";
import type { ActionResult } from "#app/request/page.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { textProps } from "#app/ui/conform.ts";
import { CopyId } from "#app/ui/copy-id.tsx";
import { TextInput } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { failureOf } from "./form-result.ts";
import { PasskeyForm } from "./passkey-form.tsx";

export interface EnrolmentView {
  secret: string;
  spelt: string;
  qr: { size: number; path: string };
}

/** QR code, the same secret to type, and the first code as proof that the authenticator has it. */
export function EnrolTotp({ enrolment, result }: { enrolment: EnrolmentView; result: ActionResult | undefined }) {
  const [form, fields] = useForm<{ code: string }, string[]>({ id: "enrol-totp", ...failureOf(result, "confirmTotp") });
  return (
    <Form method="post" id={form.id} noValidate className="ui-stack">
      <ol className="ui-steps">
        <li>{m.signin_totp_step_app()}</li>
        <li>
          {m.signin_totp_step_scan()}
          <svg
            className="ui-qr"
            viewBox={`0 0 ${enrolment.qr.size} ${enrolment.qr.size}`}
            role="img"
            aria-label={m.signin_totp_qr()}
            shapeRendering="crispEdges"
          >
            <rect width="100%" height="100%" fill="#fff" />
            <path d={enrolment.qr.path} fill="#000" />
          </svg>
          <span className="ui-hint">{m.signin_totp_or_type()}</span>
          <CopyId value={enrolment.secret} short={enrolment.spelt} label={m.signin_totp_secret()} />
        </li>
        <li>
          {m.signin_totp_step_code()}
          <CodeField label={m.signin_code()} {...textProps(fields.code)} />
        </li>
      </ol>
      <div>
        <SubmitButton kind="main" name="intent" value="confirmTotp">
          {m.signin_totp_confirm()}
        </SubmitButton>
      </div>
    </Form>
  );
}

/** Six digits, or a recovery code: the keyboard of letters stays within reach. */
export function CodeField(props: Parameters<typeof TextInput>[0]) {
  return <TextInput width="s" {...props} autoComplete="one-time-code" autoCapitalize="characters" spellCheck={false} />;
}

/** A new key, with a name by which its owner knows it again. */
export function EnrolPasskey({ result }: { result: ActionResult | undefined }) {
  const [, fields] = useForm<{ name: string }, string[]>({ id: "enrol-passkey", ...failureOf(result, "addPasskey") });
  return (
    <PasskeyForm use="register" intent="addPasskey" label={m.signin_passkey_add()}>
      <TextInput
        label={m.signin_passkey_name()}
        hint={m.signin_passkey_name_hint()}
        width="m"
        {...textProps(fields.name)}
        form={undefined}
        defaultValue={m.signin_passkey_name_usual()}
        autoComplete="off"
      />
    </PasskeyForm>
  );
}

export const codesOf = (result: ActionResult | undefined): readonly string[] | null => {
  const data = result?.ok ? result.data : null;
  return typeof data === "object" && data !== null && "codes" in data && Array.isArray(data.codes)
    ? (data.codes as string[])
    : null;
};

/** The recovery codes, this once. Saved as a file without any script. */
export function RecoveryCodes({ codes, of }: { codes: readonly string[]; of: string }) {
  const text = [m.signin_codes_file({ email: of }), "", ...codes, ""].join("\r\n");
  return (
    <Notice tone="due" title={m.signin_codes_title()} live>
      <p>{m.signin_codes_text()}</p>
      <ul className="ui-codes">
        {codes.map((one) => (
          <li key={one}>
            <code>{one}</code>
          </li>
        ))}
      </ul>
      <a download="anshi-recovery-codes.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}>
        {m.signin_codes_save()}
      </a>
    </Notice>
  );
}
