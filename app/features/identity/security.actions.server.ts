import { z } from "zod";
import type { RequestContext } from "#app/request/context.server.ts";
import { confirmTotp, newRecoveryCodes, removeTotp } from "./factors.server.ts";
import { code, credential, passwordSchema } from "./identity.schema.ts";
import { changePassword, endSession } from "./identity.server.ts";
import type { Change } from "./emails.server.ts";
import { tellOfChange } from "./mail.server.ts";
import { addPasskey, partyOf, removePasskey } from "./passkeys.server.ts";
import { openAction, openIntent } from "#app/request/page.server.ts";
import type { SignedIn } from "#app/request/session.server.ts";
import { keepsEnough, securityView } from "./settings.server.ts";
import { endOtherSessions, fromOf, openSession } from "./sign-in.server.ts";
import { proofOf } from "./step-up.server.ts";
import { m } from "#app/i18n/paraglide/messages.js";
import { unauthenticated } from "#app/platform/errors.ts";
import { text, uuid, verbatim } from "#app/platform/fields.ts";

/* What people do to their own account: password, sessions, factors. */

/** The person who is signed in. @throws unauthenticated */
export function known(person: SignedIn | null): SignedIn {
  if (!person) throw unauthenticated();
  return person;
}

/** Told to the person by e-mail, and on the page. */
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

export const securityAction = openAction(
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
