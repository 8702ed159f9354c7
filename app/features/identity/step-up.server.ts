import { redirect } from "@remix-run/node";
import { AppError } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Database } from "#db/client.server.ts";
import { attempt } from "./attempts.server.ts";
import { useCode } from "./factors.server.ts";
import { safeNext } from "./next-page.ts";
import { passwordFits } from "./passwords.server.ts";
import { digestOf, type SignedIn } from "./session.server.ts";

/*
 * What fixes something for good, opens a way in or changes what signs one in is asked of nobody who has not shown within ten
 * minutes that it is he who sits there (ASVS 5.0, 7.5.3). Signing in counts. A form that comes too late is kept, and sent on
 * after its sender has proved himself.
 */

/** Whether the person proved himself less than ten minutes ago. The database's clock and its limit decide. */
export async function isFresh(db: Pick<Database, "auth">, person: SignedIn): Promise<boolean> {
  const [row] = await db.auth<{ fresh: boolean }[]>`select fresh from auth.session_proof(${digestOf(person.secret)})`;
  return row?.fresh ?? false;
}

/** How and when a session was proved; a change of membership takes both along. */
export async function proofOf(
  db: Pick<Database, "auth">,
  person: Pick<SignedIn, "secret">,
): Promise<{ provedAt: Date; methods: string[] }> {
  const [row] = await db.auth<
    { proved_at: string; methods: string[] }[]
  >`select proved_at, methods from auth.session_proof(${digestOf(person.secret)})`;
  return { provedAt: new Date(row?.proved_at ?? 0), methods: row?.methods ?? [] };
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

/** Keeps a form and sends its sender to prove himself. Files and passwords are not kept. @throws always: the redirect */
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

export interface HeldForm {
  path: string;
  fields: [string, string][];
}
/** The form that waits; null when it is somebody else's, too old, or was never there. */
export async function heldForm(db: Pick<Database, "auth">, person: SignedIn, id: string): Promise<HeldForm | null> {
  const [row] = await db.auth<HeldForm[]>`select path, fields from auth.held_form(${id}, ${digestOf(person.secret)})`;
  return row ?? null;
}

const proved = (db: Pick<Database, "auth">, person: SignedIn, method: string) =>
  db.auth`select auth.prove_session(${digestOf(person.secret)}, ${method})`;

/** @throws password_wrong at its field, sign_in_blocked */
export async function proveByPassword(db: Database, person: SignedIn, password: string): Promise<void> {
  await attempt(db, { what: [["step", person.userId]] }, async () => {
    const [row] = await db.auth<{ hash: string | null }[]>`select auth.password_hash_of(${person.userId}) as hash`;
    if (!(await passwordFits(row?.hash, password)))
      throw new AppError("signin_not_proved", 422, "wrong password", {
        fieldErrors: { password: ["error_password_wrong"] },
      });
  });
  await proved(db, person, "password");
}
/** @throws signin_code_wrong, sign_in_blocked */
export async function proveByCode(db: Database, person: SignedIn, code: string, ip: string): Promise<void> {
  await proved(db, person, await useCode(db, person.userId, code, ip));
}
export const proveByPasskey = (db: Database, person: SignedIn) => proved(db, person, "passkey");
