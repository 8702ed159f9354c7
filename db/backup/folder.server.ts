import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, statfs } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { lockDirectory, lockFile } from "../embedded/lock.server.ts";
import { StartError } from "../embedded/start-error.ts";
import { type BackupFile, type Manifest, manifestName, manifestSchema } from "./manifest.ts";

/*
 * The folder of a backup. It is written under the name `DIR.part` and gets its own when it is whole: what was interrupted
 * can never be taken for a backup.
 */

const chunk = 256 * 1024;
/** Files open at once. */
const atOnce = 8;

/** Works through items, some at a time; the first failure ends it. */
export async function eachOf<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function* bytesOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(chunk);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, chunk, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Size and digest of a file. */
async function digestOf(path: string): Promise<Omit<BackupFile, "path">> {
  const file = await open(path, "r");
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const piece of bytesOf(file)) {
      hash.update(piece);
      bytes += piece.byteLength;
    }
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    await file.close();
  }
}

/** Writes a new file, hashed on the way. @throws EEXIST where there is one. */
async function writeHashed(
  to: string,
  pieces: AsyncIterable<Uint8Array>,
  sync: boolean,
): Promise<Omit<BackupFile, "path">> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const file = await open(to, "wx", 0o600);
  try {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const piece of pieces) {
      hash.update(piece);
      await file.writeFile(piece);
      bytes += piece.byteLength;
    }
    if (sync) await file.datasync();
    return { bytes, sha256: hash.digest("hex") };
  } finally {
    await file.close();
  }
}

/** Copies a file, hashed on the way. */
export async function copyHashed(from: string, to: string, sync: boolean): Promise<Omit<BackupFile, "path">> {
  const source = await open(from, "r");
  try {
    return await writeHashed(to, bytesOf(source), sync);
  } finally {
    await source.close();
  }
}

export interface BackupFolder {
  /** Where the files are meanwhile: `DIR.part`. */
  readonly part: string;
  readonly files: ReadonlyMap<string, BackupFile>;
  /** Copies a file to `path` below the folder. False when it vanished before it was opened. */
  copy(from: string, path: string): Promise<boolean>;
  take(path: string, pieces: AsyncIterable<Uint8Array>): Promise<BackupFile>;
  /** Counts in a file that a program of others wrote below `part`. */
  adopt(path: string): Promise<BackupFile>;
  drop(path: string): Promise<void>;
  /** Writes the manifest and gives the folder its name. @returns SHA-256 of the manifest, which vouches for all the rest. */
  finish(manifest: Omit<Manifest, "files">): Promise<string>;
  /** Removes what was written. Harmless after `finish`. */
  abandon(): Promise<void>;
}

/** @param signal interrupts: what is under way fails. @throws StartError where `dir` is taken or another backup is writing it. */
export async function openFolder(dir: string, signal?: AbortSignal): Promise<BackupFolder> {
  if (existsSync(dir)) throw new StartError(`${dir} is there already: a backup takes a new folder.`);
  const part = `${dir}.part`;
  const lock = await clearedPart(part);
  const files = new Map<string, BackupFile>();
  let done = false;
  const keep = (path: string, of: Omit<BackupFile, "path">): BackupFile => {
    const file = { path, ...of };
    files.set(path, file);
    return file;
  };
  return {
    part,
    files,
    async copy(from, path) {
      signal?.throwIfAborted();
      try {
        keep(path, await copyHashed(from, join(part, path), true));
        return true;
      } catch (error) {
        // A table or a file of the log was dropped meanwhile: what the log tells of it is replayed at the restore.
        if ((error as NodeJS.ErrnoException).code === "ENOENT" && !existsSync(from)) return false;
        throw error;
      }
    },
    async take(path, pieces) {
      signal?.throwIfAborted();
      return keep(path, await writeHashed(join(part, path), pieces, true));
    },
    adopt: async (path) => keep(path, await digestOf(join(part, path))),
    async drop(path) {
      files.delete(path);
      await rm(join(part, path), { force: true });
    },
    async finish(manifest) {
      signal?.throwIfAborted();
      const text = `${JSON.stringify({ ...manifest, files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) } satisfies Manifest, null, 1)}\n`;
      const { sha256 } = await writeHashed(join(part, manifestName), once(Buffer.from(text)), true);
      lock.release();
      await rename(part, dir);
      await syncFolder(dirname(dir));
      done = true;
      return sha256;
    },
    async abandon() {
      if (done) return;
      lock.release();
      await rm(part, { recursive: true, force: true });
    },
  };
}

/** What a killed backup left under the name is removed; a living one is left alone. */
async function clearedPart(part: string) {
  await mkdir(dirname(part), { recursive: true, mode: 0o700 });
  await mkdir(part, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(part);
  for (const name of await readdir(part))
    if (name !== lockFile) await rm(join(part, name), { recursive: true, force: true });
  return lock;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A name that a folder got lasts only when the folder itself is written down. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync().catch(() => undefined);
  await folder.close();
}

/** Files below a folder, by their paths from there with `/`; folders end in one. */
export async function listed(root: string, below = root): Promise<string[]> {
  const entries = await readdir(below, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(below, entry.name);
      const name = relative(root, path).split(sep).join("/");
      return entry.isDirectory() ? [`${name}/`, ...(await listed(root, path))] : [name];
    }),
  );
  return found.flat();
}

/** Whether that much will fit. @throws StartError with both figures. */
export async function demandRoom(folder: string, bytes: number, what: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const mega = (n: number) => `${Math.ceil(n / 1024 / 1024)} MB`;
  if (bavail * bsize < bytes)
    throw new StartError(
      `There is no room for ${what} in ${folder}: ${mega(bytes)} are needed, ${mega(bavail * bsize)} are free.`,
    );
}

/** @throws StartError where there is no manifest, or one that is none of ours, or not the one of `sha256`. */
export async function readManifest(dir: string, sha256?: string): Promise<Manifest> {
  const path = join(dir, manifestName);
  const text = await readFile(path).catch(() => null);
  if (text === null)
    throw new StartError(
      `${dir} is no backup: it has no ${manifestName}. A folder that ends in .part was interrupted.`,
    );
  const found = createHash("sha256").update(text).digest("hex");
  if (sha256 !== undefined && found !== sha256)
    throw new StartError(`${path} is not the one you name: its SHA-256 is ${found}.`);
  const version = versionOf(text);
  if (version !== null && version > 1)
    throw new StartError(
      `${path} is of a newer form (${version}) than this release reads (1): restore with the release that made it.`,
    );
  try {
    return manifestSchema.parse(JSON.parse(text.toString("utf8")));
  } catch (error) {
    throw new StartError(`${path} is damaged: ${(error as Error).message.replaceAll(/\s+/g, " ").slice(0, 200)}`, {
      cause: error,
    });
  }
}

function versionOf(text: Buffer): number | null {
  try {
    const found = JSON.parse(text.toString("utf8")) as { v?: unknown };
    return typeof found.v === "number" ? found.v : null;
  } catch {
    return null;
  }
}

export interface Complaint {
  path: string;
  missing: boolean;
  /** In words. */
  what: string;
}

/** What of the backup is not as its manifest has it; none means whole. Files that it does not name are never read. */
export async function complaintsOf(dir: string, manifest: Manifest): Promise<Complaint[]> {
  const complaints: Complaint[] = [];
  const complain = (path: string, what: string, missing = false) =>
    void complaints.push({ path, missing, what: `${path} ${what}` });
  await eachOf(manifest.files, async (file) => {
    const found = await digestOf(join(dir, file.path)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (found === null) complain(file.path, "is missing", true);
    else if (found.bytes !== file.bytes) complain(file.path, `has ${found.bytes} bytes instead of ${file.bytes}`);
    else if (found.sha256 !== file.sha256) complain(file.path, "was changed: it does not have its digest");
  });
  return complaints.sort((a, b) => (a.path < b.path ? -1 : 1));
}
