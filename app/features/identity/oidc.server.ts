import * as client from "openid-client";
import { getLocale } from "#app/i18n/paraglide/runtime.js";
import { translate } from "#app/i18n/translate.server.ts";
import { AppError, unavailable } from "#app/platform/errors.ts";
import type { Env } from "#app/platform/env.server.ts";
import type { Database } from "#db/client.server.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { linkOrigin } from "./mail.server.ts";
import { digestOf, newSecret } from "#app/request/session.server.ts";
import type { Method } from "./sign-in.server.ts";

/*
 * Signing in with an identity provider (OpenID Connect, authorization code with PKCE, RFC 7636 and RFC 9700). It says who
 * somebody is; whether they have an account here, and which, is ours to say: by the subject that was linked, the first time by
 * an address that the provider has verified. It makes no accounts.
 */

const minutes = 10;
export const offersOidc = (env: Env): boolean => env.OIDC_ISSUER !== undefined;

let known: { issuer: string; config: Promise<client.Configuration> } | undefined;
/**
 * The provider's own description, kept from the sign-in before; asked for again after it could not be had.
 * @param anew for who comes back from the provider. The library keeps keys with a description: one that is new it refuses
 * for a minute, one that took the name of another for five. A provider that turned its keys over would turn people away.
 * @throws not_found, signin_provider_away
 */
async function configOf(
  { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: id, OIDC_CLIENT_SECRET: secret }: Env,
  anew = false,
): Promise<client.Configuration> {
  if (issuer === undefined || id === undefined) throw new AppError("not_found", 404, "no identity provider is set");
  if (anew || known?.issuer !== issuer) known = { issuer, config: discovered(issuer, id, secret) };
  const mine = known;
  try {
    return await mine.config;
  } catch (error) {
    if (known === mine) known = undefined;
    throw away(error);
  }
}
function discovered(issuer: string, id: string, secret: string | undefined): Promise<client.Configuration> {
  // By itself the library trusts TLS for a token that comes straight from the provider and leaves its signature unread.
  const execute = [
    client.enableNonRepudiationChecks,
    ...(issuer.startsWith("http:") ? [client.allowInsecureRequests] : []),
  ];
  const options = { execute, timeout: 10 };
  const authentication = secret === undefined ? undefined : client.ClientSecretBasic(secret);
  return client.discovery(new URL(issuer), id, {}, authentication, options);
}
const away = (cause: unknown) => unavailable({ code: "signin_provider_away", cause });

/** What the provider says of itself where it cannot answer (RFC 6749, 4.1.2.1). */
const ails = new Set(["server_error", "temporarily_unavailable"]);
/** What the library makes of a page in the place of an answer, of half an answer, and of none in time. */
const noAnswer = new Set([
  "OAUTH_TIMEOUT",
  "OAUTH_RESPONSE_IS_NOT_CONFORM",
  "OAUTH_RESPONSE_IS_NOT_JSON",
  "OAUTH_PARSE_ERROR",
]);
/** Whether the provider did not answer, rather than answered no: then trying at once again helps nobody. */
function isAway(error: unknown): boolean {
  if (error instanceof client.AuthorizationResponseError) return ails.has(error.error);
  if (error instanceof client.ResponseBodyError) return error.status === 429 || ails.has(error.error);
  if (error instanceof client.ClientError) return noAnswer.has(error.code ?? "");
  // `fetch` tells of a connection that failed by a TypeError; the library's own of wrong arguments have a code.
  return error instanceof TypeError && !("code" in error);
}

const cookieName = (secure: boolean) => (secure ? "__Host-anshi-oidc" : "anshi_oidc");
/** Set-Cookie value; null takes it away. */
export const oidcCookie = (secret: string | null, secure: boolean): string =>
  `${cookieName(secure)}=${secret ?? ""}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${secret === null ? 0 : minutes * 60}${secure ? "; Secure" : ""}`;

interface Begun {
  state: string;
  nonce: string;
  verifier: string;
  next: string;
}
const callback = (context: RequestContext, request: Request) => `${linkOrigin(context, request)}/login/oidc`;

/** Where to send the browser, and the cookie that ties the answer to it. @throws signin_provider_away */
export async function beginOidc(
  context: RequestContext,
  request: Request,
  next: string,
): Promise<{ to: string; cookie: string }> {
  const config = await configOf(context.env);
  const secret = newSecret();
  const begun: Begun = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
    next,
  };
  const until = new Date(Date.now() + minutes * 60_000).toISOString();
  await context.db
    .auth`select auth.put_challenge(${digestOf(secret)}, 'oidc', ${JSON.stringify(begun)}::text::jsonb, ${until})`;
  const to = client.buildAuthorizationUrl(config, {
    redirect_uri: callback(context, request),
    scope: "openid email profile",
    code_challenge: await client.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: "S256",
    state: begun.state,
    nonce: begun.nonce,
  });
  return { to: to.href, cookie: oidcCookie(secret, context.env.https) };
}

/** Whose account the provider's answer stands for. @throws signin_oidc_refused, signin_oidc_unknown, signin_provider_away */
export async function endOidc(
  context: RequestContext,
  request: Request,
): Promise<{ userId: string; methods: Method[]; next: string }> {
  const refused = (cause?: unknown) =>
    new AppError("signin_oidc_refused", 422, "the provider's answer does not fit", { cause });
  const secret = new RegExp(`(?:^|; *)${cookieName(context.env.https)}=([0-9a-f]{40})(?:;|$)`).exec(
    request.headers.get("Cookie") ?? "",
  )?.[1];
  if (secret === undefined) throw refused();
  const [row] = await context.db.auth<
    { begun: Begun | null }[]
  >`select auth.take_challenge(${digestOf(secret)}, 'oidc') as begun`;
  const begun = row?.begun;
  if (!begun) throw refused();
  const config = await configOf(context.env, true);
  const answer = new URL(callback(context, request));
  answer.search = new URL(request.url).search;
  const person = await claimsOf(config, answer, begun).catch((error: unknown) => {
    throw isAway(error) ? away(error) : refused(error);
  });
  const userId = await accountOf(context.db, config.serverMetadata().issuer, person);
  if (userId === null) throw new AppError("signin_oidc_unknown", 422, "no account for this identity");
  return { userId, methods: person.twoFactors ? ["oidc", "mfa"] : ["oidc"], next: begun.next };
}

interface ProvidedPerson {
  subject: string;
  /** Null unless the provider has verified it. */
  email: string | null;
  twoFactors: boolean;
}
/** Code, state, nonce, PKCE, signature and audience are checked by the library. */
async function claimsOf(config: client.Configuration, answer: URL, begun: Begun): Promise<ProvidedPerson> {
  const tokens = await client.authorizationCodeGrant(config, answer, {
    pkceCodeVerifier: begun.verifier,
    expectedState: begun.state,
    expectedNonce: begun.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error("no ID token");
  const more =
    claims["email"] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
      ? await client.fetchUserInfo(config, tokens.access_token, claims.sub)
      : claims;
  const { email, email_verified: verified } = more as { email?: unknown; email_verified?: unknown };
  const ways = claims["amr"];
  return {
    subject: claims.sub,
    email: typeof email === "string" && verified === true && email.length <= 254 ? email.toLowerCase() : null,
    twoFactors: Array.isArray(ways) && ways.includes("mfa"),
  };
}

async function accountOf(db: Database, issuer: string, { subject, email }: ProvidedPerson): Promise<string | null> {
  const [row] = await db.auth<
    { who: string | null }[]
  >`select auth.find_identity(${issuer}, ${subject}, ${email}) as who`;
  return row?.who ?? null;
}

const problems = ["signin_oidc_refused", "signin_oidc_unknown", "signin_provider_away", "sign_in_failed"] as const;
/** What the sign-in page says of a failed one; only words of ours, whatever the address holds. */
export function oidcProblem(code: string | null): string | null {
  const known = problems.find((one) => one === code);
  return known ? translate(`error_${known}`, {}, getLocale()) : null;
}
