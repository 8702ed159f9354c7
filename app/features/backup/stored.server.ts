import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";
import { heard } from "#app/platform/streams.server.ts";
import { spool } from "#app/platform/spool.server.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import { type BackupFolder, eachOf, listed } from "#db/backup/folder.server.ts";
import type { StoredRow } from "#db/backup/facts.server.ts";
import type { Manifest } from "#db/backup/manifest.ts";

/*
 * The files that rows speak of, wherever they are kept. Rows decide: what is fetched, where it lies and which digest it
 * must have. So a folder and a bucket are treated alike, and nothing is listed that may be long.
 */

/** In a backup they lie under this. */
export const below = "files";
export type Amiss = Manifest["stored"]["amiss"][number];

/** Null where nothing lies there. */
async function opened(storage: Storage, row: StoredRow): Promise<Readable | null> {
  const stream =
    row.id !== null
      ? await storage.open(row.id)
      : (await storage.size(row.sha256)) === null
        ? null
        : storage.stream(row.sha256);
  return stream && heard(Readable.fromWeb(stream as never));
}

/** Copies files of rows that are not in the folder yet. One that is gone, or no longer what it was, is named. */
export async function fetchStored(
  storage: Storage,
  folder: BackupFolder,
  rows: readonly StoredRow[],
): Promise<Amiss[]> {
  const amiss: Amiss[] = [];
  await eachOf(rows, async (row) => {
    const path = `${below}/${row.path}`;
    const known = folder.files.get(path);
    const bytes = known ? null : await opened(storage, row);
    const file = known ?? (bytes ? await folder.take(path, bytes) : null);
    if (file === null) amiss.push({ path: row.path, problem: "missing" });
    else if (file.sha256 !== row.sha256) amiss.push({ path: row.path, problem: "changed" });
  });
  return amiss.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What was copied early and whose row went away since. */
export async function dropStored(folder: BackupFolder, rows: readonly StoredRow[]): Promise<void> {
  const wanted = new Set(rows.map((row) => `${below}/${row.path}`));
  for (const path of folder.files.keys())
    if (path.startsWith(`${below}/`) && !wanted.has(path)) await folder.drop(path);
}

/** Brings a backup's files into storage, each checked once more on the way. Safe to repeat. */
export async function putStored(
  storage: Storage,
  dir: string,
  manifest: Manifest,
  spoolFolder: string,
): Promise<number> {
  const files = manifest.files.filter((f) => f.path.startsWith(`${below}/`));
  await eachOf(files, async (file) => {
    const spooled = await spool(heard(createReadStream(join(dir, file.path))), spoolFolder, Number.POSITIVE_INFINITY);
    try {
      if (spooled.sha256 !== file.sha256) throw new Error(`${file.path} was changed while it was being restored`);
      const path = file.path.slice(below.length + 1);
      if (path.startsWith("kept/")) await storage.keep(path.slice("kept/".length), spooled);
      else
        await storage.putStream(
          Readable.toWeb(heard(createReadStream(spooled.path))) as ReadableStream<Uint8Array>,
          Number.POSITIVE_INFINITY,
        );
    } finally {
      await spooled.discard();
    }
  });
  return files.length;
}

/** Rows whose file is not in storage, or is another than it was. Reads every byte. */
export async function amissIn(storage: Storage, rows: readonly StoredRow[]): Promise<Amiss[]> {
  const amiss: Amiss[] = [];
  await eachOf(rows, async (row) => {
    const bytes = await opened(storage, row);
    if (bytes === null) return void amiss.push({ path: row.path, problem: "missing" });
    const hash = createHash("sha256");
    for await (const piece of bytes) hash.update(piece);
    if (hash.digest("hex") !== row.sha256) amiss.push({ path: row.path, problem: "changed" });
  });
  return amiss.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Files of a storage in a folder that no row speaks of. */
export async function strays(folder: string, rows: readonly StoredRow[]): Promise<string[]> {
  const known = new Set(rows.map((row) => row.path));
  const there = await listed(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return there.filter((path) => !path.endsWith("/") && !path.startsWith(".incoming-") && !known.has(path)).sort();
}

/** Also true of a folder that is not there. */
export const isEmptyFolder = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch(() => [])).length === 0;
