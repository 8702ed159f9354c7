import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { type RequestContext, signedIn } from "#app/request/context.server.ts";
import { useResult } from "#app/request/use-result.ts";
import { factorsOf } from "#app/features/identity/factors.server.ts";
import { code, credential } from "#app/features/identity/identity.schema.ts";
import { partyOf, usePasskey } from "#app/features/identity/passkeys.server.ts";
import { openAction, openIntent } from "#app/request/page.server.ts";
import type { SignedIn } from "#app/request/session.server.ts";
import { heldForm, proveByCode, proveByPasskey, proveByPassword } from "#app/features/identity/step-up.server.ts";
import { isFresh } from "#app/request/step-up.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { unauthenticated } from "#app/platform/errors.ts";
import { uuid, verbatim } from "#app/platform/fields.ts";
import { PageHeader } from "#app/ui/page.tsx";
import { Onwards, Prove } from "#app/features/identity/components/step-up.tsx";

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
  const result = useResult();
  return (
    <>
      <PageHeader title={m.signin_prove_title()} of={view.email} />
      {view.fresh ? <Onwards form={view.form} /> : <Prove view={view} result={result} />}
    </>
  );
}
