/*
 * What a file may be and be called. Types are told by content; a name is only ever shown and offered.
 */
import { trimEnds } from "#app/platform/trim.ts";

/** Types that are taken, by media type, with the endings each may have; the first is given where a name has none of them. */
export const evidenceTypes = {
  "application/pdf": ["pdf"],
  "image/png": ["png"],
  "image/jpeg": ["jpg", "jpeg"],
  "image/webp": ["webp"],
  // No .html, .svg or .xml: a browser that opens one from a folder may run what stands in it.
  "text/plain": ["txt", "log", "md", "json", "yaml", "yml", "ini", "conf", "cfg", "eml"],
  "text/csv": ["csv"],
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ["docx"],
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ["xlsx"],
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": ["pptx"],
  "application/ofd": ["ofd"],
  "application/vnd.oasis.opendocument.text": ["odt"],
  "application/vnd.oasis.opendocument.spreadsheet": ["ods"],
  "application/vnd.oasis.opendocument.presentation": ["odp"],
  "application/zip": ["zip"],
} as const satisfies Record<string, readonly [string, ...string[]]>;
export type EvidenceType = keyof typeof evidenceTypes;

/** For `accept` of a file field: a help to the chooser, no check. */
export const acceptedEndings = Object.values(evidenceTypes)
  .flat()
  .map((ending) => `.${ending}`)
  .join(",");

const nameLength = 200;
/** Control characters, what steers the direction of writing (a name could pretend another ending), and what a path or a shell minds. */
const unfit = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}\p{Noncharacter_Code_Point}"*:<>?|/\\]+/gu;

/** Names that Windows keeps for devices, whatever ends them: no file of that name can be saved there (Microsoft, «Naming files»). */
const device = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|$)/i;

/** A name as it is kept: the last part of whatever path it came with, in any script, ending as its content does. */
export function safeName(given: string, type: EvidenceType): string {
  const last = given.split(/[/\\]/).at(-1) ?? "";
  const clean = trimEnds(last.normalize("NFC").replaceAll(unfit, "_").replaceAll(/\s+/g, " "), " .");
  const endings: readonly string[] = evidenceTypes[type];
  const ends = endings.some((e) => clean.toLowerCase().endsWith(`.${e}`) && clean.length > e.length + 1);
  const ending = ends ? clean.slice(clean.lastIndexOf(".")) : `.${endings[0] ?? ""}`;
  const stem = (ends ? clean.slice(0, clean.lastIndexOf(".")) : clean) || "file";
  const free = device.test(stem) ? `_${stem}` : stem;
  return `${[...free].slice(0, nameLength - ending.length).join("")}${ending}`;
}

/** Limits of a packed file, beyond which it is taken for a bomb. */
export const packedLimits = {
  entries: 5000,
  bytes: 512 * 1024 * 1024,
  ratio: 100,
  ratioFrom: 4 * 1024 * 1024,
} as const;

export interface PackedEntry {
  name: string;
  packed: number;
  unpacked: number;
  encrypted: boolean;
  /** APPNOTE 4.4.5: 0 stored, 8 deflated, 9 Deflate64, 12 BZIP2, 14 LZMA, 93 Zstandard, 98 PPMd … */
  method: number;
}

const packedEnding = /\.(?:zip|7z|rar|gz|tgz|bz2|xz|zst|jar|war|apk|cab|iso|tar)$/i;
/** What can be unpacked here, and by every reader there is. */
const methods: ReadonlySet<number> = new Set([0, 8]);
/** Parts of OOXML and of OpenDocument that hold macros. */
const macroPart = /(?:^|\/)vbaProject\.bin$|^(?:Basic|Scripts)\/./i;

export type PackedFault =
  | "evidence_bomb"
  | "evidence_locked"
  | "evidence_packing"
  | "evidence_nested"
  | "evidence_macro";
/** Why a packed file is refused by its table of contents alone, or null. `size`: bytes of the whole file. */
export function packedFault(entries: readonly PackedEntry[], size: number, kind: "zip" | "office"): PackedFault | null {
  const unpacked = entries.reduce((sum, e) => sum + e.unpacked, 0);
  const packed = entries.reduce((sum, e) => sum + e.packed, 0);
  // More packed bytes than the file has: entries that share them (Fifield, «A better zip bomb», WOOT 2019).
  if (entries.length > packedLimits.entries || unpacked > packedLimits.bytes || packed > size) return "evidence_bomb";
  if (unpacked > packedLimits.ratioFrom && unpacked > packedLimits.ratio * Math.max(1, size)) return "evidence_bomb";
  if (entries.some((e) => e.encrypted)) return "evidence_locked";
  if (entries.some((e) => !methods.has(e.method))) return "evidence_packing";
  // A bomb inside a bomb is small from outside.
  if (kind === "zip" && entries.some((e) => packedEnding.test(e.name))) return "evidence_nested";
  if (kind === "office" && entries.some((e) => macroPart.test(e.name))) return "evidence_macro";
  return null;
}

/*
 * Kinds that are not taken, with what to do instead: the code stays `evidence_type`, the words differ.
 */
const remedies = {
  image: [
    "image/heic",
    "image/heif",
    "image/heic-sequence",
    "image/avif",
    "image/gif",
    "image/bmp",
    "image/tiff",
    "image/jxl",
    "image/jp2",
    "image/apng",
    "image/vnd.adobe.photoshop",
    "image/x-icon",
  ],
  office: ["application/x-cfb", "application/rtf"],
  archive: [
    "application/x-7z-compressed",
    "application/x-rar-compressed",
    "application/gzip",
    "application/x-gzip",
    "application/x-tar",
    "application/x-bzip2",
    "application/x-xz",
    "application/zstd",
    "application/vnd.ms-cab-compressed",
    "application/x-lzh-compressed",
    "application/x-ace-compressed",
    "application/x-compress",
  ],
} as const satisfies Record<string, readonly string[]>;
export type Remedy = keyof typeof remedies | "media" | "markup";

/** @param mime as told by content */
export function remedyOf(mime: string): Remedy | null {
  if (/^(?:video|audio)\//.test(mime)) return "media";
  return (
    (Object.keys(remedies) as (keyof typeof remedies)[]).find((kind) =>
      (remedies[kind] as readonly string[]).includes(mime),
    ) ?? null
  );
}
