import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import postgres from "postgres";
import { expect } from "vitest";
import { totpCode } from "#tests/builders/authenticator.ts";
import { visibleText } from "./html.ts";
import { IdentityProvider } from "./identity-provider.ts";
import { linkIn, MailSink } from "./mail-sink.ts";
import { freePort } from "#tests/setup/free-port.ts";
import { Newcomer, OwnProduct } from "./own-product.ts";
import type { Locale } from "./person.ts";
import { visit, type Visit } from "./visit.ts";

/* A product where leads need a second factor, with a mail server and an identity provider of its own. */

export const operator = { email: "operator@office.example", password: "first word of the operator" };
export const lead = { email: "lead@water.example", name: "水务负责人", password: "a lead's word that is long enough" };
export const officer = {
  email: "reg@water.example",
  name: "Water Regulator",
  password: "门前老树长新芽院里枯木又开花",
};
export let product: OwnProduct;
export let sink: MailSink;
export let provider: IdentityProvider;
export let sql: postgres.Sql;
/** Who has enrolled, with the secret of their authenticator and their codes. */
export const secrets = new Map<string, string>();
export const codes = new Map<string, string[]>();
const tenant = { sector: "", national: "" };

export const at = (name: string) => new Newcomer(name, product);
export const secretOn = (html: string) => /title="([A-Z2-7]{32})"/.exec(html)?.[1] ?? "";
export const codesOn = (html: string) =>
  [...html.matchAll(/<code>((?:[0-9A-Z]{4}-){5}[0-9A-Z]{4})<\/code>/g)].map((found) => found[1] ?? "");
/** A code that was not used yet: time is not ours, the newest step that was used is. */
async function freshCode(email: string): Promise<string> {
  await sql`update auth.totp set last_step = 0 where user_id = (select id from auth.users where email = ${email})`;
  return totpCode(secrets.get(email) ?? "", Date.now());
}
export async function withPassword({ email, password }: { email: string; password: string }): Promise<Newcomer> {
  const person = at(email);
  const answer = await person.post("/login", { intent: "signIn", email, password, next: "/" });
  expect([answer.status, visibleText(answer.text).slice(0, 200)]).toEqual([302, ""]);
  return person;
}
/** Password, and the authenticator's code where there is one. */
export async function enter(who: { email: string; password: string }): Promise<Newcomer> {
  const person = await withPassword(who);
  if (!secrets.has(who.email)) return person;
  const answer = await person.post("/login/second", { intent: "code", code: await freshCode(who.email) });
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "/"]);
  return person;
}
export const isIn = async (person: Newcomer) => (await person.get("/settings/profile")).status === 200;

/** A visit to this product, not to the demonstration. */
export async function open(path: string, look: Parameters<typeof visit>[1] = {}): Promise<Visit> {
  const v = await visit(null, look);
  await v.context.addCookies([{ name: "anshi_lng", value: look.locale ?? "zh-CN", url: product.url }]);
  await v.go(`${product.url}${path}`);
  await v.ready();
  return v;
}
export const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
export const fill = (page: Page, label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);

/** Everything up, with the first operator's account and nothing else. */
export async function openHouse(): Promise<void> {
  [product, sink] = [new OwnProduct(), new MailSink()];
  secrets.clear();
  codes.clear();
  const [port, issuerPort, smtp] = await Promise.all([freePort(), freePort(), sink.open()]);
  const url = `http://localhost:${port}`;
  provider = new IdentityProvider(`http://localhost:${issuerPort}`);
  await provider.open(`${url}/login/oidc`);
  await product.start({
    PORT: String(port),
    BASE_URL: url,
    SMTP_URL: smtp,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.client.id,
    OIDC_CLIENT_SECRET: provider.client.secret,
    ANSHI_OPERATOR_EMAIL: operator.email,
    ANSHI_OPERATOR_PASSWORD: operator.password,
  });
  const { owner } = JSON.parse(readFileSync(join(product.dataDir, "connection.json"), "utf8")) as { owner: string };
  sql = postgres(owner, { max: 1, onnotice: () => undefined });
}
/** The national office and a sector, as the operator makes them. */
export async function addTenants(boss: Newcomer): Promise<void> {
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
}
/** Into the sector, by letter. */
export const invite = (by: Newcomer, who: { email: string; name: string }, role: string, language: Locale) =>
  by.post("/settings/members", {
    intent: "invite",
    email: who.email,
    name: who.name,
    role,
    tenantId: tenant.sector,
    siteId: "",
    language,
  });
/** The form that the link of an invitation leads to. */
export const accept = (guest: Newcomer, link: string, who: { name: string; password: string }) =>
  guest.post(link, {
    intent: "accept",
    token: link.slice(-40),
    name: who.name,
    next: who.password,
    repeat: who.password,
  });
/** Who leads and stands before the second factor sets it up; the codes come once. */
async function enrol(person: Newcomer, email: string): Promise<void> {
  const secret = secretOn((await person.get("/login/second")).text);
  const confirmed = await person.post("/login/second", { intent: "confirmTotp", code: totpCode(secret, Date.now()) });
  expect(confirmed.status, visibleText(confirmed.text).slice(-500)).toBe(200);
  expect((await person.post("/login/second", { intent: "finish" })).headers.get("location")).toBe("/");
  secrets.set(email, secret);
  codes.set(email, codesOn(confirmed.text));
}
/** The same with everybody in it: the operator, a sector's lead and its officer. How they come in is walked in sign-in.test.ts. */
export async function furnishHouse(): Promise<void> {
  await openHouse();
  const boss = await withPassword(operator);
  await enrol(boss, operator.email);
  await addTenants(boss);
  const hire = async (by: Newcomer, who: typeof lead, role: string) => {
    const sent = await invite(by, who, role, "zh-CN");
    expect(sent.status, visibleText(sent.text).slice(-500)).toBe(200);
    const guest = at(who.email);
    const link = linkIn(await sink.letter(who.email, /邀请您使用安试/));
    expect((await accept(guest, link, who)).status).toBe(302);
    return guest;
  };
  await enrol(await hire(await enter(operator), lead, "regulator_lead"), lead.email);
  await hire(await enter(lead), officer, "regulator");
}
export async function closeHouse(): Promise<void> {
  await sql?.end();
  await Promise.all([product.remove(), sink.close(), provider?.close()]);
}
