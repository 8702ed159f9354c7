import { open } from "node:fs/promises";
import { type FileTypeResult, fileTypeFromBuffer } from "file-type";
import yauzl from "yauzl";
import { invalid } from "#app/platform/errors.ts";
import type { Spooled } from "#app/platform/spool.server.ts";
import { type EvidenceType, type PackedEntry, packedFault, packedLimits } from "./evidence.rules.ts";

/*
 * What a file is, by what stands in it: its name and the type it was sent under are not asked. What is two things at once
 * is refused, and so is what a browser would run.
 */

type Fault = "evidence_empty" | "evidence_type" | "evidence_polyglot" | "evidence_broken" | NonNullable<ReturnType<typeof packedFault>>;
const refuse = (fault: Fault, why: string) => invalid({ file: [`error_${fault}`] }, { code: fault, logMessage: why });

const headBytes = 4100;
/** Length of the longest tail in which a ZIP's end may stand (APPNOTE 4.3.16: 22 bytes and a comment of at most 65,535). */
const tailBytes = 22 + 65_535;

/** @throws invalid with the field `file` and a code `evidence_…`. */
export async function inspect(spooled: Spooled, name: string): Promise<EvidenceType> {
  if (spooled.bytes === 0) throw refuse("evidence_empty", "no bytes");
  const file = await open(spooled.path, "r");
  try {
    const part = async (from: number, length: number) => {
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, spooled.bytes - from)));
      await file.read(buffer, 0, buffer.length, from);
      return buffer;
    };
    const head = await part(0, headBytes);
    const tail = await part(Math.max(0, spooled.bytes - tailBytes), tailBytes);
    const zip = head.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004", "latin1"));
    if (zip) return await packedType(spooled);
    // A byte order mark, which the signatures of some music would fit as well.
    if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return await textType(spooled, part, name);
    const found = await fileTypeFromBuffer(head);
    const type = plainType(found);
    if (type === null) {
      if (found) throw refuse("evidence_type", `content is ${found.mime}`);
      return await textType(spooled, part, name);
    }
    // A packed file may be read from its end: whatever stands before it, it would be both.
    if (tail.includes("PK\u0005\u0006", 0, "latin1")) throw refuse("evidence_polyglot", `${type} with the end of a ZIP`);
    if (markup.test(head.toString("latin1")) || markup.test(tail.subarray(-4096).toString("latin1"))) throw refuse("evidence_polyglot", `${type} with markup`);
    if (!(await endsWhereItShould(type, spooled.bytes, part, tail))) throw refuse("evidence_broken", `${type} does not end as one`);
    return type;
  } finally {
    await file.close();
  }
}

const markup = /<(?:!doctype|html|head|body|script|iframe|svg|\?php|object|embed)\b/i;

function plainType(found: FileTypeResult | undefined): EvidenceType | null {
  const known = ["application/pdf", "image/png", "image/jpeg", "image/webp"] as const;
  return known.find((type) => type === found?.mime) ?? null;
}

type Part = (from: number, length: number) => Promise<Buffer>;

/** Images say themselves where they end (PNG: the chunk IEND; RIFF: its length): what comes behind is something else. */
async function endsWhereItShould(type: EvidenceType, bytes: number, part: Part, tail: Buffer): Promise<boolean> {
  if (type === "image/png") {
    let at = 8;
    for (let chunks = 0; chunks < 100_000 && at + 12 <= bytes; chunks += 1) {
      const chunk = await part(at, 8);
      at += chunk.readUInt32BE(0) + 12;
      if (chunk.toString("latin1", 4) === "IEND") return at === bytes;
    }
    return false;
  }
  if (type === "image/webp") {
    const length = (await part(4, 4)).readUInt32LE(0) + 8;
    return length === bytes || length + 1 === bytes;
  }
  // Cameras write more behind the image; an image that has no end at all is a piece of one.
  if (type === "image/jpeg") return tail.includes(Buffer.from([0xff, 0xd9]));
  return tail.subarray(-2048).includes("%%EOF", 0, "latin1");
}

const textBlock = 256 * 1024;

/** Text in UTF-8, UTF-16 with its mark, or GB 18030, without control characters and without markup. */
async function textType(spooled: Spooled, part: Part, name: string): Promise<EvidenceType> {
  const first = await part(0, 4);
  const marked = first[0] === 0xff && first[1] === 0xfe ? "utf-16le" : first[0] === 0xfe && first[1] === 0xff ? "utf-16be" : null;
  const readable = async (encoding: string): Promise<boolean> => {
    const decoder = new TextDecoder(encoding, { fatal: true });
    let before = "";
    for (let at = 0; at < spooled.bytes; at += textBlock) {
      let text: string;
      try {
        text = decoder.decode(await part(at, textBlock), { stream: at + textBlock < spooled.bytes });
      } catch {
        return false;
      }
      // oxlint-disable-next-line no-control-regex
      if (/[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text)) return false;
      if (markup.test(before + text) || /^\s*<\?xml/i.test(at === 0 ? text : "")) throw refuse("evidence_type", "text with markup");
      before = text.slice(-16);
    }
    return true;
  };
  for (const encoding of marked ? [marked] : ["utf-8", "gb18030"]) if (await readable(encoding)) return /\.csv$/i.test(name) ? "text/csv" : "text/plain";
  throw refuse("evidence_type", "neither a known type nor text");
}

/** A ZIP, or an office document, which is one: its table of contents first, then every entry unpacked and counted. */
async function packedType(spooled: Spooled): Promise<EvidenceType> {
  const zip = await yauzl.openPromise(spooled.path, { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: false }).catch((error: unknown) => {
    throw refuse("evidence_broken", `ZIP cannot be read: ${String(error)}`);
  });
  try {
    if (zip.entryCount > packedLimits.entries) throw refuse("evidence_bomb", `${zip.entryCount} entries`);
    const entries = await contents(zip);
    const type = officeType(entries);
    const kind = type === "application/zip" ? "zip" : "office";
    const fault = packedFault(entries.map((e): PackedEntry => ({ name: e.fileName, packed: e.compressedSize, unpacked: e.uncompressedSize, encrypted: e.isEncrypted() })), spooled.bytes, kind);
    if (fault) throw refuse(fault, `ZIP of ${entries.length} entries`);
    await unpackAll(zip, entries);
    return type;
  } finally {
    zip.close();
  }
}

async function contents(zip: yauzl.ZipFile): Promise<yauzl.Entry[]> {
  const list: yauzl.Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) list.push(entry);
  } catch (error) {
    throw refuse("evidence_broken", `table of contents: ${String(error)}`);
  }
  return list;
}

function officeType(entries: readonly yauzl.Entry[]): EvidenceType {
  const names = new Set(entries.map((e) => e.fileName));
  if (!names.has("[Content_Types].xml")) return "application/zip";
  if (names.has("word/document.xml")) return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  if (names.has("xl/workbook.xml")) return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
  if (names.has("ppt/presentation.xml")) return "application/vnd.openxmlformats-officedocument.presentationml.presentation";
  throw refuse("evidence_type", "an office document of another kind");
}

/** A size in the table may lie: yauzl ends where more comes than it said. */
async function unpackAll(zip: yauzl.ZipFile, entries: readonly yauzl.Entry[]): Promise<void> {
  let left: number = packedLimits.bytes;
  for (const entry of entries) {
    if (entry.fileName.endsWith("/")) continue;
    try {
      const stream = await zip.openReadStreamPromise(entry);
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        left -= chunk.length;
        if (left < 0) break;
      }
    } catch (error) {
      throw refuse("evidence_broken", `entry of a ZIP: ${String(error)}`);
    }
    if (left < 0) throw refuse("evidence_bomb", "unpacked to more than it said");
  }
}
