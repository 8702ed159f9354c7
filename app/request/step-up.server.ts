import { redirect } from "@remix-run/node";
import { uuidv7 } from "#app/platform/id.ts";
import type { Database } from "#db/client.server.ts";
import { safeNext } from "./next-page.ts";
import { digestOf, type SignedIn } from "./session.server.ts";

/*
 * What fixes something for good, opens a way in or changes what signs one in is asked of nobody who has not shown within ten
 * minutes that it is they who sit there (ASVS 5.0, 7.5.3). Signing in counts. A form that comes too late is kept, and sent on
 * after its sender has proved who they are.
 */

/** Whether the person proved who they are less than ten minutes ago. The database's clock and its limit decide. */
export async function isFresh(db: Pick<Database, "auth">, person: SignedIn): Promise<boolean> {
  const [row] = await db.auth<{ fresh: boolean }[]>`select fresh from auth.session_proof(${digestOf(person.secret)})`;
  return row?.fresh ?? false;
}

const heldAtMost = 400_000;

/** Where a form was sent, as it can be sent again: without what the page's own script adds to an address. */
export function pathOf(request: Request): string {
  const url = new URL(request.url);
  for (const key of ["_data", "_routes"]) url.searchParams.delete(key);
  const path = url.pathname.replace(/\.data$/, "").replace(/^\/_root$/, "/");
  const query = url.searchParams.toString().replace(/(^|&)index=(?=&|$)/, "$1index");
  return safeNext(`${path}${query ? `?${query}` : ""}`);
}

/** Keeps a form and sends its sender to prove who they are. Files and passwords are not kept. @throws always: the redirect */
export async function askToProve(
  db: Pick<Database, "auth">,
  person: SignedIn,
  { request, fields, secret }: { request: Request; fields: readonly [string, string][]; secret: readonly string[] },
): Promise<never> {
  const id = uuidv7();
  const content = JSON.stringify(fields.filter(([name]) => !secret.includes(name)));
  if (content.length > heldAtMost) throw redirect("/step-up");
  await db.auth`select auth.hold_form(${id}, ${digestOf(person.secret)}, ${pathOf(request).slice(0, 600)}, ${content}::text::jsonb)`;
  throw redirect(`/step-up?form=${id}`);
}
