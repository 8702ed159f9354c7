import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { visibleText } from "./setup/html.ts";
import { account, product, signIn, signInAnew } from "./setup/person.ts";
import { until } from "./setup/until.ts";

const postmaster = (): number =>
  Number(readFileSync(join(product().dataDir, "postgres/postmaster.pid"), "utf8").split("\n")[0]);

describe("the database goes away meanwhile", () => {
  it("pages and the API answer when it is back or say so with 503, and the process stays up", async () => {
    const person = await signIn("ten.regulator");
    expect((await person.get("/pilots")).status).toBe(200);
    // Immediate shutdown, as after a crash; the server starts it again by itself.
    const before = postmaster();
    process.kill(before, "SIGQUIT");
    const seen = new Set<number>();
    await until("the database is started again", async () => {
      const api = () =>
        fetch(`${product().url}/api/v1/me`, {
          headers: { authorization: `Bearer ${account("ten.regulator").apiToken}` },
        });
      const [page, answer, health] = await Promise.all([
        person.get("/pilots", "en"),
        api(),
        fetch(`${product().url}/healthz`),
      ]);
      for (const status of [page.status, answer.status]) seen.add(status);
      expect(health.status).toBe(200);
      if (page.status === 503) {
        expect(page.headers.get("retry-after")).toBeTruthy();
        expect(visibleText(page.text)).not.toMatch(/ECONN|postgres|57P/i);
      }
      if (answer.status === 503) expect(await answer.json()).toMatchObject({ status: 503, code: "unavailable" });
      return postmaster() !== before;
    });
    await until("it is ready", async () => (await fetch(`${product().url}/readyz`)).status === 200);
    await until("the same session reads on", async () => (await person.get("/pilots")).status === 200);
    expect((await (await signInAnew("ten.regulator")).get("/")).status).toBe(200);
    expect([...seen].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  });
});
