import type { Looked, Part } from "./inspected.ts";
import { opensWithoutPassword } from "./pdf-lock.server.ts";
import { type PdfReference, type PdfValue, readPdfValue } from "./pdf-values.ts";

/*
 * Whether a PDF asks for a password before it can be read (ISO 32000-2, 7.6). Restrictions alone, with an owner's password,
 * lock nobody out. Only trailers and the one dictionary of encryption are read, never an object of the document.
 */

const pieceBytes = 64 * 1024;
const asMap = (value: PdfValue | undefined): ReadonlyMap<string, PdfValue> | null =>
  value instanceof Map ? value : null;

const isReference = (value: PdfValue): value is PdfReference =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Map) &&
  !Buffer.isBuffer(value);

/** Whether it asks for a password. What cannot be found or understood of its encryption counts as locked. */
export async function isLockedPdf({ part, bytes, tail }: Looked): Promise<boolean> {
  for (const trailer of await trailersOf(part, bytes, tail)) {
    const encrypt = trailer.get("Encrypt");
    if (encrypt === undefined || encrypt === null) continue;
    const lock = asMap(encrypt) ?? (await objectOf(part, bytes, encrypt));
    const ids = trailer.get("ID");
    const id = Array.isArray(ids) ? ids[0] : undefined;
    // A lock that cannot be found or understood is one that we cannot open.
    return lock === null || !opensWithoutPassword(lock, Buffer.isBuffer(id) ? id : Buffer.alloc(0));
  }
  return false;
}

/** Trailers from the last one back: of cross-reference tables and streams (7.5.5, 7.5.8); those of linearised and updated files hold the same lock. */
async function trailersOf(part: Part, bytes: number, tail: Buffer): Promise<ReadonlyMap<string, PdfValue>[]> {
  const list: ReadonlyMap<string, PdfValue>[] = [];
  const word = tail.lastIndexOf("startxref", undefined, "latin1");
  const start = word === -1 ? undefined : /^startxref\s+(\d+)/.exec(tail.toString("latin1", word, word + 64))?.[1];
  const header = Math.max(0, (await part(0, 1024)).indexOf("%PDF-"));
  let at: PdfValue | undefined = start === undefined ? undefined : Number(start);
  for (let updates = 0; updates < 32 && typeof at === "number"; updates += 1) {
    const trailer: ReadonlyMap<string, PdfValue> | null =
      (await trailerAt(part, bytes, at + header)) ?? (header > 0 ? await trailerAt(part, bytes, at) : null);
    if (!trailer) break;
    list.push(trailer);
    at = trailer.get("Prev");
  }
  if (list.length > 0) return list;
  // An address that is wrong: readers then look for the trailer itself.
  const from = tail.lastIndexOf("trailer", undefined, "latin1");
  const found = from === -1 ? null : asMap(readPdfValue(tail, from + 7));
  return found ? [found] : [];
}

async function trailerAt(part: Part, bytes: number, at: number): Promise<ReadonlyMap<string, PdfValue> | null> {
  const head = await part(at, pieceBytes);
  const object = /^\s*\d+\s+\d+\s+obj/.exec(head.toString("latin1", 0, 64))?.[0];
  if (object !== undefined) return asMap(readPdfValue(head, object.length));
  if (!/^\s*xref/.test(head.toString("latin1", 0, 16))) return null;
  const word = await find(part, bytes, at, /trailer/);
  return word === null ? null : asMap(readPdfValue(await part(word, pieceBytes), 7));
}

/** The dictionary of an object: it stands in no object stream (7.6.2), so its head is in the file as it is. */
async function objectOf(part: Part, bytes: number, reference: PdfValue): Promise<ReadonlyMap<string, PdfValue> | null> {
  if (!isReference(reference)) return null;
  const head = new RegExp(`(?<![0-9])${reference.object}\\s+${reference.generation}\\s+obj(?![a-z])`);
  for (let at: number | null = 0; ; at += 1) {
    at = await find(part, bytes, at, head);
    if (at === null) return null;
    const piece = await part(at, pieceBytes);
    const found = asMap(readPdfValue(piece, piece.indexOf("obj") + 3));
    // Another object of that number in a stream's text has no handler.
    if (found?.has("Filter") && (found.has("O") || found.has("SubFilter"))) return found;
  }
}

/** Where a pattern of fewer than 64 bytes begins, from `from` on. */
async function find(part: Part, bytes: number, from: number, pattern: RegExp): Promise<number | null> {
  for (let at = from; at < bytes; at += pieceBytes - 64) {
    const found = (await part(at, pieceBytes)).toString("latin1").search(pattern);
    if (found !== -1) return at + found;
  }
  return null;
}
