import { redirect } from "@remix-run/node";
import { z } from "zod";
import { switchMembership } from "#app/features/identity/identity.server.ts";
import { safeNext } from "#app/features/identity/next-page.ts";
import { densityCookie, preferenceCookie, preferenceSchema, themeCookie } from "#app/features/identity/preferences.ts";
import { openAction, openIntent } from "#app/features/identity/route.server.ts";
import { localeCookie } from "#app/i18n/locale.server.ts";
import { unauthenticated } from "#app/platform/errors.ts";
import { uuid } from "#app/platform/fields.ts";

/** Changes of the frame around every page: the membership one acts in, language, theme, density. Works without script. */
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
    preferences: openIntent({
      schema: preferenceSchema,
      run: async ({ input, context }) => {
        const secure = context.env.https;
        const headers = new Headers();
        if (input.theme) headers.append("Set-Cookie", preferenceCookie(themeCookie, input.theme, secure));
        if (input.density) headers.append("Set-Cookie", preferenceCookie(densityCookie, input.density, secure));
        if (input.lng) headers.append("Set-Cookie", localeCookie(input.lng, secure));
        return { to: safeNext(input.next), headers };
      },
    }),
  },
);
export const loader = () => redirect("/");
