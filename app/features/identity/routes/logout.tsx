import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { signedIn } from "#app/request/context.server.ts";

/** Ends the session at the server, not only in the browser. */
export async function action({ request, context }: ActionFunctionArgs) {
  const person = await signedIn(request, context);
  if (person) await context.sessions.remove(person.secret);
  return redirect("/login", {
    headers: { "Set-Cookie": context.sessions.blankCookie(), "Clear-Site-Data": '"cache"' },
  });
}

/** A link cannot sign anybody out; it leads home. */
export const loader = ({ request: _request }: LoaderFunctionArgs) => redirect("/");
