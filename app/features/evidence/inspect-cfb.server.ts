import type { Part } from "./inspected.ts";

/**
 * Whether a compound file ([MS-CFB]) holds an OOXML document under a password ([MS-OFFCRYPTO] 2.3.4.4): its directory then
 * names a stream «EncryptedPackage». The first sector of the directory holds at least four entries, and these come first.
 */
export async function isLockedOffice(part: Part): Promise<boolean> {
  const header = await part(0, 512);
  if (header.length < 512) return false;
  const size = 2 ** Math.min(12, header.readUInt16LE(30));
  const directory = await part((header.readUInt32LE(48) + 1) * size, 4096);
  return directory.includes(Buffer.from("EncryptedPackage", "utf16le"));
}
