import { useForm } from "@conform-to/react";
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Form, Link, useLoaderData } from "@remix-run/react";
import { failureOf } from "#app/features/identity/components/form-result.ts";
import { NewPasswordFields } from "#app/features/identity/components/password-fields.tsx";
import { SignInFrame } from "#app/features/identity/components/sign-in-frame.public.tsx";
import { acceptSchema } from "#app/features/identity/identity.schema.ts";
import { acceptInvitation, readInvitation } from "#app/features/identity/invitations.server.ts";
import { roleName } from "#app/domain/role-name.ts";
import { openAction, openIntent } from "#app/request/page.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { admit, answerOf, fromOf } from "#app/features/identity/sign-in.server.ts";
import { keepLocale } from "#app/features/identity/identity.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { pick } from "#app/i18n/pick.ts";
import { SubmitButton } from "#app/ui/button.tsx";
import { textProps } from "#app/ui/conform.ts";
import { TextInput } from "#app/ui/inputs.tsx";
import { Notice } from "#app/ui/notice.tsx";
import { KeyValue } from "#app/ui/page.tsx";
import type { RouteHandle } from "#app/ui/shell/types.ts";

export const handle = { frame: "bare", script: true } satisfies RouteHandle;
export const meta: MetaFunction = () => [{ title: `${m.signin_invitation_title()} · ${m.identity_product()}` }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const token = new URL(request.url).searchParams.get("token") ?? "";
  return { token, invitation: await readInvitation(context.db, token) };
}

export const action = openAction(
  { at: "/invitation" },
  {
    accept: openIntent({
      schema: acceptSchema,
      secret: ["next", "repeat", "token"],
      run: async ({ input, request, context, locale }) => {
        const { db, sessions, env } = context;
        const { userId, membershipId, known } = await acceptInvitation(
          db,
          { token: input.token, name: input.name ?? "", next: input.next ?? "", repeat: input.repeat ?? "" },
          context.clientIp,
        );
        // The e-mail alone lets nobody into an account that has a password already.
        if (known) return { to: "/login", notice: m.signin_invitation_joined(), headers: {} };
        // The e-mail's link speaks the language that whoever invited them chose, unless they switched it.
        await keepLocale(db, userId, locale);
        const step = await admit(db, sessions, {
          userId,
          methods: ["password"],
          next: "/",
          policy: env.mfaRequired,
          from: fromOf(request, context),
          membershipId,
        });
        return { ...answerOf(step, "/", context), notice: m.signin_invitation_done() };
      },
    }),
  },
);

export default function AcceptInvitation() {
  const { token, invitation } = useLoaderData<typeof loader>();
  const result = useResult();
  const [form, fields] = useForm<{ name: string; next: string; repeat: string }, string[]>({
    id: "accept",
    defaultValue: { name: invitation?.name ?? "" },
    ...failureOf(result, "accept"),
  });
  return (
    <SignInFrame title={m.signin_invitation_title()} errors={form.errors}>
      {invitation ? (
        <Form method="post" id={form.id} noValidate className="ui-stack">
          <KeyValue
            items={[
              {
                key: m.identity_member_tenant(),
                value: [pick(invitation.tenantName), invitation.siteName].filter(Boolean).join(" · "),
              },
              { key: m.identity_member_role(), value: roleName(invitation.role) },
              { key: m.identity_email(), value: invitation.email },
            ]}
          />
          <input type="hidden" name="token" value={token} />
          {invitation.known ? (
            <p>{m.signin_invitation_known()}</p>
          ) : (
            <>
              <input type="hidden" name="username" autoComplete="username" value={invitation.email} readOnly />
              <TextInput label={m.identity_name()} {...textProps(fields.name)} autoComplete="name" />
              <NewPasswordFields
                next={textProps(fields.next, "password")}
                repeat={textProps(fields.repeat, "password")}
              />
            </>
          )}
          <SubmitButton kind="main" name="intent" value="accept">
            {invitation.known ? m.signin_invitation_join() : m.signin_invitation_accept()}
          </SubmitButton>
        </Form>
      ) : (
        <Notice tone="late">{m.signin_invitation_dead()}</Notice>
      )}
      <p>
        <Link to="/login">{m.signin_back()}</Link>
      </p>
    </SignInFrame>
  );
}
