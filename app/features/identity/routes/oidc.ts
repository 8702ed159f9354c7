import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { safeNext } from "#app/request/next-page.ts";
import { beginOidc, endOidc, oidcCookie } from "#app/features/identity/oidc.server.ts";
import { admit, answerOf, fromOf } from "#app/features/identity/sign-in.server.ts";
import { AppError } from "#app/platform/errors.ts";

/** To the identity provider, and back from it. What does not fit leads to the sign-in page, which says why. */
export async function loader({ request, context }: LoaderFunctionArgs) {
  const { db, sessions, env } = context;
  const { searchParams } = new URL(request.url);
  try {
    if (!["code", "error", "state"].some((name) => searchParams.has(name))) {
      // Another site's page must not sign anybody in behind their back: the way to the provider begins with a press on ours.
      if (!["same-origin", "none", null].includes(request.headers.get("sec-fetch-site")))
        return redirect(`/login?next=${encodeURIComponent(safeNext(searchParams.get("next")))}`);
      const { to, cookie } = await beginOidc(context, request, safeNext(searchParams.get("next")));
      return redirect(to, { headers: { "Set-Cookie": cookie, "Cache-Control": "no-store" } });
    }
    const { userId, methods, next } = await endOidc(context, request);
    const { to, headers } = answerOf(
      await admit(db, sessions, { userId, methods, next, policy: env.mfaRequired, from: fromOf(request, context) }),
      safeNext(next),
      context,
    );
    headers.append("Set-Cookie", oidcCookie(null, env.https));
    return redirect(to, { headers });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.status === 404) throw new Response(null, { status: 404 });
    context.log.info({ err: error, code: error.code }, "a sign-in by the identity provider failed");
    return redirect(`/login?problem=${error.code}`, { headers: { "Set-Cookie": oidcCookie(null, env.https) } });
  }
}
