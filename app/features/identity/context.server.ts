import type { Database } from "#db/client.server.ts";
import type { RequestScope } from "#db/scope.server.ts";
import type { Actor } from "./actor.ts";
import type { Sessions, SignedIn } from "./session.server.ts";

/** What the server hands to every loader, action and endpoint of one request. */
export interface RequestContext {
  requestId: string;
  nonce: string;
  clientIp: string;
  log: { info(o: object, m?: string): void; warn(o: object, m?: string): void; error(o: object, m?: string): void };
  db: Database;
  sessions: Sessions;
  scope: RequestScope;
}
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
