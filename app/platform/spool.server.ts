import { createHash, randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
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

/**
 * Writes a stream to a file of its own under `folder`, hashed on the way: no more of it is ever in memory than a chunk.
 * The stream is read to its end or destroyed, whatever happens.
 * @throws what the stream or the disk throws; RangeError beyond `limit` bytes. Nothing is left behind then.
 */
export async function spool(stream: Readable | ReadableStream<Uint8Array>, folder: string, limit: number): Promise<Spooled> {
  // Heard before anything is awaited: its sender may go away while the file is opened.
  const source = heard(stream instanceof ReadableStream ? Readable.fromWeb(stream as never) : stream);
  const path = join(folder, `.incoming-${randomBytes(8).toString("hex")}`);
  const discard = () => unlink(path).catch(() => undefined);
  const hash = createHash("sha256");
  let bytes = 0;
  let file: FileHandle | undefined;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const target = (file = await open(path, "wx", 0o600));
    await pipeline(source, async (chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) {
        bytes += chunk.byteLength;
        if (bytes > limit) throw new RangeError(`more than ${limit} bytes`);
        hash.update(chunk);
        await target.writeFile(chunk);
      }
    });
    await target.sync();
    await target.close();
    return { path, bytes, sha256: hash.digest("hex"), discard };
  } catch (error) {
    source.destroy();
    await file?.close().catch(() => undefined);
    await discard();
    throw error;
  }
}
