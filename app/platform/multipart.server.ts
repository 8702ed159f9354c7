import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import { heard } from "./streams.server.ts";

/*
 * The one file of a form (RFC 7578) while it comes in. Body, parser, file and whoever keeps it hang together: where one of
 * them ends badly all end, and the promise settles, at whatever byte.
 */

/** More than one file: which of them is meant, nobody can tell. */
export class FormOfTwoFiles extends Error {
  override readonly name = "FormOfTwoFiles";
}

/** Beside the file a form of ours has a handful of short fields; more is somebody's trial. */
const limits = { files: 2, fields: 20, fieldSize: 4096, parts: 30, headerPairs: 50 };

export interface FormFile<T> {
  /** As its sender wrote it; «» where a browser was given no name. */
  name: string;
  kept: T;
}

/**
 * @param keep reads the file to its end or destroys it
 * @param discard undoes `keep`, where the form turned out bad after the file had come whole
 * @returns null where the form has no file
 * @throws what `keep` or the body throws; FormOfTwoFiles; an Error of the parser for what is no form
 */
export async function fileOfForm<T>(
  contentType: string,
  body: Readable,
  keep: (file: Readable) => Promise<T>,
  discard: (kept: T) => Promise<void>,
): Promise<FormFile<T> | null> {
  // Latin-1 leaves the bytes of a name as they came: `nameOf` tells what they are.
  const parser = heard(
    busboy({ headers: { "content-type": contentType }, defParamCharset: "latin1", preservePath: true, limits }),
  );
  const stop = new AbortController();
  let file: { name: string; kept: Promise<T> } | undefined;
  parser.on("file", (_field, stream, { filename }) => {
    heard(stream);
    if (file) {
      stream.resume();
      return stop.abort(new FormOfTwoFiles("more than one file"));
    }
    const kept = keep(stream);
    // Who keeps it may fail after the whole body was read: the parser then waits for a reader that is gone.
    kept.catch((error: unknown) => stop.abort(error));
    file = { name: nameOf(filename ?? ""), kept };
  });
  for (const limit of ["partsLimit", "fieldsLimit"] as const)
    parser.on(limit, () => stop.abort(new Error(`a form beyond its ${limit}`)));
  const [read] = await Promise.allSettled([pipeline(body, parser, { signal: stop.signal })]);
  // Where the reading failed the file's stream is destroyed by the parser, so that `keep` ends as well.
  const [kept] = file ? await Promise.allSettled([file.kept]) : [];
  const failed = stop.signal.aborted
    ? (stop.signal.reason as unknown)
    : read.status === "rejected"
      ? read.reason
      : undefined;
  if (failed !== undefined && kept?.status === "fulfilled") await discard(kept.value);
  if (failed !== undefined) throw failed;
  if (kept?.status === "rejected") throw kept.reason;
  return file && kept ? { name: file.name, kept: kept.value } : null;
}

/** Browsers write three characters of a name in another way, for it stands in quotes (HTML, «multipart form data»). */
const asWritten = (name: string): string => name.replaceAll("%22", '"').replaceAll("%0D", "\r").replaceAll("%0A", "\n");

/** A name from its bytes: UTF-8 as browsers write it, else GB 18030 as older programs of Chinese systems do. */
export function nameOf(latin1: string): string {
  // Decoded already (`filename*`, which RFC 7578 forbids and some send).
  if (/[^\u0000-\u00ff]/.test(latin1)) return asWritten(latin1);
  const bytes = Buffer.from(latin1, "latin1");
  for (const charset of ["utf-8", "gb18030"]) {
    try {
      return asWritten(new TextDecoder(charset, { fatal: true }).decode(bytes));
    } catch {
      // The next one.
    }
  }
  return asWritten(latin1);
}
