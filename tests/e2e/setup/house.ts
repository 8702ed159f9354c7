import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import postgres from "postgres";
import { expect } from "vitest";
import { totpCode } from "#app/features/identity/totp.rules.ts";
import { visibleText } from "./html.ts";
import { IdentityProvider } from "./identity-provider.ts";
import { MailSink } from "./mail-sink.ts";
import { freePort } from "#tests/setup/free-port.ts";
import { Newcomer, OwnProduct } from "./own-product.ts";
import { visit, type Visit } from "./visit.ts";

/* A product where leads need a second factor, with a mail server and an identity provider of its own. */

export const operator = { email: "operator@office.example", password: "first word of the operator" };
export const lead = { email: "lead@water.example", name: "水务负责人", password: "a lead's word that is long enough" };
export const officer = {
  email: "reg@water.example",
  name: "Water Regulator",
  password: "门前老树长新芽院里枯木又开花",
};
export const product = new OwnProduct();
export const sink = new MailSink();
export let provider: IdentityProvider;
export let sql: postgres.Sql;
/** Who has enrolled, with the secret of his authenticator and his codes. */
export const secrets = new Map<string, string>();
export const codes = new Map<string, string[]>();
export const tenant = { sector: "", national: "" };

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
export async function closeHouse(): Promise<void> {
  await sql?.end();
  await Promise.all([product.remove(), sink.close(), provider?.close()]);
}
