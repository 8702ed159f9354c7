import { redirect } from "@remix-run/node";
import { z } from "zod";
import { switchMembership } from "#app/features/identity/identity.server.ts";
import { openAction, openIntent } from "#app/features/identity/route.server.ts";
import { unauthenticated } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";

/** Acts in another of one's memberships from now on. Works without script. */
export const action = openAction(
  {},
  {
    membership: openIntent({
      schema: z.object({ membershipId: uuid() }),
      run: async ({ person, input, context, request }) => {
        if (!person) throw unauthenticated();
        const from = { ip: context.clientIp, agent: request.headers.get("User-Agent") ?? "" };
        const secret = await switchMembership(context.db, context.sessions, person, input.membershipId, from);
        return { to: "/", headers: { "Set-Cookie": context.sessions.cookie(secret) } };
      },
    }),
  },
);
export const loader = () => redirect("/");
