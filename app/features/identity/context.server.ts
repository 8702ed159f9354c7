import type { RequestContext as PlatformContext, Services } from "#app/platform/context.server.ts";
import { postgresCode } from "#app/platform/db-errors.server.ts";
import { type Credentials, type Tx, withActor } from "#db/client.server.ts";
import type { Actor } from "./actor.ts";
import type { Sessions, SignedIn } from "./session.server.ts";

/** What the server hands to every loader, action and endpoint of one request. */
export type RequestContext = PlatformContext<Services & { readonly sessions: Sessions }>;

declare module "@remix-run/server-runtime" {
  // oxlint-disable-next-line typescript/no-empty-interface -- declaration merging is how Remix takes the type of its context
  interface AppLoadContext extends RequestContext {}
}

const resolved = new WeakMap<RequestContext, Promise<SignedIn | null>>();

/** The session of this request; looked up once however many loaders ask. */
export function signedIn(request: Request, context: RequestContext): Promise<SignedIn | null> {
  let found = resolved.get(context);
  if (!found) {
    const secret = context.sessions.secretFrom(request.headers.get("Cookie"));
    found = secret ? context.sessions.find(secret) : Promise.resolve(null);
    resolved.set(context, found);
  }
  return found;
}

const tokens = new WeakMap<RequestContext, Promise<Actor | null>>();
/** The membership behind `Authorization: Bearer`, or null. */
export function bearer(request: Request, context: RequestContext): Promise<Actor | null> {
  let found = tokens.get(context);
  if (!found) {
    const token = /^Bearer (.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
    found = token ? context.sessions.findToken(token.trim()) : Promise.resolve(null);
    tokens.set(context, found);
  }
  return found;
}

/** PostgreSQL, appendix A: in_failed_sql_transaction. */
const spoilt = "25P02";
/**
 * Reads in the transaction that all loaders of the request share. A query of another loader that the database refused has
 * ended it for all: the reading then begins anew in a transaction of its own, so that one part's fault stays its own.
 */
export async function readShared<T>(context: Pick<RequestContext, "scope" | "db">, caller: Credentials, work: (tx: Tx) => Promise<T>): Promise<T> {
  try {
    return await work(await context.scope.read(caller));
  } catch (error) {
    if (postgresCode(error)?.code !== spoilt) throw error;
    return withActor(context.db.read, caller, work);
  }
}
