import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  at,
  closeHouse,
  enter,
  fill,
  furnishHouse,
  isIn,
  lead,
  officer,
  open,
  operator,
  press,
  product,
  sql,
} from "./setup/house.ts";
import { decode, visibleText } from "./setup/html.ts";
import { axe, overflow } from "./setup/visit.ts";

/* What proves that it is still the same person: passkeys, a proof asked for again, sessions; and what only pretends to. */

beforeAll(furnishHouse);
afterAll(closeHouse);

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
