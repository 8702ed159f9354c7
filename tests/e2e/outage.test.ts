import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { visibleText } from "./setup/html.ts";
import { account, product, signIn, signInAnew } from "./setup/person.ts";

const postmaster = (): number => Number(readFileSync(join(product().dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0]);

async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 300; n += 1) {
    if (await done().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`waited in vain until ${what}`);
}

describe("the database goes away meanwhile", () => {
  it("pages and the API say so with 503, the process stays up, and all is well when it is back", async () => {
    const person = await signIn("ten.regulator");
    expect((await person.get("/pilots")).status).toBe(200);
    // Immediate shutdown, as after a crash; the server starts it again by itself.
    process.kill(postmaster(), "SIGQUIT");
    const seen = new Set<number>();
    let words = "";
    let problem: Record<string, unknown> = {};
    await until("a page fails", async () => {
      const answer = await person.get("/pilots", "en");
      seen.add(answer.status);
      if (answer.status === 503) {
        words = visibleText(answer.text);
        expect(answer.headers.get("retry-after")).toBeTruthy();
        const api = await fetch(`${product().url}/api/v1/me`, { headers: { authorization: `Bearer ${account("ten.regulator").apiToken}` } });
        if (api.status === 503) problem = (await api.json()) as Record<string, unknown>;
      }
      return answer.status === 503;
    });
    expect(words).not.toMatch(/ECONN|postgres|57P/i);
    if (Object.keys(problem).length > 0) expect(problem).toMatchObject({ status: 503, code: "unavailable" });
    expect((await fetch(`${product().url}/healthz`)).status).toBe(200);
    await until("it is ready again", async () => (await fetch(`${product().url}/readyz`)).status === 200);
    await until("the same session reads on", async () => (await person.get("/pilots")).status === 200);
    expect((await (await signInAnew("ten.regulator")).get("/")).status).toBe(200);
    expect([...seen].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  });
});
