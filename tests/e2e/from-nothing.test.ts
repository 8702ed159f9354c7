import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fields, Person } from "./setup/person.ts";
import { decode, findLink, visibleText } from "./setup/html.ts";

/*
 * An installation without the demonstration, from its empty database to the questionnaire that a site is given, by the forms that
 * people are given: the answers are those of a browser without script.
 */

const root = new URL("../..", import.meta.url).pathname;
const operator = { email: "operator@office.example", password: "first word of the operator" };
const word = "a word that is long enough";
let dataDir = "";
let child: ChildProcess | undefined;
let said = "";
let url = "";

async function start(env: Record<string, string>): Promise<void> {
  const { BASE_URL: _vitest, ANSHI_OPERATOR_EMAIL: _e, ANSHI_OPERATOR_PASSWORD: _p, ...inherited } = process.env;
  said = "";
  const settings: NodeJS.ProcessEnv = { ...inherited, NODE_ENV: "production", PORT: "0", DATA_DIR: dataDir, ANSHI_DEMO: "0", LOG_LEVEL: "info", ...env };
  child = spawn(process.execPath, [join(root, "app/cli/start.mjs")], { cwd: root, env: settings, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (part) => (said += String(part)));
  for (;;) {
    const found = /is ready: (\S+)/.exec(said)?.[1];
    if (found !== undefined) break;
    if (child.exitCode !== null) throw new Error(said);
    await sleep(50);
  }
  await sleep(100);
  url = (/is ready: (\S+)/.exec(said)?.[1] ?? "").replace("localhost", "127.0.0.1");
}
async function stop(): Promise<void> {
  if (!child || child.exitCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}

/** Somebody at this server; the other tests' people go to the demonstration's. */
class Newcomer extends Person {
  override fetch(path: string, init: RequestInit = {}) {
    const headers = new Headers(init.headers);
    if (headers.has("origin")) headers.set("origin", url);
    return super.fetch(new URL(path, url).href, { ...init, headers });
  }
}
async function enter(email: string, password = word): Promise<Newcomer> {
  const person = new Newcomer(email);
  const answer = await person.post("/login", { intent: "signIn", email, password, next: "/" });
  expect(answer.status, `${email}: ${visibleText(answer.text).slice(0, 300)}`).toBe(302);
  return person;
}
/** The value of the choice with these words. */
function choice(html: string, words: string): string {
  const found = [...html.matchAll(/<option value="([^"]*)"[^>]*>([^<]*)</g)].find(([, , text]) => decode(text ?? "") === words);
  if (!found?.[1]) throw new Error(`no choice «${words}»`);
  return found[1];
}
const hidden = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1] ?? "";
async function hire(by: Newcomer, tenant: string, who: { email: string; role: string }, site?: string): Promise<Newcomer> {
  const page = (await by.get("/settings/members")).text;
  const fields = { intent: "addMember", name: who.email, password: word, tenantId: choice(page, tenant), siteId: site ? choice(page, site) : "", ...who };
  const answer = await by.post("/settings/members", fields);
  expect(answer.status, visibleText(answer.text).slice(-600)).toBe(200);
  return enter(who.email);
}
/** Sends a form that goes on to another page; returns where. */
async function sent(by: Newcomer, path: string, fields: Fields): Promise<string> {
  const answer = await by.post(path, fields);
  expect(answer.status, visibleText(answer.text).slice(-800)).toBe(302);
  return answer.headers.get("location") ?? "";
}
const programme = { intent: "createProgramme", code: "IOT-2027", titleZh: "物联网安全专项行动", titleEn: "IoT security programme", startsOn: "2027-01-01", endsOn: "2029-12-31", kThreshold: "5" };
const site = { intent: "registerSite", code: "91110000MA00000X1A", name: "城东水厂", region: "北京", size: "medium", contact: "" };

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "anshi-nothing-"));
  chmodSync(dataDir, 0o711);
});
afterAll(async () => {
  await stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("an installation without the demonstration", () => {
  it("says how to make the first account, makes it once and keeps its password to itself", async () => {
    await start({});
    expect(said).toContain("set ANSHI_OPERATOR_EMAIL and ANSHI_OPERATOR_PASSWORD");
    await stop();
    await start({ ANSHI_OPERATOR_EMAIL: operator.email, ANSHI_OPERATOR_PASSWORD: operator.password });
    expect(said).toContain(`The first operator is ${operator.email}`);
    expect(said).not.toContain(operator.password);
  });

  it("comes from nothing to the questionnaire of a site through its own forms", async () => {
    const first = await enter(operator.email, operator.password);
    for (const [kind, code, nameZh, nameEn] of [["national", "NATION", "国家办公室", "National office"], ["sector", "WAT", "水务", "Water"]] as const)
      expect((await first.post("/?index", { intent: "createTenant", kind, code, nameZh, nameEn })).status).toBe(200);
    const twice = await first.post("/?index", { intent: "createTenant", kind: "sector", code: "WAT", nameZh: "又一个", nameEn: "Again" });
    expect([twice.status, visibleText(twice.text)]).toEqual([422, expect.stringContaining("已被使用")]);
    const wrong = await first.post("/settings/members", { intent: "addMember", name: "x", email: "x@office.example", password: word, role: "national_director", tenantId: choice((await first.get("/settings/members")).text, "水务"), siteId: "" });
    expect([wrong.status, visibleText(wrong.text)]).toEqual([422, expect.stringContaining("该角色不属于这类机构")]);
    const director = await hire(first, "国家办公室", { email: "director@office.example", role: "national_director" });
    const editor = await hire(director, "国家办公室", { email: "editor@office.example", role: "national_editor" });
    const lead = await hire(first, "水务", { email: "lead@water.example", role: "regulator_lead" });
    const regulator = await hire(lead, "水务", { email: "regulator@water.example", role: "regulator" });

    for (const person of [director, editor, lead, regulator]) expect((await person.get("/")).status, person.name).toBe(200);
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
    const due = ["survey", "riskReport", "pilotPlan", "batchOne", "batchTwo", "specification"].map((p) => [`dueOn.${p}`, new RegExp(`name="dueOn.${p}"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="dueOn.${p}"`).exec(form)?.slice(1).find(Boolean) ?? ""] as const);
    expect(due.at(-1)?.[1]).toBe("2029-12-31");
    const project = { intent: "createProject", programmeId: hidden(form, "programmeId"), code: "WAT-2027", nameZh: "水务试点", nameEn: "Water pilot", responseThreshold: "75.5", securityShare: "12", ...Object.fromEntries(due) };
    expect((await regulator.post("/projects", project)).status).toBe(403);
    const disordered = await lead.post("/projects", { ...project, "dueOn.riskReport": "2027-01-02" });
    expect([disordered.status, visibleText(disordered.text)]).toEqual([422, expect.stringContaining("不得早于上一阶段的期限")]);
    const home = await sent(lead, "/projects", project);
    // a second time there is nothing to set up: the page goes on to the one that is there
    expect((await lead.post("/projects", project)).headers.get("location")).toBe(home);

    expect(findLink((await regulator.get(home)).text, /\/sites$/)).toBe(`${home}/sites`);
    const chosen = await sent(regulator, `${home}/sites`, site);
    const again = await regulator.post(`${home}/sites`, site);
    expect([again.status, visibleText(again.text)]).toEqual([422, expect.stringContaining("统一社会信用代码：本领域已登记该信用代码")]);
    expect((await director.get(`${home}/sites`)).status).toBe(403);
    const siteId = hidden((await regulator.get(chosen.split("#")[0] ?? "")).text, "siteId");
    await sent(regulator, chosen.split("#")[0] ?? "", { intent: "registerSystem", siteId, name: "泵站监控", grade: "3", devices: "120", description: "" });
    expect(visibleText((await regulator.get(`${home}/sites`)).text)).toContain("泵站监控（第 3 级，设备 120 台）");

    const officer = await hire(lead, "水务", { email: "officer@east.example", role: "site_officer" }, "城东水厂");
    const survey = (await regulator.get(`${home}/survey`)).text;
    const opened = await regulator.post(`${home}/survey`, { intent: "act", type: "OPEN_SURVEY", expectedVersion: hidden(survey, "expectedVersion") });
    expect(opened.status, visibleText(opened.text).slice(0, 800)).toBe(200);
    const sheet = findLink((await officer.get(`${home}/survey`)).text, /\/survey\/[0-9a-f-]{36}$/) ?? "";
    expect(sheet).not.toBe("");
    const questions = await officer.get(sheet);
    expect([questions.status, visibleText(questions.text)]).toEqual([200, expect.stringContaining("泵站监控")]);
  });
});
