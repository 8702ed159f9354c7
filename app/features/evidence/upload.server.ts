import { createHash } from "node:crypto";
import { Readable, Transform } from "node:stream";
import busboy from "busboy";
import { inRequest } from "#app/features/identity/acts.server.ts";
import type { Actor } from "#app/features/identity/actor.ts";
import type { RequestContext } from "#app/features/identity/context.server.ts";
import { inTurn } from "#app/features/identity/once.server.ts";
import { AppError, invalid, malformed } from "#app/platform/errors.ts";
import { type Spooled, spool } from "#app/platform/spool.server.ts";
import { type Storage, spoolFolder, storageOf } from "#app/platform/storage.server.ts";
import { type Tx, withActor } from "#db/client.server.ts";
import { safeName } from "./evidence.rules.ts";
import type { Target } from "./evidence.schema.ts";
import { addEvidence, demandRoom, type EvidenceItem, keptUnder, type NewEvidence, newEvidenceId, placeOfTarget, removeEvidence } from "./evidence.server.ts";
import { inspect } from "./inspect.server.ts";

/*
 * How a file comes in: asked first whether it may, streamed to disk and hashed, looked at, put into storage, and only then
 * written down. What goes wrong on the way leaves neither a row nor bytes.
 */

const mega = 1024 * 1024;
/** Of a multipart body, beside the file: boundaries and a few short fields. */
const envelope = 64 * 1024;

const tooBig = (mb: number) => new AppError("evidence_too_large", 413, `more than ${mb} MB`, { params: { mb }, fieldErrors: { file: [`error_evidence_too_large|mb=${mb}`] } });

interface Incoming {
  request: Request;
  context: RequestContext;
  actor: Actor;
  target: Target;
}
interface Received {
  name: string;
  spooled: Spooled;
}

/** What else happens in the transaction that adds the row: the API keeps its idempotency there. */
export type AddWith = (tx: Tx, add: () => Promise<EvidenceItem>, file: Pick<NewEvidence, "sha256" | "name">) => Promise<EvidenceItem>;

/**
 * Takes the one file of a request's body.
 * @throws conflict `sealed`; invalid with field `file` and a code `evidence_…`; 413 `evidence_too_large`; notFound.
 */
export async function receiveEvidence(incoming: Incoming, name: string | null, write: AddWith = (_tx, add) => add()): Promise<EvidenceItem> {
  const { request, context, actor, target } = incoming;
  const { UPLOAD_MAX_MB: max, UPLOAD_QUOTA_MB: quota } = context.env;
  if (Number(request.headers.get("content-length") ?? 0) > max * mega + envelope) throw tooBig(max);
  // Before a byte is read: may he, and is there room at all?
  await withActor(context.db.read, actor, async (tx) => demandRoom(tx, await placeOfTarget(tx, actor, target), 1, quota));
  const { spooled, name: given } = await take(request, context, name);
  const storage = storageOf(context.env);
  try {
    const mediaType = await inspect(spooled, given);
    const file: NewEvidence = { id: newEvidenceId(), name: safeName(given, mediaType), mediaType, bytes: spooled.bytes, sha256: spooled.sha256 };
    return await settle(storage, incoming, file, spooled, write);
  } finally {
    await spooled.discard();
  }
}

async function settle(storage: Storage, { context, actor, target }: Incoming, file: NewEvidence, spooled: Spooled, write: AddWith): Promise<EvidenceItem> {
  const key = keptUnder({ tenantId: actor.tenantId, id: file.id });
  await storage.keep(key, spooled);
  let item: EvidenceItem | undefined;
  try {
    const add = (tx: Tx) => write(tx, () => addEvidence(tx, actor, target, file, context.env.UPLOAD_QUOTA_MB), file);
    item = await inTurn(() => withActor(context.db.write, inRequest(actor, context), add));
    return item;
  } finally {
    // Nothing was written down, or what is told is an earlier upload of the same: these bytes belong to no row.
    if (item?.id !== file.id) await storage.remove(key).catch((error: unknown) => context.log.error({ err: error, key }, "bytes without a row could not be removed"));
  }
}

/** Takes a file away and then its bytes. */
export async function discardEvidence({ context, actor }: Pick<Incoming, "context" | "actor">, id: string): Promise<void> {
  const key = await withActor(context.db.write, inRequest(actor, context), (tx) => removeEvidence(tx, id));
  await storageOf(context.env).remove(key).catch((error: unknown) => context.log.error({ err: error, key }, "bytes without a row could not be removed"));
}

async function take(request: Request, context: RequestContext, name: string | null): Promise<Received> {
  const max = context.env.UPLOAD_MAX_MB;
  if (request.body === null) throw invalid({ file: ["error_evidence_empty"] }, { code: "evidence_empty" });
  const folder = spoolFolder(context.env);
  const body = Readable.fromWeb(request.body as never);
  try {
    if (/^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "")) return await fromForm(request, body, folder, max * mega);
    return { name: name ?? "", spooled: await spool(body as AsyncIterable<Uint8Array>, folder, max * mega) };
  } catch (error) {
    if (error instanceof RangeError) throw tooBig(max);
    if (error instanceof AppError) throw error;
    // The sender went away, or what he sends is no form.
    throw malformed({ code: "malformed_upload", cause: error, logMessage: `upload ended: ${String(error)}` });
  } finally {
    body.destroy();
  }
}

/** Browsers write three characters of a name in another way, for it stands in quotes (HTML, «multipart form data»). */
const asWritten = (name: string): string => name.replaceAll("%22", '"').replaceAll("%0D", "\r").replaceAll("%0A", "\n");

/** The first file of a form; what else is in it is not read. */
async function fromForm(request: Request, body: Readable, folder: string, limit: number): Promise<Received> {
  const parser = busboy({ headers: { "content-type": request.headers.get("content-type") ?? "" }, defParamCharset: "utf8", preservePath: false, limits: { files: 1, fields: 20, fieldSize: 4096, parts: 30, headerPairs: 50 } });
  const spooling: Promise<Received>[] = [];
  parser.on("file", (_field, stream, { filename }) => {
    const kept = spool(stream as AsyncIterable<Uint8Array>, folder, limit).then((spooled) => ({ name: asWritten(filename ?? ""), spooled }));
    // What fails here ends the reading of the whole body.
    kept.catch((error: unknown) => body.destroy(error as Error));
    spooling.push(kept);
  });
  const done = new Promise<void>((resolve, reject) => {
    parser.once("close", resolve);
    parser.once("error", reject);
    body.once("error", reject);
    body.once("close", () => {
      if (!body.readableEnded) reject(new Error("the body ended early"));
    });
  });
  body.pipe(parser);
  let ended: unknown;
  await done.catch((error: unknown) => {
    ended = error;
    parser.destroy(error as Error);
  });
  const [first] = await Promise.allSettled(spooling);
  if (ended !== undefined || first?.status === "rejected") {
    if (first?.status === "fulfilled") await first.value.spooled.discard();
    throw first?.status === "rejected" && first.reason instanceof RangeError ? first.reason : (ended ?? (first as PromiseRejectedResult).reason);
  }
  if (!first) throw invalid({ file: ["error_field_required"] }, { code: "evidence_missing" });
  return first.value;
}

/** The bytes as they were handed in: a stream that ends with an error where they no longer are. */
export function verified(stream: ReadableStream<Uint8Array>, sha256: string): ReadableStream<Uint8Array> {
  const hash = createHash("sha256");
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(hash.digest("hex") === sha256 ? null : new Error(`stored bytes are no longer ${sha256}`));
    },
  });
  const source = Readable.fromWeb(stream as never);
  source.once("error", (error) => watch.destroy(error));
  watch.once("close", () => source.destroy());
  return Readable.toWeb(source.pipe(watch)) as ReadableStream<Uint8Array>;
}
