import { strToU8, zipSync } from "fflate";
import PdfDocument from "pdfkit";

/*
 * Files as people and attackers hand them in. Small: what is large about them is what they claim or unpack to.
 */

const pngBytes = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";
const join = (...parts: (Uint8Array | string)[]): Buffer =>
  Buffer.concat(parts.map((p) => (typeof p === "string" ? Buffer.from(p, "latin1") : Buffer.from(p))));

export const png = (): Uint8Array => Buffer.from(pngBytes, "base64");
export const pdf = (more = ""): Uint8Array =>
  Buffer.from(`%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n${more}trailer<</Root 1 0 R>>\n%%EOF\n`);
export const jpeg = (): Uint8Array =>
  Buffer.from(
    "ffd8ffe000104a46494600010100000100010000ffdb004300030202020202030202020303030304060404040404080606050609080a0a090809090a0c0f0c0a0b0e0b09090d110d0e0f101011100a0c12131210130f101010ffd9",
    "hex",
  );
export const webp = (): Uint8Array =>
  Buffer.from("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700", "hex");
const office = (part: string, more: Record<string, Uint8Array> = {}): Uint8Array =>
  zipSync({ "[Content_Types].xml": strToU8("<Types/>"), [part]: strToU8("<x/>"), ...more });
export const docx = (more?: Record<string, Uint8Array>): Uint8Array => office("word/document.xml", more);
export const xlsx = (): Uint8Array => office("xl/workbook.xml");
export const pptx = (): Uint8Array => office("ppt/presentation.xml");
export const zip = (files: Record<string, Uint8Array> = { "日志.txt": strToU8("甲") }): Uint8Array => zipSync(files);

const rels = (target: string) =>
  strToU8(
    `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Target="docProps/core.xml" Type="x/core-properties" Id="a"/><Relationship Id="b" Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target="${target}"/></Relationships>`,
  );
const override = (part: string, type: string) =>
  strToU8(
    `<?xml version="1.0"?><Types><Default Extension="xml" ContentType="application/xml"/><Override ContentType="${type}" PartName="${part}"/></Types>`,
  );
const opc = (part: string, type: string, target = part): Uint8Array =>
  zipSync({
    "[Content_Types].xml": override(part, type),
    "_rels/.rels": rels(target),
    [part.replace(/^\//, "")]: strToU8("<x/>"),
  });
const ooxml = "application/vnd.openxmlformats-officedocument";
/** The main part has the name that Word Online gives it, and is found by relationship alone. */
export const docxOnline = (): Uint8Array =>
  opc("/word/document2.xml", `${ooxml}.wordprocessingml.document.main+xml`, "word/document2.xml");
export const xlsxByRelation = (): Uint8Array => opc("/xl/book7.xml", `${ooxml}.spreadsheetml.sheet.main+xml`);
export const pptxByRelation = (): Uint8Array => opc("/ppt/show.xml", `${ooxml}.presentationml.presentation.main+xml`);
const docm = (): Uint8Array => opc("/word/document.xml", "application/vnd.ms-word.document.macroEnabled.main+xml");
const xlsb = (): Uint8Array => opc("/xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.main");
const dotx = (): Uint8Array => opc("/word/document.xml", `${ooxml}.wordprocessingml.template.main+xml`);
/** GB/T 33190-2016. */
export const ofd = (): Uint8Array =>
  zipSync({
    "OFD.xml": strToU8(
      '<?xml version="1.0" encoding="UTF-8"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
    ),
    "Doc_0/Document.xml": strToU8("<ofd:Document/>"),
  });
export const openDocument = (
  kind: string,
  manifest = "<manifest:manifest/>",
  more: Record<string, Uint8Array> = {},
): Uint8Array =>
  zipSync({
    mimetype: [strToU8(`application/vnd.oasis.opendocument.${kind}`), { level: 0 }],
    "META-INF/manifest.xml": strToU8(manifest),
    "content.xml": strToU8("<x/>"),
    ...more,
  });
/** A ZIP whose one entry says it is packed by another method (APPNOTE 4.4.5). */
function packedBy(method: number): Uint8Array {
  const file = Buffer.from(zip());
  file.writeUInt16LE(method, 8);
  file.writeUInt16LE(method, file.indexOf("PK\u0001\u0002", 0, "latin1") + 10);
  return file;
}
const box = (name: string, length: number): Buffer => {
  const bytes = Buffer.alloc(8 + length, 0x61);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.write(name, 4, "latin1");
  return bytes;
};
/** A photo with its film behind it, as phones with Android make them: no end of a JPEG in the last 64 kB. */
export const motionPhoto = (): Uint8Array => join(jpeg(), box("ftyp", 16), box("moov", 300), box("mdat", 150_000));
/** As Samsung makes them: the film in a trailer of its own. */
export const samsungPhoto = (): Uint8Array =>
  join(
    jpeg(),
    Buffer.from([0, 0, 0x30, 0x0a, 16, 0, 0, 0]),
    "MotionPhoto_Data",
    box("ftyp", 16),
    box("mdat", 150_000),
    "SEFH",
    Buffer.alloc(20),
    "SEFT",
  );
/** A JPEG as a camera's encoder makes it: coded data with stuffed bytes, restarts and something like an end inside a segment. */
export const scannedJpeg = (behind: Uint8Array = new Uint8Array()): Uint8Array =>
  join(
    jpeg().subarray(0, 20),
    Buffer.from([
      0xff, 0xe1, 0, 6, 0xff, 0xd9, 0xff, 0xd9, 0xff, 0xda, 0, 4, 1, 2, 1, 0xff, 0x00, 2, 0xff, 0xd0, 3, 0xff, 0xff,
      0xd9,
    ]),
    behind,
  );
/** @param userPassword asked for before it can be read; without it the owner's alone restricts it */
export function protectedPdf(
  pdfVersion: "1.3" | "1.4" | "1.6" | "1.7ext3",
  userPassword?: string,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const document = new PdfDocument({
      pdfVersion,
      ownerPassword: "owner",
      ...(userPassword === undefined ? {} : { userPassword }),
      permissions: { printing: "lowResolution" },
    });
    const pieces: Buffer[] = [];
    document.on("data", (piece: Buffer) => pieces.push(piece)).on("error", reject);
    document.on("end", () => resolve(Buffer.concat(pieces)));
    document.text("x");
    document.end();
  });
}
/** An OOXML document under a password is a compound file with these streams ([MS-OFFCRYPTO]); `streams` of another make it another. */
function compound(...streams: string[]): Uint8Array {
  const bytes = Buffer.alloc(1536);
  bytes.write("d0cf11e0a1b11ae1", 0, "hex");
  bytes.writeUInt16LE(9, 30);
  bytes.writeUInt32LE(0, 48);
  for (const [i, name] of streams.entries()) bytes.write(name, 512 + 128 * i, "utf16le");
  return bytes;
}

/** 40 MB of nothing in 40 kB. */
const zipBomb = (): Uint8Array => zipSync({ "zeros.bin": new Uint8Array(40 * 1024 * 1024) }, { level: 9 });
const docxBomb = (): Uint8Array => docx({ "word/media/image1.bin": new Uint8Array(40 * 1024 * 1024) });
const manyEntries = (): Uint8Array =>
  zipSync(Object.fromEntries(Array.from({ length: 5001 }, (_, i) => [`${i}.txt`, new Uint8Array()])), { level: 0 });
/** The table of contents names one entry's bytes many times over. */
function overlapping(): Uint8Array {
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
function lyingSize(): Uint8Array {
  const file = Buffer.from(zipSync({ "a.bin": new Uint8Array(8 * 1024 * 1024) }, { level: 9 }));
  const at = file.indexOf("PK\u0001\u0002", 0, "latin1");
  file.writeUInt32LE(10, at + 24);
  return file;
}
function locked(): Uint8Array {
  const file = Buffer.from(zip());
  const at = file.indexOf("PK\u0001\u0002", 0, "latin1");
  file.writeUInt16LE(file.readUInt16LE(at + 8) | 1, at + 8);
  return file;
}

export const refusedFiles: Readonly<Record<string, { bytes: Uint8Array; name: string; code: string; words?: string }>> =
  {
    "an empty file": { bytes: new Uint8Array(), name: "空.pdf", code: "evidence_empty" },
    "SVG called PNG": {
      bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      name: "a.png",
      code: "evidence_type",
      words: "error_evidence_type_markup",
    },
    "SVG with its XML head": {
      bytes: Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
      name: "a.svg",
      code: "evidence_type",
      words: "error_evidence_type_markup",
    },
    "HTML called text": {
      bytes: Buffer.from("\n <!-- a --><!DOCTYPE html><p>a"),
      name: "a.txt",
      code: "evidence_type",
      words: "error_evidence_type_markup",
    },
    XHTML: {
      bytes: Buffer.from('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"/>'),
      name: "a.xml",
      code: "evidence_type",
      words: "error_evidence_type_markup",
    },
    "HTML in UTF-16": {
      bytes: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("<html>", "utf16le")]),
      name: "a.txt",
      code: "evidence_type",
      words: "error_evidence_type_markup",
    },
    "a program": {
      bytes: Buffer.concat([Buffer.from("MZ"), Buffer.alloc(600, 1)]),
      name: "发票.pdf",
      code: "evidence_type",
    },
    "an ELF program": {
      bytes: Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]), Buffer.alloc(600)]),
      name: "a.txt",
      code: "evidence_type",
    },
    "bytes without a meaning": {
      bytes: Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 37) % 32)),
      name: "a.csv",
      code: "evidence_type",
    },
    "PNG and ZIP at once": { bytes: join(png(), zip()), name: "a.png", code: "evidence_polyglot" },
    "JPEG and ZIP at once": { bytes: join(jpeg(), zip()), name: "a.jpg", code: "evidence_polyglot" },
    "PDF and ZIP at once": { bytes: join(pdf(), zip()), name: "a.pdf", code: "evidence_polyglot" },
    "PDF and HTML at once": { bytes: pdf("<html><script>alert(1)</script>"), name: "a.pdf", code: "evidence_polyglot" },
    "JPEG and RAR at once": { bytes: join(jpeg(), "Rar!\u001a\u0007\u0000"), name: "a.jpg", code: "evidence_polyglot" },
    "JPEG and PDF at once": { bytes: join(jpeg(), pdf()), name: "a.jpg", code: "evidence_polyglot" },
    "JPEG with a film and a ZIP behind it": {
      bytes: join(motionPhoto(), zip()),
      name: "a.jpg",
      code: "evidence_polyglot",
    },
    "JPEG with a film that breaks off": {
      bytes: motionPhoto().subarray(0, -100),
      name: "a.jpg",
      code: "evidence_behind",
    },
    "JPEG with ever so much behind it": {
      bytes: join(jpeg(), Buffer.alloc(70_000, 0x61)),
      name: "a.jpg",
      code: "evidence_behind",
    },
    "half a JPEG": { bytes: scannedJpeg().subarray(0, -2), name: "a.jpg", code: "evidence_broken" },
    "PNG with more behind it": { bytes: join(png(), "more"), name: "a.png", code: "evidence_behind" },
    "PNG with a script behind it": {
      bytes: join(png(), "<script>alert(1)</script>"),
      name: "a.png",
      code: "evidence_polyglot",
    },
    "half a PNG": { bytes: png().subarray(0, 50), name: "a.png", code: "evidence_broken" },
    "half a ZIP": { bytes: zip().subarray(0, 30), name: "a.zip", code: "evidence_broken" },
    "a ZIP bomb": { bytes: zipBomb(), name: "a.zip", code: "evidence_bomb" },
    "a DOCX bomb": { bytes: docxBomb(), name: "a.docx", code: "evidence_bomb" },
    "too many entries": { bytes: manyEntries(), name: "a.zip", code: "evidence_bomb" },
    "entries that overlap": { bytes: overlapping(), name: "a.zip", code: "evidence_bomb" },
    "a ZIP that lies about its size": { bytes: lyingSize(), name: "a.zip", code: "evidence_broken" },
    "a ZIP in a ZIP": { bytes: zip({ "inner.ZIP": zip() }), name: "a.zip", code: "evidence_nested" },
    "a locked ZIP": { bytes: locked(), name: "a.zip", code: "evidence_locked" },
    "a ZIP by Deflate64": { bytes: packedBy(9), name: "a.zip", code: "evidence_packing" },
    "a ZIP by BZIP2": { bytes: packedBy(12), name: "a.zip", code: "evidence_packing" },
    "a ZIP by LZMA": { bytes: packedBy(14), name: "a.zip", code: "evidence_packing" },
    HEIC: {
      bytes: join(Buffer.from([0, 0, 0, 24]), "ftypheic", Buffer.alloc(4), "mif1heic", Buffer.alloc(40)),
      name: "a.heic",
      code: "evidence_type",
      words: "error_evidence_type_image",
    },
    GIF: {
      bytes: join("GIF89a", Buffer.alloc(40)),
      name: "a.gif",
      code: "evidence_type",
      words: "error_evidence_type_image",
    },
    BMP: {
      bytes: join("BM", Buffer.alloc(60)),
      name: "a.bmp",
      code: "evidence_type",
      words: "error_evidence_type_image",
    },
    TIFF: {
      bytes: join("II*", Buffer.from([0, 8, 0, 0, 0]), Buffer.alloc(60)),
      name: "a.tiff",
      code: "evidence_type",
      words: "error_evidence_type_image",
    },
    "an old DOC": {
      bytes: compound("Root Entry", "WordDocument"),
      name: "a.doc",
      code: "evidence_type",
      words: "error_evidence_type_office",
    },
    RTF: {
      bytes: Buffer.from("{\\rtf1 \\ansi x}"),
      name: "a.rtf",
      code: "evidence_type",
      words: "error_evidence_type_office",
    },
    XLSB: { bytes: xlsb(), name: "a.xlsb", code: "evidence_type", words: "error_evidence_type_office" },
    "a template of Word": { bytes: dotx(), name: "a.dotx", code: "evidence_type", words: "error_evidence_type_office" },
    "a drawing of OpenDocument": {
      bytes: openDocument("graphics"),
      name: "a.odg",
      code: "evidence_type",
      words: "error_evidence_type_office",
    },
    "7z": {
      bytes: join(Buffer.from("377abcaf271c0004", "hex"), Buffer.alloc(60)),
      name: "a.7z",
      code: "evidence_type",
      words: "error_evidence_type_archive",
    },
    "tar.gz": {
      bytes: join(Buffer.from("1f8b0800", "hex"), Buffer.alloc(60)),
      name: "a.tar.gz",
      code: "evidence_type",
      words: "error_evidence_type_archive",
    },
    "a film": {
      bytes: join(box("ftyp", 16), box("mdat", 10)).fill("isom", 8, 12),
      name: "a.mp4",
      code: "evidence_type",
      words: "error_evidence_type_media",
    },
    "a locked DOCX": {
      bytes: compound("Root Entry", "EncryptionInfo", "EncryptedPackage"),
      name: "a.docx",
      code: "evidence_locked",
    },
    "a locked ODT": {
      bytes: openDocument("text", "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"),
      name: "a.odt",
      code: "evidence_locked",
    },
    "an ODT with macros": {
      bytes: openDocument("text", undefined, { "Basic/script-lc.xml": strToU8("<x/>") }),
      name: "a.odt",
      code: "evidence_macro",
    },
    "a DOCM": { bytes: docm(), name: "a.docx", code: "evidence_macro" },
    "a DOCX with macros": {
      bytes: docx({ "word/vbaProject.bin": strToU8("x") }),
      name: "a.docx",
      code: "evidence_macro",
    },
  };
