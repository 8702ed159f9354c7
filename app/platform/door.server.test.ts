import { connect, type Socket } from "node:net";
import { request as ask } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { afterEach, describe, expect, it } from "vitest";
import type { Database } from "#db/client.server.ts";
import { systemClock } from "./clock.ts";
import { type DoorLimits, doorLimits, nameHost } from "./door.server.ts";
import { readEnv } from "./env.server.ts";
import { createLifecycle } from "./lifecycle.server.ts";
import { type Listener, type Listening, listen } from "./listen.server.ts";
import { createLogger } from "./log.server.ts";
import { createMetrics } from "./metrics.server.ts";
import { openRates } from "./rates.server.ts";
import { createWeb, type Handler } from "./web.server.ts";

let door: Listening | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await door?.close(0, AbortSignal.abort());
  door = undefined;
});
const quick: DoorLimits = {
  ...doorLimits,
  headersMs: 600,
  bodyGraceMs: 600,
  bodyBytesPerSecond: 1_000,
  lookEveryMs: 100,
};
async function open(listener: Listener, limits: Partial<DoorLimits> = {}): Promise<number> {
  door = await listen(listener, 0, "127.0.0.1", { limits: { ...quick, ...limits } });
  return door.port;
}
const echo: Listener = (request, response) => {
  let length = 0;
  request.on("data", (part: Buffer) => (length += part.length));
  request.on("end", () => response.end(`got ${length}`));
};

/** A client that says what it is told to; `over` resolves with all that it heard when the server has closed. */
function client(port: number, first = "") {
  const socket = connect(port, "127.0.0.1");
  if (first !== "") socket.write(first);
  sockets.push(socket);
  let heard = "";
  socket.on("data", (part) => (heard += part.toString("latin1")));
  socket.on("error", () => undefined);
  const over = new Promise<string>((resolve) => socket.on("close", () => resolve(heard)));
  return { socket, over, heard: () => heard };
}
const head = (method: string, more = "") => `${method} /x HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n`;

describe("a slow client", () => {
  it("that opens connections and says nothing, or half of a request, is closed in time; others are served meanwhile", async () => {
    const port = await open(echo);
    const lazy = Array.from({ length: 300 }, (_, n) => client(port, n % 2 === 0 ? "" : "GET / HTTP/1.1\r\nHost: 127"));
    await sleep(50);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("got 0");
    const begun = performance.now();
    await Promise.all(lazy.map(({ over }) => over));
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  it("that stops in the middle of a body is told 408; one that is slow and steady gets through", async () => {
    const port = await open(echo);
    const stuck = client(port, `${head("POST", "Content-Length: 100000\r\n")}abc`);
    const steady = client(port, head("POST", "Content-Length: 6000\r\nConnection: close\r\n"));
    for (let n = 0; n < 20; n += 1) {
      steady.socket.write("x".repeat(300));
      await sleep(100);
    }
    expect(await steady.over).toContain("got 6000");
    expect(await stuck.over).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("is not blamed for what the server has not read yet", async () => {
    const port = await open((request, response) => void sleep(2_000).then(() => echo(request, response)));
    const waiting = client(
      port,
      `${head("POST", "Content-Length: 200000\r\nConnection: close\r\n")}${"x".repeat(200_000)}`,
    );
    expect(await waiting.over).toContain("got 200000");
  });
});

describe("too many connections", () => {
  it("idle ones make room; when all are at work a newcomer is told when to come again", async () => {
    let finish: () => void = () => undefined;
    const port = await open(
      (_request, response) => {
        const before = finish;
        finish = () => (before(), response.end("done"));
      },
      { connections: 5, headersMs: 60_000 },
    );
    const working = Array.from({ length: 3 }, () => client(port, head("GET")));
    await expect.poll(() => sockets.filter((one) => one.bytesWritten > 0).length).toBe(3);
    await sleep(200);
    finish();
    finish = () => undefined;
    for (const { heard } of working) await expect.poll(heard).toContain("done");
    // Three are idle now, so five find a place.
    const busy: ReturnType<typeof client>[] = [];
    for (let n = 0; n < 5; n += 1) {
      busy.push(client(port, head("GET", "Connection: close\r\n")));
      await sleep(50);
    }
    await Promise.all(working.map(({ over }) => over));
    const late = client(port);
    expect(await late.over).toMatch(/^HTTP\/1\.1 503 .*Retry-After: \d/s);
    finish();
    for (const one of busy) expect(await one.over).toContain("done");
    const again = client(port, head("GET", "Connection: close\r\n"));
    await sleep(200);
    finish();
    expect(await again.over).toContain("done");
  });
});

/** The whole server, over a real connection. */
async function product(pages: Handler, settings: Record<string, string> = {}) {
  const env = readEnv(settings);
  const services = {
    env,
    log: createLogger("silent"),
    clock: systemClock,
    db: {} as unknown as Database,
    metrics: createMetrics(),
    rates: openRates({ RATE_ACCOUNT: null, RATE_TOKEN: null, RATE_ADDRESS: null }, () => {
      throw new Error("no database");
    }),
  };
  const asset = new Uint8Array(2_000);
  const assets = (request: Request) =>
    new URL(request.url).pathname.startsWith("/assets/")
      ? new Response(asset, { headers: { "content-type": "text/javascript" } })
      : null;
  const web = createWeb({
    services,
    lifecycle: createLifecycle(() => undefined),
    pages,
    api: () => Response.json({ a: "安" }),
    assets,
  });
  const answer = getRequestListener(web.fetch);
  return open((request, response) => {
    nameHost(request, env.BASE_URL);
    void answer(request, response);
  });
}
const send = (port: number, method: string, path: string, headers: Record<string, string> = {}, body = "") =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const asked = ask({ port, host: "127.0.0.1", method, path, headers }, (got) => {
      let text = "";
      got.on("data", (part) => (text += String(part)));
      got.on("end", () => resolve({ status: got.statusCode ?? 0, headers: got.headers, body: text }));
      got.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
const page: Handler = (request) => {
  if (new URL(request.url).pathname === "/stream")
    return new Response(
      new ReadableStream({ start: (out) => (out.enqueue(new TextEncoder().encode("x".repeat(5_000))), out.close()) }),
      { headers: { "content-type": "text/html" } },
    );
  return new Response("<p>安试</p>", { headers: { "content-type": "text/html; charset=utf-8" } });
};

describe("HEAD", () => {
  it.each(["/healthz", "/readyz", "/metrics", "/assets/a.js", "/login", "/stream", "/api/v1/me"])(
    "%s answers as GET does, without the body",
    async (path) => {
      const port = await product(page);
      const [got, told] = [await send(port, "GET", path), await send(port, "HEAD", path)];
      expect([told.status, told.body]).toEqual([got.status, ""]);
      expect(got.body).not.toBe("");
      const kept = ["content-type", "cache-control", "content-security-policy", "x-content-type-options"];
      const of = (headers: Record<string, unknown>) =>
        kept.map((name) => String(headers[name]).replaceAll(/'nonce-[^']+'/g, "nonce"));
      expect(of(told.headers)).toEqual(of(got.headers));
      expect(told.headers["x-request-id"]).toBeDefined();
    },
  );
});

describe("a proxy that passes another Host", () => {
  const own = { host: "10.0.0.7:8080", origin: "https://anshi.example", cookie: "a=b" };
  it("does not stop forms where BASE_URL says what people use; the wrong origin is refused all the same", async () => {
    let seen = "";
    const port = await product(
      (request) => (
        (seen = `${request.headers.get("host")} ${new URL(request.url).host} ${request.headers.get("x-forwarded-host")}`),
        new Response("ok")
      ),
      { BASE_URL: "https://anshi.example" },
    );
    expect((await send(port, "POST", "/login", { ...own, "x-forwarded-host": "evil.example" }, "a=1")).status).toBe(
      200,
    );
    expect(seen).toBe("anshi.example anshi.example null");
    expect((await send(port, "POST", "/login", { ...own, origin: "https://10.0.0.7:8080" }, "a=1")).status).toBe(403);
  });

  it("without BASE_URL decides by Host alone, whatever X-Forwarded-Host says", async () => {
    let seen: string | null = "";
    const port = await product((request) => ((seen = request.headers.get("x-forwarded-host")), new Response("ok")));
    expect(
      (
        await send(
          port,
          "POST",
          "/login",
          { host: "anshi.example", origin: "http://anshi.example", "x-forwarded-host": "evil.example" },
          "a=1",
        )
      ).status,
    ).toBe(200);
    expect(seen).toBeNull();
    expect((await send(port, "POST", "/login", own, "a=1")).status).toBe(403);
  });
});
