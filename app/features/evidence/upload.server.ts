import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { inRequest } from "#app/request/audit-note.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { RequestContext } from "#app/request/context.server.ts";
import { askerOf } from "#app/request/asker.server.ts";
import { inTurn } from "#app/request/once.server.ts";
import { AppError, invalid, malformed } from "#app/platform/errors.ts";
import { fileOfForm, FormOfTwoFiles } from "#app/platform/multipart.server.ts";
import { uploads } from "#app/platform/fair.server.ts";
import { type Spooled, spool } from "#app/platform/spool.server.ts";
import { type Storage, spoolFolder, storageOf } from "#app/platform/storage.server.ts";
import { heard } from "#app/platform/streams.server.ts";
import { type Tx, withActor } from "#db/client.server.ts";
import { safeName } from "./evidence.rules.ts";
import type { Target } from "./evidence.schema.ts";
import {
  addEvidence,
  demandRoom,
  type EvidenceItem,
  keptUnder,
  type NewEvidence,
  newEvidenceId,
  placeOfTarget,
  removeEvidence,
} from "./evidence.server.ts";
import { inspect } from "./inspect.server.ts";

/*
 * How a file comes in: asked first whether it may, streamed to disk and hashed, looked at, put into storage, and only then
 * written down. What goes wrong on the way leaves neither a row nor bytes.
 */

const mega = 1024 * 1024;
/** Of a multipart body, beside the file: boundaries and a few short fields. */
const envelope = 64 * 1024;

const tooBig = (mb: number) =>
  new AppError("evidence_too_large", 413, `more than ${mb} MB`, {
    params: { mb },
    fieldErrors: { file: [`error_evidence_too_large|mb=${mb}`] },
  });

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
export type AddWith = (
  tx: Tx,
  add: () => Promise<EvidenceItem>,
  file: Pick<NewEvidence, "sha256" | "name">,
) => Promise<EvidenceItem>;

/**
 * Takes the one file of a request's body.
 * @throws conflict `sealed`; invalid with field `file` and a code `evidence_…`; 413 `evidence_too_large`; notFound.
 */
export function receiveEvidence(
  incoming: Incoming,
  name: string | null,
  write: AddWith = (_tx, add) => add(),
): Promise<EvidenceItem> {
  const { actor } = incoming;
  // Its body waits with it: nothing of it is read before its turn.
  return uploads.run(
    { tenant: actor.tenantId, account: actor.userId },
    () => received(incoming, name, write),
    askerOf(incoming),
  );
}

async function received(incoming: Incoming, name: string | null, write: AddWith): Promise<EvidenceItem> {
  const { request, context, actor, target } = incoming;
  const { UPLOAD_MAX_MB: max, UPLOAD_QUOTA_MB: quota } = context.env;
  if (Number(request.headers.get("content-length") ?? 0) > max * mega + envelope) throw tooBig(max);
  // Before a byte is read: may the sender, and is there room at all?
  await withActor(context.db.read, actor, async (tx) =>
    demandRoom(tx, await placeOfTarget(tx, actor, target), 1, quota),
  );
  const { spooled, name: given } = await take(request, context, name);
  const storage = storageOf(context.env);
  try {
    const mediaType = await inspect(spooled, given);
    const file: NewEvidence = {
      id: newEvidenceId(),
      name: safeName(given, mediaType),
      mediaType,
      bytes: spooled.bytes,
      sha256: spooled.sha256,
    };
    return await settle(storage, incoming, file, spooled, write);
  } finally {
    await spooled.discard();
  }
}

async function settle(
  storage: Storage,
  { context, actor, target }: Incoming,
  file: NewEvidence,
  spooled: Spooled,
  write: AddWith,
): Promise<EvidenceItem> {
  const key = keptUnder({ tenantId: actor.tenantId, id: file.id });
  await storage.keep(key, spooled);
  let item: EvidenceItem | undefined;
  try {
    const add = (tx: Tx) => write(tx, () => addEvidence(tx, actor, target, file, context.env.UPLOAD_QUOTA_MB), file);
    item = await inTurn(() => withActor(context.db.write, inRequest(actor, context), add));
    return item;
  } finally {
    // Nothing was written down, or what is told is an earlier upload of the same: these bytes belong to no row.
    if (item?.id !== file.id)
      await storage
        .remove(key)
        .catch((error: unknown) => context.log.error({ err: error, key }, "bytes without a row could not be removed"));
  }
}

/** Takes a file away and then its bytes. */
export async function discardEvidence(
  { context, actor }: Pick<Incoming, "context" | "actor">,
  id: string,
): Promise<void> {
  const key = await withActor(context.db.write, inRequest(actor, context), (tx) => removeEvidence(tx, actor, id));
  await storageOf(context.env)
    .remove(key)
    .catch((error: unknown) => context.log.error({ err: error, key }, "bytes without a row could not be removed"));
}

async function take(request: Request, context: RequestContext, name: string | null): Promise<Received> {
  const max = context.env.UPLOAD_MAX_MB;
  if (request.body === null) throw invalid({ file: ["error_evidence_empty"] }, { code: "evidence_empty" });
  const keep = (stream: Readable) => spool(stream, spoolFolder(context.env), max * mega);
  const body = heard(Readable.fromWeb(request.body as never));
  try {
    const type = request.headers.get("content-type") ?? "";
    if (!/^multipart\/form-data\b/i.test(type)) return { name: name ?? "", spooled: await keep(body) };
    const file = await fileOfForm(type, body, keep, ({ discard }) => discard());
    if (!file) throw invalid({ file: ["error_field_required"] }, { code: "evidence_missing" });
    return { name: name || file.name, spooled: file.kept };
  } catch (error) {
    if (error instanceof RangeError) throw tooBig(max);
    if (error instanceof FormOfTwoFiles)
      throw invalid({ file: ["error_evidence_one"] }, { code: "evidence_one", cause: error });
    if (error instanceof AppError) throw error;
    // The sender went away, or what they send is no form.
    throw malformed({ code: "malformed_upload", cause: error, logMessage: `upload ended: ${String(error)}` });
  } finally {
    body.destroy();
  }
}

/**
 * The bytes as they were handed in: a stream that ends with an error where they no longer are. Its last piece is held back
 * until the digest is known, so that nobody takes spoilt bytes for the whole file.
 */
export function verified(stream: ReadableStream<Uint8Array>, sha256: string): ReadableStream<Uint8Array> {
  const hash = createHash("sha256");
  let last: Uint8Array | undefined;
  return stream.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        hash.update(chunk);
        if (last) controller.enqueue(last);
        last = chunk;
      },
      flush(controller) {
        if (hash.digest("hex") !== sha256) throw new Error(`stored bytes are no longer ${sha256}`);
        if (last) controller.enqueue(last);
      },
    }),
  );
}
