import { type LoaderFunctionArgs, type MetaFunction } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { FactorsSection } from "#app/features/identity/components/factors-section.tsx";
import { SecuritySection } from "#app/features/identity/components/security-section.tsx";
import { SettingsFrame } from "#app/features/identity/components/settings-frame.tsx";
import { type RequestContext, signedIn } from "#app/request/context.server.ts";
import { beginTotp, confirmTotp, newRecoveryCodes, removeTotp } from "#app/features/identity/factors.server.ts";
import { code, credential, passwordSchema } from "#app/features/identity/identity.schema.ts";
import { changePassword, endSession } from "#app/features/identity/identity.server.ts";
import type { Change } from "#app/features/identity/letters.server.ts";
import { tellOfChange } from "#app/features/identity/mail.server.ts";
import { addPasskey, partyOf, removePasskey } from "#app/features/identity/passkeys.server.ts";
import { type ActionResult, openAction, openIntent, pageLoader } from "#app/request/page.server.ts";
import type { SignedIn } from "#app/request/session.server.ts";
import { keepsEnough, securityView, settingsSections } from "#app/features/identity/settings.server.ts";
import { endOtherSessions, fromOf, openSession } from "#app/features/identity/sign-in.server.ts";
import { proofOf } from "#app/features/identity/step-up.server.ts";
import { isFresh } from "#app/request/step-up.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { unauthenticated } from "#app/platform/errors.ts";
import { text, uuid, verbatim } from "#app/platform/fields.ts";

export const meta: MetaFunction = () => [{ title: `${m.identity_section_security()} · ${m.identity_product()}` }];

const load = pageLoader(
  { at: "/settings/security", search: z.object({ enrol: z.literal("totp").optional().catch(undefined) }) },
  async ({ request, context, actor, search }) => {
    const person = known(await signedIn(request, context));
    const fresh = await isFresh(context.db, person);
    return {
      ...(await securityView(context, person)),
      sections: settingsSections(actor.role),
      fresh,
      passkeysHere: partyOf(request, context) !== null,
      enrolment: search.enrol === "totp" && fresh ? await beginTotp(context.db, person) : null,
    };
  },
);
export const loader = (args: LoaderFunctionArgs) => load(args);

function known(person: SignedIn | null): SignedIn {
  if (!person) throw unauthenticated();
  return person;
}
/** Told to the person by letter, and on the page. */
async function changed(context: RequestContext, person: SignedIn, change: Change, notice: string, data?: unknown) {
  await tellOfChange(context, person, change);
  return { notice, ...(data === undefined ? {} : { data }) };
}
/** Codes with the first factor; whoever has some keeps them. */
async function firstCodes(context: RequestContext, person: SignedIn): Promise<{ codes: string[] } | undefined> {
  return (await securityView(context, person)).factors.codes > 0
    ? undefined
    : { codes: await newRecoveryCodes(context.db, person.userId) };
}

export const action = openAction(
  { at: "/settings/security" },
  {
    password: openIntent({
      schema: passwordSchema,
      secret: ["current", "next", "repeat"],
      run: async ({ person, input, context, request }) => {
        const who = known(person);
        const { methods } = await proofOf(context.db, who);
        await changePassword(context.db, who, input);
        await tellOfChange(context, who, "password");
        const secret = await openSession(context.db, context.sessions, {
          userId: who.userId,
          membership: who.actor?.membershipId ?? null,
          methods,
          from: fromOf(request, context),
        });
        return {
          to: "/settings/security",
          notice: m.identity_password_changed(),
          headers: { "Set-Cookie": context.sessions.cookie(secret) },
        };
      },
    }),
    endSession: openIntent({
      schema: z.object({ sessionId: uuid() }),
      stepUp: true,
      run: async ({ person, input, context }) => {
        await endSession(context.db, known(person).userId, input.sessionId);
        return { notice: m.identity_session_ended() };
      },
    }),
    endOthers: openIntent({
      schema: z.object({}),
      stepUp: true,
      run: async ({ person, context, request }) => {
        const secret = await endOtherSessions(context.db, context.sessions, known(person), fromOf(request, context));
        return {
          to: "/settings/security",
          notice: m.identity_sessions_ended(),
          headers: { "Set-Cookie": context.sessions.cookie(secret) },
        };
      },
    }),
    beginTotp: openIntent({
      schema: z.object({}),
      stepUp: true,
      run: async () => ({ to: "/settings/security?enrol=totp" }),
    }),
    confirmTotp: openIntent({
      schema: z.object({ code: code() }),
      stepUp: true,
      secret: ["code"],
      run: async ({ person, input, context }) => {
        const who = known(person);
        await confirmTotp(context.db, who.userId, input.code);
        return changed(context, who, "totp_on", m.signin_change_totp_on(), await firstCodes(context, who));
      },
    }),
    removeTotp: openIntent({
      schema: z.object({}),
      stepUp: true,
      run: async ({ person, context }) => {
        const who = known(person);
        await keepsEnough(context, who, "totp");
        await removeTotp(context.db, who.userId);
        return changed(context, who, "totp_off", m.signin_change_totp_off());
      },
    }),
    addPasskey: openIntent({
      schema: z.object({ credential: credential(), name: text(100) }),
      stepUp: true,
      secret: ["credential"],
      run: async ({ person, input, context, request }) => {
        const who = known(person);
        await addPasskey(context.db, partyOf(request, context), who.userId, input);
        return changed(context, who, "passkey_on", m.signin_change_passkey_on(), await firstCodes(context, who));
      },
    }),
    removePasskey: openIntent({
      schema: z.object({ passkeyId: verbatim(1400).refine((s) => s.length > 0, { message: "error_field_required" }) }),
      stepUp: true,
      run: async ({ person, input, context }) => {
        const who = known(person);
        await keepsEnough(context, who, "passkey");
        await removePasskey(context.db, who.userId, input.passkeyId);
        return changed(context, who, "passkey_off", m.signin_change_passkey_off());
      },
    }),
    newCodes: openIntent({
      schema: z.object({}),
      stepUp: true,
      run: async ({ person, context }) =>
        changed(context, known(person), "codes", m.signin_change_codes(), {
          codes: await newRecoveryCodes(context.db, known(person).userId),
        }),
    }),
  },
);

export default function Security() {
  const view = useLoaderData<typeof loader>();
  const result = useActionData() as ActionResult | undefined;
  return (
    <SettingsFrame section="security" sections={view.sections} of={view.person.email} result={result}>
      <FactorsSection view={view} result={result} />
      <SecuritySection view={view} result={result} />
    </SettingsFrame>
  );
}
