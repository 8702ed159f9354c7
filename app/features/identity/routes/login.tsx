import { useForm } from "@conform-to/react";
import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { Form, useActionData, useLoaderData } from "@remix-run/react";
import { SignInFrame } from "#app/features/identity/components/sign-in-frame.tsx";
import { signedIn } from "#app/features/identity/context.server.ts";
import { signInSchema } from "#app/features/identity/identity.schema.ts";
import { signIn } from "#app/features/identity/identity.server.ts";
import { safeNext } from "#app/features/identity/next-page.ts";
import { type ActionResult, openAction, openIntent } from "#app/features/identity/route.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { textProps } from "#app/ui/conform.ts";
import { TextInput } from "#app/ui/inputs.tsx";

export const meta: MetaFunction = () => [{ title: m.identity_sign_in_title() }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const next = safeNext(new URL(request.url).searchParams.get("next"));
  if (await signedIn(request, context)) throw redirect(next);
  return { next };
}

export const action = openAction(
  {},
  {
    signIn: openIntent({
      schema: signInSchema,
      secret: ["password"],
      run: async ({ input, context, request }) => {
        const from = { ip: context.clientIp, agent: request.headers.get("User-Agent") ?? "" };
        const secret = await signIn(context.db, context.sessions, input, from);
        return { to: safeNext(input.next), headers: { "Set-Cookie": context.sessions.cookie(secret) } };
      },
    }),
  },
);

interface SignInForm extends Record<string, unknown> {
  email: string;
  password: string;
}

export default function Login() {
  const { next } = useLoaderData<typeof loader>();
  const result = useActionData() as ActionResult | undefined;
  const [form, fields] = useForm<SignInForm, string[]>({ id: "sign-in", ...(result && !result.ok ? { lastResult: result.lastResult } : {}) });
  return (
    <SignInFrame errors={form.errors}>
      <Form method="post" id={form.id} noValidate className="ui-stack">
        <input type="hidden" name="next" value={next} />
        <TextInput label={m.identity_email()} {...textProps(fields.email, "email")} autoComplete="username" required />
        <TextInput label={m.identity_password()} {...textProps(fields.password, "password")} autoComplete="current-password" required />
        <SubmitButton kind="main" name="intent" value="signIn">
          {m.identity_sign_in()}
        </SubmitButton>
      </Form>
    </SignInFrame>
  );
}
