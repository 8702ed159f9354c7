import { sql } from "drizzle-orm";
import { AppError } from "#app/platform/errors.ts";
import { type Tx, withActor } from "#db/client.server.ts";
import type { Actor } from "./actor.ts";
import { bearer, type RequestContext, signedIn } from "./context.server.ts";

/*
 * What the application tells the audit chain itself, in the caller's tenant and name: files taken out, and what was
 * refused. Everything else the database's own triggers tell.
 */

export type NotedKind = "download" | "export" | "refusal" | "reminder";
type Details = Readonly<Record<string, string | number | boolean>>;

/** Adds an entry in the caller's transaction. */
export const noteEntry = (
  tx: Tx,
  act: NotedKind,
  objectType: string,
  objectId: string | null,
  details: Details,
): Promise<unknown> =>
  tx.execute(sql`select auth.audit(${act}, ${objectType}, ${objectId}::uuid, ${JSON.stringify(details)}::jsonb)`);

/** The caller as a write transaction takes them: its entries in the chain name the request. */
export const inRequest = (actor: Actor, context: Pick<RequestContext, "requestId">): Actor & { request: string } => ({
  ...actor,
  request: context.requestId,
});

const idInPath = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
/** Address without its query: what was asked for, no words that somebody typed. */
const pathOf = (request: Request): string => new URL(request.url).pathname.slice(0, 300);

/** A file left the house: which address, and its digest where that is known. */
export async function noteFile(
  context: RequestContext,
  actor: Actor,
  request: Request,
  file: { name: string; type: string; etag?: string },
): Promise<void> {
  const path = pathOf(request);
  // Data that goes on living elsewhere is an export, a document to read a download.
  const act = /spreadsheetml|ndjson/.test(file.type) ? "export" : "download";
  await withActor(context.db.write, inRequest(actor, context), (tx) =>
    noteEntry(tx, act, "file", idInPath.exec(path)?.[0] ?? null, {
      path,
      name: file.name.slice(0, 200),
      ...(file.etag ? { sha256: file.etag } : {}),
    }),
  );
}

const told = new WeakSet<RequestContext>();
const worthTelling = (error: AppError) =>
  error.status === 403 || error.status === 404 || error.code === "workflow_refused";

/** Somebody who is signed in was refused: by permission, by a machine, or by not seeing what they named. Once a request. */
export async function noteRefusal(error: unknown, context: RequestContext, request: Request): Promise<void> {
  if (!(error instanceof AppError) || !worthTelling(error) || told.has(context)) return;
  told.add(context);
  try {
    const actor = (await signedIn(request, context))?.actor ?? (await bearer(request, context));
    if (!actor) return;
    const path = pathOf(request);
    if (!(await context.refusals.each(actor, { method: request.method, path, code: error.code }))) return;
    await withActor(context.db.write, inRequest(actor, context), (tx) =>
      noteEntry(tx, "refusal", "request", idInPath.exec(path)?.[0] ?? null, {
        path,
        method: request.method,
        code: error.code,
      }),
    );
  } catch (failure) {
    // The answer is a refusal already; that it could not be written down must not turn it into something else.
    context.log.error({ err: failure }, "a refusal could not be noted");
  }
}
