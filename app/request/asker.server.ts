import { json, redirect } from "@remix-run/node";
import type { z } from "zod";
import type { Locale } from "#app/i18n/locale.ts";
import { hasMessage, translate } from "#app/i18n/translate.server.ts";
import { readQuery } from "#app/platform/body.server.ts";
import { logFailure } from "#app/platform/context.server.ts";
import { fromDatabase } from "#app/platform/db-errors.server.ts";
import { AppError, notAllowed, notFound } from "#app/platform/errors.ts";
import { fieldFault, unfitNames } from "#app/platform/fields.ts";
import { heavy } from "#app/platform/fair.server.ts";
import { errorHeaders } from "#app/platform/http.server.ts";
import type { Asker } from "#db/gate.server.ts";
import { noteRefusal } from "./audit-note.server.ts";
import type { Actor } from "./actor.ts";
import { type RequestContext, signedIn } from "./context.server.ts";
import { may, type Permission } from "./permissions.ts";

/* Who asks, what the address of a page says, and how a refusal is told: with this every way in begins. */

export interface Base {
  request: Request;
  context: RequestContext;
  locale: Locale;
}

/** The one who asks, for a gate: waits no longer than somebody is there to hear the answer. */
export const askerOf = ({ request, context }: Pick<Base, "request" | "context">): Asker => ({
  address: context.clientIp,
  signal: () => request.signal,
});

/** Work that takes a thread for long, one at a time of a tenant. Asked for before any transaction is open. @throws busy */
export const heavyWork = <T>(
  base: Pick<Base, "request" | "context">,
  actor: Actor,
  work: () => Promise<T>,
): Promise<T> => heavy.run({ tenant: actor.tenantId, account: actor.userId }, work, askerOf(base));

export type Schema = z.ZodType;

/** What a door takes from outside: the schemas of its address and of its forms. Tests hold them against the field types. */
export interface Takes {
  readonly takes: readonly Schema[];
}
/** Tells with a door what it takes. */
export const taking = <D extends object>(takes: readonly (Schema | undefined)[], door: D): D & Takes =>
  Object.assign(door, { takes: takes.filter((schema) => schema !== undefined) });

export type Out<S> = S extends z.ZodType ? z.output<S> : Record<string, never>;

/** Text of an error in the reader's language. */
export const errorText = (error: AppError, locale: Locale): string =>
  translate(hasMessage(error.messageKey) ? error.messageKey : "error_unexpected", error.params, locale);

/** What an error boundary is given: stable code, text, and the id under which the log tells more. */
interface ErrorBody {
  code: string;
  message: string;
  requestId: string;
}

export async function asResponse(error: unknown, { context, locale, request }: Base): Promise<Response> {
  if (error instanceof Response) return error;
  await noteRefusal(error, context, request);
  const known = error instanceof AppError ? error : fromDatabase(error);
  if (!known) throw error;
  logFailure(context, request, error, known);
  const body: ErrorBody = { code: known.code, message: errorText(known, locale), requestId: context.requestId };
  return json(body, { status: known.status, headers: errorHeaders(known) });
}

/** The membership of this request; a person without a session is sent to sign in and back. */
export async function requireActor({ request, context }: Base, can: Permission): Promise<Actor> {
  const person = await signedIn(request, context);
  if (!person) {
    const url = new URL(request.url);
    const next = request.method === "GET" ? `${url.pathname}${url.search}`.replace(/\.data(?=\?|$)/, "") : url.pathname;
    throw redirect(`/login?next=${encodeURIComponent(next)}`);
  }
  if (!person.actor) throw new AppError("no_membership", 403, "the person's last membership ended");
  if (!may(person.actor.role, can)) throw notAllowed({ logMessage: `${person.actor.role} may not ${can}` });
  return person.actor;
}

export function parsePath<S extends Schema | undefined>(schema: S, value: unknown): Out<S> {
  if (!schema) return {} as Out<S>;
  const parsed = schema.safeParse(value);
  // An id that cannot be one names nothing.
  if (!parsed.success) throw notFound({ logMessage: "path parameters" });
  return parsed.data as Out<S>;
}

/** A query that is refused, with the names of what is wrong in it; a name that is no plain one is not repeated. */
const badQuery = (names: readonly string[]) =>
  new AppError("bad_query", 400, `query: ${names.join().slice(0, 200)}`, {
    messageKey: "error_bad_query_named",
    params: { names: names.map((name) => (/^[\w.]{1,40}$/.test(name) ? name : "?")).join(", ") },
  });

/** The query of an address. @throws `bad_query` with the names of what is wrong */
export function parseSearch<S extends Schema | undefined>(schema: S, request: Request): Out<S> {
  if (!schema) return {} as Out<S>;
  const given = readQuery(request.url);
  const unfit = unfitNames(given);
  if (unfit.length > 0) throw badQuery(unfit);
  const parsed = schema.safeParse(given, { error: fieldFault });
  if (!parsed.success) throw badQuery([...new Set(parsed.error.issues.map(({ path }) => String(path[0])))]);
  return parsed.data as Out<S>;
}
