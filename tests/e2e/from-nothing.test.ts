import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decode, findLink, visibleText } from "./setup/html.ts";
import { Newcomer, OwnProduct } from "./setup/own-product.ts";
import type { Fields } from "./setup/person.ts";

/*
 * An installation without the demonstration, from its empty database to the questionnaire that a site is given, by the forms that
 * people are given: the answers are those of a browser without script.
 */

const operator = { email: "operator@office.example", password: "first word of the operator" };
const word = "a word that is long enough";
let product: OwnProduct;
/** Second factors are walked in sign-in.test.ts. */
const start = (env: Record<string, string>) => product.start({ MFA_REQUIRED: "none", ...env });

async function enter(email: string, password = word): Promise<Newcomer> {
  const person = new Newcomer(email, product);
  const answer = await person.post("/login", { intent: "signIn", email, password, next: "/" });
  expect(answer.status, `${email}: ${visibleText(answer.text).slice(0, 300)}`).toBe(302);
  return person;
}
/** The value of the choice with these words. */
function choice(html: string, words: string): string {
  const found = [...html.matchAll(/<option value="([^"]*)"[^>]*>([^<]*)</g)].find(
    ([, , text]) => decode(text ?? "") === words,
  );
  if (!found?.[1]) throw new Error(`no choice «${words}»`);
  return found[1];
}
const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? "";
/** The link of the newest letter to somebody, as the operator finds it where there is no mail server. */
async function linkFor(email: string): Promise<string> {
  const boss = await enter(operator.email, operator.password);
  for (let left = 50; left > 0; left -= 1) {
    const page = decode((await boss.get("/settings/outbox")).text);
    // Its row, and the one with its text.
    const row = page
      .slice(Math.max(page.indexOf(email), 0))
      .split("<tr")
      .slice(0, 2)
      .join("");
    const link = /\/invitation\?lng=\S+?&token=[0-9a-f]{40}/.exec(row)?.[0];
    if (page.includes(email) && link !== undefined) return link;
    await sleep(100);
  }
  throw new Error(`no letter to ${email}`);
}
/** The operator passes a lead's letters on only while that lead lets them: the links lead into the lead's tenant. */
async function withConsent<T>(lead: Newcomer, tenant: string, email: string, work: () => Promise<T>): Promise<T> {
  const boss = await enter(operator.email, operator.password);
  expect(decode((await boss.get("/settings/outbox")).text)).toContain("链接不予显示");
  const asked = await boss.post("/break-glass", {
    intent: "ask",
    tenantId: choice((await boss.get("/break-glass")).text, tenant),
    reason: `没有邮件服务器，请准予转交发给 ${email} 的邀请`,
    minutes: "30",
  });
  expect(asked.status, visibleText(asked.text).slice(-400)).toBe(200);
  const accessId = hidden((await lead.get("/break-glass")).text, "accessId");
  expect((await lead.post("/break-glass", { intent: "consent", accessId })).status).toBe(200);
  const found = await work();
  expect((await lead.post("/break-glass", { intent: "end", accessId })).status).toBe(302);
  return found;
}
async function hire(
  by: Newcomer,
  tenant: string,
  who: { email: string; role: string },
  site?: string,
): Promise<Newcomer> {
  const page = (await by.get("/settings/members")).text;
  const fields = {
    intent: "invite",
    name: who.email,
    tenantId: choice(page, tenant),
    siteId: site ? choice(page, site) : "",
    language: "zh-CN",
    ...who,
  };
  const answer = await by.post("/settings/members", fields);
  expect(answer.status, visibleText(answer.text).slice(-600)).toBe(200);
  const link =
    by.name === operator.email
      ? await linkFor(who.email)
      : await withConsent(by, tenant, who.email, () => linkFor(who.email));
  const guest = new Newcomer(who.email, product);
  const token = link.slice(-40);
  expect(
    (await guest.post(link, { intent: "accept", token, name: who.email, next: "password1234", repeat: "password1234" }))
      .status,
  ).toBe(422);
  const accepted = await guest.post(link, { intent: "accept", token, name: "某人", next: word, repeat: word });
  expect(accepted.status, visibleText(accepted.text).slice(0, 300)).toBe(302);
  expect((await guest.post(link, { intent: "accept", token, name: "某人", next: word, repeat: word })).status).toBe(
    422,
  );
  return enter(who.email);
}
/** Sends a form that goes on to another page; returns where. */
async function sent(by: Newcomer, path: string, fields: Fields): Promise<string> {
  const answer = await by.post(path, fields);
  expect(answer.status, visibleText(answer.text).slice(-800)).toBe(302);
  return answer.headers.get("location") ?? "";
}
const programme = {
  intent: "createProgramme",
  code: "IOT-2027",
  titleZh: "物联网安全专项行动",
  titleEn: "IoT security programme",
  startsOn: "2027-01-01",
  endsOn: "2029-12-31",
  kThreshold: "5",
};
const site = {
  intent: "registerSite",
  code: "91110000MA00000X75",
  name: "城东水厂",
  region: "北京",
  size: "medium",
  contact: "",
};

beforeAll(() => {
  product = new OwnProduct();
});
afterAll(async () => product.remove());

describe("an installation without the demonstration", () => {
  it("says how to make the first account, makes it once and keeps its password to itself", async () => {
    await start({});
    expect(product.said).toContain("set ANSHI_OPERATOR_EMAIL and ANSHI_OPERATOR_PASSWORD");
    await product.stop();
    await start({ ANSHI_OPERATOR_EMAIL: operator.email, ANSHI_OPERATOR_PASSWORD: operator.password });
    expect(product.said).toContain(`The first operator is ${operator.email}`);
    expect(product.said).not.toContain(operator.password);
  });

  it("comes from nothing to the questionnaire of a site through its own forms", async () => {
    const first = await enter(operator.email, operator.password);
    for (const [kind, code, nameZh, nameEn] of [
      ["national", "NATION", "国家办公室", "National office"],
      ["sector", "WAT", "水务", "Water"],
    ] as const)
      expect((await first.post("/?index", { intent: "createTenant", kind, code, nameZh, nameEn })).status).toBe(200);
    const twice = await first.post("/?index", {
      intent: "createTenant",
      kind: "sector",
      code: "WAT",
      nameZh: "又一个",
      nameEn: "Again",
    });
    expect([twice.status, visibleText(twice.text)]).toEqual([422, expect.stringContaining("已被使用")]);
    const wrong = await first.post("/settings/members", {
      intent: "invite",
      name: "x",
      email: "x@office.example",
      language: "en",
      role: "national_director",
      tenantId: choice((await first.get("/settings/members")).text, "水务"),
      siteId: "",
    });
    expect([wrong.status, visibleText(wrong.text)]).toEqual([422, expect.stringContaining("该角色不属于这类机构")]);
    const director = await hire(first, "国家办公室", { email: "director@office.example", role: "national_director" });
    const editor = await hire(director, "国家办公室", { email: "editor@office.example", role: "national_editor" });
    const lead = await hire(first, "水务", { email: "lead@water.example", role: "regulator_lead" });
    const regulator = await hire(lead, "水务", { email: "regulator@water.example", role: "regulator" });

    for (const person of [director, editor, lead, regulator])
      expect((await person.get("/")).status, person.name).toBe(200);
    expect(visibleText((await lead.get("/projects")).text)).toContain("国家主任尚未建立专项行动");
    expect(visibleText((await editor.get("/national")).text)).toContain("尚未建立专项行动");
    expect((await editor.post("/national", programme)).status).toBe(403);
    const backwards = await director.post("/national", { ...programme, endsOn: "2026-12-31" });
    expect(backwards.status).toBe(422);
    expect(visibleText(backwards.text)).toContain("结束日期：须晚于开始日期");
    expect(backwards.text).toContain('value="IoT security programme"');
    expect(await sent(director, "/national", programme)).toBe("/national");
    expect(visibleText((await director.get("/national")).text)).toContain("目前没有可转发的经验");
    expect(visibleText((await director.get("/action-plan")).text)).toContain("2029-12-31");

    expect(visibleText((await regulator.get("/projects")).text)).toContain("请主管部门负责人登录");
    const form = (await lead.get("/projects")).text;
    const due = ["survey", "riskReport", "pilotPlan", "batchOne", "batchTwo", "specification"].map(
      (p) =>
        [
          `dueOn.${p}`,
          new RegExp(`name="dueOn.${p}"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="dueOn.${p}"`)
            .exec(form)
            ?.slice(1)
            .find(Boolean) ?? "",
        ] as const,
    );
    expect(due.at(-1)?.[1]).toBe("2029-12-31");
    const project = {
      intent: "createProject",
      programmeId: hidden(form, "programmeId"),
      code: "WAT-2027",
      nameZh: "水务试点",
      nameEn: "Water pilot",
      responseThreshold: "75.5",
      securityShare: "12",
      ...Object.fromEntries(due),
    };
    expect((await regulator.post("/projects", project)).status).toBe(403);
    const disordered = await lead.post("/projects", { ...project, "dueOn.riskReport": "2027-01-02" });
    expect([disordered.status, visibleText(disordered.text)]).toEqual([
      422,
      expect.stringContaining("不得早于上一阶段的期限"),
    ]);
    const home = await sent(lead, "/projects", project);
    // a second time there is nothing to set up: the page goes on to the one that is there
    expect((await lead.post("/projects", project)).headers.get("location")).toBe(home);

    expect(findLink((await regulator.get(home)).text, /\/sites$/)).toBe(`${home}/sites`);
    const chosen = await sent(regulator, `${home}/sites`, site);
    const again = await regulator.post(`${home}/sites`, site);
    expect([again.status, visibleText(again.text)]).toEqual([
      422,
      expect.stringContaining("统一社会信用代码或组织机构代码：本领域已登记该信用代码"),
    ]);
    expect((await director.get(`${home}/sites`)).status).toBe(403);
    const siteId = hidden((await regulator.get(chosen.split("#")[0] ?? "")).text, "siteId");
    await sent(regulator, chosen.split("#")[0] ?? "", {
      intent: "registerSystem",
      siteId,
      name: "泵站监控",
      grade: "3",
      devices: "120",
      description: "",
    });
    expect(visibleText((await regulator.get(`${home}/sites`)).text)).toContain("泵站监控（第 3 级，设备 120 台）");

    const officer = await hire(lead, "水务", { email: "officer@east.example", role: "site_officer" }, "城东水厂");
    const survey = (await regulator.get(`${home}/survey`)).text;
    const opened = await regulator.post(`${home}/survey`, {
      intent: "act",
      type: "OPEN_SURVEY",
      expectedVersion: hidden(survey, "expectedVersion"),
    });
    expect(opened.status, visibleText(opened.text).slice(0, 800)).toBe(200);
    const sheet = findLink((await officer.get(`${home}/survey`)).text, /\/survey\/[0-9a-f-]{36}$/) ?? "";
    expect(sheet).not.toBe("");
    const questions = await officer.get(sheet);
    expect([questions.status, visibleText(questions.text)]).toEqual([200, expect.stringContaining("泵站监控")]);
  });
});
