import { connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "#db/client.server.ts";
import { systemClock } from "./clock.ts";
import { readEnv } from "./env.server.ts";
import { createLifecycle } from "./lifecycle.server.ts";
import { type Listening, listen } from "./listen.server.ts";
import { createLogger } from "./log.server.ts";
import { openRates } from "./rates.server.ts";
import { createMetrics } from "./metrics.server.ts";
import { createWeb, type Handler } from "./web.server.ts";

/* What comes over the wire as no browser sends it, to the server as it listens. */

const reached: string[] = [];
const echo: Handler = async (request) => {
  reached.push(`${request.method} ${new URL(request.url).pathname}`);
  return new Response(await request.text());
};
let door: Listening;
beforeAll(async () => {
  const services = {
    env: readEnv({}),
    log: createLogger("silent"),
    clock: systemClock,
    db: {} as unknown as Database,
    metrics: createMetrics(),
    rates: openRates({ RATE_ACCOUNT: null, RATE_TOKEN: null, RATE_ADDRESS: null }, () => {
      throw new Error("no database");
    }),
  };
  const web = createWeb({
    services,
    lifecycle: createLifecycle(() => undefined),
    pages: echo,
    api: echo,
    assets: () => null,
  });
  const answer = getRequestListener(web.fetch);
  door = await listen((request, response) => void answer(request, response), 0, "127.0.0.1");
});
afterAll(() => door.close(0, AbortSignal.abort()));

/** Sends the bytes and gives whatever comes back until the server closes or is silent for a moment. */
function speak(text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(door.port, "127.0.0.1", () => socket.write(text));
    socket.setTimeout(400, () => socket.destroy());
    socket.on("data", (chunk) => (heard += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(heard));
  });
}
const host = "Host: 127.0.0.1";
const own = () => `Origin: http://127.0.0.1:${door.port}`;

describe("the wire", () => {
  it.each([
    ["both lengths", "Content-Length: 5\r\nTransfer-Encoding: chunked"],
    ["two lengths", "Content-Length: 5\r\nContent-Length: 30"],
    ["a coding nobody knows", "Transfer-Encoding: xchunked"],
    ["a coding behind another", "Transfer-Encoding: chunked, identity"],
    ["a length that is none", "Content-Length: +5"],
    ["a space before the colon", "Content-Length : 5"],
  ])("%s end the connection, and nothing behind them is taken for a request", async (_what, headers) => {
    reached.length = 0;
    const heard = await speak(
      `POST /one HTTP/1.1\r\n${host}:${door.port}\r\n${own()}\r\n${headers}\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n${host}\r\n\r\n`,
    );
    expect(reached.filter((one) => one.includes("smuggled"))).toEqual([]);
    expect(heard).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each(["TRACE", "TRACK", "CONNECT"])("%s is not answered with what was sent", async (method) => {
    reached.length = 0;
    const heard = await speak(
      `${method} / HTTP/1.1\r\n${host}:${door.port}\r\n${own()}\r\nX-Secret: hunter2\r\nConnection: close\r\n\r\n`,
    );
    expect(reached).toEqual([]);
    expect(heard).not.toContain("hunter2");
    expect(heard).not.toMatch(/^HTTP\/1\.1 2/);
  });
});
