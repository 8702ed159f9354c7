/** What the guard looks at; `headers` as the client sent them. */
export interface GuardedRequest {
  method: string;
  url: string;
  headers: Headers;
}

export interface GuardOptions {
  /** The origin users type, when BASE_URL names it. */
  baseOrigin?: string | undefined;
}

export type Verdict = { ok: true } | { ok: false; reason: "foreign-origin" | "foreign-site" | "unknown-origin" };

const SAFE = new Set(["GET", "HEAD"]);
const OK: Verdict = { ok: true };

/**
 * Does this request come from our own pages? Stands in front of everything that is not GET or HEAD, resource routes and
 * data requests included. In this order:
 *
 * 1. GET and HEAD pass: they change nothing.
 * 2. The API passes when the request carries a bearer token, or no cookie at all: there is nothing that a browser would
 *    have added by itself. (A foreign page cannot set Authorization without a preflight, and none is answered.)
 *    The same holds for letters that a mail program ends.
 * 3. Where Origin is present it decides alone: it must equal BASE_URL's origin, or, without BASE_URL, name the host the
 *    request itself was sent to. `null` never passes.
 * 4. Without Origin, Sec-Fetch-Site must be `same-origin`. Neither: refused. (Every browser since 2020 sends Origin on
 *    a POST; Fetch standard, «append a request Origin header».)
 *
 * X-Forwarded-Host is never read: whoever sends the request writes it.
 */
export function judge(request: GuardedRequest, options: GuardOptions = {}): Verdict {
  if (SAFE.has(request.method)) return OK;
  const url = new URL(request.url);
  if ((isApi(url.pathname) || isOneClick(url)) && carriesNothingAmbient(request.headers)) return OK;
  const origin = request.headers.get("origin");
  if (origin !== null) return isOwn(origin, request, url, options) ? OK : { ok: false, reason: "foreign-origin" };
  const site = request.headers.get("sec-fetch-site");
  if (site === "same-origin") return OK;
  return { ok: false, reason: site === null ? "unknown-origin" : "foreign-site" };
}

function isApi(path: string): boolean {
  return path === "/api" || path.startsWith("/api/");
}

/** A mail program ends letters for its reader (RFC 8058): the address holds the secret, and no page of ours sends it. */
const isOneClick = ({ pathname, searchParams }: URL): boolean => pathname === "/unsubscribe" && searchParams.has("now");

function carriesNothingAmbient(headers: Headers): boolean {
  return /^bearer [^\s]+$/i.test(headers.get("authorization") ?? "") || !headers.has("cookie");
}

function isOwn(origin: string, request: GuardedRequest, url: URL, { baseOrigin }: GuardOptions): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  // An origin is scheme, host and port and nothing else.
  if (from.origin !== origin) return false;
  if (baseOrigin !== undefined) return from.origin === baseOrigin;
  // Behind a proxy that ends TLS the scheme seen here is http, so only the host is compared.
  const host = request.headers.get("host") ?? url.host;
  return (from.protocol === "http:" || from.protocol === "https:") && from.host === hostOf(host, from.protocol);
}

/** The Host header as a URL would write it: lower case, and without the scheme's own port. */
function hostOf(header: string, protocol: string): string | null {
  const text = `${protocol}//${header}`;
  return URL.canParse(text) ? new URL(text).host : null;
}
