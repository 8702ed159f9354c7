import { HttpResponse } from "msw";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { RequestContext } from "#app/request/context.server.ts";
import { createLogger } from "#app/platform/log.server.ts";
import { newKey, StandInProvider } from "#tests/builders/identity-provider.ts";
import { testWorld } from "#tests/builders/world.ts";
import { network } from "#tests/setup/network.ts";
import { oidcProblem } from "./oidc.server.ts";
import { loader } from "./routes/oidc.ts";

/*
 * An identity provider that is away, answers half, or changes its keys: from the press on our sign-in page to what the
 * person reads there, and whether anybody has a session.
 */

const world = testWorld();
const net = network();
const [first, second, renamed] = [newKey("one"), newKey("two"), newKey("one")];
const origin = "https://anshi.example";
let sql: postgres.Sql;
let provider: StandInProvider;
let tests = 0;
beforeAll(() => {
  sql = postgres(world().database.superuserUrl, { max: 1, onnotice: () => undefined });
});
afterAll(async () => sql.end());
beforeEach(() => {
  tests += 1;
  // Each test a provider that nobody has asked before.
  provider = new StandInProvider(`https://id${tests}.example`, world().editor, first);
  net.use(...provider.handlers());
});

const context = () =>
  ({
    db: world().db,
    sessions: world().sessions,
    log: createLogger("silent"),
    clientIp: "127.0.0.1",
    env: {
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: provider.client.id,
      OIDC_CLIENT_SECRET: provider.client.secret,
      BASE_URL: origin,
      https: false,
      mfaRequired: "none",
    },
  }) as unknown as RequestContext;
async function page(query: string, cookie = "") {
  const request = new Request(`${origin}/login/oidc?${query}`, { headers: { cookie } });
  const { headers } = await loader({ request, context: context(), params: {} });
  return { to: new URL(headers.get("location") ?? "", origin), cookies: headers.getSetCookie() };
}
const sessions = async () => (await sql<{ n: number }[]>`select count(*)::int as n from auth.sessions`)[0]?.n ?? 0;

/** What the person reads on the sign-in page, or «in». Nobody has a session more, or a cookie of one, unless they are. */
async function outcome(way: Promise<{ to: URL; cookies: string[] }>, before: number): Promise<string> {
  const { to, cookies } = await way;
  const isIn = cookies.some((one) => /^anshi_session=[^;]/.test(one));
  expect([to.pathname, await sessions()]).toEqual(isIn ? ["/", before + 1] : ["/login", before]);
  // Whoever has failed begins anew: the half sign-in is taken away.
  expect(cookies.some((one) => one.startsWith("anshi_oidc=;"))).toBe(true);
  return isIn ? "in" : (oidcProblem(to.searchParams.get("problem")) ?? "nothing");
}
async function begin() {
  const { to, cookies } = await page("");
  expect(to.origin).toBe(provider.issuer);
  provider.nonce = to.searchParams.get("nonce") ?? "";
  return { state: to.searchParams.get("state") ?? "", cookie: cookies[0]?.split(";")[0] ?? "" };
}
/** From the press to the end; the provider is harmed while the person is there. */
async function signIn(meanwhile: () => void = () => undefined, answer = "code=x"): Promise<string> {
  const before = await sessions();
  const { state, cookie } = await begin();
  meanwhile();
  return outcome(page(`${answer}&state=${state}`, cookie), before);
}

const away = "统一身份认证暂时无法连接，请稍后再试，或用密码登录";
const refused = "统一身份认证没有完成，请重试";
const html = (status: number) => HttpResponse.html("<h1>Maintenance</h1>", { status });
const noAnswers: [string, () => Response][] = [
  ["ends the connection", () => HttpResponse.error()],
  ["answers 500", () => new HttpResponse(null, { status: 500 })],
  [
    "answers 503 with an error of its own",
    () => HttpResponse.json({ error: "temporarily_unavailable" }, { status: 503 }),
  ],
  ["has a page of its gateway there", () => html(502)],
  ["has a page of maintenance there that says 200", () => html(200)],
  [
    "says JSON and has a page",
    () => new HttpResponse("<h1>x</h1>", { headers: { "content-type": "application/json" } }),
  ],
  [
    "ends in the middle",
    () => new HttpResponse('{"issuer": "htt', { headers: { "content-type": "application/json" } }),
  ],
  ["sends one on to another place", () => HttpResponse.redirect("https://elsewhere.example/", 302)],
];

describe.each(noAnswers)("a provider that %s", (_what, answer) => {
  it("is said to be away at the first press, and asked again at the next", async () => {
    provider.answers("discovery", answer);
    expect(await outcome(page(""), await sessions())).toBe(away);
    provider.answers("discovery", undefined);
    expect(await signIn()).toBe("in");
  });

  it.each(["discovery", "token", "jwks"] as const)(
    "at %s when the person comes back is said to be away, not to have refused them; later they come in",
    async (place) => {
      expect(await signIn(() => provider.answers(place, answer))).toBe(away);
      provider.answers(place, undefined);
      expect(await signIn()).toBe("in");
    },
  );

  it("where it tells a person's address is said to be away", async () => {
    provider.description = { userinfo_endpoint: `${provider.issuer}/userinfo` };
    provider.claims = { email: undefined, email_verified: undefined };
    expect(await signIn()).toBe("in");
    expect(await signIn(() => provider.answers("userinfo", answer))).toBe(away);
  });
});

describe("a provider that answers otherwise than yes", () => {
  const no = (error: string, status: number) => () => HttpResponse.json({ error }, { status });
  it.each<[string, () => Response, string]>([
    ["a no to the code", no("invalid_grant", 400), refused],
    ["a no to our secret", no("invalid_client", 401), refused],
    ["that too much is asked of it", no("slow_down", 429), away],
    ["that something ails it", no("temporarily_unavailable", 400), away],
    ["no token", () => HttpResponse.json({ token_type: "Bearer" }), refused],
    ["a list", () => HttpResponse.json([]), refused],
    [
      "a token that nobody can read",
      () => HttpResponse.json({ access_token: "x", token_type: "Bearer", id_token: "a.b.c" }),
      away,
    ],
    ["a token without an identity", () => HttpResponse.json({ access_token: "x", token_type: "Bearer" }), refused],
  ])("with %s lets nobody in", async (_why, answer, said) => {
    expect(await signIn(() => provider.answers("token", answer))).toBe(said);
  });

  it.each([
    ["access_denied", refused],
    ["login_required", refused],
    ["server_error", away],
    ["temporarily_unavailable", away],
  ])("through the person's browser, %s, is told as what it is", async (error, said) => {
    expect(await signIn(undefined, `error=${error}`)).toBe(said);
    expect(provider.asked).not.toContain("token");
  });

  it("to the address of another person lets nobody in", async () => {
    provider.description = { userinfo_endpoint: `${provider.issuer}/userinfo` };
    provider.claims = { email: undefined };
    const another = () => HttpResponse.json({ sub: "another", email: world().editor.email, email_verified: true });
    expect(await signIn(() => provider.answers("userinfo", another))).toBe(refused);
    const headers = { "www-authenticate": 'Bearer error="invalid_token"' };
    const denied = () => new HttpResponse(null, { status: 401, headers });
    expect(await signIn(() => provider.answers("userinfo", denied))).toBe(refused);
  });
});

describe("a provider that changes between two sign-ins", () => {
  it("its key for one of another name: nobody is turned away, and the former holds no more", async () => {
    expect(await signIn()).toBe("in");
    provider.turnOver(second);
    expect(await signIn()).toBe("in");
    provider.header = { kid: first.kid };
    provider.signer = first.privateKey;
    expect(await signIn()).toBe(refused);
    provider.turnOver(second);
    expect(await signIn()).toBe("in");
  });

  it("its key for one of the same name: nobody is turned away, and the former holds no more", async () => {
    expect(await signIn()).toBe("in");
    provider.turnOver(renamed);
    expect(await signIn()).toBe("in");
    provider.signer = first.privateKey;
    expect(await signIn()).toBe(refused);
  });

  it("its key while the person is there: they come in as well", async () => {
    expect(await signIn()).toBe("in");
    expect(await signIn(() => provider.turnOver(second))).toBe("in");
  });

  it("where its tokens are had: they are asked for at the new place", async () => {
    expect(await signIn()).toBe("in");
    const moved = new StandInProvider(`${provider.issuer}/v2`, world().editor, first);
    net.use(...moved.handlers());
    provider.description = { token_endpoint: `${moved.issuer}/token` };
    moved.claims = { iss: provider.issuer };
    expect(
      await signIn(() => {
        moved.nonce = provider.nonce;
        provider.answers("token", () => new HttpResponse(null, { status: 410 }));
      }),
    ).toBe("in");
  });
});

describe("a token that is not for this sign-in", () => {
  it.each<[string, () => Record<string, unknown>]>([
    ["but for another program", () => ({ aud: "another" })],
    ["but for several, without saying for whom among them", () => ({ aud: ["another", provider.client.id] })],
    ["but to another question", () => ({ nonce: "another" })],
    ["and to no question", () => ({ nonce: undefined })],
    ["of another provider", () => ({ iss: "https://evil.example" })],
  ])("%s lets nobody in and says so; the person's own does", async (_what, claims) => {
    expect(await signIn(() => (provider.claims = claims()))).toBe(refused);
    provider.claims = {};
    expect(await signIn()).toBe("in");
  });
});
