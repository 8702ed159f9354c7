import type { Locale } from "#app/i18n/locale.ts";
import { AppError } from "#app/platform/errors.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Database } from "#db/client.server.ts";
import { attempt } from "./attempts.server.ts";
import { secretShape } from "./invitations.server.ts";
import { resetEmail } from "./emails.server.ts";
import { checkNewPassword, hashPassword } from "./passwords.server.ts";
import { digestOf, newSecret } from "#app/request/session.server.ts";

/**
 * An e-mail with a link, if there is such an account. The answer, the rows written and so the time are the same if not: the
 * e-mail is then to nobody. Every request counts. @throws sign_in_blocked
 */
export async function askForReset(
  db: Database,
  { email, ip, origin, locale }: { email: string; ip: string; origin: string; locale: Locale },
): Promise<void> {
  await attempt(
    db,
    {
      what: [
        ["reset", email],
        ["link", ip],
      ],
      always: true,
      address: ip,
    },
    async () => {
      const secret = newSecret();
      const message = resetEmail(locale, `${origin}/reset?lng=${locale}&token=${secret}`);
      await db.auth`select auth.request_reset(${email}, ${digestOf(secret)}, ${uuidv7()}, ${message.subject}, ${message.text}, ${message.html})`;
    },
  );
}

/** Whose link it is; null when it was used, is older than half an hour, or never was one. */
export async function readReset(db: Database, token: string): Promise<{ email: string; name: string } | null> {
  if (!secretShape.test(token)) return null;
  const [row] = await db.auth<{ email: string; name: string }[]>`select * from auth.peek_reset(${digestOf(token)})`;
  return row ?? null;
}

/** Sets the password; all sessions of the person end. The second factor stays. @throws signin_link_dead, invalid, sign_in_blocked */
export async function resetPassword(
  db: Database,
  input: { token: string; next: string; repeat: string },
  ip: string,
): Promise<{ userId: string; name: string }> {
  const dead = () => new AppError("signin_link_dead", 422, "reset link is no longer good");
  const person = await attempt(db, { what: [["link", ip]], address: ip }, async () => {
    const one = await readReset(db, input.token);
    if (!one) throw dead();
    return one;
  });
  checkNewPassword(input, person);
  const [row] = await db.auth<
    { who: string | null }[]
  >`select auth.use_reset(${digestOf(input.token)}, ${await hashPassword(input.next)}) as who`;
  if (!row?.who) throw dead();
  return { userId: row.who, name: person.name };
}
