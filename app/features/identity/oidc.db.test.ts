import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#app/platform/errors.ts";
import { newKey, StandInProvider } from "#tests/builders/identity-provider.ts";
import { testWorld } from "#tests/builders/world.ts";
import { network } from "#tests/setup/network.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { beginOidc, endOidc } from "./oidc.server.ts";

/* An identity provider whose answers are not what they should be. */

const world = testWorld();
const net = network();
const right = newKey("one");
const wrong = newKey("one");
const origin = "https://anshi.example";
const issuer = "https://id.example";
let provider: StandInProvider;
beforeEach(() => {
  provider = new StandInProvider(issuer, world().editor, right);
  net.use(...provider.handlers());
});

const contextOf = (at = issuer) =>
  ({
    db: world().db,
    env: {
      OIDC_ISSUER: at,
      OIDC_CLIENT_ID: provider.client.id,
      OIDC_CLIENT_SECRET: provider.client.secret,
      BASE_URL: origin,
      https: true,
    },
  }) as unknown as RequestContext;
async function begin(): Promise<{ state: string; cookie: string }> {
  const { to, cookie } = await beginOidc(contextOf(), new Request(`${origin}/login/oidc`), "/");
  const asked = new URL(to).searchParams;
  provider.nonce = asked.get("nonce") ?? "";
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
    provider.claims = { amr };
    expect((await end(asked)).methods).toEqual(methods);
  });

  it.each<[string, () => Partial<Pick<StandInProvider, "header" | "claims" | "signer">>]>([
    ["signed by a key that is not the provider's", () => ({ signer: wrong.privateKey })],
    ["not signed at all", () => ({ header: { alg: "none" }, signer: null })],
    ["with its signature cut off", () => ({ signer: null })],
    [
      "that brings a key of its own",
      () => ({
        header: { kid: "own", jwk: wrong.publicKey.export({ format: "jwk" }), jku: `${issuer}/own` },
        signer: wrong.privateKey,
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
    Object.assign(provider, changed());
    expect(await outcome(end(asked))).toBe("signin_oidc_refused");
  });

  it("of a provider that calls itself by another name is not asked for", async () => {
    net.use(
      http.get(`${issuer}/elsewhere/.well-known/openid-configuration`, () =>
        HttpResponse.json({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` }),
      ),
    );
    expect(await outcome(beginOidc(contextOf(`${issuer}/elsewhere`), new Request(`${origin}/login/oidc`), "/"))).toBe(
      "signin_provider_away",
    );
  });
});
