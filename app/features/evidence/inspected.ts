/** Bytes of a file from an offset, fewer where it ends. */
export type Part = (from: number, length: number) => Promise<Buffer>;

/** A file as those who judge it see it. */
export interface Looked {
  part: Part;
  /** Its whole length. */
  bytes: number;
  /** Its first four kilobytes. */
  head: Buffer;
  /** Its last 64 kilobytes. */
  tail: Buffer;
}
