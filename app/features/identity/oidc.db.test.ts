import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#app/platform/errors.ts";
import { testWorld } from "#tests/builders/world.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { beginOidc, endOidc } from "./oidc.server.ts";

/* An identity provider whose answers are not what they should be. */

const world = testWorld();
const client = { id: "anshi", secret: "a secret between the two of them" };
const right = generateKeyPairSync("rsa", { modulusLength: 2048 });
const wrong = generateKeyPairSync("rsa", { modulusLength: 2048 });
const origin = "https://anshi.example";
let server: Server;
let issuer = "";

interface Told {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  key: KeyObject | null;
  asked: { nonce: string; challenge: string };
}
let told: Told;
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
function idToken(): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: client.id,
    sub: "someone",
    nonce: told.asked.nonce,
    iat: now,
    exp: now + 300,
    email: world().editor.email,
    email_verified: true,
    ...told.claims,
  };
  const body = `${part({ alg: "RS256", kid: "one", typ: "JWT", ...told.header })}.${part(claims)}`;
  return `${body}.${told.key ? createSign("RSA-SHA256").update(body).sign(told.key).toString("base64url") : ""}`;
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const give = (body: unknown) => response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    const { pathname } = new URL(request.url ?? "/", issuer);
    if (pathname === "/.well-known/openid-configuration")
      return give({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ["RS256"],
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
      });
    if (pathname.startsWith("/elsewhere/"))
      return give({
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
      });
    if (pathname === "/jwks")
      return give({ keys: [{ ...right.publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }] });
    return give({ access_token: "an access token", token_type: "Bearer", id_token: idToken() });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => void (told = { header: {}, claims: {}, key: right.privateKey, asked: { nonce: "", challenge: "" } }));

const contextOf = (at = issuer) =>
  ({
    db: world().db,
    env: {
      OIDC_ISSUER: at,
      OIDC_CLIENT_ID: client.id,
      OIDC_CLIENT_SECRET: client.secret,
      BASE_URL: origin,
      https: true,
    },
  }) as unknown as RequestContext;
async function begin(): Promise<{ state: string; cookie: string }> {
  const { to, cookie } = await beginOidc(contextOf(), new Request(`${origin}/login/oidc`), "/");
  const asked = new URL(to).searchParams;
  told.asked = { nonce: asked.get("nonce") ?? "", challenge: asked.get("code_challenge") ?? "" };
  return { state: asked.get("state") ?? "", cookie: cookie.split(";")[0] ?? "" };
}
const end = ({ state, cookie }: { state: string; cookie: string }, query = "") =>
  endOidc(contextOf(), new Request(`${origin}/login/oidc?code=x&state=${state}${query}`, { headers: { cookie } }));
const outcome = (work: Promise<unknown>) =>
  work.then(
    () => "in",
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const minutes = (n: number) => Math.floor(Date.now() / 1000) + n * 60;

describe("an answer of the identity provider", () => {
  it("lets its person in when all of it fits, once, in the browser that asked", async () => {
    const asked = await begin();
    expect(asked.cookie).toMatch(/^__Host-anshi-oidc=[0-9a-f]{40}$/);
    const other = await begin();
    expect(await outcome(end({ state: asked.state, cookie: other.cookie }))).toBe("signin_oidc_refused");
    const again = await begin();
    expect(await end(again)).toMatchObject({ userId: world().editor.userId, methods: ["oidc"], next: "/" });
    expect(await outcome(end(again))).toBe("signin_oidc_refused");
  });

  it.each<[unknown, string[]]>([
    [
      ["pwd", "mfa"],
      ["oidc", "mfa"],
    ],
    [["pwd"], ["oidc"]],
    ["mfa", ["oidc"]],
    [undefined, ["oidc"]],
  ])("tells how strong it was: two factors where `amr` says so, one in any other case", async (amr, methods) => {
    const asked = await begin();
    told.claims = { amr };
    expect((await end(asked)).methods).toEqual(methods);
  });

  it.each<[string, () => Partial<Pick<Told, "header" | "claims" | "key">>]>([
    ["signed by a key that is not the provider's", () => ({ key: wrong.privateKey })],
    ["not signed at all", () => ({ header: { alg: "none" }, key: null })],
    ["with its signature cut off", () => ({ key: null })],
    [
      "that brings a key of its own",
      () => ({
        header: { kid: "own", jwk: wrong.publicKey.export({ format: "jwk" }), jku: `${issuer}/own` },
        key: wrong.privateKey,
      }),
    ],
    ["said to be signed by a secret", () => ({ header: { alg: "HS256" } })],
    ["for another audience", () => ({ claims: { aud: "another" } })],
    ["of another issuer", () => ({ claims: { iss: "https://evil.example" } })],
    ["that is over", () => ({ claims: { iat: minutes(-20), exp: minutes(-10) } })],
    ["that does not hold yet", () => ({ claims: { nbf: minutes(10) } })],
    ["to another question", () => ({ claims: { nonce: "another" } })],
    ["without a nonce", () => ({ claims: { nonce: undefined } })],
  ])("%s is refused", async (_what, changed) => {
    const asked = await begin();
    Object.assign(told, changed());
    expect(await outcome(end(asked))).toBe("signin_oidc_refused");
  });

  it("of a provider that calls itself by another name is not asked for", async () => {
    expect(await outcome(beginOidc(contextOf(`${issuer}/elsewhere`), new Request(`${origin}/login/oidc`), "/"))).toBe(
      "signin_provider_away",
    );
  });
});
