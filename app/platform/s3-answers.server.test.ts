import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { network } from "#tests/setup/network.ts";
import { s3Storage } from "./s3.server.ts";
import { spool } from "./spool.server.ts";
import type { Storage } from "./storage-place.ts";

/*
 * An object store whose answers are not the right ones: what whoever asked is told, and that nothing is half kept. What a
 * connection does stands in `s3-wire.server.test.ts`.
 */

const net = network();
const root = "https://store.example/anshi/files";
const bytes = new TextEncoder().encode("安试");
const digest = createHash("sha256").update(bytes).digest("hex");
const place = `${digest.slice(0, 2)}/${digest}`;
let folder = "";
let storage: Storage;
/** What lies in the bucket, by its place. */
let kept: Map<string, Uint8Array>;
/** Methods asked by, in order. */
let asked: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "anshi-s3-answers-"));
  storage = s3Storage({
    bucket: "anshi",
    prefix: "files",
    endpoint: "https://store.example",
    region: "cn-north-1",
    accessKeyId: "AKID",
    secretAccessKey: "a secret key",
    spool: folder,
  });
  [kept, asked] = [new Map(), []];
  net.use(
    http.all(`${root}/*`, async ({ request: { method, url }, request }) => {
      asked.push(method);
      const at = url.slice(root.length + 1);
      if (method === "PUT") kept.set(at, new Uint8Array(await request.arrayBuffer()));
      if (method === "DELETE") kept.delete(at);
      if (method === "PUT" || method === "DELETE") return new HttpResponse(null, { status: 200 });
      const found = kept.get(at);
      if (!found) return said(404, "NoSuchKey");
      const headers = { "content-length": String(found.byteLength) };
      return new HttpResponse(method === "HEAD" ? null : found.slice().buffer, { headers });
    }),
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const said = (status: number, code: string) =>
  HttpResponse.xml(`<Error><Code>${code}</Code><Message>of bucket anshi</Message></Error>`, { status });
/** The next request by this method is answered so, once; then the bucket answers again. */
const once = (method: "head" | "get" | "put" | "delete", answer: () => Response) =>
  net.use(http[method](`${root}/*`, ({ request }) => (asked.push(request.method), answer()), { once: true }));
const unavailable = { code: "storage_unavailable", status: 503 };
const newId = () => `${randomUUID()}/${randomUUID()}`;
const spooled = () => spool(new Blob([bytes]).stream(), folder, 100);
const textOf = async (stream: ReadableStream<Uint8Array> | null) => (stream ? new Response(stream).text() : null);

describe("a store that is asked for too much", () => {
  const slowDown = () => said(503, "SlowDown");

  it("takes what is handed in whole at the next try: the spooled file is still there", async () => {
    const [id, file] = [newId(), await spooled()];
    once("put", slowDown);
    await expect(storage.keep(id, file)).rejects.toMatchObject(unavailable);
    expect(await storage.open(id)).toBeNull();
    await storage.keep(id, file);
    expect(await textOf(await storage.open(id))).toBe("安试");
    await file.discard();
    // Each time once: whether it is tried again is said by who called.
    expect(asked).toEqual(["PUT", "GET", "PUT", "GET"]);
  });

  it("keeps what is made here whole at the next try, once, and nothing is left on its way", async () => {
    once("put", slowDown);
    await expect(storage.put(bytes)).rejects.toMatchObject(unavailable);
    expect([kept.size, await readdir(folder)]).toEqual([0, []]);
    for (let n = 0; n < 2; n += 1) expect(await storage.put(bytes)).toEqual({ sha256: digest, bytes: 6 });
    expect([...kept.keys(), await readdir(folder)]).toEqual([place, []]);
    expect(asked.filter((method) => method === "PUT")).toHaveLength(2);
  });

  it.each<[string, "get" | "head" | "delete", (id: string) => Promise<unknown>]>([
    ["is not read for a thing that is not there", "get", (id) => storage.open(id)],
    ["is not taken for empty", "head", () => storage.size(digest)],
    ["is not taken for having let go", "delete", (id) => storage.remove(id)],
    ["is not ready", "get", () => storage.check()],
  ])("%s", async (_what, method, ask) => {
    once(method, slowDown);
    await expect(ask(newId())).rejects.toMatchObject(unavailable);
    await ask(newId());
  });
});

describe("a store that answers no", () => {
  const asks: [string, () => Promise<unknown>][] = [
    ["put", () => storage.put(bytes)],
    ["keep", async () => storage.keep(newId(), await spooled())],
    ["read", () => storage.read(digest)],
    ["stream", () => textOf(storage.stream(digest))],
    ["open", () => storage.open(newId())],
    ["size", () => storage.size(digest)],
    ["remove", () => storage.remove(newId())],
    ["forget", () => storage.forget(digest)],
    ["check", () => storage.check()],
  ];

  it.each(asks)("to %s is told of with its status; its words are for the log alone", async (_what, ask) => {
    net.use(http.all(`${root}/*`, () => said(403, "AccessDenied")));
    const error = (await ask().catch((e: unknown) => e)) as Error & { params: unknown; extra: unknown };
    expect(error).toMatchObject({ ...unavailable, messageKey: "error_storage_unavailable" });
    expect(error.message).toMatch(/^storage answered 403 to (GET|HEAD|PUT|DELETE) /);
    expect(JSON.stringify([error.params, error.extra])).not.toContain("bucket");
    expect(error.message).not.toContain("a secret key");
  });

  it.each(asks)("because it is full or ails is told of by %s as what it is", async (_what, ask) => {
    net.use(http.all(`${root}/*`, () => said(507, "InsufficientStorage")));
    await expect(ask()).rejects.toMatchObject({ code: "no_space", status: 507 });
    net.use(http.all(`${root}/*`, () => said(500, "InternalError")));
    await expect(ask()).rejects.toMatchObject(unavailable);
    net.use(http.all(`${root}/*`, () => HttpResponse.error()));
    await expect(ask()).rejects.toMatchObject(unavailable);
  });

  it.each(asks)("and points elsewhere gets neither our signature nor our bytes there by %s", async (_what, ask) => {
    const elsewhere: string[] = [];
    net.use(
      http.all("https://elsewhere.example/*", ({ request }) => {
        elsewhere.push(request.method);
        return new HttpResponse(null);
      }),
      http.all(`${root}/*`, () => HttpResponse.redirect("https://elsewhere.example/x", 307)),
    );
    await expect(ask()).rejects.toMatchObject(unavailable);
    expect(elsewhere).toEqual([]);
  });

  it("without its bucket is not ready, and does not say of any file that it is gone", async () => {
    net.use(http.all(`${root}/*`, () => said(404, "NoSuchBucket")));
    for (const ask of [() => storage.check(), () => storage.open(newId()), () => storage.read(digest)])
      await expect(ask()).rejects.toMatchObject(unavailable);
    await expect(storage.put(bytes)).rejects.toMatchObject(unavailable);
  });
});

describe("a store that fails in the middle", () => {
  const cutOff = () =>
    new HttpResponse(
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(bytes.slice(0, 3)),
        pull: (controller) => controller.error(new TypeError("terminated")),
      }),
      { headers: { "content-length": "6" } },
    );

  it.each<[string, () => Promise<unknown>]>([
    ["read", () => storage.read(digest)],
    ["stream", () => textOf(storage.stream(digest))],
    ["open", async () => textOf(await storage.open(newId()))],
    ["a copy", async () => spool((await storage.open(newId())) ?? new ReadableStream(), folder, 100)],
  ])(
    "of a file gives no half of it for the whole: %s says that storage failed, and leaves nothing",
    async (_way, ask) => {
      once("get", cutOff);
      await expect(ask()).rejects.toMatchObject(unavailable);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it("of an upload of ours, is not asked at all where the sender ends first", async () => {
    const gone = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes),
      pull: (controller) => controller.error(new Error("the sender went away")),
    });
    await expect(storage.putStream(gone, 100)).rejects.toThrow("the sender went away");
    expect([asked, await readdir(folder)]).toEqual([[], []]);
  });

  it.each([
    ["half of a file from an earlier try", () => new HttpResponse(null, { headers: { "content-length": "3" } })],
    ["a file, without saying how long", () => new HttpResponse(null)],
  ])("and has %s is sent the whole file again", async (_what, head) => {
    kept.set(place, bytes.slice(0, 3));
    once("head", head);
    expect(await storage.put(bytes)).toEqual({ sha256: digest, bytes: 6 });
    expect(new TextDecoder().decode(await storage.read(digest))).toBe("安试");
  });
});
