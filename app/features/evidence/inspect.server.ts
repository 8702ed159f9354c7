import { open } from "node:fs/promises";
import { fileTypeFromBuffer } from "file-type";
import type { Spooled } from "#app/platform/spool.server.ts";
import { type EvidenceType, remedyOf } from "./evidence.rules.ts";
import { isLockedOffice } from "./inspect-cfb.server.ts";
import { imageFault } from "./inspect-image.server.ts";
import { isLockedPdf } from "./inspect-pdf.server.ts";
import type { Looked, Part } from "./inspected.ts";
import { isMarked, readsAsText } from "./inspect-text.server.ts";
import { packedType } from "./inspect-zip.server.ts";
import { refuse, refuseKind } from "./refusal.server.ts";

/*
 * What a file is, by what stands in it: its name and the type it was sent under are not asked. What is two things at once
 * is refused, and so is what a browser would show as a page.
 */

const headBytes = 4100;
/** Length of the longest tail in which a ZIP's end may stand (APPNOTE 4.3.16: 22 bytes and a comment of at most 65,535). */
const tailBytes = 22 + 65_535;

/** @throws invalid with the field `file` and a code `evidence_…`. */
export async function inspect(spooled: Spooled, name: string): Promise<EvidenceType> {
  if (spooled.bytes === 0) throw refuse("evidence_empty", "no bytes");
  const file = await open(spooled.path, "r");
  try {
    const part: Part = async (from, length) => {
      const buffer = Buffer.alloc(Math.max(0, Math.min(length, spooled.bytes - from)));
      await file.read(buffer, 0, buffer.length, from);
      return buffer;
    };
    const looked: Looked = {
      part,
      bytes: spooled.bytes,
      head: await part(0, headBytes),
      tail: await part(Math.max(0, spooled.bytes - tailBytes), tailBytes),
    };
    if (looked.head.subarray(0, 4).equals(Buffer.from("PK\u0003\u0004", "latin1"))) return await packedType(spooled);
    return await plainType(looked, name);
  } finally {
    await file.close();
  }
}

const plainTypes = ["application/pdf", "image/png", "image/jpeg", "image/webp"] as const;
type PlainType = (typeof plainTypes)[number];
/** Programs whose text is no evidence: they are run or set, and their signature is long enough to be meant. */
const textPrograms: ReadonlySet<string> = new Set(["application/rtf", "application/postscript", "application/eps"]);
const markup = /<(?:!doctype|html|head|body|script|iframe|svg|\?php|object|embed)\b/i;

async function plainType(looked: Looked, name: string): Promise<EvidenceType> {
  const { head, tail } = looked;
  const found = isMarked(head) ? undefined : await fileTypeFromBuffer(head);
  const type = plainTypes.find((known) => known === found?.mime);
  if (type === undefined) return textType(looked, name, found?.mime);
  // A packed file may be read from its end: whatever stands before it, it would be both.
  if (tail.includes("PK\u0005\u0006", 0, "latin1")) throw refuse("evidence_polyglot", `${type} with the end of a ZIP`);
  if (markup.test(head.toString("latin1")) || markup.test(tail.subarray(-4096).toString("latin1")))
    throw refuse("evidence_polyglot", `${type} with markup`);
  const fault = await faultOf(type, looked);
  if (fault) throw refuse(fault, `${type} does not end as one, or cannot be opened`);
  return type;
}

async function faultOf(type: PlainType, looked: Looked) {
  if (type !== "application/pdf") return imageFault(type, looked);
  if (!looked.tail.subarray(-2048).includes("%%EOF", 0, "latin1")) return "evidence_broken";
  return (await isLockedPdf(looked)) ? "evidence_locked_pdf" : null;
}

/**
 * Text, whatever stands in it: logs of attacks hold scripts, letters hold HTML. It is only ever saved, under a name that no
 * browser runs. A short signature on clean text is chance: a table whose first head is «BM» is no bitmap.
 */
async function textType(looked: Looked, name: string, mime: string | undefined): Promise<EvidenceType> {
  const reading = mime !== undefined && textPrograms.has(mime) ? "no" : await readsAsText(looked, mime !== undefined);
  if (reading === "page") throw refuseKind("markup", "a page or a drawing of a browser");
  if (reading === "text") return /\.csv$/i.test(name) ? "text/csv" : "text/plain";
  if (mime === "application/x-cfb" && (await isLockedOffice(looked.part)))
    throw refuse("evidence_locked", "an encrypted office document");
  if (mime === undefined) throw refuse("evidence_type", "neither a known type nor text");
  throw refuseKind(remedyOf(mime), `content is ${mime}`);
}
