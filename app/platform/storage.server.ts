import { trimEnds } from "./trim.ts";
import { createReadStream } from "node:fs";
import { link, mkdir, readFile, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Env } from "./env.server.ts";
import { s3Storage } from "./s3.server.ts";
import { onDisk, type Spooled, spool } from "./spool.server.ts";
import { placeOf, type Storage } from "./storage-place.ts";
import { heard } from "./streams.server.ts";

export type { Storage } from "./storage-place.ts";

/*
 * What is made here lies by its SHA-256: the same content once, and a name can never hold other bytes than it says. What
 * people hand in lies under the id of its row, because it must be possible to take one away without looking who else has
 * the same. Who may read what is decided by the rows that name a digest or an id, never here.
 */

class FileStorage implements Storage {
  constructor(private readonly root: string) {}

  private place(sha256: string): string {
    return join(this.root, placeOf.digest(sha256));
  }

  async put(bytes: Uint8Array): Promise<{ sha256: string; bytes: number }> {
    return this.putStream(new Blob([new Uint8Array(bytes)]).stream(), bytes.byteLength);
  }

  async putStream(stream: ReadableStream<Uint8Array>, limit: number): Promise<{ sha256: string; bytes: number }> {
    const { path, sha256, bytes, discard } = await spool(stream, this.root, limit);
    try {
      await onDisk(() => settle(path, this.place(sha256)));
    } catch (error) {
      await discard();
      throw error;
    }
    return { sha256, bytes };
  }

  async size(sha256: string): Promise<number | null> {
    const found = await stat(this.place(sha256)).catch(() => null);
    return found ? found.size : null;
  }
  async read(sha256: string): Promise<Uint8Array> {
    const place = this.place(sha256);
    await this.there(place);
    return new Uint8Array(await readFile(place));
  }
  stream(sha256: string): ReadableStream<Uint8Array> {
    return Readable.toWeb(createReadStream(this.place(sha256))) as ReadableStream<Uint8Array>;
  }

  async keep(id: string, { path }: Spooled): Promise<void> {
    const place = join(this.root, placeOf.id(id));
    await onDisk(async () => {
      await mkdir(join(place, ".."), { recursive: true, mode: 0o700 });
      try {
        await rename(path, place);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
        // The spool lies on another disk: copied beside its place, then named in one step.
        const copy = await spool(heard(createReadStream(path)), this.root, Number.POSITIVE_INFINITY);
        await rename(copy.path, place);
      }
    });
  }
  async open(id: string): Promise<ReadableStream<Uint8Array> | null> {
    const place = join(this.root, placeOf.id(id));
    if (!(await this.there(place))) return null;
    return Readable.toWeb(createReadStream(place)) as ReadableStream<Uint8Array>;
  }
  remove(id: string): Promise<void> {
    return removeFile(join(this.root, placeOf.id(id)));
  }
  forget(sha256: string): Promise<void> {
    return removeFile(this.place(sha256));
  }
  async check(): Promise<void> {
    await (await spool(heard(Readable.from([Buffer.alloc(4096, "ready")])), this.root, 4096)).discard();
  }

  /** Whether a file lies there. Where the whole folder is gone, that is no answer about one file. */
  private there(place: string): Promise<boolean> {
    return onDisk(async () => {
      try {
        await stat(place);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
        await stat(this.root);
        return false;
      }
    });
  }
}

const removeFile = (place: string): Promise<void> =>
  onDisk(() =>
    unlink(place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    }),
  );

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
function once(key: string, make: () => Storage): Storage {
  const known = opened.get(key) ?? make();
  opened.set(key, known);
  return known;
}

/** Files under a folder; the same folder gives the same storage. */
export const fileStorage = (root: string): Storage => once(root, () => new FileStorage(root));

type StorageEnv = Pick<
  Env,
  | "DATA_DIR"
  | "STORAGE_URL"
  | "STORAGE_ENDPOINT"
  | "STORAGE_REGION"
  | "STORAGE_ACCESS_KEY_ID"
  | "STORAGE_SECRET_ACCESS_KEY"
>;

/** Where what comes in lies until it is known to be good. */
export const spoolFolder = (env: Pick<Env, "DATA_DIR">): string => join(env.DATA_DIR, "incoming");

/** Folder of a storage that is one; null for a bucket. */
export function storageFolder(env: Pick<Env, "DATA_DIR" | "STORAGE_URL">): string | null {
  if (env.STORAGE_URL === undefined) return join(env.DATA_DIR, "files");
  return env.STORAGE_URL.startsWith("file:") ? fileURLToPath(env.STORAGE_URL) : null;
}

/** Folders of this machine in which killed uploads may have left something. */
export function spoolFolders(env: Pick<Env, "DATA_DIR" | "STORAGE_URL">): string[] {
  return [spoolFolder(env), storageFolder(env)].filter((folder) => folder !== null);
}

/** Storage of the running product: `STORAGE_URL` (`file:` or `s3:`), else `DATA_DIR/files`. */
export function storageOf(env: StorageEnv): Storage {
  const folder = storageFolder(env);
  if (folder !== null) return fileStorage(folder);
  const { host, pathname } = new URL(env.STORAGE_URL ?? "");
  return once(`${env.STORAGE_ENDPOINT ?? ""} ${env.STORAGE_URL}`, () =>
    s3Storage({
      bucket: host,
      prefix: trimEnds(pathname, "/"),
      endpoint: env.STORAGE_ENDPOINT,
      region: env.STORAGE_REGION,
      accessKeyId: env.STORAGE_ACCESS_KEY_ID ?? "",
      secretAccessKey: env.STORAGE_SECRET_ACCESS_KEY ?? "",
      spool: spoolFolder(env),
    }),
  );
}
