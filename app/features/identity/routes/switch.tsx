import { redirect } from "@remix-run/node";
import { z } from "zod";
import { openAction, openIntent } from "#app/request/page.server.ts";
import { answerOf, fromOf, switchMembership } from "#app/features/identity/sign-in.server.ts";
import { unauthenticated } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";

/** Acts in another of one's memberships from now on. Works without script. */
export const action = openAction(
  { at: "/switch" },
  {
    membership: openIntent({
      schema: z.object({ membershipId: uuid() }),
      run: async ({ person, input, context, request }) => {
        if (!person) throw unauthenticated();
        const { db, sessions, env } = context;
        const step = await switchMembership(db, sessions, person, {
          membershipId: input.membershipId,
          from: fromOf(request, context),
          policy: env.mfaRequired,
        });
        return answerOf(step, "/", context);
      },
    }),
  },
);
export const loader = () => redirect("/");
