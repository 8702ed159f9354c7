import { readFileSync } from "node:fs";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Newcomer, OwnProduct } from "./setup/own-product.ts";

/* One's own sessions, at a product where nobody has been before. */

const operator = { email: "operator@office.example", password: "first word of the operator" };
const page = "/settings/security";
const product = new OwnProduct();
let sql: postgres.Sql;

beforeAll(async () => {
  await product.start({
    MFA_REQUIRED: "none",
    ANSHI_OPERATOR_EMAIL: operator.email,
    ANSHI_OPERATOR_PASSWORD: operator.password,
  });
  const { owner } = JSON.parse(readFileSync(join(product.dataDir, "connection.json"), "utf8")) as { owner: string };
  sql = postgres(owner, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await sql?.end();
  await product.remove();
});

async function enter(): Promise<Newcomer> {
  const person = new Newcomer("operator", product);
  expect((await person.post("/login", { intent: "signIn", ...operator, next: "/" })).status).toBe(302);
  return person;
}
const isIn = async (person: Newcomer) => (await person.get("/settings/profile")).status === 200;

describe("sessions", () => {
  it("are ended after a proof alone; all others with one press", async () => {
    const [one, two, three] = [await enter(), await enter(), await enter()];
    const sessionId = /name="sessionId" value="([^"]+)"/.exec((await one.get(page)).text)?.[1] ?? "";
    await sql`update auth.sessions set proved_at = now() - interval '11 minutes'`;
    for (const fields of [{ intent: "endSession", sessionId }, { intent: "endOthers" }])
      expect((await one.post(page, fields)).headers.get("location")).toMatch(/^\/step-up\?form=/);
    expect(await Promise.all([one, two, three].map(isIn))).toEqual([true, true, true]);
    expect((await one.post("/step-up", { intent: "password", password: operator.password })).status).toBe(302);
    const before = one.cookies().find((c) => c.name === "anshi_session")?.value;
    expect((await one.post(page, { intent: "endOthers" })).headers.get("location")).toBe(page);
    expect(await Promise.all([one, two, three].map(isIn))).toEqual([true, false, false]);
    expect(one.cookies().find((c) => c.name === "anshi_session")?.value).not.toBe(before);
    expect((await one.get(page)).text).not.toContain('value="endOthers"');
  });

  it("end at signing out, and the browser is told to empty its cache", async () => {
    const person = await enter();
    const answer = await person.post("/logout", {});
    expect([answer.headers.get("location"), answer.headers.get("clear-site-data")]).toEqual(["/login", '"cache"']);
    expect(await isIn(person)).toBe(false);
  });
});
