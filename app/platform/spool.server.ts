import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError, isOutOfSpace, noSpace, storageUnavailable } from "./errors.ts";
import { heard } from "./streams.server.ts";

/** Bytes that came in, on disk, with what they are known by. Whoever has it discards it. */
export interface Spooled {
  path: string;
  bytes: number;
  /** Hex. */
  sha256: string;
  /** Safe to repeat. */
  discard(): Promise<void>;
}

const prefix = ".incoming-";

/** What a failure of our own disk or store means to a reader: no room, or away for now. */
function storageFailure(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return isOutOfSpace(error)
    ? noSpace({ cause: error })
    : storageUnavailable({
        cause: error,
        logMessage: `storage: ${error instanceof Error ? error.message : String(error)}`,
      });
}
/** Work on our own disk or store. @throws no_space, storage_unavailable */
export async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageFailure(error);
  }
}

/**
 * Writes a stream to a file of its own under `folder`, hashed on the way: no more of it is ever in memory than a chunk.
 * The stream is read to its end or destroyed, whatever happens.
 * @throws what the stream throws; RangeError beyond `limit` bytes; no_space, storage_unavailable. Nothing is left behind then.
 */
export async function spool(
  stream: Readable | ReadableStream<Uint8Array>,
  folder: string,
  limit: number,
): Promise<Spooled> {
  // Heard before anything is awaited: its sender may go away while the file is opened.
  const source = heard(stream instanceof ReadableStream ? Readable.fromWeb(stream as never) : stream);
  const path = join(folder, `${prefix}${randomBytes(8).toString("hex")}`);
  const discard = () => unlink(path).catch(() => undefined);
  const hash = createHash("sha256");
  let bytes = 0;
  let file: FileHandle | undefined;
  try {
    const target = (file = await onDisk(async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return open(path, "wx", 0o600);
    }));
    await pipeline(source, async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        bytes += chunk.byteLength;
        if (bytes > limit) throw new RangeError(`more than ${limit} bytes`);
        hash.update(chunk);
        await onDisk(() => target.writeFile(chunk));
      }
    });
    await onDisk(() => target.sync());
    await onDisk(() => target.close());
    return { path, bytes, sha256: hash.digest("hex"), discard };
  } catch (error) {
    source.destroy();
    await file?.close().catch(() => undefined);
    await discard();
    throw error;
  }
}

/**
 * Older than any upload that still runs: one that no byte was added to for so long was its process's last. Other processes
 * may have uploads under way in the same folder, so age alone decides.
 */
export const abandonedAfterMs = 60 * 60_000;

/** Removes what uploads of killed processes left in a folder. @returns how many files */
export async function sweepSpool(folder: string, olderThanMs = abandonedAfterMs): Promise<number> {
  let removed = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(prefix)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found === null || Date.now() - found.mtimeMs < olderThanMs) continue;
    await unlink(path).then(
      () => (removed += 1),
      () => undefined,
    );
  }
  return removed;
}
