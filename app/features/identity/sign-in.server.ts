import { AppError, notFound } from "#app/platform/errors.ts";
import type { Env } from "#app/platform/env.server.ts";
import type { Database } from "#db/client.server.ts";
import { attempt } from "./attempts.server.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { factorsOf, useCode } from "./factors.server.ts";
import { membershipsOf } from "./identity.server.ts";
import { passwordFits } from "./passwords.server.ts";
import { leadRoles } from "#app/request/permissions.ts";
import { digestOf, newSecret, type Sessions, type SignedIn } from "#app/request/session.server.ts";
import { proofOf } from "./step-up.server.ts";

/*
 * From the sign-in form to a session. What is half done is kept apart (auth.pending_sign_ins) under a cookie of its own: a
 * session begins only when everything that was asked for has been shown, so nothing else has to ask whether it is a whole one.
 */

export interface From {
  ip: string;
  agent: string;
}
/** Where an attempt comes from, for its limits and the list of sessions. */
export const fromOf = (request: Request, context: Pick<RequestContext, "clientIp">): From => ({
  ip: context.clientIp,
  agent: request.headers.get("User-Agent") ?? "",
});

/** How somebody showed who they are. `mfa`: the identity provider says that it asked for two factors. */
export type Method = "password" | "totp" | "recovery" | "passkey" | "oidc" | "mfa";
/** A key that asked its owner (PIN, finger) is two factors in one. */
const strong: readonly string[] = ["totp", "recovery", "passkey", "mfa"] satisfies Method[];
const hasSecondFactor = (methods: readonly string[]): boolean => methods.some((one) => strong.includes(one));

/** A whole sign-in, or one that waits for what is missing. */
export type SignInStep = { kind: "session"; secret: string } | { kind: "pending"; secret: string };
type Policy = Env["mfaRequired"];
/** Whether somebody may not sign in by one factor. */
export const needsTwoFactors = (policy: Policy, leads: boolean): boolean =>
  policy === "everyone" || (policy === "leads" && leads);
/** Minutes in which a half sign-in has to be ended. */
const pendingMinutes = { factor: 10, enrol: 45 } as const;

/** Right e-mail and password. @throws sign_in_failed, sign_in_blocked, the same for accounts that are not there */
export async function checkPassword(
  db: Database,
  input: { email: string; password: string },
  from: From,
): Promise<string> {
  const [known] = await db.auth<{ known: boolean }[]>`select auth.address_known(${input.email}, ${from.ip}) as known`;
  // Whoever guesses from elsewhere, or a neighbour at others' accounts, does not shut out who has come in from here before.
  const spared = known?.known ? (["account", "address"] as const) : [];
  return attempt(
    db,
    {
      what: [
        ["pair", `${from.ip} ${input.email}`],
        ["account", input.email],
        ["address", from.ip],
      ],
      spared,
      address: from.ip,
    },
    async () => {
      const [login] = await db.auth<
        { user_id: string; password_hash: string }[]
      >`select * from auth.find_login(${input.email})`;
      const fits = await passwordFits(login?.password_hash, input.password);
      if (!login || !fits) throw new AppError("sign_in_failed", 422, "wrong e-mail or password");
      return login.user_id;
    },
  );
}

interface Admission {
  userId: string;
  methods: readonly Method[];
  next: string;
  policy: Policy;
  from: From;
  /** The membership to act in; the oldest unless told. */
  membershipId?: string | null;
}
/** Lets in whoever has shown enough, and asks the others for what is missing. */
export async function admit(
  db: Database,
  sessions: Sessions,
  { userId, methods, next, policy, from, membershipId }: Admission,
): Promise<SignInStep> {
  const factors = await factorsOf(db, userId);
  if (!factors) throw new AppError("sign_in_failed", 422, "the account was switched off");
  const membership = membershipId ?? (await membershipsOf(db, userId))[0]?.id ?? null;
  const needs = hasSecondFactor(methods)
    ? null
    : factors.totp || factors.passkeys > 0
      ? "factor"
      : needsTwoFactors(policy, factors.leads)
        ? "enrol"
        : null;
  if (needs === null)
    return { kind: "session", secret: await openSession(db, sessions, { userId, membership, methods, from }) };
  const secret = newSecret();
  const until = new Date(Date.now() + pendingMinutes[needs] * 60_000).toISOString();
  await db.auth`select auth.open_pending(${digestOf(secret)}, ${userId}, ${membership}, ${needs}, ${[...methods]}, ${next.slice(0, 600)}, ${until})`;
  return { kind: "pending", secret };
}

/** A session that remembers how it began and, for step-up, when its person last proved who they are. */
export async function openSession(
  db: Database,
  sessions: Sessions,
  of: { userId: string; membership: string | null; methods: readonly string[]; from: From; provedAt?: Date },
): Promise<string> {
  const secret = await sessions.create(of.userId, of.membership, of.from);
  await db.auth`select auth.mark_session(${digestOf(secret)}, ${[...of.methods]}, ${(of.provedAt ?? new Date()).toISOString()})`;
  return secret;
}

export interface Pending {
  secret: string;
  userId: string;
  email: string;
  name: string;
  membershipId: string | null;
  needs: "factor" | "enrol" | "codes";
  methods: readonly string[];
  next: string;
}
const pendingName = (secure: boolean) => (secure ? "__Host-anshi-step" : "anshi_step");
/** Set-Cookie value; null takes it away. */
export function pendingCookie(secret: string | null, secure: boolean): string {
  return `${pendingName(secure)}=${secret ?? ""}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${secret === null ? 0 : 3600}${secure ? "; Secure" : ""}`;
}
/** The sign-in that this browser has begun and not ended; null when there is none or its time is over. */
export async function readPending(
  request: Request,
  { db, env }: Pick<RequestContext, "db" | "env">,
): Promise<Pending | null> {
  const secret = new RegExp(`(?:^|; *)${pendingName(env.https)}=([0-9a-f]{40})(?:;|$)`).exec(
    request.headers.get("Cookie") ?? "",
  )?.[1];
  if (secret === undefined) return null;
  const [row] = await db.auth<
    {
      user_id: string;
      email: string;
      name: string;
      membership_id: string | null;
      needs: Pending["needs"];
      methods: string[];
      next: string;
    }[]
  >`select * from auth.get_pending(${digestOf(secret)})`;
  return row
    ? {
        secret,
        userId: row.user_id,
        email: row.email,
        name: row.name,
        membershipId: row.membership_id,
        needs: row.needs,
        methods: row.methods,
        next: row.next,
      }
    : null;
}

/** Headers and address after a step: a session's cookie and the page that was asked for, or the page that asks for more. */
export function answerOf(
  step: SignInStep,
  next: string,
  { sessions, env }: Pick<RequestContext, "sessions" | "env">,
): { to: string; headers: Headers } {
  const headers = new Headers();
  if (step.kind === "pending") {
    headers.append("Set-Cookie", pendingCookie(step.secret, env.https));
    return { to: "/login/second", headers };
  }
  headers.append("Set-Cookie", sessions.cookie(step.secret));
  headers.append("Set-Cookie", pendingCookie(null, env.https));
  return { to: next, headers };
}

/** Ends a half sign-in with a session. @throws sign_in_expired when it was ended before */
export async function finish(
  db: Database,
  sessions: Sessions,
  pending: Pending,
  methods: readonly string[],
  from: From,
): Promise<SignInStep> {
  const [row] = await db.auth<{ done: boolean }[]>`select auth.close_pending(${digestOf(pending.secret)}) as done`;
  if (!row?.done) throw new AppError("sign_in_expired", 422, "half sign-in is over");
  return {
    kind: "session",
    secret: await openSession(db, sessions, {
      userId: pending.userId,
      membership: pending.membershipId,
      methods,
      from,
    }),
  };
}

/** The second factor by a code. @throws signin_code_wrong, sign_in_blocked, sign_in_expired */
export async function finishWithCode(
  db: Database,
  sessions: Sessions,
  pending: Pending,
  code: string,
  from: From,
): Promise<SignInStep> {
  const kind = await useCode(db, pending.userId, code, from.ip);
  return finish(db, sessions, pending, [...pending.methods, kind], from);
}

/** After enrolling: the codes come next. @throws sign_in_expired */
export async function enrolled(db: Database, pending: Pending, method: "totp" | "passkey"): Promise<void> {
  const [row] = await db.auth<
    { done: boolean }[]
  >`select auth.advance_pending(${digestOf(pending.secret)}, ${method}) as done`;
  if (!row?.done) throw new AppError("sign_in_expired", 422, "enrolment is over");
}
/** Gives a sign-in up half way; its cookie opens nothing any more. */
export const dropPending = (db: Database, pending: Pending) =>
  db.auth`select auth.close_pending(${digestOf(pending.secret)})`;

/**
 * Acts in another membership from now on, under a new secret; the old one is dead. A role that needs a second factor asks for
 * it where the session was begun without. @throws notFound for a membership that is not the person's
 */
export async function switchMembership(
  db: Database,
  sessions: Sessions,
  person: SignedIn,
  { membershipId, from, policy }: { membershipId: string; from: From; policy: Policy },
): Promise<SignInStep> {
  const wanted = (await membershipsOf(db, person.userId)).find((one) => one.id === membershipId);
  if (!wanted) throw notFound({ logMessage: "membership of somebody else" });
  const { provedAt, methods } = await proofOf(db, person);
  const leads = leadRoles.includes(wanted.role);
  const step: SignInStep =
    needsTwoFactors(policy, leads) && !hasSecondFactor(methods)
      ? await admit(db, sessions, {
          userId: person.userId,
          methods: methods as Method[],
          next: "/",
          policy,
          from,
          membershipId,
        })
      : {
          kind: "session",
          secret: await openSession(db, sessions, {
            userId: person.userId,
            membership: membershipId,
            methods,
            from,
            provedAt,
          }),
        };
  await sessions.remove(person.secret);
  return step;
}

/** Ends every session of the person and goes on in a new one, as fresh as the one it replaces. Returns its secret. */
export async function endOtherSessions(
  db: Database,
  sessions: Sessions,
  person: SignedIn,
  from: From,
): Promise<string> {
  const { provedAt, methods } = await proofOf(db, person);
  await db.auth`select auth.delete_user_sessions(${person.userId})`;
  return openSession(db, sessions, {
    userId: person.userId,
    membership: person.actor?.membershipId ?? null,
    methods,
    from,
    provedAt,
  });
}

/** By password alone, for accounts without a second factor: the demonstration's players and tests. @throws sign_in_failed, sign_in_blocked */
export async function signIn(
  db: Database,
  sessions: Sessions,
  input: { email: string; password: string },
  from: From,
): Promise<string> {
  const userId = await checkPassword(db, input, from);
  const step = await admit(db, sessions, { userId, methods: ["password"], next: "/", policy: "none", from });
  if (step.kind !== "session") throw new AppError("sign_in_failed", 422, "the account has a second factor");
  return step.secret;
}
