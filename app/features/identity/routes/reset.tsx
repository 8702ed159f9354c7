import { useForm } from "@conform-to/react";
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import { NewPasswordFields } from "#app/features/identity/components/password-fields.tsx";
import { SignInFrame } from "#app/features/identity/components/sign-in-frame.public.tsx";
import { email, resetSchema } from "#app/features/identity/identity.schema.ts";
import { linkOrigin, tellOfChange } from "#app/features/identity/mail.server.ts";
import { askForReset, readReset, resetPassword } from "#app/features/identity/reset.server.ts";
import { type ActionResult, openAction, openIntent } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { SubmitButton } from "#app/ui/button.tsx";
import { textProps } from "#app/ui/conform.ts";
import { TextInput } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import type { RouteHandle } from "#app/ui/shell/types.ts";

export const handle = { frame: "bare", script: true } satisfies RouteHandle;
export const meta: MetaFunction = () => [{ title: `${m.signin_reset_title()} · ${m.identity_product()}` }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token");
  return { token, person: token === null ? null : await readReset(context.db, token) };
}

export const action = openAction(
  { at: "/reset" },
  {
    ask: openIntent({
      schema: z.object({ email: email() }),
      run: async ({ input, request, context, locale }) => {
        await askForReset(context.db, {
          email: input.email,
          ip: context.clientIp,
          origin: linkOrigin(context, request),
          locale,
        });
        // The same words whether or not there is such an account.
        return { notice: m.signin_reset_asked() };
      },
    }),
    set: openIntent({
      schema: resetSchema,
      secret: ["next", "repeat", "token"],
      run: async ({ input, context }) => {
        const person = await resetPassword(context.db, input, context.clientIp);
        await tellOfChange(context, person, "password");
        return {
          to: "/login",
          notice: m.signin_reset_done(),
          headers: { "Set-Cookie": context.sessions.blankCookie() },
        };
      },
    }),
  },
);

export default function Reset() {
  const { token, person } = useLoaderData<typeof loader>();
  const result = useResult();
  const failed = result && !result.ok ? result.lastResult.error?.[""] : undefined;
  return (
    <SignInFrame title={m.signin_reset_title()} errors={failed ?? undefined}>
      {result?.ok ? (
        <Notice tone="done" live>
          {result.notice}
        </Notice>
      ) : token === null ? (
        <Ask result={result} />
      ) : person ? (
        <NewPassword token={token} email={person.email} result={result} />
      ) : (
        <>
          <Notice tone="late">{m.error_signin_link_dead()}</Notice>
          <Link to="/reset">{m.signin_reset_again()}</Link>
        </>
      )}
      <p>
        <Link to="/login">{m.signin_back()}</Link>
      </p>
    </SignInFrame>
  );
}

function Ask({ result }: { result: ActionResult | undefined }) {
  const [form, fields] = useForm<{ email: string }, string[]>({ id: "ask", ...failureOf(result, "ask") });
  return (
    <Form method="post" id={form.id} noValidate className="ui-stack">
      <p>{m.signin_reset_text()}</p>
      <TextInput label={m.identity_email()} {...textProps(fields.email, "email")} autoComplete="username" />
      <SubmitButton kind="main" name="intent" value="ask">
        {m.signin_reset_ask()}
      </SubmitButton>
    </Form>
  );
}

function NewPassword({ token, email: of, result }: { token: string; email: string; result: ActionResult | undefined }) {
  const [form, fields] = useForm<{ next: string; repeat: string }, string[]>({
    id: "set",
    ...failureOf(result, "set"),
  });
  return (
    <Form method="post" id={form.id} noValidate className="ui-stack">
      <p>{m.signin_reset_for({ email: of })}</p>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="username" autoComplete="username" value={of} readOnly />
      <NewPasswordFields next={textProps(fields.next, "password")} repeat={textProps(fields.repeat, "password")} />
      <SubmitButton kind="main" name="intent" value="set">
        {m.signin_reset_set()}
      </SubmitButton>
    </Form>
  );
}
