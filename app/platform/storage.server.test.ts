import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { abandonedAfterMs, sweepSpool } from "./spool.server.ts";
import { fileStorage } from "./storage.server.ts";

describe("storage by digest", async () => {
  const root = await mkdtemp(join(tmpdir(), "anshi-storage-"));
  afterAll(() => rm(root, { recursive: true, force: true }));
  const storage = fileStorage(root);
  const text = (s: string) => new TextEncoder().encode(s);

  it("keeps the same bytes once, whoever writes them at the same time", async () => {
    const all = await Promise.all([1, 2, 3].map(() => storage.put(text("安试"))));
    expect(new Set(all.map((a) => a.sha256)).size).toBe(1);
    const [first] = all;
    expect(await readdir(join(root, first?.sha256.slice(0, 2) ?? ""))).toHaveLength(1);
    expect((await readdir(root)).filter((n) => n.startsWith("."))).toEqual([]);
    expect(new TextDecoder().decode(await storage.read(first?.sha256 ?? ""))).toBe("安试");
    expect(await storage.size(first?.sha256 ?? "")).toBe(6);
  });

  it("streams back what it was given, and leaves nothing behind when more comes than allowed", async () => {
    const { sha256, bytes } = await storage.put(new Uint8Array(200_000).fill(7));
    expect(bytes).toBe(200_000);
    expect((await new Response(storage.stream(sha256)).arrayBuffer()).byteLength).toBe(200_000);
    await expect(storage.putStream(new Blob([new Uint8Array(11)]).stream(), 10)).rejects.toThrow(RangeError);
    expect((await readdir(root)).filter((n) => n.startsWith("."))).toEqual([]);
  });

  it("tells a folder that is gone or no folder from a file that is not there", async () => {
    const folder = await mkdtemp(join(root, "store-"));
    const id = `${randomUUID()}/${randomUUID()}`;
    const store = fileStorage(folder);
    await store.check();
    expect(await store.open(id)).toBeNull();
    await rm(folder, { recursive: true });
    await expect(store.open(id)).rejects.toMatchObject({ code: "storage_unavailable", status: 503 });
    await writeFile(folder, "in its place");
    for (const attempt of [() => store.put(text("x")), () => store.check(), () => store.open(id)])
      await expect(attempt()).rejects.toMatchObject({ code: "storage_unavailable", status: 503 });
  });

  it("forgets what lies under a digest, and nothing when nothing does", async () => {
    const { sha256 } = await storage.put(text("for a while"));
    for (const _ of [1, 2]) await storage.forget(sha256);
    expect(await storage.size(sha256)).toBeNull();
  });

  it("sweeps what killed uploads left, and neither an upload that runs nor anything else", async () => {
    const folder = await mkdtemp(join(root, "incoming-"));
    const names = [".incoming-0001", ".incoming-0002", "kept-by-somebody"];
    for (const name of names) await writeFile(join(folder, name), "bytes");
    const longAgo = new Date(Date.now() - 2 * abandonedAfterMs);
    for (const name of [".incoming-0001", "kept-by-somebody"]) await utimes(join(folder, name), longAgo, longAgo);
    expect(await sweepSpool(folder)).toBe(1);
    expect((await readdir(folder)).sort()).toEqual(names.slice(1));
    expect(await sweepSpool(join(folder, "never made"))).toBe(0);
  });

  it("takes nothing but a digest for a name", async () => {
    expect(await storage.size("0".repeat(64))).toBeNull();
    await expect(storage.size("../../etc/passwd")).rejects.toThrow("digest");
  });
});
