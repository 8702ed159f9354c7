import postgres from "postgres";
import { uuidv7 } from "#app/platform/id.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { hashPassword, weaknessOf } from "./passwords.server.ts";

/**
 * The very first account of an installation, made by the owner because nobody can sign in yet; everything after it goes
 * through use-cases. @returns false when there is an account already.
 */
export async function bootstrapOperator({
  ownerUrl,
  email,
  name,
  password,
}: {
  ownerUrl: string;
  email: string;
  name: string;
  password: string;
}): Promise<boolean> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    if (await anyAccount(sql)) return false;
    if (weaknessOf(password, { email, name }))
      throw new StartError(
        "ANSHI_OPERATOR_PASSWORD is common, easy to guess, or the operator's own name or e-mail. Choose a longer, rarer one.",
      );
    await sql`select auth.bootstrap_operator(${uuidv7()}, ${uuidv7()}, ${email}, ${name}, ${await hashPassword(password)}, ${uuidv7()})`;
    return true;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

async function anyAccount(sql: postgres.Sql): Promise<boolean> {
  const [row] = await sql<{ known: boolean }[]>`select exists (select 1 from auth.users) as known`;
  return row?.known ?? false;
}

/**
 * At the start of an installation without the demonstration: makes the operator named by the settings, if nobody is there.
 * @returns «made», «there» when accounts exist already, «nobody» when there is none and none was named.
 */
export async function firstOperator({
  ownerUrl,
  email,
  password,
}: {
  ownerUrl: string;
  email: string | undefined;
  password: string | undefined;
}): Promise<"made" | "there" | "nobody"> {
  if (email === undefined || password === undefined) return (await hasAccounts(ownerUrl)) ? "there" : "nobody";
  return (await bootstrapOperator({ ownerUrl, email, name: email.split("@")[0] ?? email, password }))
    ? "made"
    : "there";
}

/** Whether anybody has an account in this installation yet. */
async function hasAccounts(ownerUrl: string): Promise<boolean> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    return await anyAccount(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
