/** Problem with one field of an input: where, and the message key that tells what to do. */
export interface FieldProblem {
  field: string;
  key: string;
  params?: Record<string, string | number>;
}

export interface ErrorDetails {
  /** Values for the message in the reader's language. */
  params?: Record<string, string | number>;
  fields?: readonly FieldProblem[];
  /** Machine-readable extras for the API (current state, events since …). Never anything of another tenant. */
  extra?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * An error a user can do something about. `code` is stable and goes to API clients; the reader's text is the message
 * `error_<code>`; `message` is for the log alone.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly params: Record<string, string | number>;
  readonly fields: readonly FieldProblem[];
  readonly extra: Record<string, unknown>;
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.params = details.params ?? {};
    this.fields = details.fields ?? [];
    this.extra = details.extra ?? {};
  }
  get messageKey(): string {
    return `error_${this.code}`;
  }
}

/** What is not there and what the caller may not see look the same. */
export const notFound = (what: string): AppError => new AppError("not_found", 404, `${what} not found`);
/** The caller's role may never do this; on another tenant's object `notFound` is thrown instead. */
export const forbidden = (action: string): AppError => new AppError("forbidden", 403, `${action} not permitted`);
export const unauthenticated = (): AppError => new AppError("unauthenticated", 401, "no valid session or token");
export const invalid = (fields: readonly FieldProblem[], message = "invalid input"): AppError => new AppError("invalid", 422, message, { fields });
/** Somebody else changed it meanwhile. `extra` tells the present state. */
export const conflict = (code: string, message: string, details: ErrorDetails = {}): AppError => new AppError(code, 409, message, details);
