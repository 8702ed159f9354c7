import { useForm } from "@conform-to/react";
import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { PasskeyForm } from "#app/features/identity/components/passkey-form.tsx";
import { SignInFrame } from "#app/features/identity/components/sign-in-frame.public.tsx";
import { signedIn } from "#app/request/context.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { credential, signInSchema } from "#app/features/identity/identity.schema.ts";
import { safeNext } from "#app/request/next-page.ts";
import { offersOidc, oidcProblem } from "#app/features/identity/oidc.server.ts";
import { partyOf, usePasskey } from "#app/features/identity/passkeys.server.ts";
import { openAction, openIntent } from "#app/request/page.server.ts";
import { admit, answerOf, checkPassword, fromOf } from "#app/features/identity/sign-in.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { LinkButton, SubmitButton } from "#app/ui/button.tsx";
import { textProps } from "#app/ui/conform.ts";
import { TextInput } from "#app/ui/inputs.tsx";
import { verbatim } from "#app/platform/fields.ts";

export const meta: MetaFunction = () => [{ title: m.identity_sign_in_title() }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const { searchParams } = new URL(request.url);
  const next = safeNext(searchParams.get("next"));
  if (await signedIn(request, context)) throw redirect(next);
  return {
    next,
    passkeys: partyOf(request, context) !== null,
    oidc: offersOidc(context.env),
    problem: oidcProblem(searchParams.get("problem")),
  };
}

export const action = openAction(
  { at: "/login" },
  {
    signIn: openIntent({
      schema: signInSchema,
      secret: ["password"],
      run: async ({ input, context, request }) => {
        const { db, sessions, env } = context;
        const next = safeNext(input.next);
        const from = fromOf(request, context);
        const userId = await checkPassword(db, input, from);
        return answerOf(
          await admit(db, sessions, { userId, methods: ["password"], next, policy: env.mfaRequired, from }),
          next,
          context,
        );
      },
    }),
    passkey: openIntent({
      schema: z.object({ credential: credential(), next: verbatim(500).optional() }),
      secret: ["credential"],
      run: async ({ input, context, request }) => {
        const { db, sessions, env } = context;
        const next = safeNext(input.next);
        const from = fromOf(request, context);
        const userId = await usePasskey(db, partyOf(request, context), input.credential, { userId: null, ip: from.ip });
        return answerOf(
          await admit(db, sessions, { userId, methods: ["passkey"], next, policy: env.mfaRequired, from }),
          next,
          context,
        );
      },
    }),
  },
);

interface SignInForm extends Record<string, unknown> {
  email: string;
  password: string;
}

export default function Login() {
  const { next, passkeys, oidc, problem } = useLoaderData<typeof loader>();
  const result = useResult();
  const [form, fields] = useForm<SignInForm, string[]>({
    id: "sign-in",
    ...(result && !result.ok ? { lastResult: result.lastResult } : {}),
  });
  const errors = form.errors ?? (problem && !result ? [problem] : undefined);
  return (
    <SignInFrame errors={errors}>
      <Form method="post" id={form.id} noValidate className="ui-stack">
        <input type="hidden" name="next" value={next} />
        <TextInput label={m.identity_email()} {...textProps(fields.email, "email")} autoComplete="username" required />
        <TextInput
          label={m.identity_password()}
          {...textProps(fields.password, "password")}
          autoComplete="current-password"
          required
        />
        <SubmitButton kind="main" name="intent" value="signIn">
          {m.identity_sign_in()}
        </SubmitButton>
        <Link to="/reset">{m.signin_forgot()}</Link>
      </Form>
      {oidc || passkeys ? (
        <section className="ui-other-ways" aria-label={m.signin_other_ways()}>
          {passkeys ? (
            <PasskeyForm use="signIn" intent="passkey" label={m.signin_with_passkey()}>
              <input type="hidden" name="next" value={next} />
            </PasskeyForm>
          ) : null}
          {oidc ? (
            <LinkButton to={`/login/oidc?next=${encodeURIComponent(next)}`} reload>
              {m.signin_with_provider()}
            </LinkButton>
          ) : null}
        </section>
      ) : null}
    </SignInFrame>
  );
}
