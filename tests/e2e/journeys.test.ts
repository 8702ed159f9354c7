import { describe, expect, it } from "vitest";
import { decode, findLink, hidden, linksOf, visibleText } from "./setup/html.ts";
import { account, nobody, Person, product, signIn, signInAnew } from "./setup/person.ts";
import { look } from "./setup/visit.ts";

const projectOf = async (name: string): Promise<string> =>
  findLink((await (await signIn(name)).get("/")).text, /^\/projects\/[0-9a-f-]{36}$/) ?? "";

describe("signing in", () => {
  it("says what is wrong, keeps the address, leads on to the page asked for, and nowhere else", async () => {
    const { email, password } = account("wsf.regulator");
    const wrong = await nobody().post("/login", {
      intent: "signIn",
      email,
      password: "wrong password",
      next: "/pilots",
    });
    expect(wrong.status).toBe(422);
    expect(visibleText(wrong.text)).toContain("邮箱或密码不正确");
    expect(wrong.text).toContain(`value="${email}"`);
    expect(wrong.text).not.toContain("wrong password");
    const right = await nobody().post("/login", { intent: "signIn", email, password, next: "/pilots" });
    expect([right.status, right.headers.get("location")]).toEqual([302, "/pilots"]);
    expect(right.headers.get("set-cookie")).toMatch(/HttpOnly/i);
    for (const next of ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]) {
      const answer = await nobody().post("/login", { intent: "signIn", email, password, next });
      expect(answer.headers.get("location")).toBe("/");
    }
  });

  it("is closed for an account after eight failures, with the same words for one that does not exist", async () => {
    for (const email of [account("ind.auditor").email, "nobody@demo.anshi.example"]) {
      const statuses: number[] = [];
      for (let n = 0; n < 9; n += 1)
        statuses.push(
          (await nobody().post("/login", { intent: "signIn", email, password: `wrong ${n}`, next: "/" })).status,
        );
      expect(statuses).toEqual([422, 422, 422, 422, 422, 422, 422, 422, 429]);
    }
    const blocked = await nobody().post("/login", { intent: "signIn", ...account("ind.auditor"), site: "", next: "/" });
    expect(visibleText(blocked.text)).toMatch(/请 \d+ 分钟后再试/);
  });

  it("ends at the server: the old cookie is worth nothing, and a link cannot do it", async () => {
    const person = await signInAnew("psf.regulator");
    const kept = new Person("copy");
    for (const { name, value } of person.cookies()) kept.set(name, value);
    expect((await person.get("/logout")).status).toBe(302);
    expect((await person.get("/")).status).toBe(200);
    await person.post("/logout", {});
    expect((await kept.get("/")).status).toBe(302);
  });

  it("works in a browser with script and without, and switches membership, language and theme", async () => {
    for (const script of [true, false]) {
      await look(null, "/login?next=%2Ftasks", { locale: "en", script }, async ({ page }) => {
        await page.fill("input[name=email]", account("ten.lead").email);
        await page.fill("input[name=password]", account("ten.lead").password);
        await page.click("button[value=signIn]");
        await page.waitForURL("**/tasks");
        expect(await page.locator("h1").count()).toBe(1);
      });
    }
    const lead = await signInAnew("ten.lead");
    const home = await lead.get("/", "en");
    const ids = [...home.text.matchAll(/name="membershipId" value="([^"]+)"/g)].map((found) => found[1] ?? "");
    expect(ids).toHaveLength(2);
    expect((await lead.get("/audit")).status).toBe(200);
    for (const membershipId of ids) await lead.post("/switch", { intent: "membership", membershipId });
    const second = await lead.get("/");
    expect(second.status).toBe(200);
    expect(visibleText(second.text)).toContain("Auditor");
    expect((await lead.get("/pilots")).status).toBe(403);
    expect(
      (await lead.post("/switch", { intent: "membership", membershipId: "01890000-0000-7000-8000-000000000000" }))
        .status,
    ).toBe(404);
    expect((await lead.get("/?theme=dark&lng=zh-CN")).text).toContain('data-theme="dark"');
    expect((await lead.get("/")).text).toMatch(/<html lang="zh-CN"[^>]*data-theme="dark"/);
  });
});

describe("plan, batch, pilot", () => {
  it("a plan before the national office shows its gaps and is approved by the director alone", async () => {
    const plan = `${await projectOf("wsf.lead")}/pilot-plan`;
    const director = await signIn("director");
    const before = await director.get(plan);
    expect(before.status).toBe(200);
    const expectedVersion = hidden(before.text, "expectedVersion");
    expect(
      (await (await signIn("editor")).post(plan, { intent: "act", type: "APPROVE", expectedVersion })).status,
    ).toBeGreaterThanOrEqual(400);
    const done = await director.post(plan, { intent: "act", type: "APPROVE", expectedVersion });
    expect(done.status).toBe(200);
    const again = await director.post(plan, { intent: "act", type: "APPROVE", expectedVersion });
    expect(again.status).toBe(409);
    expect(visibleText((await (await signIn("wsf.lead")).get(plan)).text)).toMatch(/批准|批复/);
    expect((await (await signIn("ten.lead")).get(plan)).status).toBe(404);
  });

  it("the learning gate keeps batch two shut until each lesson is decided, and says so", async () => {
    const lead = await signIn("urb.lead");
    const batch = `${await projectOf("urb.lead")}/batches/2`;
    const page = await lead.get(batch);
    expect(page.status).toBe(200);
    expect(visibleText(page.text)).toContain("经验");
    // Learning ends for nobody before lessons are handed on, nor, once they are, before they are taken over and decided.
    expect(visibleText(page.text)).toMatch(/国家办公室尚未转发第一批经验|条其他领域的经验没有接收/);
    expect(page.text).not.toMatch(/value="(SELECT|OPEN_SELECTION)"/);
  });

  it("a score cannot be given where none is asked for", async () => {
    const regulator = await signIn("ten.regulator");
    const link = linksOf((await regulator.get("/pilots")).text).find((l) => /^\/pilots\/[0-9a-f-]{36}$/.test(l)) ?? "";
    const answer = await regulator.post(link, { intent: "score", "points.security": "90", comment: "" });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });
});

describe("the register", () => {
  it("a site is put right with a reason, which stands on its page; what was typed stays until it is", async () => {
    const lead = await signIn("ten.lead");
    const list = (await lead.get(`${await projectOf("ten.lead")}/sites`)).text;
    const site = linksOf(list).find((l) => /^\/sites\/[0-9a-f-]{36}$/.test(l)) ?? "";
    const form = (await lead.get(`${site}?correct=site`)).text;
    const fields = {
      intent: "correctSite",
      siteId: hidden(form, "siteId"),
      expectedVersion: hidden(form, "expectedVersion"),
      code:
        form
          .match(/name="code"[^>]*value="(\w+)"|value="(\w+)"[^>]*name="code"/)
          ?.slice(1)
          .find(Boolean) ?? "",
      name: "改名单位 𠮷",
      division: "420106",
      region: "",
      size: "large",
      contact: "值班 010-1",
      reason: "",
    };
    const refused = await lead.post(`${site}?correct=site`, fields);
    expect([refused.status, refused.text.includes("改名单位 𠮷")]).toEqual([422, true]);
    const done = await lead.post(site, { ...fields, reason: "登记时录错 𠮷" });
    expect(done.status).toBe(302);
    const page = visibleText((await lead.get(site)).text);
    for (const told of ["湖北省武汉市武昌区", "登记时录错 𠮷", "值班 010-1"]) expect(page).toContain(told);
    // Read before somebody else's correction: not written over it.
    expect((await lead.post(site, { ...fields, reason: "再改" })).status).toBe(409);
    expect((await (await signIn("psf.lead")).get(site)).status).toBe(404);
  });
});

describe("accounts", () => {
  it("the operator makes a tenant, not the same one twice", async () => {
    const operator = await signIn("operator");
    const fields = {
      intent: "createTenant",
      kind: "institution",
      code: "LAB-E2E",
      nameZh: "检测𠮷机构",
      nameEn: "Lab <b>9</b>",
    };
    const made = await operator.post("/?index", fields);
    expect(made.status).toBe(200);
    expect(decode((await operator.get("/", "en")).text)).toContain("Lab <b>9</b>");
    expect((await operator.get("/", "zh-CN")).text).not.toContain("<b>9</b>");
    const twice = await operator.post("/?index", fields);
    expect([409, 422]).toContain(twice.status);
    expect(twice.text).toContain("LAB-E2E");
    expect((await (await signIn("ten.lead")).post("/?index", fields)).status).toBe(403);
  });

  it("a token is shown once, works for its membership, and is dead when revoked", async () => {
    const lead = await signIn("psf.lead");
    const made = await lead.post("/settings/tokens", { intent: "createToken", name: "脚本 <i>", days: "3" });
    const token = /ans_[\w-]{20,}/.exec(made.text)?.[0] ?? "";
    expect(token).not.toBe("");
    const list = (await lead.get("/settings/tokens")).text;
    expect(list).not.toContain(token);
    const me = () => fetch(`${product().url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect((await me()).status).toBe(200);
    const row = list.slice(list.indexOf("脚本 &lt;i&gt;"));
    const tokenId = /name="tokenId" value="([^"]+)"/.exec(row)?.[1] ?? "";
    expect((await (await signIn("ten.lead")).post("/settings/tokens", { intent: "revokeToken", tokenId })).status).toBe(
      404,
    );
    expect((await lead.post("/settings/tokens", { intent: "revokeToken", tokenId })).status).toBe(200);
    expect((await me()).status).toBe(401);
  });
});

describe("how small a group may be that figures tell of", () => {
  it("is changed by the director with a reason, which everybody there reads; what was typed stays when it is refused", async () => {
    const director = await signIn("director");
    const page = (await director.get("/national")).text;
    const programmeId = hidden(page, "programmeId");
    const send = (kThreshold: string, reason: string, from: string) =>
      director.post("/national", { intent: "threshold", programmeId, from, kThreshold, reason });
    const refused = await send("7", " ", "5");
    expect([refused.status, visibleText(refused.text).includes("必填"), refused.text.includes(`value="7"`)]).toEqual([
      422,
      true,
      true,
    ]);
    const same = await send("5", "不变的理由", "5");
    expect([same.status, same.text.includes("不变的理由")]).toEqual([422, true]);
    expect((await send("7", "试点数量增加 𠮷", "6")).status, "somebody else changed it meanwhile").toBe(409);
    expect((await send("7", "试点数量增加 𠮷", "5")).status).toBe(200);
    for (const name of ["director", "editor"])
      expect(visibleText((await (await signIn(name)).get("/national")).text)).toContain("试点数量增加 𠮷");
    expect(
      (
        await (
          await signIn("editor")
        ).post("/national", { intent: "threshold", programmeId, from: "7", kThreshold: "2", reason: "x" })
      ).status,
    ).toBe(403);
    expect((await send("5", "恢复", "7")).status).toBe(200);
  });
});
