import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readlink, rm } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RawServer, rawServer } from "#tests/setup/raw-server.ts";
import { s3Storage } from "./s3.server.ts";
import { spool } from "./spool.server.ts";
import type { Storage } from "./storage-place.ts";

/*
 * An object store whose connection ends or stands still: a real one, for lengths, sockets and time are judged here. Wrong
 * answers stand in `s3-answers.server.test.ts`.
 */

let folder = "";
const open: RawServer[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "anshi-s3-wire-"));
});
afterEach(async () => {
  for (const server of open.splice(0)) server.close();
  await rm(folder, { recursive: true, force: true });
});

/** @param answer is told when a request has begun to come in, and how */
async function store(answer: (socket: Socket, n: number, first: Buffer) => void, patienceMs = 5_000): Promise<Storage> {
  const server = await rawServer(answer);
  open.push(server);
  const [accessKeyId, secretAccessKey] = ["AKID", "a secret key"];
  const of = { bucket: "anshi", prefix: "", endpoint: server.url, region: "cn-north-1", accessKeyId, secretAccessKey };
  return s3Storage({ ...of, spool: folder, patienceMs });
}
const unavailable = { code: "storage_unavailable", status: 503 };
const head = (status: string, ...headers: string[]) => `HTTP/1.1 ${[status, ...headers].join("\r\n")}\r\n\r\n`;
const newId = () => `${randomUUID()}/${randomUUID()}`;
const digest = createHash("sha256").update("x").digest("hex");
const lengthOf = async (stream: ReadableStream<Uint8Array> | null) =>
  stream ? (await new Response(stream).arrayBuffer()).byteLength : null;
const spooled = (bytes: number) => spool(new Blob([new Uint8Array(bytes)]).stream(), folder, bytes);

describe("a file whose bytes break off", () => {
  const ways: [string, (storage: Storage) => Promise<unknown>][] = [
    ["read", (storage) => storage.read(digest)],
    ["stream", (storage) => lengthOf(storage.stream(digest))],
    ["open", async (storage) => lengthOf(await storage.open(newId()))],
    ["a copy", async (storage) => spool((await storage.open(newId())) ?? new ReadableStream(), folder, 1_000)],
  ];
  const cuts: [string, string][] = [
    ["before its length", `${head("200 OK", "Content-Length: 100")}only this`],
    ["between two chunks", `${head("200 OK", "Transfer-Encoding: chunked")}4\r\nonly\r\n`],
    ["within a chunk", `${head("200 OK", "Transfer-Encoding: chunked")}64\r\nonly this`],
  ];
  it.each(cuts.flatMap(([where, bytes]) => ways.map(([way, ask]) => [where, way, bytes, ask] as const)))(
    "%s is not taken for the whole by %s, and nothing of it is kept",
    async (_where, _way, bytes, ask) => {
      const storage = await store((socket) => socket.end(bytes));
      await expect(ask(storage)).rejects.toMatchObject(unavailable);
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

describe.skipIf(!existsSync("/proc/self/fd"))("an upload that the store does not let end", () => {
  const openHere = async () => {
    const places = await Promise.all(
      (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "")),
    );
    return places.filter((place) => place.startsWith(folder));
  };

  it.each<[string, (socket: Socket) => void]>([
    ["answers at once and goes on", (socket) => socket.write(head("503 Slow Down", "Content-Length: 8") + "<Error/>")],
    ["answers at once and hangs up", (socket) => socket.end(head("403 Forbidden", "Content-Length: 8") + "<Error/>")],
    ["hangs up", (socket) => socket.end()],
    ["tears the connection", (socket) => socket.resetAndDestroy()],
  ])("because it %s is told of, and its file is closed: a server has only so many", async (_how, answer) => {
    const storage = await store(answer);
    const file = await spooled(3_000_000);
    for (let n = 0; n < 5; n += 1) await expect(storage.keep(newId(), file)).rejects.toMatchObject(unavailable);
    await expect.poll(openHere).toEqual([]);
    await file.discard();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("a store that stands still", () => {
  const silences: [string, string][] = [
    ["before it answers", ""],
    ["within its head", "HTTP/1.1 200 OK\r\nConte"],
    ["within a file", `${head("200 OK", "Content-Length: 100")}only this`],
    ["within what it says of a failure", `${head("500 Internal", "Content-Length: 100")}<Err`],
  ];
  it.each(silences)("%s is waited for no longer than said", async (_where, bytes) => {
    const storage = await store((socket) => socket.write(bytes), 200);
    await expect((async () => lengthOf(await storage.open(newId())))()).rejects.toMatchObject(unavailable);
  });

  it("over an upload is waited for no longer than said", async () => {
    const storage = await store((socket) => socket.pause(), 200);
    const file = await spooled(20_000_000);
    await expect(storage.keep(newId(), file)).rejects.toMatchObject(unavailable);
  });
});

describe("a line that is slow but moves", () => {
  it("brings a file whole, however long it takes: the patience is for standing still", async () => {
    const storage = await store((socket) => {
      socket.write(head("200 OK", "Content-Length: 80"));
      void (async () => {
        for (let n = 0; n < 8; n += 1) {
          await after(100);
          socket.write("0123456789");
        }
      })();
    }, 600);
    expect(await lengthOf(await storage.open(newId()))).toBe(80);
  });

  it("takes a file whole, however long it takes", async () => {
    let [taken, pauses] = [0, 0];
    const storage = await store((socket, _n, first) => {
      taken = first.byteLength - (first.indexOf("\r\n\r\n") + 4);
      socket.on("data", (bytes) => {
        taken += bytes.byteLength;
        if (taken >= 24_000_000) return void socket.end(head("200 OK", "Content-Length: 0"));
        // Each pause is shorter than the patience, all of them are longer.
        if (taken < (pauses + 1) * 3_000_000 || pauses === 4) return;
        pauses += 1;
        socket.pause();
        setTimeout(() => socket.resume(), 200);
      });
    }, 600);
    await storage.keep(newId(), await spooled(24_000_000));
    expect([taken, pauses]).toEqual([24_000_000, 4]);
  });

  it("to a reader who pauses is no failure of the store", async () => {
    const storage = await store((socket) => {
      socket.write(head("200 OK", "Content-Length: 4000000"));
      socket.end(Buffer.alloc(4_000_000));
    }, 500);
    let bytes = 0;
    const stream = await storage.open(newId());
    for await (const piece of stream as unknown as AsyncIterable<Uint8Array>) {
      if (bytes === 0) await after(700);
      bytes += piece.byteLength;
    }
    expect(bytes).toBe(4_000_000);
  });
});

it("a store that says of a failure more than anybody reads is not listened to without end", async () => {
  let ended: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (ended = resolve));
  const storage = await store((socket) => {
    socket.on("close", ended);
    const more = () => void (socket.destroyed || socket.write("x".repeat(65_536), more));
    socket.write(head("500 Internal", "Content-Length: 999999999999"), more);
  });
  const error = (await storage.open(newId()).catch((e: unknown) => e)) as Error;
  expect(error).toMatchObject(unavailable);
  expect(error.message.length).toBeLessThan(500);
  await left;
});
