import { and, eq } from "drizzle-orm";
import type { Actor } from "#app/request/actor.ts";
import type { Locale } from "#app/i18n/locale.ts";
import { renderPdf } from "#app/pdf/render.server.ts";
import type { PdfData, PdfKind } from "#app/pdf/types.ts";
import { sealOf } from "#app/platform/canonical.server.ts";
import { uuidv7 } from "#app/platform/id.ts";
import type { Storage } from "#app/platform/storage.server.ts";
import type { Tx } from "#db/client.server.ts";
import { artifacts } from "#db/schema/index.ts";

/*
 * Rendered documents, made once: the same data in the same language is the same file, found again by the digest of what
 * went in. A change of the typesetting raises `setting`, so that old files are not taken for new ones.
 */
const setting = 2;

/** A certificate is set anew each time. */
export type StoredKind = Exclude<PdfKind, "certificate">;

export interface StoredFile {
  /** Digest of the file's bytes. */
  sha256: string;
  bytes: number;
  pages: number;
}
export interface PrintJob<K extends StoredKind> {
  kind: K;
  /** The document or edition that is printed. */
  objectId: string;
  data: PdfData[K];
  locale: Locale;
  /** Readable by everyone: files of a published edition. */
  public?: boolean;
}

/**
 * Under what a file is kept: SHA-256 of its data, language and the version of the typesetting. Equal data give the
 * file that there is.
 */
export const inputDigest = <K extends StoredKind>(job: PrintJob<K>): string =>
  sealOf({ setting, kind: job.kind, locale: job.locale, data: job.data });

/** The file of these data when it was made before and its bytes are still there. */
export async function findPrinted<K extends StoredKind>(
  tx: Tx,
  storage: Storage,
  job: PrintJob<K>,
): Promise<StoredFile | null> {
  const rows = await tx
    .select()
    .from(artifacts)
    .where(
      and(
        eq(artifacts.objectId, job.objectId),
        eq(artifacts.locale, job.locale),
        eq(artifacts.inputSha256, inputDigest(job)),
      ),
    );
  for (const row of rows)
    if ((await storage.size(row.sha256)) === row.bytes)
      return { sha256: row.sha256, bytes: row.bytes, pages: row.pages };
  return null;
}

/** Renders and stores the bytes. Takes seconds for a long report: outside of a transaction, where the caller has the choice. */
export async function printPdf<K extends StoredKind>(storage: Storage, job: PrintJob<K>): Promise<StoredFile> {
  const made = await renderPdf(job.kind, job.data, job.locale);
  const { sha256, bytes } = await storage.put(made.bytes);
  return { sha256, bytes, pages: made.pages };
}

/** Notes a file as the caller's, so that the next reader of the same tenant finds it. `actor` may be of the sector or the national office. */
export async function keepPrinted<K extends StoredKind>(
  tx: Tx,
  actor: Actor,
  job: PrintJob<K>,
  file: StoredFile,
): Promise<void> {
  await tx
    .insert(artifacts)
    .values({
      tenantId: actor.tenantId,
      id: uuidv7(),
      objectId: job.objectId,
      kind: job.kind,
      locale: job.locale,
      public: job.public ?? false,
      inputSha256: inputDigest(job),
      ...file,
      createdAt: actor.now,
    })
    .onConflictDoNothing();
}

/** All three in one transaction: for programs that print and keep nobody waiting. */
export async function printed<K extends StoredKind>(
  tx: Tx,
  actor: Actor,
  storage: Storage,
  job: PrintJob<K>,
): Promise<StoredFile> {
  const known = await findPrinted(tx, storage, job);
  if (known) return known;
  const file = await printPdf(storage, job);
  await keepPrinted(tx, actor, job, file);
  return file;
}
