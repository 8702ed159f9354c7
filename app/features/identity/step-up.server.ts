import { AppError } from "#app/platform/errors.ts";
import type { Database } from "#db/client.server.ts";
import { attempt } from "./attempts.server.ts";
import { useCode } from "./factors.server.ts";
import { passwordFits } from "./passwords.server.ts";
import { digestOf, type SignedIn } from "#app/request/session.server.ts";

/* How a person proves that it is they who sit there; who is asked, and which form waits for it: app/request/step-up.server.ts. */

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
/** Notes the proof; the answer of the passkey has been checked before. */
export const proveByPasskey = (db: Database, person: SignedIn) => proved(db, person, "passkey");
