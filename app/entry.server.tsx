import { Writable } from "node:stream";
import { declareAll } from "./declarations.server.ts";
import type { AppLoadContext, EntryContext } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { renderToPipeableStream } from "react-dom/server";
import { NonceContext } from "#app/nonce.ts";
import { callerOf, drawings } from "#app/platform/turns.server.ts";

// In development pages are modules of their own, beside those of the server.
declareAll();

/** After this long a page that still waits for deferred data is cut off. */
export const streamTimeout = 5_000;

/**
 * Keeps only the matched branch of the manifest, with its index routes: RemixServer rebuilds and re-ranks every route at each render otherwise
 * (150 routes: 4.5 ms of a request, cut 1.6). The browser asks for the others when a link to them comes into sight.
 */
function slim(context: EntryContext): EntryContext {
  const routes: EntryContext["manifest"]["routes"] = {};
  for (const match of context.staticHandlerContext.matches) {
    const route = context.manifest.routes[match.route.id];
    if (route) routes[match.route.id] = route;
  }
  // A static parent without its index child looks like a whole match to the browser's router, which then asks for nothing and
  // draws an empty page: after signing in, «/» was the root alone.
  for (const route of Object.values(context.manifest.routes)) {
    if (route?.index && route.parentId !== undefined && routes[route.parentId]) routes[route.id] = route;
  }
  return { ...context, manifest: { ...context.manifest, routes } };
}

/**
 * React 18 sends its buffer of 2,048 bytes whole when the next character does not fit in what is left of it: up to three
 * zero bytes stay at its end, which a browser shows as «�» in the middle of a Chinese word. No page holds a zero byte of
 * its own: PostgreSQL's text cannot.
 */
function withoutPadding(chunk: Buffer): Buffer {
  let end = chunk.length;
  while (end > 0 && chunk[end - 1] === 0) end -= 1;
  return end === chunk.length ? chunk : chunk.subarray(0, end);
}

/**
 * Renders a page whole before it is sent: its status is then true, and one buffer is quicker than many chunks. The timer that
 * gives up is cleared when the page is done, or every request would be held in memory until it rings.
 */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  full: EntryContext,
  loadContext: AppLoadContext,
): Promise<Response> {
  // All loaders have read what they want: whoever waits for a connection need not wait for the drawing as well.
  await loadContext.scope.end();
  await drawings.take(callerOf({ authorization: null, cookie: request.headers.get("Cookie") }, loadContext.clientIp));
  return draw(request, status, headers, full, loadContext);
}

function draw(
  request: Request,
  status: number,
  headers: Headers,
  full: EntryContext,
  loadContext: AppLoadContext,
): Promise<Response> {
  const { nonce } = loadContext;
  return new Promise<Response>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let answer = status;
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(withoutPadding(chunk));
        done();
      },
      final(done) {
        clearTimeout(timer);
        headers.set("Content-Type", "text/html; charset=utf-8");
        resolve(new Response(Buffer.concat(chunks), { headers, status: answer }));
        done();
      },
    }).on("error", reject);
    const page = (
      <NonceContext.Provider value={nonce}>
        <RemixServer context={slim(full)} url={request.url} nonce={nonce} />
      </NonceContext.Provider>
    );
    const { pipe, abort } = renderToPipeableStream(page, {
      nonce,
      onAllReady: () => void pipe(sink),
      onShellError(error) {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
      onError(error) {
        answer = 500;
        loadContext.log.error({ err: error, url: new URL(request.url).pathname }, "a page failed while it was drawn");
      },
    });
    const timer = setTimeout(abort, streamTimeout + 1_000);
  });
}

/** Errors that no route answered. Those thrown as responses are answers, not failures; an aborted request has nobody to tell. */
export function handleError(error: unknown, { request, context }: { request: Request; context: AppLoadContext }): void {
  if (request.signal.aborted || isRouteErrorResponse(error)) return;
  // Not only logged: when the database is away the server answers 503 in place of the page made here.
  context.report(error);
}
