import type { Spooled } from "./spool.server.ts";

/** Every method throws `no_space` (507) where there is no room, `storage_unavailable` (503) where it does not answer. */
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
  /** Keeps what was spooled under an id of two parts, `tenant/row`. The spooled file may be gone afterwards. */
  keep(id: string, spooled: Spooled): Promise<void>;
  /** @returns null when nothing lies under the id. */
  open(id: string): Promise<ReadableStream<Uint8Array> | null>;
  /** Safe to repeat. */
  remove(id: string): Promise<void>;
  /** Takes away what lies under a digest. Only for bytes that are known to be nobody's. Safe to repeat. */
  forget(sha256: string): Promise<void>;
  /** For `/readyz`. @throws when it is away, full, or may not be written to */
  check(): Promise<void>;
}

const digest = /^[0-9a-f]{64}$/;
const uuid = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const kept = new RegExp(`^${uuid}/${uuid}$`);

/** Where a digest or an id lies, below the root of a storage. Nothing else ever becomes part of a path. */
export const placeOf = {
  digest(sha256: string): string {
    if (!digest.test(sha256)) throw new TypeError("not a SHA-256 digest");
    return `${sha256.slice(0, 2)}/${sha256}`;
  },
  id(id: string): string {
    if (!kept.test(id)) throw new TypeError("not an id of storage");
    return `kept/${id}`;
  },
};
