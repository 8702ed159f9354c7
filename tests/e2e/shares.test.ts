import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OwnProduct } from "./setup/own-product.ts";

/** The limits of a minute on the product itself; everywhere else in these tests they are off. */
const product = new OwnProduct();
beforeAll(() => product.start({ RATE_ADDRESS: "30" }));
afterAll(() => product.remove());

describe("an address that asks more than it may in a minute", () => {
  it("is told so in words, with the time to come back; health and the others' pages are not touched", async () => {
    const ask = (path: string) => fetch(product.url + path);
    const answers = [];
    for (let i = 0; i < 34; i += 1) answers.push(await ask("/login"));
    expect(answers.map((one) => one.status)).toEqual([...Array.from({ length: 30 }, () => 200), 429, 429, 429, 429]);
    const page = await ask("/login?lng=en");
    expect([page.status, page.headers.get("ratelimit-policy")]).toEqual([429, '"address";q=30;w=60']);
    expect(page.headers.get("ratelimit")).toMatch(/^"address";r=0;t=([1-9]|[1-5]\d|60)$/);
    expect(Number(page.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await page.text()).toContain("Wait a minute and reload this page");
    expect(await (await ask("/login")).text()).toContain("请求过于频繁");
    const problem = await ask("/api/v1/me");
    expect([problem.status, problem.headers.get("content-type")]).toEqual([429, "application/problem+json"]);
    expect(await problem.json()).toMatchObject({ code: "too_many", status: 429 });
    for (let i = 0; i < 40; i += 1) expect((await ask("/healthz")).status).toBe(200);
    expect(await (await ask("/readyz")).json()).toMatchObject({
      ready: true,
      checks: { database: "ok", writing: "ok", "sign-in": "ok" },
    });
    expect(await (await ask("/metrics")).text()).toContain('anshi_share_held{resource="write"} 0');
  });
});
