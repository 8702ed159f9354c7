import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, mkdir, open, readFile, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Env } from "./env.server.ts";

/*
 * Bytes by their SHA-256: the same content lies there once, and a name can never hold other bytes than it says. Who may
 * read what is decided by the rows that name a digest, never here.
 */

export interface Storage {
  /** Keeps the bytes and returns their digest (64 hex digits). Safe to repeat. */
  put(bytes: Uint8Array): Promise<{ sha256: string; bytes: number }>;
  /** Keeps a stream, hashed while it is written. @throws what the stream throws; RangeError beyond `limit` bytes. */
  putStream(stream: ReadableStream<Uint8Array>, limit: number): Promise<{ sha256: string; bytes: number }>;
  /** Length, or null when nothing lies there. */
  size(sha256: string): Promise<number | null>;
  /** @throws when nothing lies there. */
  read(sha256: string): Promise<Uint8Array>;
  stream(sha256: string): ReadableStream<Uint8Array>;
}

const digest = /^[0-9a-f]{64}$/;

class FileStorage implements Storage {
  constructor(private readonly root: string) {}

  private place(sha256: string): string {
    // A digest is the only thing that ever becomes part of a path.
    if (!digest.test(sha256)) throw new TypeError("not a SHA-256 digest");
    return join(this.root, sha256.slice(0, 2), sha256);
  }

  async put(bytes: Uint8Array): Promise<{ sha256: string; bytes: number }> {
    return this.putStream(new Blob([new Uint8Array(bytes)]).stream(), bytes.byteLength);
  }

  async putStream(stream: ReadableStream<Uint8Array>, limit: number): Promise<{ sha256: string; bytes: number }> {
    await mkdir(this.root, { recursive: true, mode: 0o700 });
    const temporary = join(this.root, `.incoming-${randomBytes(8).toString("hex")}`);
    const hash = createHash("sha256");
    let length = 0;
    const file = await open(temporary, "wx", 0o600);
    try {
      for await (const chunk of stream as unknown as AsyncIterable<Uint8Array>) {
        length += chunk.byteLength;
        if (length > limit) throw new RangeError(`more than ${limit} bytes`);
        hash.update(chunk);
        await file.writeFile(chunk);
      }
      await file.sync();
      await file.close();
      const sha256 = hash.digest("hex");
      await settle(temporary, this.place(sha256));
      return { sha256, bytes: length };
    } catch (error) {
      await file.close().catch(() => undefined);
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  async size(sha256: string): Promise<number | null> {
    const found = await stat(this.place(sha256)).catch(() => null);
    return found ? found.size : null;
  }
  async read(sha256: string): Promise<Uint8Array> {
    return new Uint8Array(await readFile(this.place(sha256)));
  }
  stream(sha256: string): ReadableStream<Uint8Array> {
    return Readable.toWeb(createReadStream(this.place(sha256))) as ReadableStream<Uint8Array>;
  }
}

/** Moves a finished file to its name in one step; a second writer of the same bytes finds it there. */
async function settle(temporary: string, place: string): Promise<void> {
  await mkdir(join(place, ".."), { recursive: true, mode: 0o700 });
  try {
    await link(temporary, place);
    await unlink(temporary);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") await unlink(temporary);
    // A file system without hard links.
    else await rename(temporary, place);
  }
}

const opened = new Map<string, Storage>();

/** Files under a folder; the same folder gives the same storage. */
export function fileStorage(root: string): Storage {
  const known = opened.get(root) ?? new FileStorage(root);
  opened.set(root, known);
  return known;
}

/** Storage of the running product: `STORAGE_URL` (`file:`), else `DATA_DIR/files`. */
export function storageOf(env: Pick<Env, "DATA_DIR" | "STORAGE_URL">): Storage {
  if (env.STORAGE_URL === undefined) return fileStorage(join(env.DATA_DIR, "files"));
  if (!env.STORAGE_URL.startsWith("file:"))
    throw new Error("STORAGE_URL: only file: storage is served by this version");
  return fileStorage(fileURLToPath(env.STORAGE_URL));
}
