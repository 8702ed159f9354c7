import type { Looked, Part } from "./inspected.ts";

/*
 * Images say themselves where they end: PNG by the chunk IEND, RIFF by its length, JPEG by the marker EOI outside of its
 * segments (ITU-T T.81, annex B). What comes behind is something else, and has to be something that cameras write there.
 */

type ImageType = "image/png" | "image/jpeg" | "image/webp";
type ImageFault = "evidence_broken" | "evidence_behind" | "evidence_polyglot" | null;

/** What is wrong with an image whose beginning is one of the type; null for nothing. */
export function imageFault(type: ImageType, { part, bytes, tail }: Looked): Promise<ImageFault> {
  if (type === "image/png") return pngFault(part, bytes);
  return type === "image/webp" ? webpFault(part, bytes) : jpegFault(part, bytes, tail);
}

/** Behind a PNG's end stands what nobody sees; phones have left the part there that was cut away (CVE-2023-21036). */
async function pngFault(part: Part, bytes: number): Promise<ImageFault> {
  let at = 8;
  for (let chunks = 0; chunks < 100_000 && at + 12 <= bytes; chunks += 1) {
    const chunk = await part(at, 8);
    at += chunk.readUInt32BE(0) + 12;
    if (chunk.toString("latin1", 4) === "IEND")
      return at === bytes ? null : at < bytes ? "evidence_behind" : "evidence_broken";
  }
  return "evidence_broken";
}

async function webpFault(part: Part, bytes: number): Promise<ImageFault> {
  const length = (await part(4, 4)).readUInt32LE(0) + 8;
  if (length === bytes || length + 1 === bytes) return null;
  return length < bytes ? "evidence_behind" : "evidence_broken";
}

async function jpegFault(part: Part, bytes: number, tail: Buffer): Promise<ImageFault> {
  const end = await endOfJpeg(part, bytes);
  if (end === null) return "evidence_broken";
  if (end === bytes) return null;
  const behind = await part(end, 4096);
  if (foreign.some((signature) => behind.includes(signature, 0, "latin1"))) return "evidence_polyglot";
  // Makers of cameras write a few kilobytes of their own; what is larger must be a known kind.
  if (bytes - end <= makersOwn) return null;
  // Thumbnails and depth maps (CIPA DC-007), or the film of a moving photo: at once (Android), or in Samsung's trailer.
  if (behind.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return null;
  if (await isFilm(part, end, bytes)) return null;
  return tail.subarray(-4).toString("latin1") === "SEFT" && behind.includes("MotionPhoto_Data", 0, "latin1")
    ? null
    : "evidence_behind";
}

const makersOwn = 65_536;
/** Archives and documents that their readers find wherever they begin. */
const foreign = ["PK\u0003\u0004", "Rar!\u001a\u0007", "7z\u00bc\u00af\u0027\u001c", "%PDF-", "\u007fELF"];

/** Offset behind a JPEG's EOI, or null where it has none. */
async function endOfJpeg(part: Part, bytes: number): Promise<number | null> {
  let at = 2;
  for (let segments = 0; segments < 100_000; segments += 1) {
    const head = await part(at, 4);
    if (head.length < 2 || head[0] !== 0xff) return null;
    const marker = head[1] ?? 0;
    if (marker === 0xd9) return at + 2;
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (head.length < 4) return null;
    else {
      at += 2 + head.readUInt16BE(2);
      // SOS: what follows is coded data, up to a marker that is no restart and no stuffed byte.
      if (marker === 0xda) at = await endOfScan(part, at, bytes);
    }
  }
  return null;
}

const block = 256 * 1024;
async function endOfScan(part: Part, from: number, bytes: number): Promise<number> {
  for (let at = from; at < bytes; at += block - 1) {
    const piece = await part(at, block);
    for (let i = piece.indexOf(0xff); i !== -1 && i + 1 < piece.length; i = piece.indexOf(0xff, i + 1)) {
      const next = piece[i + 1] ?? 0;
      if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at + i;
    }
  }
  return bytes;
}

/** Boxes of ISO/IEC 14496-12 from `from` to the end of the file, `ftyp` first. */
async function isFilm(part: Part, from: number, bytes: number): Promise<boolean> {
  let at = from;
  for (let boxes = 0; boxes < 10_000; boxes += 1) {
    const head = await part(at, 16);
    if (head.length < 8 || !/^[\w ©-]{4}$/.test(head.toString("latin1", 4, 8))) return false;
    if (boxes === 0 && head.toString("latin1", 4, 8) !== "ftyp") return false;
    const short = head.readUInt32BE(0);
    const size = short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short === 0 ? bytes - at : short;
    if (size < 8 || at + size > bytes) return false;
    at += size;
    if (at === bytes) return true;
  }
  return false;
}
