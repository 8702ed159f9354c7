import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { totpCode } from "#tests/builders/authenticator.ts";
import {
  accept,
  addTenants,
  at,
  closeHouse,
  codes,
  codesOn,
  enter,
  fill,
  invite,
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
  withPassword,
} from "./setup/house.ts";
import { visibleText } from "./setup/html.ts";
import { linkIn } from "./setup/mail-sink.ts";
import { axe, overflow } from "./setup/visit.ts";

/* The ways in: a second factor, an invitation, a new password, an identity provider. */

beforeAll(openHouse);
afterAll(closeHouse);

describe("who leads", () => {
  it("must enrol before anything else, without script too; the codes come once, then they are in", async () => {
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
    await addTenants(boss);
    const told = await sink.letter(operator.email, /动态验证码/);
    expect(told.text).toContain("127.0.0.1");
  });
});

describe("an invitation", () => {
  it("by letter, through password, authenticator and recovery code, in a browser", async () => {
    const boss = await enter(operator);
    const sent = await invite(boss, lead, "regulator_lead", "en");
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
    expect((await accept(late, link, { name: "x", password: lead.password })).status).toBe(422);
  });

  it("to a role that leads nobody needs no second factor; a letter that the server refuses is sent later", async () => {
    const by = await enter(lead);
    sink.refuse = 1;
    const sent = await invite(by, officer, "regulator", "zh-CN");
    expect(sent.status).toBe(200);
    // The queue waits seconds before it tries again.
    const letter = await sink.letter(officer.email, /邀请您使用安试/);
    expect(sink.tried).toBeGreaterThanOrEqual(sink.letters.length + 1);
    const link = linkIn(letter);
    const guest = at(officer.email);
    const own = await accept(guest, link, { name: officer.name, password: officer.email });
    expect([own.status, visibleText(own.text)]).toEqual([422, expect.stringContaining("不能是本人的姓名或邮箱")]);
    expect(own.text).toContain(`value="${officer.name}"`);
    expect(own.text).not.toContain(`value="${officer.email}" type="password"`);
    expect((await accept(guest, link, officer)).headers.get("location")).toBe("/");
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
    // Whoever leads shows their second factor here as well.
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
    // A page of another site begins nothing: it could sign somebody in behind their back.
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
