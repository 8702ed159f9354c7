import { strToU8, zipSync } from "fflate";

/*
 * Files as people and attackers hand them in. Small: what is large about them is what they claim or unpack to.
 */

const pngBytes = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
const join = (...parts: (Uint8Array | string)[]): Uint8Array => Buffer.concat(parts.map((p) => (typeof p === "string" ? Buffer.from(p) : Buffer.from(p))));

export const png = (): Uint8Array => Buffer.from(pngBytes, "base64");
export const pdf = (more = ""): Uint8Array => Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n${more}trailer<</Root 1 0 R>>\n%%EOF\n`);
export const jpeg = (): Uint8Array => Buffer.from("ffd8ffe000104a46494600010100000100010000ffdb004300030202020202030202020303030304060404040404080606050609080a0a090809090a0c0f0c0a0b0e0b09090d110d0e0f101011100a0c12131210130f101010ffd9", "hex");
export const webp = (): Uint8Array => Buffer.from("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700", "hex");
const office = (part: string, more: Record<string, Uint8Array> = {}): Uint8Array => zipSync({ "[Content_Types].xml": strToU8("<Types/>"), [part]: strToU8("<x/>"), ...more });
export const docx = (more?: Record<string, Uint8Array>): Uint8Array => office("word/document.xml", more);
export const xlsx = (): Uint8Array => office("xl/workbook.xml");
export const pptx = (): Uint8Array => office("ppt/presentation.xml");
export const zip = (files: Record<string, Uint8Array> = { "日志.txt": strToU8("甲") }): Uint8Array => zipSync(files);

/** 40 MB of nothing in 40 kB. */
export const zipBomb = (): Uint8Array => zipSync({ "zeros.bin": new Uint8Array(40 * 1024 * 1024) }, { level: 9 });
export const docxBomb = (): Uint8Array => docx({ "word/media/image1.bin": new Uint8Array(40 * 1024 * 1024) });
export const manyEntries = (): Uint8Array => zipSync(Object.fromEntries(Array.from({ length: 5001 }, (_, i) => [`${i}.txt`, new Uint8Array()])), { level: 0 });
/** The table of contents names one entry's bytes many times over. */
export function overlapping(): Uint8Array {
  const one = Buffer.from(zipSync({ "a.bin": new Uint8Array(1024 * 1024) }, { level: 9 }));
  const end = one.indexOf("PK\u0005\u0006", 0, "latin1");
  const at = one.indexOf("PK\u0001\u0002", 0, "latin1");
  const entry = one.subarray(at, end);
  const tail = Buffer.from(one.subarray(end));
  const copies = 2000;
  tail.writeUInt16LE(copies, 8);
  tail.writeUInt16LE(copies, 10);
  tail.writeUInt32LE(entry.length * copies, 12);
  return Buffer.concat([one.subarray(0, at), ...Array.from({ length: copies }, () => entry), tail]);
}
/** Says that it unpacks to ten bytes. */
export function lyingSize(): Uint8Array {
  const file = Buffer.from(zipSync({ "a.bin": new Uint8Array(8 * 1024 * 1024) }, { level: 9 }));
  const at = file.indexOf("PK\u0001\u0002", 0, "latin1");
  file.writeUInt32LE(10, at + 24);
  return file;
}
export function locked(): Uint8Array {
  const file = Buffer.from(zip());
  const at = file.indexOf("PK\u0001\u0002", 0, "latin1");
  file.writeUInt16LE(file.readUInt16LE(at + 8) | 1, at + 8);
  return file;
}

export const refusedFiles: Readonly<Record<string, { bytes: Uint8Array; name: string; code: string }>> = {
  "an empty file": { bytes: new Uint8Array(), name: "空.pdf", code: "evidence_empty" },
  "SVG called PNG": { bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), name: "a.png", code: "evidence_type" },
  "SVG with its XML head": { bytes: Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), name: "a.svg", code: "evidence_type" },
  "HTML called text": { bytes: Buffer.from("a\n".repeat(200_000) + "<SCRIPT>alert(1)</SCRIPT>"), name: "a.txt", code: "evidence_type" },
  "HTML in UTF-16": { bytes: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("<html>", "utf16le")]), name: "a.txt", code: "evidence_type" },
  "a program": { bytes: Buffer.concat([Buffer.from("MZ"), Buffer.alloc(600, 1)]), name: "发票.pdf", code: "evidence_type" },
  "an ELF program": { bytes: Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]), Buffer.alloc(600)]), name: "a.txt", code: "evidence_type" },
  "bytes without a meaning": { bytes: Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 37) % 32)), name: "a.csv", code: "evidence_type" },
  "PNG and ZIP at once": { bytes: join(png(), zip()), name: "a.png", code: "evidence_polyglot" },
  "JPEG and ZIP at once": { bytes: join(jpeg(), zip()), name: "a.jpg", code: "evidence_polyglot" },
  "PDF and ZIP at once": { bytes: join(pdf(), zip()), name: "a.pdf", code: "evidence_polyglot" },
  "PDF and HTML at once": { bytes: pdf("<html><script>alert(1)</script>"), name: "a.pdf", code: "evidence_polyglot" },
  "PNG with more behind it": { bytes: join(png(), "more"), name: "a.png", code: "evidence_broken" },
  "PNG with a script behind it": { bytes: join(png(), "<script>alert(1)</script>"), name: "a.png", code: "evidence_polyglot" },
  "half a PNG": { bytes: png().subarray(0, 50), name: "a.png", code: "evidence_broken" },
  "half a ZIP": { bytes: zip().subarray(0, 30), name: "a.zip", code: "evidence_broken" },
  "a ZIP bomb": { bytes: zipBomb(), name: "a.zip", code: "evidence_bomb" },
  "a DOCX bomb": { bytes: docxBomb(), name: "a.docx", code: "evidence_bomb" },
  "too many entries": { bytes: manyEntries(), name: "a.zip", code: "evidence_bomb" },
  "entries that overlap": { bytes: overlapping(), name: "a.zip", code: "evidence_bomb" },
  "a ZIP that lies about its size": { bytes: lyingSize(), name: "a.zip", code: "evidence_broken" },
  "a ZIP in a ZIP": { bytes: zip({ "inner.ZIP": zip() }), name: "a.zip", code: "evidence_nested" },
  "a locked ZIP": { bytes: locked(), name: "a.zip", code: "evidence_locked" },
  "a DOCX with macros": { bytes: docx({ "word/vbaProject.bin": strToU8("x") }), name: "a.docx", code: "evidence_macro" },
};
