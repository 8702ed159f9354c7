import { trimEnd } from "./trim.ts";
import { type AppError, asAppError, type MessageParams, tooLarge, toProblem } from "./errors.ts";

/** `application/problem+json` (RFC 9457) for the API. */
export function problemResponse(
  error: unknown,
  requestId: string,
  translate?: (key: string, params: MessageParams) => string,
): Response {
  const problem = toProblem(error, requestId, translate);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...errorHeaders(error) },
  });
}

/** Headers that belong to an error's status. */
export function errorHeaders(error: unknown): Record<string, string> {
  const { status, params, headers, code } = asAppError(error);
  if (status === 503 || code === "idempotency_key_in_use")
    return { "retry-after": String(params["retryAfterSeconds"] ?? 5) };
  // Somebody has to make room.
  if (status === 507) return { "retry-after": "60" };
  if (status === 429) return { "retry-after": String(params["retryAfterSeconds"] ?? 60) };
  if (status === 401) return { "www-authenticate": "Bearer" };
  return { ...headers };
}

export interface BodyLimits {
  /** Bytes of a form or a JSON document. */
  text: number;
  /** Bytes of a multipart body, where no place for files is meant: such a body is read into memory. */
  multipart: number;
}

export const BODY_LIMITS: BodyLimits = { text: 1024 * 1024, multipart: 1024 * 1024 };

/** Where files come in, whatever type they say they are: the place streams them and knows its own, smaller limits. */
const uploads = new Set(["/evidence", "/evidence.data", "/api/v1/evidence"]);
/** @param file bytes of one file */
export const limitsFor = (path: string, file: number): BodyLimits =>
  uploads.has(trimEnd(path, "/")) ? { text: file + 64 * 1024, multipart: file + 64 * 1024 } : BODY_LIMITS;

/**
 * The request, unable to deliver more than the limit. A length announced too large throws 413 at once; a body without
 * announced length fails with the same error while it is read, and `exceeded` is told, since whoever reads may turn the
 * error into one of their own.
 */
export function limitBody(
  request: Request,
  limits: BodyLimits = BODY_LIMITS,
  exceeded: (error: AppError) => void = () => {},
): Request {
  if (request.method === "GET" || request.method === "HEAD") return request;
  const limit = /^multipart\//i.test(request.headers.get("content-type") ?? "") ? limits.multipart : limits.text;
  const announced = request.headers.get("content-length");
  if (announced !== null) {
    if (Number(announced) > limit) throw tooLarge(limit);
    // Node reads no more than was announced.
    return request;
  }
  if (!request.headers.has("transfer-encoding") || request.body === null) return request;
  let seen = 0;
  const counted = request.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        seen += chunk.byteLength;
        if (seen <= limit) return controller.enqueue(chunk);
        const error = tooLarge(limit);
        exceeded(error);
        controller.error(error);
      },
    }),
  );
  return new Request(request.url, {
    method: request.method,
    headers: request.headers,
    body: counted,
    signal: request.signal,
    duplex: "half",
  });
}

/**
 * Who asks: the peer, or, behind `trustedProxies` proxies of ours, what the outermost of them wrote down. Whatever stands
 * further left in X-Forwarded-For was written by the client and is worth nothing.
 */
export function clientIpOf(headers: Headers, peer: string | undefined, trustedProxies: number): string {
  const direct = (peer ?? "unknown").replace(/^::ffff:/, "");
  if (trustedProxies === 0) return direct;
  const chain = (headers.get("x-forwarded-for") ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  const claimed = chain.at(-trustedProxies);
  return claimed !== undefined && /^[\da-fA-F.:]{2,45}$/.test(claimed) ? claimed : direct;
}

export function isLoopback(ip: string): boolean {
  return ip === "::1" || ip.startsWith("127.");
}
