import type { Database } from "#db/client.server.ts";
import type { RequestScope } from "#db/scope.server.ts";
import type { Clock } from "./clock.ts";
import type { Env } from "./env.server.ts";
import type { AppError } from "./errors.ts";
import type { Logger } from "./log.server.ts";
import type { Metrics } from "./metrics.server.ts";
import type { Limited, Rates, Verdict } from "./rates.server.ts";

/** What lives as long as the process. */
export type Services = {
  readonly env: Env;
  readonly log: Logger;
  readonly clock: Clock;
  readonly db: Database;
  readonly metrics: Metrics;
  readonly rates: Rates;
};

/**
 * What one request has: Remix hands it to loaders and actions as `context`, the API's handlers find it as
 * `c.get("context")`. Nothing of it outlives the request. `S` is what the product adds to the services.
 */
export type RequestContext<S extends Services = Services> = S & {
  readonly requestId: string;
  /** Of this answer's Content-Security-Policy. */
  readonly nonce: string;
  readonly clientIp: string;
  /** The read transactions of this request; the server ends it after the answer was made. */
  readonly scope: RequestScope;
  /** One request more of this key. @throws tooMany */
  limit(kind: Limited, key: string): Promise<void>;
  /** What was asked so far, for the headers. */
  readonly limited: readonly Verdict[];
  /** Names the route by its pattern, for the metrics. */
  route: string;
  /** Tells the server of an error that was turned into a page: it logs it, and answers 503 when the database is away. */
  report(error: unknown): void;
};

/** One line on a failure of ours, with its cause. Of a request whose sender left it is none: what it waited for was given up. */
export function logFailure(
  { log }: Pick<RequestContext, "log">,
  request: Request | undefined,
  error: unknown,
  known: AppError,
): void {
  if (known.status >= 500)
    log[request?.signal.aborted === true ? "debug" : "error"]({ err: error, code: known.code }, known.message);
}
