import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import S3rver from "s3rver";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "#tests/setup/free-port.ts";
import { readEnv } from "./env.server.ts";
import { spool } from "./spool.server.ts";
import { type Storage, storageOf } from "./storage.server.ts";

const text = (s: string) => new TextEncoder().encode(s);
const all = async (stream: ReadableStream<Uint8Array> | null) =>
  stream ? new Uint8Array(await new Response(stream).arrayBuffer()) : null;

describe("storage in a bucket", () => {
  let folder = "";
  let server: S3rver;
  let storage: Storage;
  let env: Record<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "anshi-s3-"));
    server = new S3rver({
      port: 0,
      address: "127.0.0.1",
      silent: true,
      directory: join(folder, "store"),
      configureBuckets: [{ name: "anshi", configs: [] }],
    });
    const { port } = await server.run();
    env = {
      DATA_DIR: folder,
      STORAGE_URL: "s3://anshi/production/files",
      STORAGE_ENDPOINT: `http://127.0.0.1:${port}`,
      STORAGE_ACCESS_KEY_ID: "S3RVER",
      STORAGE_SECRET_ACCESS_KEY: "S3RVER",
    };
    storage = storageOf(readEnv(env));
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("keeps bytes by their digest and gives them back, whole and as a stream", async () => {
    const [first, second] = await Promise.all([storage.put(text("安试")), storage.put(text("安试"))]);
    expect(first).toEqual(second);
    expect(await storage.size(first.sha256)).toBe(6);
    expect(new TextDecoder().decode(await storage.read(first.sha256))).toBe("安试");
    const big = new Uint8Array(3_000_000).map((_, i) => i % 251);
    const { sha256, bytes } = await storage.putStream(new Blob([big]).stream(), big.length);
    expect(bytes).toBe(big.length);
    expect(Buffer.compare((await all(storage.stream(sha256))) ?? new Uint8Array(), big)).toBe(0);
    expect(await storage.size("0".repeat(64))).toBeNull();
    await expect(storage.read("0".repeat(64))).rejects.toThrow();
    await expect(all(storage.stream("0".repeat(64)))).rejects.toThrow();
  });

  it("keeps what was handed in under its row, and takes it away", async () => {
    const id = `${randomUUID()}/${randomUUID()}`;
    const spooled = await spool(new Blob(["证据"]).stream(), join(folder, "incoming"), 100);
    await storage.keep(id, spooled);
    expect(new TextDecoder().decode((await all(await storage.open(id))) ?? undefined)).toBe("证据");
    await storage.remove(id);
    await storage.remove(id);
    expect(await storage.open(id)).toBeNull();
    await spooled.discard();
    await expect(storage.open("../x")).rejects.toThrow("id of storage");
  });

  it("leaves nothing on its way when more comes than allowed", async () => {
    await expect(storage.putStream(new Blob([new Uint8Array(11)]).stream(), 10)).rejects.toThrow(RangeError);
    expect(await readdir(join(folder, "incoming"))).toEqual([]);
  });

  it("is told from a fault of ours when nobody is there", async () => {
    const away = storageOf(readEnv({ ...env, STORAGE_ENDPOINT: `http://127.0.0.1:${await freePort()}` }));
    for (const attempt of [() => away.put(text("x")), () => away.read("0".repeat(64)), () => away.check()])
      await expect(attempt()).rejects.toMatchObject({ code: "storage_unavailable", status: 503 });
    await storage.check();
  });

  it("says what the store said when the key is wrong or the bucket is not there", async () => {
    const wrong = storageOf(readEnv({ ...env, STORAGE_URL: "s3://anshi/other", STORAGE_ACCESS_KEY_ID: "SOMEBODY" }));
    await expect(wrong.put(text("x"))).rejects.toThrow(/storage answered 403/);
    const nowhere = storageOf(readEnv({ ...env, STORAGE_URL: "s3://nowhere/x" }));
    await expect(nowhere.put(text("x"))).rejects.toThrow(/bucket/);
    await expect(nowhere.check()).rejects.toThrow(/bucket/);
  });
});

describe("settings of storage", () => {
  it.each([
    [{ STORAGE_URL: "s3://b" }, /STORAGE_ACCESS_KEY_ID/],
    [{ STORAGE_URL: "s3://b", STORAGE_ACCESS_KEY_ID: "abc" }, /STORAGE_SECRET_ACCESS_KEY/],
    [{ STORAGE_ENDPOINT: "http://x" }, /STORAGE_ENDPOINT/],
    [{ STORAGE_REGION: "a b" }, /STORAGE_REGION/],
    [{ UPLOAD_MAX_MB: "0" }, /UPLOAD_MAX_MB/],
  ])("%j stops the start with one line", (source, line) => {
    expect(() => readEnv(source)).toThrow(line);
  });
});
