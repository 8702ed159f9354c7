import { isIP } from "node:net";
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import { AppError, invalid } from "#app/platform/errors.ts";
import type { Database } from "#db/client.server.ts";
import { attempt } from "./attempts.server.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { digestOf } from "#app/request/session.server.ts";

/*
 * Passkeys (WebAuthn level 3). The key must ask its owner (PIN, finger, face): it is then two factors in one and signs in by
 * itself. Each question is answered once and within five minutes; it is kept as a digest, with what it was asked for.
 */

type Auth = Pick<Database, "auth">;
const minutes = 5;

export interface Party {
  id: string;
  origin: string;
}
/** Whom a key is bound to. Null where the address is a bare number: browsers make no keys for those. */
export function partyOf(request: Request, { env }: Pick<RequestContext, "env">): Party | null {
  const url = new URL(env.BASE_URL ?? request.url);
  const bare = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(bare) ? null : { id: url.hostname, origin: url.origin };
}
function needed(party: Party | null): Party {
  if (!party) throw new AppError("signin_passkey_address", 422, "no passkeys at a bare address");
  return party;
}

interface Asked {
  use: "register" | "sign-in";
  /** Null: whoever holds a key. */
  userId: string | null;
}
const keep = (db: Auth, challenge: string, asked: Asked) =>
  db.auth`select auth.put_challenge(${digestOf(challenge)}, 'passkey', ${JSON.stringify(asked)}::text::jsonb, ${new Date(Date.now() + minutes * 60_000).toISOString()})`;
async function take(db: Auth, challenge: string, wanted: Asked): Promise<boolean> {
  const [row] = await db.auth<
    { asked: Asked | null }[]
  >`select auth.take_challenge(${digestOf(challenge)}, 'passkey') as asked`;
  return row?.asked?.use === wanted.use && row.asked.userId === wanted.userId;
}

export interface PasskeyInfo {
  id: string;
  transports: string[];
  name: string;
  backedUp: boolean;
  createdAt: Date;
  lastUsedAt: Date | null;
}
/** The person's passkeys, as the page of security lists them. */
export async function passkeysOf(db: Auth, userId: string): Promise<PasskeyInfo[]> {
  const rows = await db.auth<
    {
      id: string;
      transports: string[];
      name: string;
      backed_up: boolean;
      created_at: string;
      last_used_at: string | null;
    }[]
  >`select * from auth.passkeys_of(${userId})`;
  return rows.map((r) => ({
    id: r.id,
    transports: r.transports,
    name: r.name,
    backedUp: r.backed_up,
    createdAt: new Date(r.created_at),
    lastUsedAt: r.last_used_at === null ? null : new Date(r.last_used_at),
  }));
}

/** The question for a new key. @throws signin_passkey_address */
export async function registrationOptions(
  db: Auth,
  given: Party | null,
  person: { userId: string; email: string; name: string },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const party = needed(given);
  const known = await passkeysOf(db, person.userId);
  const options = await generateRegistrationOptions({
    rpName: "Anshi 安试",
    rpID: party.id,
    userID: new TextEncoder().encode(person.userId),
    userName: person.email,
    userDisplayName: person.name,
    attestationType: "none",
    excludeCredentials: known.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  await keep(db, options.challenge, { use: "register", userId: person.userId });
  return options;
}

/** The question for signing in or proving oneself; for one person's keys, or for whoever holds one. @throws signin_passkey_address */
export async function authenticationOptions(
  db: Auth,
  given: Party | null,
  userId: string | null,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const party = needed(given);
  const known = userId === null ? [] : await passkeysOf(db, userId);
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    userVerification: "required",
    ...(userId === null ? {} : { allowCredentials: known.map(({ id, transports }) => ({ id, transports })) }),
  });
  await keep(db, options.challenge, { use: "sign-in", userId });
  return options;
}

const shape = z.looseObject({
  id: z.string().min(1).max(1400),
  rawId: z.string().max(1400),
  type: z.literal("public-key"),
  response: z.looseObject({ clientDataJSON: z.string().max(20_000) }),
});
const refused = (cause?: unknown) => new AppError("signin_passkey_refused", 422, "passkey refused", { cause });

function parsed<T>(credential: string): T {
  try {
    return shape.parse(JSON.parse(credential)) as unknown as T;
  } catch (error) {
    throw refused(error);
  }
}

/** Takes a new key. @throws signin_passkey_refused, invalid */
export async function addPasskey(
  db: Auth,
  given: Party | null,
  userId: string,
  input: { credential: string; name: string },
): Promise<void> {
  const party = needed(given);
  const response = parsed<RegistrationResponseJSON>(input.credential);
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: (challenge) => take(db, challenge, { use: "register", userId }),
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch((error: unknown) => {
    throw refused(error);
  });
  if (!checked.verified) throw refused();
  const { credential, credentialBackedUp } = checked.registrationInfo;
  const transports = (response.response.transports ?? []).filter((one) => /^[a-z-]{2,20}$/.test(one)).slice(0, 8);
  const [row] = await db.auth<
    { done: boolean }[]
  >`select auth.add_passkey(${credential.id}, ${userId}, ${Buffer.from(credential.publicKey)}, ${credential.counter}, ${transports}, ${input.name}, ${credentialBackedUp}) as done`;
  if (!row?.done) throw invalid({ name: ["signin_passkey_too_many"] });
}

/** Whose key answered. `userId`: whose it must be; null for whoever holds one. @throws signin_passkey_refused, sign_in_blocked */
export async function usePasskey(
  db: Auth,
  given: Party | null,
  credential: string,
  { userId, ip }: { userId: string | null; ip: string },
): Promise<string> {
  const party = needed(given);
  return attempt(db, { what: [["address", ip]], address: ip }, async () => {
    const response = parsed<AuthenticationResponseJSON>(credential);
    const [key] = await db.auth<
      { user_id: string; public_key: Buffer; counter: string; transports: string[] }[]
    >`select * from auth.find_passkey(${response.id})`;
    if (!key || (userId !== null && key.user_id !== userId)) throw refused();
    const checked = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (challenge) => take(db, challenge, { use: "sign-in", userId }),
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential: {
        id: response.id,
        publicKey: new Uint8Array(key.public_key),
        counter: Number(key.counter),
        transports: key.transports,
      },
      requireUserVerification: true,
    }).catch((error: unknown) => {
      throw refused(error);
    });
    if (!checked.verified) throw refused();
    const [row] = await db.auth<
      { done: boolean }[]
    >`select auth.use_passkey(${response.id}, ${key.user_id}, ${checked.authenticationInfo.newCounter}) as done`;
    if (!row?.done) throw refused();
    return key.user_id;
  });
}

/** Takes away a passkey of the person's own; nothing where it is somebody else's or gone. */
export const removePasskey = (db: Auth, userId: string, id: string) =>
  db.auth`select auth.remove_passkey(${userId}, ${id})`;
