import { createHash, randomBytes } from "node:crypto";
import { encode } from "uqr";
import { AppError } from "#app/platform/errors.ts";
import type { Database } from "#db/client.server.ts";
import { attempt } from "./attempts.server.ts";
import { leadRoles } from "#app/request/permissions.ts";
import { acceptedStep, newTotpSecret, totpAddress } from "./totp.rules.ts";

type Auth = Pick<Database, "auth">;

export interface Factors {
  email: string;
  name: string;
  totp: boolean;
  passkeys: number;
  /** Recovery codes that are left. */
  codes: number;
  /** Holds a role whose sign-in needs a second factor. */
  leads: boolean;
}
/** Null for an account that is not there or is switched off. */
export async function factorsOf(db: Auth, userId: string): Promise<Factors | null> {
  const [row] = await db.auth<
    { email: string; name: string; totp: boolean; passkeys: number; codes: number; leads_somewhere: boolean }[]
  >`select * from auth.factors_of(${userId}, ${[...leadRoles]})`;
  return row
    ? {
        email: row.email,
        name: row.name,
        totp: row.totp,
        passkeys: row.passkeys,
        codes: row.codes,
        leads: row.leads_somewhere,
      }
    : null;
}

export interface Enrolment {
  secret: string;
  /** The secret in groups of four, for who types it. */
  spelt: string;
  address: string;
  qr: { size: number; path: string };
}
/** Secret and QR code of an enrolment, the same until it is confirmed; null when there is one already. */
export async function beginTotp(db: Auth, person: { userId: string; email: string }): Promise<Enrolment | null> {
  const [row] = await db.auth<
    { secret: string | null }[]
  >`select auth.begin_totp(${person.userId}, ${newTotpSecret()}) as secret`;
  if (!row?.secret) return null;
  const address = totpAddress(row.secret, person.email);
  return { secret: row.secret, spelt: row.secret.replaceAll(/(.{4})(?=.)/g, "$1 "), address, qr: qrOf(address) };
}

/** A QR code as one path over modules of size 1, with its quiet zone of four (ISO/IEC 18004). */
function qrOf(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: "M", border: 4 });
  let path = "";
  for (const [y, row] of data.entries()) for (const [x, dark] of row.entries()) if (dark) path += `M${x} ${y}h1v1h-1z`;
  return { size, path };
}

const wrong = () =>
  new AppError("signin_code_wrong", 422, "wrong or used code", { fieldErrors: { code: ["error_signin_code_wrong"] } });

/** Confirms an enrolment by its first code. @throws signin_code_wrong, sign_in_blocked */
export async function confirmTotp(db: Auth, userId: string, code: string, now = Date.now()): Promise<void> {
  await attempt(db, { what: [["totp", userId]] }, () => useTotp(db, userId, code, { confirm: true, now }));
}

async function useTotp(
  db: Auth,
  userId: string,
  code: string,
  { confirm, now }: { confirm: boolean; now: number },
): Promise<void> {
  const [row] = await db.auth<
    { secret: string; confirmed: boolean; last_step: string }[]
  >`select * from auth.totp_of(${userId})`;
  const step =
    row && row.confirmed !== confirm
      ? acceptedStep({ secret: row.secret, code, at: now, lastStep: Number(row.last_step) })
      : null;
  if (step === null) throw wrong();
  const [used] = await db.auth<{ done: boolean }[]>`select auth.use_totp(${userId}, ${step}, ${confirm}) as done`;
  if (!used?.done) throw wrong();
}

export type CodeKind = "totp" | "recovery";

/** A code of the authenticator, or one of the recovery codes, each once. @throws signin_code_wrong, sign_in_blocked */
export function useCode(db: Auth, userId: string, code: string, ip: string, now = Date.now()): Promise<CodeKind> {
  // Whoever gets here has shown a right password: eight codes a person are limit enough.
  return attempt(
    db,
    {
      what: [
        ["totp", userId],
        ["address", ip],
      ],
      spared: ["address"],
      address: ip,
    },
    async () => {
      if (/^[\d\s-]{6,8}$/.test(code.trim())) {
        await useTotp(db, userId, code, { confirm: false, now });
        return "totp";
      }
      const [row] = await db.auth<
        { done: boolean }[]
      >`select auth.use_recovery_code(${userId}, ${codeDigest(userId, code)}) as done`;
      if (!row?.done) throw wrong();
      return "recovery";
    },
  );
}

/** @throws notFound-like nothing: removing what is not there is no error. */
export const removeTotp = (db: Auth, userId: string) => db.auth`select auth.remove_totp(${userId})`;

/** Crockford's base 32: no letter that reads like another. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 120 random bits in six groups: from 112 on a plain SHA-256 is enough to keep them by (ASVS 5.0, 6.5.2). */
function newCode(): string {
  const letters = [...randomBytes(24)].map((byte) => alphabet[byte % 32] ?? "").join("");
  return letters.replaceAll(/(.{4})(?=.)/g, "$1-");
}
/** As it is kept: without what people put between, with O and I, L as they read; with the person, so that equal codes of two people differ. */
function codeDigest(userId: string, code: string): Buffer {
  const plain = code.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1").slice(0, 64);
  return createHash("sha256").update(`${userId}:${plain}`).digest();
}

/** Ten new codes in place of all former ones; told once. */
export async function newRecoveryCodes(db: Auth, userId: string): Promise<string[]> {
  const codes = Array.from({ length: 10 }, newCode);
  const digests = codes.map((one) => codeDigest(userId, one).toString("hex"));
  await db.auth`select auth.replace_recovery_codes(${userId}, array(select decode(d, 'hex') from unnest(${digests}::text[]) d))`;
  return codes;
}
