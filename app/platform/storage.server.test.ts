import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
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

  it("takes nothing but a digest for a name", async () => {
    expect(await storage.size("0".repeat(64))).toBeNull();
    await expect(storage.size("../../etc/passwd")).rejects.toThrow("digest");
  });
});
