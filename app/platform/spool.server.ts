import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";

/** Bytes that came in, on disk, with what they are known by. Whoever has it discards it. */
export interface Spooled {
  path: string;
  bytes: number;
  /** Hex. */
  sha256: string;
  /** Safe to repeat. */
  discard(): Promise<void>;
}

/**
 * Writes a stream to a file of its own under `folder`, hashed on the way: no more of it is ever in memory than a chunk.
 * @throws what the stream throws; RangeError beyond `limit` bytes. Nothing is left behind then.
 */
export async function spool(stream: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>, folder: string, limit: number): Promise<Spooled> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `.incoming-${randomBytes(8).toString("hex")}`);
  const discard = () => unlink(path).catch(() => undefined);
  const hash = createHash("sha256");
  let bytes = 0;
  const pieces: AsyncIterable<Uint8Array> = stream instanceof ReadableStream ? Readable.fromWeb(stream as never) : stream;
  const file = await open(path, "wx", 0o600);
  try {
    for await (const chunk of pieces) {
      bytes += chunk.byteLength;
      if (bytes > limit) throw new RangeError(`more than ${limit} bytes`);
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    await file.close();
    return { path, bytes, sha256: hash.digest("hex"), discard };
  } catch (error) {
    await file.close().catch(() => undefined);
    await discard();
    throw error;
  }
}
