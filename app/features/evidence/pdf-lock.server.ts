import { createCipheriv, createHash } from "node:crypto";
import type { PdfValue } from "./pdf-values.ts";

/*
 * The standard security handler (ISO 32000-2, 7.6.4): whether the empty password, which every reader tries first, opens a
 * document. Eighty lines of published arithmetic; a library that reads PDFs would have to read the whole of what a stranger
 * sent for the same answer.
 */

/** 7.6.4.3.2: fills up a password; the empty one becomes this. */
const padding = Buffer.from("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a", "hex");
const md5 = (...parts: Buffer[]): Buffer => createHash("md5").update(Buffer.concat(parts)).digest();

const bytes = (value: PdfValue | undefined): Buffer => (Buffer.isBuffer(value) ? value : Buffer.alloc(0));
const number = (value: PdfValue | undefined, otherwise: number): number =>
  typeof value === "number" ? value : otherwise;

/** @param lock the dictionary of encryption @param id first part of the file's identifier */
export function opensWithoutPassword(lock: ReadonlyMap<string, PdfValue>, id: Buffer): boolean {
  // Encryption to certificates and other handlers: nobody without them can read it.
  if (lock.get("Filter") !== "Standard") return false;
  const revision = number(lock.get("R"), 0);
  const user = bytes(lock.get("U"));
  if (revision >= 2 && revision <= 4) return byMd5(lock, revision, user, id);
  if (revision === 5 || revision === 6) {
    if (user.length < 48) return false;
    const salt = user.subarray(32, 40);
    const digest = revision === 5 ? createHash("sha256").update(salt).digest() : hardened(salt);
    return digest.equals(user.subarray(0, 32));
  }
  return false;
}

/** Algorithms 2, 4, 5 and 6. */
function byMd5(lock: ReadonlyMap<string, PdfValue>, revision: number, user: Buffer, id: Buffer): boolean {
  const length =
    revision === 2 ? 5 : Math.min(16, Math.max(5, number(lock.get("Length"), revision === 4 ? 128 : 40) >> 3));
  const rights = Buffer.alloc(4);
  rights.writeInt32LE(number(lock.get("P"), 0) | 0);
  const plainMetadata =
    revision >= 4 && lock.get("EncryptMetadata") === false ? Buffer.from([255, 255, 255, 255]) : Buffer.alloc(0);
  let key = md5(padding, bytes(lock.get("O")).subarray(0, 32), rights, id, plainMetadata).subarray(0, length);
  if (revision === 2) return rc4(key, padding).equals(user.subarray(0, 32));
  for (let i = 0; i < 50; i += 1) key = md5(key).subarray(0, length);
  let check = md5(padding, id);
  for (let i = 0; i < 20; i += 1) check = rc4(Buffer.from(key.map((b) => b ^ i)), check);
  return check.equals(user.subarray(0, 16));
}

/** Algorithm 2.B with the empty password. */
function hardened(salt: Buffer): Buffer {
  let k = createHash("sha256").update(salt).digest();
  for (let round = 0, last = 0; round < 64 || last > round - 32; round += 1) {
    const cipher = createCipheriv("aes-128-cbc", k.subarray(0, 16), k.subarray(16, 32)).setAutoPadding(false);
    const e = cipher.update(Buffer.concat(Array.from({ length: 64 }, () => k)));
    const remainder = e.subarray(0, 16).reduce((sum, b) => sum + b, 0) % 3;
    k = createHash((["sha256", "sha384", "sha512"] as const)[remainder] ?? "sha256")
      .update(e)
      .digest();
    last = e.at(-1) ?? 0;
  }
  return k.subarray(0, 32);
}

/** RC4, which OpenSSL 3 no longer has; nothing is kept secret by it here. */
function rc4(key: Buffer, data: Buffer): Buffer {
  const s = Uint8Array.from({ length: 256 }, (_, i) => i);
  const swap = (a: number, b: number): void => {
    [s[a], s[b]] = [s[b] ?? 0, s[a] ?? 0];
  };
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + (s[i] ?? 0) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let [i, j] = [0, 0];
  return Buffer.from(
    data.map((b) => {
      i = (i + 1) & 255;
      j = (j + (s[i] ?? 0)) & 255;
      swap(i, j);
      return b ^ (s[((s[i] ?? 0) + (s[j] ?? 0)) & 255] ?? 0);
    }),
  );
}
