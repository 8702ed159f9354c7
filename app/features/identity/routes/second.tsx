import { type LoaderFunctionArgs, type MetaFunction, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { SecondStep } from "#app/features/identity/components/second-step.tsx";
import { beginTotp, confirmTotp, factorsOf, newRecoveryCodes } from "#app/features/identity/factors.server.ts";
import { code, credential } from "#app/features/identity/identity.schema.ts";
import { safeNext } from "#app/request/next-page.ts";
import { useResult } from "#app/request/use-result.ts";
import { addPasskey, partyOf, usePasskey } from "#app/features/identity/passkeys.server.ts";
import { openAction, openIntent } from "#app/request/page.server.ts";
import {
  answerOf,
  dropPending,
  enrolled,
  finish,
  finishWithCode,
  fromOf,
  type Pending,
  pendingCookie,
  readPending,
} from "#app/features/identity/sign-in.server.ts";
import { tellOfChange } from "#app/features/identity/mail.server.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { AppError } from "#app/platform/errors.ts";
import { text } from "#app/platform/fields.ts";
import type { RouteHandle } from "#app/ui/shell/types.ts";

export const handle = { frame: "bare", script: true } satisfies RouteHandle;
export const meta: MetaFunction = () => [{ title: `${m.signin_second_title()} · ${m.identity_product()}` }];

export async function loader({ request, context }: LoaderFunctionArgs) {
  const pending = await readPending(request, context);
  if (!pending) throw redirect("/login");
  const { needs, email, userId } = pending;
  const factors = await factorsOf(context.db, userId);
  return {
    needs,
    email,
    totp: factors?.totp ?? false,
    passkeys: partyOf(request, context) !== null && (needs === "enrol" || (factors?.passkeys ?? 0) > 0),
    elsewhere: needs === "factor" && partyOf(request, context) === null && (factors?.passkeys ?? 0) > 0,
    codesLeft: factors?.codes ?? 0,
    enrolment: needs === "enrol" ? await beginTotp(context.db, pending) : null,
  };
}

/** The half sign-in of this browser at the step that the act belongs to. @throws sign_in_expired */
async function at(step: Pending["needs"], request: Request, context: RequestContext): Promise<Pending> {
  const pending = await readPending(request, context);
  if (pending?.needs !== step) throw new AppError("sign_in_expired", 422, `no sign-in at ${step}`);
  return pending;
}

export const action = openAction(
  { at: "/login/second" },
  {
    code: openIntent({
      schema: z.object({ code: code() }),
      secret: ["code"],
      run: async ({ input, request, context }) => {
        const pending = await at("factor", request, context);
        return answerOf(
          await finishWithCode(context.db, context.sessions, pending, input.code, fromOf(request, context)),
          safeNext(pending.next),
          context,
        );
      },
    }),
    passkey: openIntent({
      schema: z.object({ credential: credential() }),
      secret: ["credential"],
      run: async ({ input, request, context }) => {
        const pending = await at("factor", request, context);
        const from = fromOf(request, context);
        await usePasskey(context.db, partyOf(request, context), input.credential, {
          userId: pending.userId,
          ip: from.ip,
        });
        return answerOf(
          await finish(context.db, context.sessions, pending, [...pending.methods, "passkey"], from),
          safeNext(pending.next),
          context,
        );
      },
    }),
    confirmTotp: openIntent({
      schema: z.object({ code: code() }),
      secret: ["code"],
      run: async ({ input, request, context }) => {
        const pending = await at("enrol", request, context);
        await confirmTotp(context.db, pending.userId, input.code);
        return codesAfter("totp", pending, context);
      },
    }),
    addPasskey: openIntent({
      schema: z.object({ credential: credential(), name: text(100) }),
      secret: ["credential"],
      run: async ({ input, request, context }) => {
        const pending = await at("enrol", request, context);
        await addPasskey(context.db, partyOf(request, context), pending.userId, input);
        return codesAfter("passkey", pending, context);
      },
    }),
    newCodes: openIntent({
      schema: z.object({}),
      run: async ({ request, context }) => ({
        data: { codes: await newRecoveryCodes(context.db, (await at("codes", request, context)).userId) },
      }),
    }),
    finish: openIntent({
      schema: z.object({}),
      run: async ({ request, context }) => {
        const pending = await at("codes", request, context);
        return answerOf(
          await finish(context.db, context.sessions, pending, pending.methods, fromOf(request, context)),
          safeNext(pending.next),
          context,
        );
      },
    }),
    cancel: openIntent({
      schema: z.object({}),
      run: async ({ request, context }) => {
        const pending = await readPending(request, context);
        if (pending) await dropPending(context.db, pending);
        return { to: "/login", headers: { "Set-Cookie": pendingCookie(null, context.env.https) } };
      },
    }),
  },
);

async function codesAfter(method: "totp" | "passkey", pending: Pending, context: RequestContext) {
  await enrolled(context.db, pending, method);
  await tellOfChange(context, pending, method === "totp" ? "totp_on" : "passkey_on");
  return { data: { codes: await newRecoveryCodes(context.db, pending.userId) } };
}

export default function Second() {
  const view = useLoaderData<typeof loader>();
  const result = useResult();
  return <SecondStep view={view} result={result} />;
}
