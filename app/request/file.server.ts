import type { LoaderFunctionArgs } from "@remix-run/node";
import type { z } from "zod";
import type { Locale } from "#app/i18n/locale.ts";
import { getLocale } from "#app/i18n/paraglide/runtime.js";
import { logFailure } from "#app/platform/context.server.ts";
import { fromDatabase } from "#app/platform/db-errors.server.ts";
import { AppError } from "#app/platform/errors.ts";
import { errorHeaders } from "#app/platform/http.server.ts";
import { type Storage, storageOf } from "#app/platform/storage.server.ts";
import { type Tx, withActor } from "#db/client.server.ts";
import { inRequest, noteFile, noteRefusal } from "./audit-note.server.ts";
import type { Actor } from "./actor.ts";
import type { RequestContext } from "./context.server.ts";
import { errorText, heavyWork, requireActor, type Takes, taking } from "./asker.server.ts";
import { type GuardedPath, permissionOfPage } from "./access.rules.ts";

/*
 * Files that a signed-in person downloads: as pages are loaded (session, permission, the caller's own transactions), but
 * what comes back is bytes with the headers they need.
 */

export interface ServedFile {
  /** File name with its ending, in any script. */
  name: string;
  /** Media type: `application/pdf`. */
  type: string;
  body: Uint8Array | ReadableStream<Uint8Array>;
  /** Length in bytes where a stream's is known. */
  length?: number;
  /** Digest of the content: becomes a strong ETag. */
  etag?: string;
  /** Shown in the browser rather than saved. Only for types that cannot run scripts. */
  inline?: boolean;
  /** Fit for everybody: only then may a browser keep it. */
  published?: boolean;
}

interface FileInput<P> {
  request: Request;
  context: RequestContext;
  locale: Locale;
  actor: Actor;
  params: P;
  storage: Storage;
  /** One transaction that reads, as the caller; closed when `work` is done, so that nothing is held while a file is made. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

interface FileOptions<S extends z.ZodType> {
  at: GuardedPath;
  params: S;
  /** Bytes that are there already: everything else is made, and waits for its turn. */
  kept?: boolean;
}

/** A loader of a resource route that answers with a file. Errors come as plain text in the reader's language. */
export function fileLoader<S extends z.ZodType>(
  options: FileOptions<S>,
  run: (input: FileInput<z.output<S>>) => Promise<ServedFile>,
): ((args: LoaderFunctionArgs) => Promise<Response>) & Takes {
  return taking([options.params], async ({ request, params, context }: LoaderFunctionArgs) => {
    const locale = getLocale();
    try {
      const actor = await requireActor({ request, context, locale }, permissionOfPage(options.at));
      const parsed = options.params.safeParse(params);
      if (!parsed.success) throw new AppError("not_found", 404, "path parameters");
      const make = () =>
        run({
          request,
          context,
          locale,
          actor,
          params: parsed.data,
          storage: storageOf(context.env),
          read: (work) => withActor(context.db.read, actor, work),
          write: (work) => withActor(context.db.write, inRequest(actor, context), work),
        });
      const file = options.kept ? await make() : await heavyWork({ request, context }, actor, make);
      const response = serveFile(request, file);
      // The reader who has it already takes nothing out anew.
      if (response.status === 200) await noteFile(context, actor, request, file);
      return response;
    } catch (error) {
      if (error instanceof Response) throw error;
      const known = error instanceof AppError ? error : fromDatabase(error);
      if (!known) throw error;
      await noteRefusal(known, context, request);
      logFailure(context, request, error, known);
      return new Response(errorText(known, locale), {
        status: known.status,
        headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", ...errorHeaders(known) },
      });
    }
  });
}

/** Headers of a download: RFC 6266 name, never sniffed, kept by no cache unless it is published, 304 where the reader has it. */
export function serveFile(
  request: Request,
  { name, type, body, length, etag, inline = false, published = false }: ServedFile,
): Response {
  const headers = new Headers({
    "Content-Type": type,
    "Content-Disposition": contentDisposition(name, inline),
    "X-Content-Type-Options": "nosniff",
    // What is not for everybody stays in no cache, the reader's own included; what is saves its bytes there.
    "Cache-Control": published ? "no-cache" : "no-store",
  });
  if (etag) {
    headers.set("ETag", `"${etag}"`);
    const known = (request.headers.get("If-None-Match") ?? "").split(",").map((t) => t.trim().replace(/^W\//, ""));
    // «*»: whatever the reader has of it will do (RFC 9110, 13.1.2).
    if (known.includes(`"${etag}"`) || (known.length === 1 && known[0] === "*")) {
      if (body instanceof ReadableStream) void body.cancel();
      return new Response(null, { status: 304, headers });
    }
  }
  const size = body instanceof Uint8Array ? body.byteLength : length;
  if (size !== undefined) headers.set("Content-Length", String(size));
  return new Response(body instanceof Uint8Array ? new Uint8Array(body) : body, { headers });
}

/** RFC 6266 with RFC 8187: an ASCII name for old readers, the real one beside it. Nothing of a name can end the header. */
export function contentDisposition(name: string, inline = false): string {
  const clean = name
    .replaceAll(/[\u0000-\u001f\u007f/\\\p{Surrogate}]/gu, "_")
    .slice(0, 200)
    .replaceAll(/\p{Surrogate}/gu, "");
  const ascii = clean.replaceAll(/[^\w.() -]+/g, "_");
  const encoded = encodeURIComponent(clean).replaceAll(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${inline ? "inline" : "attachment"}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
