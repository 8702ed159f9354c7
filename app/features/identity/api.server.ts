import { createHash } from "node:crypto";
import { OpenAPIRegistry, extendZodWithOpenApi } from "@asteasolutions/zod-to-openapi";
import { canonicalJson } from "#app/platform/canonical.server.ts";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { getLocale } from "#app/i18n/paraglide/runtime.js";
import { readJson, readQuery } from "#app/platform/body.server.ts";
import { fromDatabase } from "#app/platform/db-errors.server.ts";
import { unfitNames } from "#app/platform/fields.ts";
import { AppError, asAppError, invalid, notAllowed, notFound, toProblem, unauthenticated } from "#app/platform/errors.ts";
import { type Tx, withActor } from "#db/client.server.ts";
import { keptAnswerDays } from "#db/schema/index.ts";
import { inRequest, noteRefusal } from "./acts.server.ts";
import type { Actor, Scope } from "./actor.ts";
import { bearer, type RequestContext } from "./context.server.ts";
import { inTurn, once } from "./once.server.ts";
import { may } from "./permissions.ts";
import { errorText, issueText } from "./route.server.ts";
import { type ApiWay, apiWays } from "./ways.rules.ts";

extendZodWithOpenApi(z);

export type ApiEnv = { Variables: { context: RequestContext } };

/** RFC 9457 problem details with our stable code. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string().optional(),
  requestId: z.string(),
  errors: z.record(z.string(), z.array(z.string())).optional(),
});

const idempotencyKeyHeader = z
  .string()
  .min(8)
  .max(100)
  .optional()
  .openapi({
    description: `A repeat of the same request under the same key gets the first one's answer and has no second effect, for ${keptAnswerDays * 24} hours. Equal requests at one time wait for the first, at most ten seconds: then 409 idempotency_key_in_use with Retry-After. Another request under the key is 422 idempotency_key_reused. What was refused is not kept.`,
  });

interface Route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  /** Method and path below /api/v1 in OpenAPI form: `GET /projects/{id}`. What it asks for stands in `ways.rules.ts`. */
  at: ApiWay;
  summary: string;
  tag: string;
  params?: P;
  query?: Q;
  body?: B;
  response: R;
  /** 200 unless told. */
  status?: 200 | 201;
  run(input: { tx: Tx; actor: Actor; params: z.output<P>; query: z.output<Q>; body: z.output<B>; request: Request; context: RequestContext }): Promise<z.input<R>>;
}

/** What the caller of an endpoint that handles bytes itself is given: who asks was checked, and what he may. */
interface Raw<P extends z.ZodType, Q extends z.ZodType> {
  at: ApiWay;
  summary: string;
  tag: string;
  params?: P;
  query?: Q;
  /** Media types of the body and of the answer, for the description; JSON answers by their schema. */
  takes?: Record<string, { schema: z.ZodType }>;
  gives: Record<string, { schema: z.ZodType }>;
  status?: 200 | 201;
  run(input: { actor: Actor; params: z.output<P>; query: z.output<Q>; request: Request; context: RequestContext }): Promise<Response>;
}

/** Endpoints and their description grow together: one declaration makes both. */
export class Api {
  readonly app = new Hono<ApiEnv>();
  readonly registry = new OpenAPIRegistry();

  /** Adds an endpoint. Somebody else's id answers 404: its existence is not told. */
  route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(route: Route<P, Q, B, R>): this {
    this.describe(route);
    const handle = (c: Context<ApiEnv>) => answer(c, route);
    this.app.on(...addressOf(route.at), handle);
    return this;
  }

  /** Adds an endpoint whose body or answer is no JSON. It opens its transactions itself. */
  raw<P extends z.ZodType, Q extends z.ZodType>(route: Raw<P, Q>): this {
    this.describe({ ...route, response: z.unknown() } as unknown as AnyRoute, route);
    this.app.on(...addressOf(route.at), async (c: Context<ApiEnv>) => {
      const [context, request] = [c.get("context"), c.req.raw];
      try {
        const actor = await caller(request, context, route);
        const params = (route.params ? parsePart(route.params, c.req.param(), () => notFound()) : {}) as z.output<P>;
        const query = (route.query ? parseQuery(route.query, readQuery(c.req.url)) : {}) as z.output<Q>;
        return await route.run({ actor, params, query, request, context });
      } catch (error) {
        await noteRefusal(error, context, request);
        return problem(error, context);
      }
    });
    return this;
  }

  private describe(route: AnyRoute, raw?: Pick<Raw<z.ZodType, z.ZodType>, "takes" | "gives">): void {
    const problem = { content: { "application/problem+json": { schema: problemSchema } } };
    const params = route.params instanceof z.ZodObject ? { params: route.params } : {};
    const query = route.query instanceof z.ZodObject ? { query: route.query } : {};
    const [method, path] = split(route.at);
    const idempotency = method === "GET" ? {} : { headers: z.object({ "Idempotency-Key": idempotencyKeyHeader }) };
    this.registry.registerPath({
      method: methods[method],
      path: `/api/v1${path}`,
      summary: route.summary,
      tags: [route.tag],
      security: [{ bearer: [] }],
      request: {
        ...params,
        ...query,
        ...idempotency,
        ...(route.body ? { body: { required: true, content: { "application/json": { schema: route.body } } } } : {}),
        ...(raw?.takes ? { body: { required: true, content: raw.takes } } : {}),
      },
      responses: {
        [String(route.status ?? 200)]: { description: "OK", content: raw?.gives ?? { "application/json": { schema: route.response } } },
        ...(raw?.takes ? { 413: { description: "Larger than a file may be", ...problem }, 415: { description: "A body of a kind that is not taken", ...problem } } : {}),
        400: { description: "Malformed request", ...problem },
        401: { description: "No valid token", ...problem },
        403: { description: "The token's role or scope may not do this", ...problem },
        404: { description: "Not there, or not yours", ...problem },
        409: { description: "Changed meanwhile", ...problem },
        422: { description: "Refused, with what to mend", ...problem },
      },
    });
  }
}

type AnyRoute = Route<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;

const methods = { GET: "get", POST: "post", PUT: "put" } as const;
type Method = keyof typeof methods;
const split = (at: ApiWay): [Method, string] => at.split(" ") as [Method, string];
/** As Hono takes it. */
function addressOf(at: ApiWay): [Method, string] {
  const [method, path] = split(at);
  return [method, path.replaceAll(/\{(\w+)\}/g, ":$1")];
}
const isRead = (at: ApiWay): boolean => split(at)[0] === "GET";

/** @throws unauthenticated, notAllowed */
async function caller(request: Request, context: RequestContext, { at }: { at: ApiWay }): Promise<Actor> {
  const actor = await bearer(request, context);
  if (!actor) throw unauthenticated();
  if (!may(actor.role, apiWays[at])) throw notAllowed({ logMessage: `${actor.role} may not ${apiWays[at]}` });
  const scope: Scope = isRead(at) ? "read" : "write";
  if (!actor.scopes?.includes(scope)) throw notAllowed({ code: "token_may_not_change", logMessage: `${at} by a token that only reads` });
  return actor;
}

async function answer(c: Context<ApiEnv>, route: AnyRoute): Promise<Response> {
  const context = c.get("context");
  const request = c.req.raw;
  try {
    const actor = await caller(request, context, route);
    const params = route.params ? parsePart(route.params, c.req.param(), () => notFound()) : {};
    const query = route.query ? parseQuery(route.query, readQuery(c.req.url)) : {};
    const body = route.body ? parsePart(route.body, await readJson(request)) : {};
    if (isRead(route.at)) {
      const tx = await context.scope.read(actor);
      return c.json((await route.run({ tx, actor, params, query, body, request, context })) as object, 200);
    }
    return await write(c, route, { actor, params, query, body });
  } catch (error) {
    await noteRefusal(error, context, request);
    return problem(error, context);
  }
}

async function write(c: Context<ApiEnv>, route: AnyRoute, input: { actor: Actor; params: unknown; query: unknown; body: unknown }): Promise<Response> {
  const { actor } = input;
  const context = c.get("context");
  const status = route.status ?? 200;
  const requestSha256 = createHash("sha256").update(canonicalJson([c.req.method.toLowerCase(), c.req.path, input.body])).digest("hex");
  const key = idempotencyKey(c.req.raw);
  const request = key === null ? null : { key, requestSha256, status };
  const run = (tx: Tx) => once(tx, actor, request, () => route.run({ tx, ...input, request: c.req.raw, context }));
  const result = await inTurn(() => withActor(context.db.write, inRequest(actor, context), run));
  return c.json(result.response as object, (request === null ? status : result.status) as 200 | 201);
}

/** @throws invalid */
export function idempotencyKey(request: Request): string | null {
  const key = request.headers.get("Idempotency-Key");
  if (key !== null && (key.length < 8 || key.length > 100)) throw invalid({ "Idempotency-Key": ["error_field_idempotency_key"] });
  return key;
}

/** @throws invalid with the names of the query's fields that no text holds, or that the schema refuses */
function parseQuery(schema: z.ZodType, query: Record<string, string>): unknown {
  const unfit = unfitNames(query);
  if (unfit.length > 0) throw invalid(Object.fromEntries(unfit.map((name) => [name, ["error_field_control_characters"]])));
  return parsePart(schema, query);
}

function parsePart(schema: z.ZodType, value: unknown, otherwise?: () => AppError): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  if (otherwise) throw otherwise();
  const fields: Record<string, string[]> = {};
  for (const issue of parsed.error.issues) (fields[issue.path.join(".") || "(body)"] ??= []).push(issue.message);
  throw invalid(fields);
}

/** Any error as application/problem+json. What is not ours to tell becomes «unexpected» with the request's id. */
export function problem(error: unknown, context: RequestContext): Response {
  const locale = getLocale();
  const known = error instanceof AppError ? error : (fromDatabase(error) ?? asAppError(error));
  if (known.status >= 500) context.log.error({ err: error, code: known.code }, known.message);
  const body = toProblem(known, context.requestId, () => errorText(known, locale));
  const errors = known.fieldErrors && Object.fromEntries(Object.entries(known.fieldErrors).map(([f, list]) => [f, list.map((message) => issueText({ message }, locale))]));
  return new Response(JSON.stringify(errors ? { ...body, errors } : body), {
    status: known.status,
    headers: {
      "Content-Type": "application/problem+json; charset=utf-8",
      ...(known.status === 503 || known.code === "idempotency_key_in_use" ? { "Retry-After": "5" } : {}),
      ...(known.status === 507 ? { "Retry-After": "60" } : {}),
      ...(known.status === 401 ? { "WWW-Authenticate": "Bearer" } : {}),
    },
  });
}

/** Query of every list: `limit` ≤ 200 and an opaque cursor. */
export const listQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
