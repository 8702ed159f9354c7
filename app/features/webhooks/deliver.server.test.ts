import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type RawServer, rawServer } from "#tests/setup/raw-server.ts";
import { send } from "./deliver.server.ts";

/* Receivers whose answers are no answers: real ones, for what a connection does is judged here. */

const open: RawServer[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
async function receiver(answer: (socket: Socket, n: number) => void): Promise<RawServer> {
  const server = await rawServer(answer);
  open.push(server);
  return server;
}
const sent = (url: string, timeoutMs = 5_000) =>
  send(
    { url, id: "msg_1", body: "{}", secrets: ["whsec_c2VjcmV0"] },
    { targets: "any", now: new Date(0), signal: new AbortController().signal, timeoutMs },
  );
const head = (status: string, ...headers: string[]) => `HTTP/1.1 ${[status, ...headers].join("\r\n")}\r\n\r\n`;

describe("one attempt at a receiver", () => {
  it.each<[string, string]>([
    ["switches to another protocol", head("101 Switching Protocols", "Upgrade: x", "Connection: Upgrade")],
    ["ends before it says anything", ""],
    ["ends within its head", "HTTP/1.1 200 OK\r\nConten"],
    ["does not speak HTTP", "220 mail.example ESMTP\r\n\r\n"],
    ["has a head without measure", `HTTP/1.1 200 OK\r\n${"X-Filler: 0123456789abcdef\r\n".repeat(2_000)}\r\n`],
  ])("that %s has failed, at once: no worker is held by it", async (_what, bytes) => {
    const { url } = await receiver((socket) => socket.end(bytes));
    expect(await sent(url)).toEqual({ error: "connection" });
  });

  it("that switches and keeps the connection has failed at once as well", async () => {
    const { url } = await receiver((socket) =>
      socket.write(head("101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")),
    );
    expect(await sent(url)).toEqual({ error: "connection" });
  });

  it.each<[string, string]>([
    ["from the first", ""],
    ["within its head", "HTTP/1.1 200 OK\r\nConten"],
    ["after a first word alone", head("103 Early Hints")],
  ])("that falls silent %s is waited for no longer than said", async (_where, bytes) => {
    const { url } = await receiver((socket) => socket.write(bytes));
    expect(await sent(url, 200)).toEqual({ error: "timeout" });
  });

  it("is judged by its status, whatever becomes of its body: a message that arrived is not sent again", async () => {
    const cut = await receiver((socket) => socket.end(`${head("200 OK", "Content-Length: 1000")}only this`));
    expect(await sent(cut.url)).toEqual({ status: 200, restMs: null });
    const hinting = await receiver((socket) => socket.write(head("103 Early Hints") + head("204 No Content")));
    expect(await sent(hinting.url)).toEqual({ status: 204, restMs: null });
    let hungUp: () => void = () => undefined;
    const left = new Promise<void>((resolve) => (hungUp = resolve));
    const endless = await receiver((socket) => {
      socket.on("close", hungUp);
      const more = () => void (socket.destroyed || socket.write("x".repeat(65_536), more));
      socket.write(head("200 OK", "Content-Length: 999999999999"), more);
    });
    expect(await sent(endless.url)).toEqual({ status: 200, restMs: null });
    await left;
  });

  it.each(["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"])(
    "that answers %s is not followed to where it points inside",
    async (status) => {
      const inside = await receiver((socket) => socket.end(head("200 OK", "Content-Length: 0")));
      const { url, heads } = await receiver((socket) =>
        socket.end(head(status, `Location: ${inside.url}/admin`, "Content-Length: 0")),
      );
      expect(await sent(url)).toEqual({ status: Number(status.slice(0, 3)), restMs: null });
      expect([heads.length, inside.heads.length]).toEqual([1, 0]);
    },
  );
});
