/** Values put into the reader's message. */
export type MessageParams = Readonly<Record<string, string | number>>;

export interface AppErrorOptions {
  /** Key of the reader's message; `error_<code>` unless given. */
  messageKey?: string | undefined;
  params?: MessageParams | undefined;
  /** Message keys by the name of the form field. */
  fieldErrors?: FieldErrors | undefined;
  /** Added to the problem document, such as the current state after a conflict. Must be fit for the caller to read. */
  extra?: Readonly<Record<string, unknown>> | undefined;
  /** Headers that this answer cannot do without, such as Allow with 405. */
  headers?: Readonly<Record<string, string>> | undefined;
  cause?: unknown;
}

export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** An error that its reader is told about in their language; everything else is «something went wrong here». */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly messageKey: string;
  readonly params: MessageParams;
  readonly fieldErrors: FieldErrors | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  /**
   * @param code stable; outside clients may rely on it
   * @param status HTTP status
   * @param logMessage for the log alone
   */
  constructor(
    readonly code: string,
    readonly status: number,
    logMessage: string = code,
    { messageKey = `error_${code}`, params = {}, fieldErrors, extra = {}, headers = {}, cause }: AppErrorOptions = {},
  ) {
    super(logMessage, cause === undefined ? undefined : { cause });
    this.messageKey = messageKey;
    this.params = params;
    this.fieldErrors = fieldErrors;
    this.extra = extra;
    this.headers = headers;
  }
}

interface More extends AppErrorOptions {
  code?: string | undefined;
  logMessage?: string | undefined;
}

function made(status: number, usual: string, { code = usual, logMessage, ...options }: More): AppError {
  return new AppError(code, status, logMessage ?? code, options);
}

/** 404. Also for what exists but is somebody else's: its existence is not told. */
export const notFound = (more: More = {}) => made(404, "not_found", more);
/** 403, where the caller knows that the thing exists and only the act is not theirs. */
export const notAllowed = (more: More = {}) => made(403, "not_allowed", more);
/** 401. */
export const unauthenticated = (more: More = {}) => made(401, "unauthenticated", more);
/** 409, with the current state in `extra`. */
export const conflict = (more: More = {}) => made(409, "conflict", more);
/**
 * 409 for a text or row that changed since the sender read it, or has not come to the revision they name: then nobody changed it.
 * @param name who changed it, null where that is not kept, blank for nobody
 * @param extra the present state: `rev` and, where the sender may read it, `theirs`
 */
export const staleRevision = (name: string | null, extra: Readonly<Record<string, unknown>>) =>
  conflict({
    code: "stale_revision",
    extra,
    ...(name === null
      ? { messageKey: "error_stale_revision_unnamed" }
      : name.trim() === ""
        ? { messageKey: "error_stale_revision_new" }
        : { params: { name } }),
  });
/** 422, with what is wrong by field. */
export const invalid = (fieldErrors: FieldErrors = {}, more: More = {}) =>
  made(422, "invalid", { fieldErrors, ...more });
/** 400: not even readable. */
export const malformed = (more: More = {}) => made(400, "malformed", more);
/** A cursor that is none of ours, or of a list that is no more. */
export const badCursor = (more: More = {}) => made(400, "bad_cursor", more);
/** 405, with the methods that the address takes. */
export const methodNotAllowed = (allow: readonly string[], more: More = {}) =>
  made(405, "method_not_allowed", {
    params: { allow: allow.join(", ") },
    headers: { Allow: allow.join(", ") },
    ...more,
  });
/** 406, with the media types in which the answer can be given. */
export const notAcceptable = (offers: readonly string[], more: More = {}) =>
  made(406, "not_acceptable", { params: { offers: offers.join(", ") }, extra: { offers }, ...more });
/** 413. `limit` in bytes. */
export const tooLarge = (limit: number, more: More = {}) => made(413, "too_large", { params: { limit }, ...more });
/** 429. */
export const tooMany = (retryAfterSeconds: number, more: More = {}) =>
  made(429, "too_many", { params: { retryAfterSeconds }, ...more });
/** 503: all is well, but too much is wanted at once. */
export const busy = (retryAfterSeconds: number, more: More = {}) =>
  made(503, "busy", { messageKey: "error_overloaded", params: { retryAfterSeconds }, ...more });
/** 503. */
export const unavailable = (more: More = {}) => made(503, "unavailable", more);
/** 503: what keeps files does not answer, or may not be written to. */
export const storageUnavailable = (more: More = {}) => made(503, "storage_unavailable", more);
/** 507: a disk is full, ours or the database's. Nothing of what was asked has been kept. */
export const noSpace = (more: More = {}) => made(507, "no_space", more);

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  406: "Not Acceptable",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  503: "Service Unavailable",
  507: "Insufficient Storage",
};

export interface Problem {
  type: "about:blank";
  title: string;
  status: number;
  code: string;
  detail?: string;
  errors?: FieldErrors;
  requestId: string;
  [extra: string]: unknown;
}

/** The error as RFC 9457 has it. What is not an AppError shows nothing of itself. `translate` gives the reader's words. */
export function toProblem(
  error: unknown,
  requestId: string,
  translate?: (key: string, params: MessageParams) => string,
): Problem {
  const known = asAppError(error);
  return {
    ...known.extra,
    type: "about:blank",
    title: TITLES[known.status] ?? "Internal Server Error",
    status: known.status,
    code: known.code,
    ...(translate ? { detail: translate(known.messageKey, known.params) } : {}),
    ...(known.fieldErrors ? { errors: known.fieldErrors } : {}),
    requestId,
  };
}

/** The error itself when it is fit for readers, else what they may know of it. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return outage(error) ?? made(500, "internal", { cause: error });
}

/** What is full, away or has no turn left, as its reader is told; null for every other error. */
export function outage(error: unknown): AppError | null {
  if (error instanceof AppError && (error.status === 503 || error.status === 507)) return error;
  if (isTurnedAway(error)) return busy(error.retryAfterSeconds, { cause: error, logMessage: error.message });
  if (isOutOfSpace(error)) return noSpace({ cause: error });
  return isUnavailable(error) ? unavailable({ cause: error }) : null;
}

/** A gate's «Busy» (`db/gate.server.ts`), which this file may not import: it reaches the browser. */
const isTurnedAway = (error: unknown): error is Error & { retryAfterSeconds: number } =>
  error instanceof Error && error.name === "Busy" && "retryAfterSeconds" in error;

const DRIVER_CODES = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
]);
// PostgreSQL, appendix A: class 08 connection, class 57P shutdown, class 53 resources (but a full disk), class 58 system errors.
const SERVER_CODES = /^(08\w{3}|57P0[1-5]|53[0234]00|58\w{3})$/;
// 53100 disk_full; of the file system: no space left, quota used up.
const FULL_CODES = new Set(["53100", "ENOSPC", "EDQUOT"]);

/** Is the database away (rather than of another opinion)? Looks through what libraries wrap around its errors. */
export const isUnavailable = (error: unknown): boolean =>
  within(error, (code) => DRIVER_CODES.has(code) || SERVER_CODES.test(code), 503);
/** Is a disk full, ours or the database's? */
export const isOutOfSpace = (error: unknown): boolean => within(error, (code) => FULL_CODES.has(code), 507);

/** Whether an error, or what it was caused by, has such a code, or is one of ours with that status. */
function within(error: unknown, fits: (code: string) => boolean, status: number): boolean {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth += 1) {
    if (current instanceof AppError) {
      if (current.status === status) return true;
    } else if ("code" in current && typeof current.code === "string" && fits(current.code)) return true;
    current = "cause" in current ? current.cause : undefined;
  }
  return false;
}
