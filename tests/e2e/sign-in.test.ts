import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { totpCode } from "#app/features/identity/totp.rules.ts";
import {
  at,
  closeHouse,
  codes,
  codesOn,
  enter,
  fill,
  isIn,
  lead,
  officer,
  open,
  openHouse,
  operator,
  press,
  product,
  provider,
  secretOn,
  secrets,
  sink,
  sql,
  tenant,
  withPassword,
} from "./setup/house.ts";
import { decode, visibleText } from "./setup/html.ts";
import { linkIn } from "./setup/mail-sink.ts";
import { places } from "./setup/pages.ts";
import { product as demonstration, signInAnew } from "./setup/person.ts";
import { axe, overflow } from "./setup/visit.ts";

/* Signing in with all that belongs to it. */

beforeAll(openHouse);
afterAll(closeHouse);

describe("who leads", () => {
  it("must enrol before anything else, without script too; the codes come once, then he is in", async () => {
    const boss = await withPassword(operator);
    for (const path of ["/", "/settings/members", "/settings/outbox"])
      expect((await boss.get(path)).headers.get("location")).toContain("/login?next=");
    const page = (await boss.get("/login/second")).text;
    const secret = secretOn(page);
    expect([secret.length, page.includes("<svg"), secretOn((await boss.get("/login/second")).text)]).toEqual([
      32,
      true,
      secret,
    ]);
    expect((await boss.post("/login/second", { intent: "code", code: "000000" })).status).toBe(422);
    expect((await boss.post("/login/second", { intent: "finish" })).status).toBe(422);
    expect((await boss.post("/login/second", { intent: "confirmTotp", code: "000000" })).status).toBe(422);
    const confirmed = await boss.post("/login/second", { intent: "confirmTotp", code: totpCode(secret, Date.now()) });
    expect(confirmed.status).toBe(200);
    expect(codesOn(confirmed.text)).toHaveLength(10);
    expect(codesOn((await boss.get("/login/second")).text)).toEqual([]);
    expect((await boss.post("/login/second", { intent: "finish" })).headers.get("location")).toBe("/");
    expect(await isIn(boss)).toBe(true);
    secrets.set(operator.email, secret);
    codes.set(operator.email, codesOn(confirmed.text));
    for (const [kind, code, nameZh, nameEn] of [
      ["national", "NATION", "国家办公室", "National office"],
      ["sector", "WAT", "水务", "Water"],
    ] as const)
      expect((await boss.post("/?index", { intent: "createTenant", kind, code, nameZh, nameEn })).status).toBe(200);
    const rows = await sql<{ code: string; id: string }[]>`select code, id from public.tenants`;
    Object.assign(tenant, {
      national: rows.find((one) => one.code === "NATION")?.id,
      sector: rows.find((one) => one.code === "WAT")?.id,
    });
    const told = await sink.letter(operator.email, /动态验证码/);
    expect(told.text).toContain("127.0.0.1");
  });
});

describe("an invitation", () => {
  it("by letter, through password, authenticator and recovery code, in a browser", async () => {
    const boss = await enter(operator);
    const sent = await boss.post("/settings/members", {
      intent: "invite",
      email: lead.email,
      name: lead.name,
      role: "regulator_lead",
      tenantId: tenant.sector,
      siteId: "",
      language: "en",
    });
    expect(sent.status, visibleText(sent.text).slice(-500)).toBe(200);
    const letter = await sink.letter(lead.email, /invited to Anshi: Water/);
    expect(
      [letter.text?.includes("Regulator"), String(letter.html).includes('lang="en"')].every(Boolean) || letter.text,
    ).toBeTruthy();
    const link = linkIn(letter);
    const v = await open(link, { locale: "en", width: 390 });
    const { page } = v;
    v.expectStatus(422);
    await page.getByText(lead.email).waitFor();
    await fill(page, "New password", "password1234");
    await fill(page, "New password again", "password1234");
    await press(page, "Open the account");
    await page.getByText("common or easy to guess").waitFor();
    expect(await overflow(page)).toEqual([]);
    expect(await axe(page)).toEqual([]);
    await fill(page, "New password", lead.password);
    await fill(page, "New password again", lead.password);
    await press(page, "Open the account");
    await page.getByRole("heading", { name: "Set up a second factor first" }).waitFor();
    expect([await overflow(page), await axe(page)]).toEqual([[], []]);
    const secret = secretOn(await page.content());
    await fill(page, "Authenticator code", totpCode(secret, Date.now()));
    await press(page, "Switch on");
    await page.getByText("Save your recovery codes now").waitFor();
    const shown = codesOn(await page.content());
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download as a text file" }).click(),
    ]);
    const saved = join(product.dataDir, "codes.txt");
    await download.saveAs(saved);
    expect(readFileSync(saved, "utf8")).toContain(shown[9]);
    expect([await overflow(page), await axe(page)]).toEqual([[], []]);
    await press(page, "I have saved them, continue");
    await page.waitForURL(`${product.url}/`);
    await page.locator("h1").waitFor();
    secrets.set(lead.email, secret);
    codes.set(lead.email, shown);

    // Signs out, and in again with the authenticator, then with a recovery code.
    const once = totpCode(secret, Date.now() + 30_000);
    await page.context().clearCookies({ name: "anshi_session" });
    await page.goto(`${product.url}/login`);
    await v.ready();
    await fill(page, "E-mail", lead.email);
    await fill(page, "Password", lead.password);
    await press(page, "Sign in");
    await page.getByRole("heading", { name: "Second factor" }).waitFor();
    expect([await overflow(page), await axe(page)]).toEqual([[], []]);
    await fill(page, "Authenticator code or recovery code", once);
    await press(page, "Continue");
    await page.waitForURL(`${product.url}/`);
    await v.close();

    // The same code once more, an older one, then a recovery code twice.
    const other = await withPassword(lead);
    for (const code of [once, totpCode(secret, Date.now() - 30_000), "", "x".repeat(60), "123456"])
      expect((await other.post("/login/second", { intent: "code", code })).status).toBe(422);
    expect(await isIn(other)).toBe(false);
    const [code = ""] = shown;
    expect((await other.post("/login/second", { intent: "code", code })).headers.get("location")).toBe("/");
    expect(await isIn(other)).toBe(true);
    const third = await withPassword(lead);
    expect((await third.post("/login/second", { intent: "code", code })).status).toBe(422);

    // The link is used up.
    const late = at("late");
    expect(visibleText((await late.get(link)).text)).toContain("no longer works");
    expect(
      (
        await late.post(link, {
          intent: "accept",
          token: link.slice(-40),
          name: "x",
          next: lead.password,
          repeat: lead.password,
        })
      ).status,
    ).toBe(422);
  });

  it("to a role that leads nobody needs no second factor; a letter that the server refuses is sent later", async () => {
    const by = await enter(lead);
    sink.refuse = 1;
    const sent = await by.post("/settings/members", {
      intent: "invite",
      email: officer.email,
      name: officer.name,
      role: "regulator",
      tenantId: tenant.sector,
      siteId: "",
      language: "zh-CN",
    });
    expect(sent.status).toBe(200);
    // The queue waits seconds before it tries again.
    const letter = await sink.letter(officer.email, /邀请您使用安试/);
    expect(sink.tried).toBeGreaterThanOrEqual(sink.letters.length + 1);
    const link = linkIn(letter);
    const guest = at(officer.email);
    const own = await guest.post(link, {
      intent: "accept",
      token: link.slice(-40),
      name: officer.name,
      next: officer.email,
      repeat: officer.email,
    });
    expect([own.status, visibleText(own.text)]).toEqual([422, expect.stringContaining("不能是本人的姓名或邮箱")]);
    expect(own.text).toContain(`value="${officer.name}"`);
    expect(own.text).not.toContain(`value="${officer.email}" type="password"`);
    expect(
      (
        await guest.post(link, {
          intent: "accept",
          token: link.slice(-40),
          name: officer.name,
          next: officer.password,
          repeat: officer.password,
        })
      ).headers.get("location"),
    ).toBe("/");
    expect(await isIn(guest)).toBe(true);
  });
});

describe("a forgotten password", () => {
  it("is set anew by letter; unknown addresses are answered alike, links work once, sessions end", async () => {
    const session = await enter(officer);
    const nobody = at("nobody");
    const [known, unknown] = await Promise.all(
      [officer.email, "stranger@water.example"].map(async (email) => nobody.post("/reset", { intent: "ask", email })),
    );
    const plain = (html: string | undefined) => visibleText(html ?? "").replace(/[0-9a-f-]{36}/g, "");
    expect([known?.status, plain(known?.text)]).toEqual([unknown?.status, plain(unknown?.text)]);
    const link = linkIn(await sink.letter(officer.email, /重设/));
    expect(sink.letters.some((one) => JSON.stringify(one.to).includes("stranger"))).toBe(false);
    const v = await open(link, { width: 390 });
    await fill(v.page, "新密码", "一个从来没有用过的很长的新密码");
    await fill(v.page, "再次输入新密码", "一个从来没有用过的很长的新密码");
    expect([await overflow(v.page), await axe(v.page)]).toEqual([[], []]);
    await press(v.page, "设置新密码");
    await v.page.getByText("新密码已设置，请登录").waitFor();
    await v.close();
    officer.password = "一个从来没有用过的很长的新密码";
    expect(await isIn(session)).toBe(false);
    expect(
      (
        await nobody.post(link, {
          intent: "set",
          token: link.slice(-40),
          next: officer.password,
          repeat: officer.password,
        })
      ).status,
    ).toBe(422);
    expect(visibleText((await nobody.get(link)).text)).toContain("链接已失效");
    expect(await isIn(await enter(officer))).toBe(true);
  });
});

describe("a passkey", () => {
  it("is added after a proof, signs in by itself, and cannot be taken away from who needs it", async () => {
    const v = await open("/login", { locale: "en" });
    const { page } = v;
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await fill(page, "E-mail", officer.email);
    await fill(page, "Password", officer.password);
    await press(page, "Sign in");
    await page.waitForURL(`${product.url}/`);
    await page.goto(`${product.url}/settings/security`);
    await v.ready();
    await fill(page, "Name", "Office laptop");
    await press(page, "Add a passkey");
    await page.getByText("Save your recovery codes now").waitFor();
    await page.getByRole("cell", { name: "Office laptop" }).or(page.getByText("Office laptop")).first().waitFor();
    expect([await overflow(page), await axe(page)]).toEqual([[], []]);
    await page.context().clearCookies({ name: "anshi_session" });
    await page.goto(`${product.url}/login?next=%2Fprojects`);
    await v.ready();
    await press(page, "Sign in with a passkey");
    await page.waitForURL(`${product.url}/projects`);
    // With a password the key is asked for as well.
    await page.context().clearCookies({ name: "anshi_session" });
    await page.goto(`${product.url}/login`);
    await v.ready();
    await fill(page, "E-mail", officer.email);
    await fill(page, "Password", officer.password);
    await press(page, "Sign in");
    await press(page, "Use a passkey");
    await page.waitForURL(`${product.url}/`);
    await v.close();
    const rows = await sql`select counter from auth.passkeys`;
    expect(rows).toHaveLength(1);
    await sql`delete from auth.passkeys`;
    await sql`delete from auth.recovery_codes where user_id = (select id from auth.users where email = ${officer.email})`;
  });
  it("an answer that is forged, old or to another question is refused", async () => {
    const person = await enter(officer);
    const ask = async (intent: string) =>
      JSON.parse(
        (
          await person.fetch("/passkey.json", {
            method: "POST",
            headers: { origin: product.url, accept: "application/json" },
            body: new URLSearchParams({ intent }),
          })
        ).text,
      ) as { ok: boolean; data?: { challenge: string } };
    const asked = await ask("signIn");
    expect(asked.data?.challenge.length).toBeGreaterThan(20);
    const client = Buffer.from(
      JSON.stringify({ type: "webauthn.get", challenge: asked.data?.challenge, origin: product.url }),
    ).toString("base64url");
    const forged = JSON.stringify({
      id: "AAAA",
      rawId: "AAAA",
      type: "public-key",
      clientExtensionResults: {},
      response: { clientDataJSON: client, authenticatorData: "AAAA", signature: "AAAA" },
    });
    for (const credential of [forged, "{}", "null", "not json", JSON.stringify({ id: "A".repeat(5000) })])
      expect((await at("x").post("/login", { intent: "passkey", credential, next: "/" })).status).toBe(422);
    await sql`update auth.sessions set proved_at = now() - interval '11 minutes'`;
    expect((await ask("register")).ok).toBe(false);
  });
});

describe("an identity provider", () => {
  const throughProvider = async (name: string) => {
    const v = await open("/login?next=%2Fprojects", { locale: "en" });
    await v.page.getByRole("link", { name: "Sign in with your organisation" }).click();
    await v.page.locator("input[name=login]").fill(name);
    await v.page.locator("input[name=password]").fill("anything");
    await v.page.locator("button[type=submit]").click();
    await v.page.locator("form[action*=confirm] button, button[type=submit]").first().click();
    return v;
  };
  it("lets in whom it vouches for, and only into an account that is there", async () => {
    provider.people.set("regulator", { email: officer.email, verified: true });
    provider.people.set("unverified", { email: lead.email, verified: false });
    provider.people.set("stranger", { email: "stranger@water.example", verified: true });
    provider.people.set("boss", { email: lead.email, verified: true });
    const good = await throughProvider("regulator");
    await good.page.waitForURL(`${product.url}/projects`);
    await good.context.close();
    for (const name of ["unverified", "stranger"]) {
      const refused = await throughProvider(name);
      await refused.page.getByText("no account with your verified e-mail").waitFor();
      await refused.context.close();
    }
    // Who leads shows his second factor here as well.
    const second = await throughProvider("boss");
    await second.page.getByRole("heading", { name: "Second factor" }).waitFor();
    await second.context.close();
  });
  it("an answer without its question, with another state or used before is refused", async () => {
    const person = at("somebody");
    const begun = await person.get("/login/oidc?next=%2F%2Fevil.example");
    const asked = new URL(begun.headers.get("location") ?? "");
    expect([
      asked.origin,
      asked.searchParams.get("code_challenge_method"),
      asked.searchParams.get("redirect_uri"),
    ]).toEqual([provider.issuer, "S256", `${product.url}/login/oidc`]);
    const state = asked.searchParams.get("state") ?? "";
    // A page of another site begins nothing: it could sign somebody in behind his back.
    const lured = await at("z").fetch("/login/oidc?next=%2Fprojects", { headers: { "sec-fetch-site": "cross-site" } });
    expect([lured.headers.get("location"), lured.headers.getSetCookie()]).toEqual(["/login?next=%2Fprojects", []]);
    for (const [who, query] of [
      [at("x"), `code=x&state=${state}`],
      [person, `code=x&state=forged`],
      [person, `code=x&state=${state}`],
      [at("y"), "error=access_denied&state=z"],
    ] as const) {
      const answer = await who.get(`/login/oidc?${query}`);
      expect(answer.headers.get("location")).toBe("/login?problem=signin_oidc_refused");
    }
    expect(visibleText((await person.get("/login?problem=%3Cscript%3E")).text)).not.toContain("script>");
  });
});

describe("step-up", () => {
  it("a form that comes too late is kept, and sent on after a proof", async () => {
    const person = await enter(officer);
    await sql`update auth.sessions set proved_at = now() - interval '11 minutes'`;
    const name = "给报表程序用 «& <b>";
    const asked = await person.post("/settings/tokens", { intent: "createToken", name, days: "30" });
    const to = asked.headers.get("location") ?? "";
    expect([asked.status, to]).toEqual([302, expect.stringMatching(/^\/step-up\?form=[0-9a-f-]{36}$/)]);
    expect(visibleText((await person.get(to)).text)).toContain("您刚才填写的内容已保留");
    expect((await person.get(to)).text).not.toContain("给报表程序用");
    for (const password of ["", "wrong guess"])
      expect((await person.post(to, { intent: "password", password })).status).toBe(422);
    expect((await person.post(to, { intent: "password", password: officer.password })).headers.get("location")).toBe(
      to,
    );
    const kept = await person.get(to);
    expect(decode(kept.text)).toContain(`value="${name}"`);
    const made = await person.post("/settings/tokens", { intent: "createToken", name, days: "30" });
    expect(made.text).toMatch(/ans_[0-9a-f]{40}/);
    // Nobody else is shown the form.
    expect((await (await enter(lead)).get(to)).text).not.toContain("给报表程序用");
  });
  it("in a browser the form goes on with one press", async () => {
    const v = await open("/login", { locale: "en", width: 390 });
    const { page } = v;
    await fill(page, "E-mail", officer.email);
    await fill(page, "Password", officer.password);
    await press(page, "Sign in");
    await page.waitForURL(`${product.url}/`);
    await page.goto(`${product.url}/settings/tokens`);
    await v.ready();
    await sql`update auth.sessions set proved_at = now() - interval '11 minutes'`;
    await fill(page, "Purpose", "nightly report");
    await press(page, "Create token");
    await page.getByRole("heading", { name: "Confirm that it is you" }).waitFor();
    expect([await overflow(page), await axe(page)]).toEqual([[], []]);
    await fill(page, "Password", officer.password);
    await press(page, "Prove by password");
    await press(page, "Send it now");
    await page
      .getByText(/ans_[0-9a-f]{40}/)
      .first()
      .waitFor();
    await page.getByText("nightly report").first().waitFor();
    await v.close();
  });
});

describe("sealing acts of the demonstration", () => {
  /** Signed in eleven minutes ago; posts acts and tells where they lead. */
  async function late(name: string) {
    const person = await signInAnew(name);
    const { owner } = JSON.parse(readFileSync(join(demonstration().dataDir, "connection.json"), "utf8")) as {
      owner: string;
    };
    const demo = postgres(owner, { max: 1, onnotice: () => undefined });
    const secret = person.cookies().find((c) => c.name === "anshi_session")?.value ?? "";
    await demo`update auth.sessions set proved_at = now() - interval '11 minutes' where digest = sha256(convert_to(${secret}, 'UTF8'))`;
    await demo.end();
    return async (path: string, fields: Record<string, string>) =>
      (await person.post(path, { intent: "act", expectedVersion: "99999", reason: "缺陷", ...fields })).headers.get(
        "location",
      ) ?? "";
  }
  const proof = /^\/step-up\?form=/;

  it("publishing, approving and withdrawing a specification ask for a proof, closing a consultation does not", async () => {
    const act = await late("director");
    const { specification } = await places();
    const path = `/national/specifications/${specification ?? ""}`;
    for (const type of ["APPROVE", "SUPERSEDE", "WITHDRAW"])
      expect([type, await act(path, { type })]).toEqual([type, expect.stringMatching(proof)]);
    expect(await act(path, { intent: "publish", effectiveOn: "2026-12-01" })).toMatch(proof);
    expect(await act(path, { type: "CLOSE_CONSULTATION" })).toBe("");
  });

  it("what seals a document, a pilot or a phase asks for one as well, on whichever page it is done; what sends back does not", async () => {
    const act = await late("ten.lead");
    const { project } = await places();
    const own = `/projects/${project}`;
    const nowhere = "01a00000-0000-7000-8000-000000000000";
    const sealing: [path: string, type: string, more?: Record<string, string>][] = [
      [`${own}?index`, "APPROVE_PLAN_SECTOR"],
      [`${own}/survey`, "CLOSE_SURVEY"],
      [`${own}/survey/${nowhere}`, "APPROVE"],
      [`${own}/risk-report`, "APPROVE"],
      [`${own}/pilot-plan`, "ENDORSE"],
      [`${own}/specification`, "APPROVE_SPECIFICATION_SECTOR"],
      [`${own}/batches/1`, "CLOSE_BATCH"],
      [`${own}/batches/1`, "APPROVE", { intent: "reviewAct", documentId: nowhere }],
      [`/pilots/${nowhere}`, "SELECT"],
      [`/pilots/${nowhere}`, "APPROVE", { intent: "reportAct", documentId: nowhere }],
    ];
    for (const [path, type, more = {}] of sealing)
      expect([path, type, await act(path, { type, ...more })]).toEqual([path, type, expect.stringMatching(proof)]);
    expect([
      await act(`${own}/risk-report`, { type: "RETURN" }),
      await act(`${own}?index`, { type: "RETURN_PLAN" }),
    ]).toEqual(["", ""]);
  });
});

describe("sessions and accounts", () => {
  it("one that is ended from another device is over with its next request; a new password ends the others", async () => {
    const [one, two] = [await enter(officer), await enter(officer)];
    const page = (await one.get("/settings/security")).text;
    const ids = [...page.matchAll(/name="sessionId" value="([^"]+)"/g)].map((found) => found[1] ?? "");
    for (const sessionId of ids) await one.post("/settings/security", { intent: "endSession", sessionId });
    expect([await isIn(one), await isIn(two)]).toEqual([true, false]);
    const three = await enter(officer);
    const before = one.cookies().find((c) => c.name === "anshi_session")?.value;
    const next = "还有一个没有用过的很长的新密码";
    expect(
      (await one.post("/settings/security", { intent: "password", current: "wrong", next, repeat: next })).status,
    ).toBe(422);
    expect(
      (await one.post("/settings/security", { intent: "password", current: officer.password, next, repeat: next }))
        .status,
    ).toBe(302);
    officer.password = next;
    expect([await isIn(one), await isIn(three)]).toEqual([true, false]);
    expect(one.cookies().find((c) => c.name === "anshi_session")?.value).not.toBe(before);
  });
  it("an account that the operator switches off is dead at once", async () => {
    const [boss, person] = [await enter(operator), await enter(officer)];
    const [row] = await sql<{ id: string }[]>`select id from auth.users where email = ${officer.email}`;
    const off = { intent: "switchAccount", accountId: row?.id ?? "", off: "1" };
    expect((await (await enter(lead)).post("/settings/members", off)).status).toBe(403);
    expect((await boss.post("/settings/members", off)).status).toBe(200);
    expect(await isIn(person)).toBe(false);
    expect(
      (await at("x").post("/login", { intent: "signIn", email: officer.email, password: officer.password, next: "/" }))
        .status,
    ).toBe(422);
    expect((await boss.post("/settings/members", { ...off, off: "0" })).status).toBe(200);
    expect(await isIn(await enter(officer))).toBe(true);
  });
});

describe("bad input", () => {
  it.each([
    "//evil.example",
    "/\\evil.example",
    "https://evil.example/",
    "/\t/evil.example",
    "/login?next=//evil.example",
    "/%0d%0aSet-Cookie:x=1//evil.example",
  ])("after signing in nobody is sent to %j", async (next) => {
    const person = at("x");
    const answer = await person.post("/login", {
      intent: "signIn",
      email: officer.email,
      password: officer.password,
      next,
    });
    expect(new URL(answer.headers.get("location") ?? "", product.url).origin).toBe(product.url);
    expect(answer.headers.get("location")).not.toMatch(/^\/[/\\]/);
  });
  it("cookies that were tampered with open nothing and break nothing", async () => {
    for (const [name, value] of [
      ["anshi_session", "0".repeat(40)],
      ["anshi_session", "' or 1=1"],
      ["anshi_session", `${"a".repeat(39)}G`],
      ["anshi_step", "f".repeat(40)],
      ["anshi_step", "../../x"],
      ["anshi_oidc", "f".repeat(40)],
      ["anshi_flash", "%7B%22text%22%3A1%7D"],
    ] as const) {
      const person = at("x").set(name, value);
      expect((await person.get("/")).status).toBe(302);
      expect((await person.get("/login")).status).toBe(200);
      expect((await person.get("/login/second")).headers.get("location")).toBe("/login");
      expect((await person.post("/login/second", { intent: "code", code: "123456" })).headers.get("location")).toBe(
        "/login",
      );
      expect((await person.get("/step-up")).headers.get("location")).toBe("/login");
    }
  });
  it("fifty guesses at once at the front door: no more than eight are judged, and who is not there is answered alike", async () => {
    const guess = async (email: string) => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, async (_, i) =>
          at("x").post("/login", { intent: "signIn", email, password: `wrong guess ${i}`, next: "/" }),
        ),
      );
      return {
        judged: answers.filter((one) => one.status === 422).length,
        blocked: answers.filter((one) => one.status === 429).length,
        said: [
          ...new Set(
            answers.map((one) =>
              visibleText(one.text)
                .replace(/[0-9a-f-]{36}/g, "")
                .replace(/\d+ 分钟/g, ""),
            ),
          ),
        ].sort(),
      };
    };
    await sql`delete from auth.sign_in_attempts`;
    const known = await guess(officer.email);
    await sql`delete from auth.sign_in_attempts where key like 'address:%'`;
    const unknown = await guess("ghost@water.example");
    expect([known.judged, known.blocked]).toEqual([8, 42]);
    expect(unknown).toEqual(known);
    await sql`delete from auth.sign_in_attempts`;
  });
});
