import type { RequestContext as PlatformContext, Services } from "#app/platform/context.server.ts";
import type { Actor } from "./actor.ts";
import type { Refusals } from "./refusals.server.ts";
import { digestOf, type Sessions, type SignedIn } from "./session.server.ts";

/** What the server hands to every loader, action and endpoint of one request. */
export type RequestContext = PlatformContext<Services & { readonly sessions: Sessions; readonly refusals: Refusals }>;

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
    found = secret
      ? context.sessions.find(secret).then(async (person) => {
          if (person) await context.limit("account", person.userId);
          return person;
        })
      : Promise.resolve(null);
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
    found = token
      ? context.sessions.findToken(token.trim()).then(async (actor) => {
          if (!actor) return null;
          await context.limit("token", digestOf(actor.secret).toString("hex"));
          await context.limit("account", actor.userId);
          return actor;
        })
      : Promise.resolve(null);
    tokens.set(context, found);
  }
  return found;
}
