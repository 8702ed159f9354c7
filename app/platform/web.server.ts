import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { COMPRESSIBLE_CONTENT_TYPE_REGEX, compress } from "hono/compress";
import type { Database } from "#db/client.server.ts";
import { createRequestScope } from "#db/scope.server.ts";
import type { Assets } from "./assets.server.ts";
import type { RequestContext, Services } from "./context.server.ts";
import { setAside } from "./door.server.ts";
import { AppError, asAppError, methodNotAllowed, notFound, outage, tooMany } from "./errors.ts";
import { judge } from "./guard.server.ts";
import { secureHeaders } from "./headers.server.ts";
import { clientIpOf, isLoopback, limitBody, limitsFor, problemResponse } from "./http.server.ts";
import { inFlight } from "./in-flight.server.ts";
import type { Lifecycle } from "./lifecycle.server.ts";
import { plainPage } from "./plain-page.server.ts";
import { rateHeaders, type Verdict } from "./rates.server.ts";
import { requestIdOf } from "./request-id.ts";

/** Anything that answers a request with our context: the API's Hono app, or Remix. */
export type Handler<S extends Services = Services> = (
  request: Request,
  context: RequestContext<S>,
) => Response | Promise<Response>;

/** What stays open, by its path: answered before anything that gathers or packs, and kept out of the places of requests. */
interface Live<S extends Services> {
  path: string;
  answer: Handler<S>;
}

export interface WebOptions<S extends Services = Services> {
  services: S;
  lifecycle: Lifecycle;
  /** Everything under /api. */
  api: Handler<S>;
  /** Everything else. */
  pages: Handler<S>;
  assets: Assets;
  live?: Live<S>;
  /** What the address takes; null for one that nobody knows. */
  methods?: (path: string) => readonly string[] | null;
  /** Only then is a page allowed what hot reload needs. */
  development?: boolean;
}

interface Bindings<S extends Services = Services> {
  Bindings: Partial<HttpBindings>;
  Variables: { context: Watched<S> };
}
type C<S extends Services = Services> = Context<Bindings<S>>;
/** `failed` is what the application has made a page of, though the server knows better what to tell the reader. */
type Watched<S extends Services = Services> = RequestContext<S> & { failed?: unknown };

/** TRACE would send a cookie back to whoever asked for it; the others nobody needs. */
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** One server for everything: number, log, headers, guard, health, files, API, pages, in this order. */
export function createWeb<S extends Services>(options: WebOptions<S>): Hono<Bindings<S>> {
  const { services, lifecycle } = options;
  const app = new Hono<Bindings<S>>();
  app.use(envelope(options));
  app.use(async (c, next) => {
    if (!METHODS.has(c.req.method)) throw methodNotAllowed(options.methods?.(c.req.path) ?? ["GET", "HEAD"]);
    // Nothing here has such an address, and a page at one would link to another site: `//host/…` names a host.
    if (/^\/[/\\]/.test(c.req.path)) throw notFound({ logMessage: "an address that names a host" });
    const verdict = judge(c.req.raw, { baseOrigin: services.env.BASE_URL });
    if (verdict.ok) return next();
    services.metrics.refused(verdict.reason);
    c.get("context").log.warn(
      {
        reason: verdict.reason,
        origin: c.req.header("origin")?.slice(0, 200),
        host: c.req.header("host")?.slice(0, 200),
      },
      "refused by the origin guard",
    );
    throw new AppError("foreign_origin", 403, `refused by the origin guard: ${verdict.reason}`);
  });
  app.get("/healthz", (c) => tag(c, "/healthz", c.text("ok")));
  app.get("/readyz", async (c) => {
    const { ready, checks } = await lifecycle.readiness();
    return tag(c, "/readyz", c.json({ ready, checks }, ready ? 200 : 503, ready ? {} : { "retry-after": "5" }));
  });
  app.get("/metrics", async (c) => {
    if (!mayReadMetrics(c, services)) throw new AppError("not_found", 404);
    return tag(
      c,
      "/metrics",
      c.body(await services.metrics.text(), 200, { "content-type": services.metrics.contentType }),
    );
  });
  app.use(async (c, next) => {
    const file = options.assets(c.req.raw);
    return file ? tag(c, "/assets/*", file) : next();
  });
  if (options.live) serveLive(app, options.live);
  app.use(compress({ threshold: PACKED_FROM_BYTES }));
  app.use(async (c, next) => {
    await next();
    tellPacking(c.res);
  });
  const within = (handler: Handler<S>, route: string) => (c: C<S>) => inScope(c, handler, route);
  app.all("/api/*", within(options.api, "/api/*"));
  app.use(async (c, next) => {
    const allowed = options.methods?.(c.req.path) ?? null;
    if (allowed !== null && c.req.method === "OPTIONS") return c.body(null, 204, { allow: allowed.join(", ") });
    if (allowed === null || allowed.includes(c.req.method)) return next();
    throw methodNotAllowed(allowed);
  });
  app.all("*", within(options.pages, "page"));
  app.onError((error, c) => failure(error, c));
  return app;
}

function serveLive<S extends Services>(app: Hono<Bindings<S>>, { path, answer }: Live<S>): void {
  app.get(path, async (c) => {
    const context = c.get("context");
    await context.limit("address", context.clientIp);
    const response = await answer(c.req.raw, context);
    if (response.body) setAside(c.env?.incoming?.socket);
    return tag(c, path, response);
  });
}

const PACKED_FROM_BYTES = 1024;

/**
 * What `compress` would pack varies with what the client takes, whether it is packed or not, and HEAD has the headers of GET
 * (RFC 9110, 9.3.2). `compress` says so itself, but not for HEAD, and by making the answer anew around a stream of its body:
 * a text goes out as one piece otherwise.
 */
function tellPacking({ headers, status }: Response): void {
  const length = headers.get("content-length");
  const packed =
    status !== 206 &&
    COMPRESSIBLE_CONTENT_TYPE_REGEX.test(headers.get("content-type") ?? "") &&
    !headers.has("content-encoding") &&
    !/\bno-transform\b/i.test(headers.get("cache-control") ?? "") &&
    (length === null || Number(length) >= PACKED_FROM_BYTES);
  const told = headers.get("vary") ?? "";
  if (packed && told !== "*" && !/\baccept-encoding\b/i.test(told)) headers.append("vary", "Accept-Encoding");
}

/** What every request has around it: its number, its context, one log line, the headers, the metrics. */
function envelope<S extends Services>({ services, lifecycle, development = false }: WebOptions<S>) {
  const { env, metrics } = services;
  const formTargets = env.OIDC_ISSUER === undefined ? [] : [new URL(env.OIDC_ISSUER).origin];
  return async (c: C<S>, next: () => Promise<void>) => {
    const begun = performance.now();
    const context = makeContext(c, services);
    c.set("context", context);
    metrics.inFlight(1);
    const ended = inFlight.begin(`${c.req.method} ${c.req.path}`);
    try {
      await next();
    } finally {
      ended();
      metrics.inFlight(-1);
    }
    const { headers } = c.res;
    // Nobody heard the answer: what became of it is no failure of ours, and has the number that proxies write down for it.
    const status = c.req.raw.signal.aborted ? clientClosed : c.res.status;
    headers.set("x-request-id", context.requestId);
    secureHeaders(headers, { nonce: context.nonce, https: env.https, development, formTargets });
    if (context.limited.length > 0 && (status === 429 || context.route.startsWith("/api"))) {
      for (const [name, value] of Object.entries(rateHeaders(context.limited))) headers.set(name, value);
    }
    if (lifecycle.stopping) headers.set("connection", "close");
    const seconds = (performance.now() - begun) / 1000;
    metrics.request(context.route, c.req.method, status, seconds);
    const quiet = status < 400 && !context.route.startsWith("page") && !context.route.startsWith("/api");
    const line = {
      method: c.req.method,
      path: c.req.path,
      status,
      ms: Math.round(seconds * 1000),
      ip: context.clientIp,
    };
    context.log[quiet ? "debug" : "info"](line, "request");
  };
}

function makeContext<S extends Services>(c: C<S>, services: S): Watched<S> {
  const { env } = services;
  const requestId = requestIdOf(c.req.raw.headers, env.TRUST_PROXY > 0);
  const log = services.log.child({ requestId });
  const clientIp = clientIpOf(c.req.raw.headers, c.env?.incoming?.socket.remoteAddress, env.TRUST_PROXY);
  const limited: Verdict[] = [];
  let db: Database | undefined;
  const ownDb = () => (db ??= services.db.for({ address: clientIp, signal: () => c.req.raw.signal }));
  const context: Watched<S> = {
    ...services,
    requestId,
    log,
    nonce: randomBytes(16).toString("base64"),
    clientIp,
    // Made when it is asked for: files and health need none.
    get db() {
      return ownDb();
    },
    scope: createRequestScope(ownDb),
    limited,
    async limit(kind, key) {
      const verdict = await services.rates[kind]?.take(key);
      if (!verdict) return;
      limited.push(verdict);
      if (!verdict.ok)
        throw tooMany(verdict.seconds, { logMessage: `more than ${verdict.limit} requests a minute by one ${kind}` });
    },
    route: "other",
    report(error: unknown) {
      // Away, full, or nothing left for this request: in words of its own, whatever page was made of it.
      const known = outage(error) ?? asAppError(error);
      if (known.status === 503 || known.status === 507 || known.status === 429) context.failed = known;
      record(context, error, c.req.raw);
    },
  };
  return context;
}

/** Hands the request on, and closes its transactions whatever came of it. */
async function inScope<S extends Services>(c: C<S>, handler: Handler<S>, route: string): Promise<Response> {
  const context = c.get("context");
  context.route = route;
  let error: unknown;
  try {
    await context.limit("address", context.clientIp);
    const request = limitBody(
      c.req.raw,
      limitsFor(c.req.path, context.env.UPLOAD_MAX_MB * 1024 * 1024),
      (tooLarge) => (context.failed = tooLarge),
    );
    const response = await handler(request, context);
    return context.failed !== undefined && response.status >= 500 ? lastWord(context.failed, c) : response;
  } catch (thrown) {
    error = thrown;
    throw thrown;
  } finally {
    await context.scope.end(error);
  }
}

/** The last word on an error: for readers in words or as a problem document, never with a statement or a stack. */
function failure<S extends Services>(error: unknown, c: C<S>): Response {
  const context = c.get("context");
  record(context, error, c.req.raw);
  return lastWord(context.failed ?? error, c);
}

function lastWord<S extends Services>(shown: unknown, c: C<S>): Response {
  const context = c.get("context");
  return c.req.path.startsWith("/api/")
    ? problemResponse(shown, context.requestId)
    : plainPage(shown, c.req.raw, context);
}

/** «Client Closed Request», as nginx writes it down; it is never sent. */
const clientClosed = 499;

function record({ log }: RequestContext, error: unknown, { signal }: Request): void {
  // The router's own answers («no route matches») are no Errors but have a status.
  const own = typeof error === "object" && error !== null && "status" in error ? error.status : undefined;
  const status = typeof own === "number" ? own : asAppError(error).status;
  log[status >= 500 && !signal.aborted ? "error" : "debug"]({ err: error }, "request failed");
}

/** With a token whoever has it; without one this machine alone, and not through a proxy on it. */
function mayReadMetrics<S extends Services>(c: C<S>, { env }: Services): boolean {
  if (env.METRICS_TOKEN !== undefined)
    return sameText(/^bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "", env.METRICS_TOKEN);
  return isLoopback(c.get("context").clientIp) && c.req.header("x-forwarded-for") === undefined;
}

/** In the same time, wherever they differ. */
function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function tag<S extends Services, T extends Response>(c: C<S>, route: string, response: T): T {
  c.get("context").route = route;
  return response;
}
