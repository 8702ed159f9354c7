import { z } from "zod";
import { signedIn } from "#app/request/context.server.ts";
import { authenticationOptions, partyOf, registrationOptions } from "#app/features/identity/passkeys.server.ts";
import { openAction, openIntent } from "#app/request/page.server.ts";
import { readPending } from "#app/features/identity/sign-in.server.ts";
import { isFresh } from "#app/request/step-up.server.ts";
import { AppError, unauthenticated } from "#app/platform/errors.ts";

const schema = z.object({});

/** The questions that a passkey answers; each once, within minutes. */
export const action = openAction(
  { at: "/passkey.json" },
  {
    signIn: openIntent({
      schema,
      run: async ({ request, context }) => ({
        data: await authenticationOptions(context.db, partyOf(request, context), null),
      }),
    }),
    second: openIntent({
      schema,
      run: async ({ request, context }) => {
        const pending = await readPending(request, context);
        if (pending?.needs !== "factor") throw new AppError("sign_in_expired", 422, "no half sign-in");
        return { data: await authenticationOptions(context.db, partyOf(request, context), pending.userId) };
      },
    }),
    prove: openIntent({
      schema,
      run: async ({ request, context }) => {
        const person = await signedIn(request, context);
        if (!person) throw unauthenticated();
        return { data: await authenticationOptions(context.db, partyOf(request, context), person.userId) };
      },
    }),
    register: openIntent({
      schema,
      run: async ({ request, context }) => {
        const person = await signedIn(request, context);
        if (person && !(await isFresh(context.db, person)))
          throw new AppError("signin_prove_first", 422, "a key is asked for without a fresh proof");
        const who = person ?? (await readPending(request, context));
        if (!who || ("needs" in who && who.needs !== "enrol")) throw unauthenticated();
        return { data: await registrationOptions(context.db, partyOf(request, context), who) };
      },
    }),
  },
);
