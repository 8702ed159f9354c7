import yauzl from "yauzl";
import type { Spooled } from "#app/platform/spool.server.ts";
import { heard } from "#app/platform/streams.server.ts";
import { type EvidenceType, type PackedEntry, packedFault, packedLimits } from "./evidence.rules.ts";
import { refuse, refuseKind } from "./refusal.server.ts";

/*
 * A ZIP, or an office document, which is one: its table of contents first, then every entry unpacked and counted.
 */

/**
 * The type of a ZIP by its contents.
 * @throws invalid with the field `file` and a code `evidence_…` for what is broken, locked, too large or not taken
 */
export async function packedType(spooled: Spooled): Promise<EvidenceType> {
  const zip = await yauzl
    .openPromise(spooled.path, {
      lazyEntries: true,
      autoClose: false,
      validateEntrySizes: true,
      strictFileNames: false,
    })
    .catch((error: unknown) => {
      throw refuse("evidence_broken", `ZIP cannot be read: ${String(error)}`);
    });
  heard(zip);
  try {
    if (zip.entryCount > packedLimits.entries) throw refuse("evidence_bomb", `${zip.entryCount} entries`);
    const entries = await contents(zip);
    const kind = isOffice(entries) ? "office" : "zip";
    const fault = packedFault(
      entries.map(
        (e): PackedEntry => ({
          name: e.fileName,
          packed: e.compressedSize,
          unpacked: e.uncompressedSize,
          encrypted: e.isEncrypted(),
          method: e.compressionMethod,
        }),
      ),
      spooled.bytes,
      kind,
    );
    if (fault) throw refuse(fault, `ZIP of ${entries.length} entries`);
    const type = kind === "zip" ? "application/zip" : await officeType(new Archive(zip, entries));
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

async function* bytesOf(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  try {
    const stream = heard(await zip.openReadStreamPromise(entry));
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw refuse("evidence_broken", `entry of a ZIP: ${String(error)}`);
  }
}

/** A size in the table may lie: yauzl ends where more comes than it said. */
async function unpackAll(zip: yauzl.ZipFile, entries: readonly yauzl.Entry[]): Promise<void> {
  let left: number = packedLimits.bytes;
  for (const entry of entries) {
    if (entry.fileName.endsWith("/")) continue;
    for await (const chunk of bytesOf(zip, entry)) {
      left -= chunk.length;
      if (left < 0) throw refuse("evidence_bomb", "unpacked to more than it said");
    }
  }
}

const partBytes = 1024 * 1024;
/** Names of parts are told apart without regard to case (ECMA-376-2, 6.2.2.3). */
const asPart = (name: string) => name.replaceAll("\\", "/").replace(/^\/+/, "").toLowerCase();

class Archive {
  private readonly byName: ReadonlyMap<string, yauzl.Entry>;
  constructor(
    private readonly zip: yauzl.ZipFile,
    readonly entries: readonly yauzl.Entry[],
  ) {
    this.byName = new Map(entries.map((e) => [asPart(e.fileName), e]));
  }
  has(name: string): boolean {
    return this.byName.has(asPart(name));
  }
  /** Text of a small part; «» where there is none. */
  async text(name: string): Promise<string> {
    const entry = this.byName.get(asPart(name));
    if (!entry || entry.uncompressedSize > partBytes) return "";
    const pieces: Buffer[] = [];
    for await (const chunk of bytesOf(this.zip, entry)) pieces.push(chunk);
    const bytes = Buffer.concat(pieces);
    return bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString("utf16le") : bytes.toString("utf8");
  }
}

const isOffice = (entries: readonly yauzl.Entry[]): boolean =>
  entries.some((e) => ["[content_types].xml", "ofd.xml"].includes(asPart(e.fileName))) ||
  entries[0]?.fileName === "mimetype";

async function officeType(archive: Archive): Promise<EvidenceType> {
  if (archive.has("[Content_Types].xml")) return ooxmlType(archive);
  if (archive.has("OFD.xml")) return ofdType(archive);
  return openDocumentType(archive);
}

/** GB/T 33190-2016, 7.4: the entry of the package is OFD.xml with the root element OFD. */
async function ofdType(archive: Archive): Promise<EvidenceType> {
  const roots = tags(await archive.text("OFD.xml"), "OFD");
  return roots.some((tag) => /xmlns(?::\w+)?\s*=\s*["']https?:\/\/www\.ofdspec\.org/i.test(tag))
    ? "application/ofd"
    : "application/zip";
}

/** OpenDocument 1.3, part 2: the first entry says the type (2.2.4), the manifest which parts are encrypted (3.4.1). */
async function openDocumentType(archive: Archive): Promise<EvidenceType> {
  const type = (await archive.text("mimetype")).trim();
  if (!type.startsWith("application/vnd.oasis.opendocument.")) return "application/zip";
  if (/<(?:\w+:)?encryption-data\b/.test(await archive.text("META-INF/manifest.xml")))
    throw refuse("evidence_locked", "an encrypted OpenDocument");
  const known = (["text", "spreadsheet", "presentation"] as const).find(
    (kind) => type === `application/vnd.oasis.opendocument.${kind}`,
  );
  if (!known) throw refuseKind("office", `an OpenDocument of another kind: ${type}`);
  return `application/vnd.oasis.opendocument.${known}`;
}

const ooxml = {
  word: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  xl: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ppt: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
} as const;

const attribute = (tag: string, name: string): string =>
  new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, "i")
    .exec(tag)
    ?.slice(1)
    .find((v) => v !== undefined) ?? "";
const tags = (xml: string, name: string): string[] => xml.match(new RegExp(`<(?:\\w+:)?${name}\\b[^<>]*>`, "g")) ?? [];

/** The main part is found by relationship and known by its content type (ECMA-376-1, 15.2; 376-2, 7.2): its name is free, and Word Online calls it document2.xml. */
async function ooxmlType(archive: Archive): Promise<EvidenceType> {
  const main = tags(await archive.text("_rels/.rels"), "Relationship").find((tag) =>
    attribute(tag, "Type").endsWith("/officeDocument"),
  );
  const target =
    main === undefined
      ? ["word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"].find((name) => archive.has(name))
      : attribute(main, "Target");
  if (target === undefined || !archive.has(target))
    throw refuseKind("office", "an office document without a main part");
  const types = await archive.text("[Content_Types].xml");
  const declared = tags(types, "Override").find((tag) => asPart(attribute(tag, "PartName")) === asPart(target));
  const type = declared === undefined ? "" : attribute(declared, "ContentType");
  if (/macroEnabled\.main\+xml$/i.test(type)) throw refuse("evidence_macro", `an office document of type ${type}`);
  if (/wordprocessingml\.document\.main\+xml$/i.test(type)) return ooxml.word;
  if (/spreadsheetml\.sheet\.main\+xml$/i.test(type)) return ooxml.xl;
  if (/presentationml\.(?:presentation|slideshow)\.main\+xml$/i.test(type)) return ooxml.ppt;
  const folder = asPart(target).split("/")[0] ?? "";
  if (type === "" && Object.hasOwn(ooxml, folder)) return ooxml[folder as keyof typeof ooxml];
  throw refuseKind("office", `an office document of another kind: ${type}`);
}
