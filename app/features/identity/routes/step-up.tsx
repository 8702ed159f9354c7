import { useForm } from "@conform-to/react";
import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { CodeField } from "#app/features/identity/components/enrol.tsx";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import { PasskeyForm } from "#app/features/identity/components/passkey-form.tsx";
import { type RequestContext, signedIn } from "#app/request/context.server.ts";
import { factorsOf } from "#app/features/identity/factors.server.ts";
import { code, credential } from "#app/features/identity/identity.schema.ts";
import { partyOf, usePasskey } from "#app/features/identity/passkeys.server.ts";
import { type ActionResult, openAction, openIntent } from "#app/request/page.server.ts";
import type { SignedIn } from "#app/request/session.server.ts";
import { heldForm, proveByCode, proveByPasskey, proveByPassword } from "#app/features/identity/step-up.server.ts";
import { isFresh } from "#app/request/step-up.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { unauthenticated } from "#app/platform/errors.ts";
import { uuid, verbatim } from "#app/platform/fields.ts";
import { LinkButton, SubmitButton } from "#app/ui/button.tsx";
import { textProps } from "#app/ui/conform.ts";
import { TextInput } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { PageHeader, Section } from "#app/ui/page.tsx";

export const meta: MetaFunction = () => [{ title: `${m.signin_prove_title()} · ${m.identity_product()}` }];

const formId = (request: Request): string | null =>
  uuid().safeParse(new URL(request.url).searchParams.get("form")).data ?? null;

export async function loader({ request, context }: LoaderFunctionArgs) {
  const person = await signedIn(request, context);
  if (!person) throw redirect("/login");
  const id = formId(request);
  const [fresh, form, factors] = await Promise.all([
    isFresh(context.db, person),
    id === null ? null : heldForm(context.db, person, id),
    factorsOf(context.db, person.userId),
  ]);
  return {
    email: person.email,
    fresh,
    form: fresh ? form : null,
    waiting: form !== null,
    totp: factors?.totp ?? false,
    passkeys: (factors?.passkeys ?? 0) > 0 && partyOf(request, context) !== null,
  };
}

/** After the proof the same page, now with the form that waits. */
const onwards = (request: Request) => {
  const id = formId(request);
  return { to: id === null ? "/step-up" : `/step-up?form=${id}` };
};
const known = (person: SignedIn | null): SignedIn => {
  if (!person) throw unauthenticated();
  return person;
};
const key = (context: RequestContext, request: Request, person: SignedIn, answer: string) =>
  usePasskey(context.db, partyOf(request, context), answer, { userId: person.userId, ip: context.clientIp });

export const action = openAction(
  { at: "/step-up" },
  {
    password: openIntent({
      schema: z.object({ password: verbatim(1000) }),
      secret: ["password"],
      run: async ({ person, input, request, context }) => {
        await proveByPassword(context.db, known(person), input.password);
        return onwards(request);
      },
    }),
    code: openIntent({
      schema: z.object({ code: code() }),
      secret: ["code"],
      run: async ({ person, input, request, context }) => {
        await proveByCode(context.db, known(person), input.code, context.clientIp);
        return onwards(request);
      },
    }),
    passkey: openIntent({
      schema: z.object({ credential: credential() }),
      secret: ["credential"],
      run: async ({ person, input, request, context }) => {
        await key(context, request, known(person), input.credential);
        await proveByPasskey(context.db, known(person));
        return onwards(request);
      },
    }),
  },
);

export default function StepUp() {
  const view = useLoaderData<typeof loader>();
  const result = useActionData() as ActionResult | undefined;
  return (
    <>
      <PageHeader title={m.signin_prove_title()} of={view.email} />
      {view.fresh ? <Onwards form={view.form} /> : <Prove view={view} result={result} />}
    </>
  );
}

/** The form that waited, sent on by its sender: nothing is done behind his back. */
function Onwards({ form }: { form: { path: string; fields: [string, string][] } | null }) {
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

function Prove({
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
