import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Database } from "#db/client.server.ts";
import type { RequestContext } from "./context.server.ts";
import { systemClock } from "./clock.ts";
import { readEnv } from "./env.server.ts";
import { conflict } from "./errors.ts";
import { createLifecycle } from "./lifecycle.server.ts";
import { createLogger } from "./log.server.ts";
import { openRates } from "./rates.server.ts";
import { createMetrics } from "./metrics.server.ts";
import { createWeb, type Handler } from "./web.server.ts";

/** A server whose pages and API do what the test says; no database behind it. */
function web(pages: Handler, env: Record<string, string> = {}) {
  const lines: string[] = [];
  const sink = new Writable({ write: (chunk, _encoding, next) => (lines.push(String(chunk)), next()) });
  const services = {
    env: readEnv(env),
    log: createLogger("trace", sink),
    clock: systemClock,
    db: {} as unknown as Database,
    metrics: createMetrics(),
    rates: openRates({ RATE_ACCOUNT: null, RATE_TOKEN: null, RATE_ADDRESS: null }, () => {
      throw new Error("no database");
    }),
  };
  const lifecycle = createLifecycle(() => undefined);
  const app = createWeb({ services, lifecycle, pages, api: pages, assets: () => null });
  const ask = (path: string, init: RequestInit = {}) => app.request(`http://anshi.example${path}`, init);
  return { ask, lines, lifecycle, services };
}
const html: Handler = () => new Response("<p>hello</p>", { headers: { "content-type": "text/html; charset=utf-8" } });

describe("the server", () => {
  it("numbers answers, and gives pages a policy with the nonce that the context carries", async () => {
    let seen: RequestContext | undefined;
    const { ask } = web((request, context) => ((seen = context), html(request, context)));
    const { headers } = await ask("/");
    expect(headers.get("x-request-id")).toBe(seen?.requestId);
    expect(headers.get("content-security-policy")).toContain(`script-src 'self' 'nonce-${seen?.nonce}';`);
    expect(headers.get("referrer-policy")).toBe("same-origin");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("strict-transport-security")).toBeNull();
    const secure = await web(html, { BASE_URL: "https://anshi.example" }).ask("/");
    expect(secure.headers.get("strict-transport-security")).toBe("max-age=31536000; includeSubDomains");
  });

  it.each([
    ["a page", { "content-type": "text/html; charset=utf-8" }, "Accept-Encoding"],
    [
      "what varies already",
      { "content-type": "application/json", vary: "Authorization" },
      "Authorization, Accept-Encoding",
    ],
    ["a long text", { "content-type": "text/plain", "content-length": "1024" }, "Accept-Encoding"],
    ["a short one", { "content-type": "text/plain", "content-length": "1023" }, null],
    ["a file that is packed in itself", { "content-type": "application/zip" }, null],
    ["what nobody may pack", { "content-type": "text/plain", "cache-control": "no-store, no-transform" }, null],
    [
      "what came packed",
      { "content-type": "text/plain", "content-encoding": "br", vary: "Accept-Encoding" },
      "Accept-Encoding",
    ],
  ])("HEAD of %s varies as its GET does", async (_what, headers, vary) => {
    const { ask } = web(() => new Response("x", { headers: headers as Record<string, string> }));
    const told = async (method: string) => (await ask("/x", { method })).headers.get("vary");
    expect([await told("GET"), await told("HEAD")]).toEqual([vary, vary]);
  });

  it("says of every answer that nobody may keep it, frame it or read it from another origin, unless its maker said otherwise", async () => {
    const of =
      (type: string, more: Record<string, string> = {}): Handler =>
      () =>
        new Response("x", { headers: { "content-type": type, ...more } });
    for (const type of [
      "text/html",
      "application/json",
      "text/javascript",
      "text/css",
      "font/woff2",
      "image/svg+xml",
      "text/plain",
      "application/zip",
    ]) {
      const { headers } = await web(of(type)).ask("/x", { headers: { origin: "https://evil.example" } });
      expect([type, headers.get("cache-control"), headers.get("content-security-policy")]).toEqual([
        type,
        "no-store",
        expect.stringContaining("frame-ancestors 'none'"),
      ]);
      expect([
        type,
        headers.get("x-content-type-options"),
        headers.get("cross-origin-resource-policy"),
        headers.get("access-control-allow-origin"),
      ]).toEqual([type, "nosniff", "same-origin", null]);
    }
    const asData = await web(of("image/svg+xml")).ask("/x");
    expect(asData.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/);
    const kept = await web(of("application/pdf", { "cache-control": "no-cache" })).ask("/x.pdf");
    expect(kept.headers.get("cache-control")).toBe("no-cache");
  });

  it("logs who was refused at the door, and by what name they came", async () => {
    const { ask, lines } = web(html);
    await ask("/login", { method: "POST", headers: { origin: "https://evil.example", cookie: "a=b" } });
    expect(lines.join("")).toContain('"level":"warn"');
    expect(lines.join("")).toMatch(/"reason":"foreign-origin","origin":"https:\/\/evil.example"/);
  });

  it.each(["/login", "/pilots.data", "/pilots?_data=routes%2Fpilots", "/exports/1.xlsx", "/healthz"])(
    "lets no foreign page post to %s",
    async (path) => {
      let reached = false;
      const { ask } = web(() => ((reached = true), new Response("")));
      const answer = await ask(path, {
        method: "POST",
        headers: { origin: "https://evil.example", cookie: "anshi_session=1" },
      });
      expect(answer.status).toBe(403);
      expect(reached).toBe(false);
      expect(
        (await ask("/login", { method: "POST", headers: { host: "anshi.example", origin: "http://anshi.example" } }))
          .status,
      ).toBe(200);
    },
  );

  it("shows neither statement nor stack, in page, document or log", async () => {
    const leak = Object.assign(new Error("Failed query: select * from secrets\nparams: hunter2"), {
      query: "select",
      params: ["hunter2"],
    });
    const { ask, lines } = web(() => Promise.reject(leak));
    const page = await ask("/");
    const problem = await ask("/api/v1/me");
    expect([page.status, problem.status]).toEqual([500, 500]);
    expect(problem.headers.get("content-type")).toBe("application/problem+json");
    const all = (await page.text()) + (await problem.text()) + lines.join("");
    expect(all).not.toMatch(/secrets|hunter2/);
    expect(lines.join("")).toContain("failed query");
  });

  it("answers the API with the error's own code", async () => {
    const { ask } = web(() => Promise.reject(conflict({ code: "stale", extra: { current: { version: 3 } } })));
    expect(await (await ask("/api/v1/projects/1/events", { method: "POST" })).json()).toMatchObject({
      status: 409,
      code: "stale",
      current: { version: 3 },
    });
  });

  it("says to wait when the database is away, also when the application made a page of it", async () => {
    const away = Object.assign(new Error("x"), { code: "ECONNREFUSED" });
    const thrown = await web(() => Promise.reject(away)).ask("/", { headers: { cookie: "anshi_lng=en" } });
    expect([thrown.status, thrown.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await thrown.text()).toContain("Temporarily unavailable");
    const rendered = web((_request, context) => {
      context.report(away);
      return new Response("broken", { status: 500 });
    });
    expect((await rendered.ask("/")).status).toBe(503);
  });

  it("refuses a body over the limit, announced or not, even when the reader hides why", async () => {
    const { ask } = web(async (request) => new Response(await request.text().catch(() => "?"), { status: 500 }));
    const own = { host: "anshi.example", origin: "http://anshi.example" };
    expect(
      (await ask("/x", { method: "POST", headers: { ...own, "content-length": "2000000" }, body: "x" })).status,
    ).toBe(413);
    const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
    const init = { method: "POST", headers: { ...own, "transfer-encoding": "chunked" }, body, duplex: "half" } as const;
    expect((await ask("/x", init)).status).toBe(413);
  });

  it("tells health to everybody and numbers to those who may", async () => {
    const { ask, lifecycle } = web(html, { METRICS_TOKEN: "0123456789abcdef" });
    expect(await (await ask("/healthz")).text()).toBe("ok");
    lifecycle.readyWhen("database", () => Promise.reject(new Error("down")));
    const ready = await ask("/readyz");
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, checks: { database: "failing" } }]);
    expect((await ask("/metrics")).status).toBe(404);
    expect((await ask("/metrics", { headers: { authorization: "Bearer 0123456789abcdeX" } })).status).toBe(404);
    // The name of a scheme may be written in any case (RFC 9110, 11.1).
    const numbers = await ask("/metrics", { headers: { authorization: "bearer 0123456789abcdef" } });
    expect(await numbers.text()).toContain("anshi_http_request_seconds_count");
  });
});
