import type { ServedFile } from "#app/request/file.server.ts";
import { AppError } from "#app/platform/errors.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import { type EvidenceRow, keptUnder } from "./evidence.server.ts";
import { verified } from "./upload.server.ts";

/** A file as it goes out: always to be saved, never shown; checked against its digest on the way. */
export async function servedEvidence(storage: Storage, row: EvidenceRow): Promise<ServedFile> {
  const stream = await storage.open(keptUnder(row));
  if (!stream) throw new AppError("unavailable", 503, `the bytes of evidence ${row.id} are not in storage`);
  return {
    name: row.name,
    type: row.mediaType,
    body: verified(stream, row.sha256),
    length: row.bytes,
    etag: row.sha256,
  };
}
