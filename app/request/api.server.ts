import { createHash } from "node:crypto";
import { OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { canonicalJson } from "#app/platform/canonical.server.ts";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { getLocale } from "#app/i18n/paraglide/runtime.js";
import { demandAcceptable } from "#app/platform/accept.ts";
import { readJson, readQuery } from "#app/platform/body.server.ts";
import { logFailure } from "#app/platform/context.server.ts";
import { fromDatabase } from "#app/platform/db-errors.server.ts";
import { fieldFault, unfitNames, unfitPlaces, verbatim, whole } from "#app/platform/fields.ts";
import { errorHeaders } from "#app/platform/http.server.ts";
import {
  AppError,
  asAppError,
  invalid,
  notAllowed,
  notFound,
  toProblem,
  unauthenticated,
} from "#app/platform/errors.ts";
import { type Tx, withActor } from "#db/client.server.ts";
import { inRequest, noteRefusal } from "./audit-note.server.ts";
import type { Actor, Scope } from "./actor.ts";
import { bearer, type RequestContext } from "./context.server.ts";
import { inTurn, once } from "./once.server.ts";
import { may } from "./permissions.ts";
import { type Aside, type Faults, takeEach } from "./aside.rules.ts";
import { errorText } from "./asker.server.ts";
import { issueText } from "./page.server.ts";
import { type ApiOperation, apiAccess } from "./access.rules.ts";
import { describe, isRead, type Method, split } from "./description.server.ts";

const JSON_TYPE = "application/json";

export type ApiEnv = { Variables: { context: RequestContext } };

interface Route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  /** Method and path below /api/v1 in OpenAPI form: `GET /projects/{id}`. What it asks for stands in `access.rules.ts`. */
  at: ApiOperation;
  /** What generated clients call it (`operationId`): as fixed as its address. */
  name: string;
  summary: string;
  tag: string;
  params?: P;
  query?: Q;
  body?: B;
  response: R;
  /** 200 unless told. */
  status?: 200 | 201;
  /** Member of the body that is a list of things of their own: a faulty one is handed to `run` beside the others. */
  each?: string;
  run(input: {
    tx: Tx;
    actor: Actor;
    params: z.output<P>;
    query: z.output<Q>;
    body: z.output<B>;
    aside: readonly Aside[];
    request: Request;
    context: RequestContext;
  }): Promise<z.input<R>>;
}

/** What the caller of an endpoint that handles bytes itself is given: who asks was checked, and what they may. */
interface Raw<P extends z.ZodType, Q extends z.ZodType> {
  at: ApiOperation;
  /** What generated clients call it (`operationId`): as fixed as its address. */
  name: string;
  summary: string;
  tag: string;
  params?: P;
  query?: Q;
  /** Media types of the body and of the answer, for the description; JSON answers by their schema. */
  takes?: Record<string, { schema: z.ZodType }>;
  gives: Record<string, { schema: z.ZodType }>;
  status?: 200 | 201;
  /** The type of the answer depends on what is found: `run` asks `Accept` itself. */
  negotiates?: true;
  run(input: {
    actor: Actor;
    params: z.output<P>;
    query: z.output<Q>;
    request: Request;
    context: RequestContext;
  }): Promise<Response>;
}

const given = (schemas: readonly (z.ZodType | undefined)[]): z.ZodType[] =>
  schemas.filter((schema) => schema !== undefined);

/** Endpoints and their description grow together: one declaration makes both. */
export class Api {
  readonly app = new Hono<ApiEnv>();
  readonly registry = new OpenAPIRegistry();
  /** By endpoint, the schemas of what comes in: tests hold them against the field types. */
  readonly takes = new Map<ApiOperation, readonly z.ZodType[]>();

  /** Adds an endpoint. Somebody else's id answers 404: its existence is not told. */
  route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
    route: Route<P, Q, B, R>,
  ): this {
    describe(this.registry, { ...route, gives: { [JSON_TYPE]: { schema: route.response } } });
    this.takes.set(route.at, given([route.params, route.query, route.body]));
    const handle = (c: Context<ApiEnv>) => answer(c, route);
    this.app.on(...addressOf(route.at), handle);
    return this;
  }

  /** Adds an endpoint whose body or answer is no JSON. It opens its transactions itself. */
  raw<P extends z.ZodType, Q extends z.ZodType>(route: Raw<P, Q>): this {
    describe(this.registry, route);
    this.takes.set(route.at, given([route.params, route.query]));
    this.app.on(...addressOf(route.at), async (c: Context<ApiEnv>) => {
      const [context, request] = [c.get("context"), c.req.raw];
      try {
        const actor = await caller(request, context, route);
        if (!route.negotiates) demandAcceptable(request.headers.get("Accept"), Object.keys(route.gives));
        const params = (route.params ? parsePart(route.params, c.req.param(), () => notFound()) : {}) as z.output<P>;
        const query = (route.query ? parseQuery(route.query, readQuery(c.req.url)) : {}) as z.output<Q>;
        return await route.run({ actor, params, query, request, context });
      } catch (error) {
        await noteRefusal(error, context, request);
        return problem(error, context, request);
      }
    });
    return this;
  }
}

type AnyRoute = Route<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;

/** As Hono takes it. */
function addressOf(at: ApiOperation): [Method, string] {
  const [method, path] = split(at);
  return [method, path.replaceAll(/\{(\w+)\}/g, ":$1")];
}

/** @throws unauthenticated, notAllowed */
async function caller(request: Request, context: RequestContext, { at }: { at: ApiOperation }): Promise<Actor> {
  const actor = await bearer(request, context);
  if (!actor) throw unauthenticated();
  if (!may(actor.role, apiAccess[at])) throw notAllowed({ logMessage: `${actor.role} may not ${apiAccess[at]}` });
  const scope: Scope = isRead(at) ? "read" : "write";
  if (!actor.scopes?.includes(scope))
    throw notAllowed({ code: "token_may_not_change", logMessage: `${at} by a token that only reads` });
  return actor;
}

async function answer(c: Context<ApiEnv>, route: AnyRoute): Promise<Response> {
  const context = c.get("context");
  const request = c.req.raw;
  try {
    const actor = await caller(request, context, route);
    demandAcceptable(request.headers.get("Accept"), [JSON_TYPE]);
    const params = route.params ? parsePart(route.params, c.req.param(), () => notFound()) : {};
    const query = route.query ? parseQuery(route.query, readQuery(c.req.url)) : {};
    const { body, aside } = route.body
      ? parseBody(route.body, await readJson(request), route.each)
      : { body: {}, aside: [] };
    if (isRead(route.at)) {
      const found = await context.scope.reading(actor, (tx) =>
        route.run({ tx, actor, params, query, body, aside, request, context }),
      );
      return json(c, found);
    }
    return await write(c, route, { actor, params, query, body, aside });
  } catch (error) {
    await noteRefusal(error, context, request);
    return problem(error, context, request);
  }
}

/**
 * What was read, with its validator made of the text at once: `hono/etag`, which answers 304, would copy the answer, read the
 * copy as a stream and have the digest made by another thread (a fifth of what the request costs the server).
 */
function json(c: Context<ApiEnv>, found: unknown): Response {
  const text = JSON.stringify(found);
  const validator = `W/"${createHash("sha1").update(text).digest("hex")}"`;
  return c.body(text, 200, { "content-type": JSON_TYPE, etag: validator });
}

async function write(
  c: Context<ApiEnv>,
  route: AnyRoute,
  input: { actor: Actor; params: unknown; query: unknown; body: unknown; aside: readonly Aside[] },
): Promise<Response> {
  const { actor } = input;
  const context = c.get("context");
  const status = route.status ?? 200;
  const requestSha256 = createHash("sha256")
    .update(
      canonicalJson([c.req.method.toLowerCase(), c.req.path, input.body, ...input.aside.map(({ errors }) => errors)]),
    )
    .digest("hex");
  const key = idempotencyKey(c.req.raw);
  const request = key === null ? null : { key, requestSha256, status };
  const run = (tx: Tx) => once(tx, actor, request, () => route.run({ tx, ...input, request: c.req.raw, context }));
  const result = await inTurn(() => withActor(context.db.write, inRequest(actor, context), run));
  return c.json(result.response as object, (request === null ? status : result.status) as 200 | 201);
}

/** @throws invalid */
export function idempotencyKey(request: Request): string | null {
  const key = request.headers.get("Idempotency-Key");
  if (key !== null && (key.length < 8 || key.length > 100))
    throw invalid({ "Idempotency-Key": ["error_field_idempotency_key"] });
  return key;
}

/** @throws invalid with the names of the query's fields that no text holds, or that the schema refuses */
function parseQuery(schema: z.ZodType, query: Record<string, string>): unknown {
  const unfit = unfitNames(query);
  if (unfit.length > 0)
    throw invalid(Object.fromEntries(unfit.map((name) => [name, ["error_field_control_characters"]])));
  return parsePart(schema, query);
}

/**
 * As parseQuery: what no text holds is refused wherever it stands, whatever the schema says of that place.
 * @param each list of the body whose members are judged one by one @throws invalid
 */
function parseBody(schema: z.ZodType, body: unknown, each?: string): { body: unknown; aside: Aside[] } {
  const whole = judgeBody(schema, body);
  if (whole.ok) return { body: whole.value, aside: [] };
  const taken = each === undefined ? null : takeEach(body, each, (left) => judgeBody(schema, left));
  if (!taken) throw invalid(whole.faults);
  return {
    body: taken.value,
    aside: taken.aside.map(({ given: sent, errors }) => ({ given: sent, errors: inWords(errors) })),
  };
}
function judgeBody(
  schema: z.ZodType,
  body: unknown,
): { ok: true; value: unknown } | { ok: false; faults: Record<string, string[]> } {
  const unfit = unfitPlaces(body).map((place) => [place || "(body)", ["error_field_control_characters"]]);
  if (unfit.length > 0) return { ok: false, faults: Object.fromEntries(unfit) as Record<string, string[]> };
  const parsed = schema.safeParse(body, { error: fieldFault });
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, faults: faultsByField(parsed.error.issues) };
}

/** What the schema makes of a value that somebody sent. @throws invalid with what is wrong by field, or `otherwise` */
export function parsePart<S extends z.ZodType>(schema: S, value: unknown, otherwise?: () => AppError): z.output<S> {
  const parsed = schema.safeParse(value, { error: fieldFault });
  if (parsed.success) return parsed.data;
  if (otherwise) throw otherwise();
  throw invalid(faultsByField(parsed.error.issues));
}

/** Message keys by the path of the field, as a problem document has them: `answers.0.note`. */
function faultsByField(issues: readonly { path: readonly PropertyKey[]; message: string }[]): Record<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const { path, message } of issues) {
    const name = path.map(String).join(".") || "(body)";
    fields.set(name, [...(fields.get(name) ?? []), message]);
  }
  return Object.fromEntries(fields);
}

/** Message keys by field, in the reader's language. */
const inWords = (faults: Faults, locale = getLocale()): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(faults).map(([field, list]) => [field, list.map((message) => issueText({ message }, locale))]),
  );

/** RFC 6750, section 3: who brought a token is told that it is none; who brought nothing, only what is wanted. */
const challenge = (request: Request | undefined): string =>
  /^bearer /i.test(request?.headers.get("Authorization") ?? "")
    ? 'Bearer realm="anshi", error="invalid_token"'
    : 'Bearer realm="anshi"';

/** Any error as application/problem+json. What is not ours to tell becomes «unexpected» with the request's id. */
export function problem(error: unknown, context: RequestContext, request?: Request): Response {
  const locale = getLocale();
  const known = error instanceof AppError ? error : (fromDatabase(error) ?? asAppError(error));
  logFailure(context, request, error, known);
  const body = toProblem(known, context.requestId, () => errorText(known, locale));
  const errors = known.fieldErrors && inWords(known.fieldErrors, locale);
  return new Response(JSON.stringify(errors ? { ...body, errors } : body), {
    status: known.status,
    headers: {
      "Content-Type": "application/problem+json; charset=utf-8",
      ...errorHeaders(known),
      ...(known.status === 401 ? { "www-authenticate": challenge(request) } : {}),
    },
  });
}

/** Query of every list: `limit` ≤ 200 and an opaque cursor. */
export const listQuery = z.object({
  limit: whole(1, 200).default(50),
  cursor: verbatim(300).optional(),
});
