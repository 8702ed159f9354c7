import { extendZodWithOpenApi, OpenApiGeneratorV31, type OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";
import { keptAnswerDays } from "#db/schema/index.ts";
import type { ApiOperation } from "./access.rules.ts";

/* How endpoints describe themselves: what every operation has in common stands here once. */

extendZodWithOpenApi(z);

/** RFC 9457 problem details with our stable code. */
const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string().optional(),
    requestId: z.string(),
    errors: z
      .record(z.string(), z.array(z.string()))
      .optional()
      .openapi({ description: "What is wrong, by the path of the field: answers.0.note" }),
    offers: z
      .array(z.string())
      .optional()
      .openapi({ description: "With not_acceptable: the media types in which the answer can be given" }),
    rev: z.number().int().optional().openapi({ description: "With stale_revision: the revision that stands there" }),
    theirs: z
      .unknown()
      .optional()
      .openapi({ description: "With stale_revision: what stands there, in the form it is sent in" }),
    updatedAt: z.iso.datetime().optional().openapi({ description: "With stale_revision: when it was written" }),
    state: z.string().optional().openapi({ description: "With stale_version and workflow_refused: the present state" }),
    version: z
      .number()
      .int()
      .optional()
      .openapi({ description: "With stale_version and workflow_refused: send it back as expectedVersion" }),
    since: z
      .array(
        z.object({
          type: z.string(),
          to: z.string(),
          actorName: z.string(),
          at: z.iso.datetime(),
          reason: z.string(),
          label: z.string(),
          toLabel: z.string(),
        }),
      )
      .optional()
      .openapi({ description: "With stale_version: events since the version that was sent" }),
    kind: z
      .string()
      .optional()
      .openapi({ description: "With workflow_refused: what refused, a guard, the role or the state" }),
    reasons: z
      .array(z.object({ code: z.string(), params: z.record(z.string(), z.unknown()), message: z.string() }))
      .optional()
      .openapi({ description: "With workflow_refused: what has to be mended first" }),
  })
  .openapi("Problem");

const idempotencyKeyHeader = z
  .string()
  .min(8)
  .max(100)
  .optional()
  .openapi({
    description: `A repeat of the same request under the same key gets the first one's answer and has no second effect, for ${keptAnswerDays * 24} hours. Equal requests at one time wait for the first, at most ten seconds: then 409 idempotency_key_in_use with Retry-After. Another request under the key is 422 idempotency_key_reused. What was refused is not kept.`,
  });

const ifNoneMatch = z
  .string()
  .optional()
  .openapi({ description: "ETags of answers that the client has kept, or `*`: 304 where one of them still stands" });

export const split = (at: ApiOperation): [Method, string] => at.split(" ") as [Method, string];
export const isRead = (at: ApiOperation): boolean => split(at)[0] === "GET";
const methods = { GET: "get", POST: "post", PUT: "put" } as const;
export type Method = keyof typeof methods;

type Content = Record<string, { schema: z.ZodType }>;
export interface Described {
  at: ApiOperation;
  name: string;
  summary: string;
  tag: string;
  params?: z.ZodType;
  query?: z.ZodType;
  /** JSON, by its schema; `takes` has other media types. */
  body?: z.ZodType;
  takes?: Content;
  gives: Content;
  status?: 200 | 201;
}

const seconds = { "Retry-After": { schema: { type: "integer" as const }, description: "Seconds" } };
const etag = { schema: { type: "string" as const }, description: "Weak validator of this answer, for If-None-Match" };
const told = (
  description: string,
  headers?: Record<string, { schema: { type: "string" | "integer" }; description: string }>,
) => ({
  description,
  ...(headers ? { headers } : {}),
  content: { "application/problem+json": { schema: problemSchema } },
});

/** Of any operation. */
const refusals = {
  400: told("Malformed request"),
  401: told("No valid token", {
    "WWW-Authenticate": { schema: { type: "string" }, description: "RFC 6750, section 3" },
  }),
  403: told("The token's role or scope may not do this"),
  404: told("Not there, or not yours"),
  405: told("A method that this address does not take", {
    Allow: { schema: { type: "string" }, description: "Methods it takes" },
  }),
  406: told("Accept takes none of the media types that are offered"),
  409: told("Changed meanwhile, or an equal request under the same key is still being worked on", seconds),
  422: told("Refused, with what to mend"),
  429: told("More requests than an account, a token or an address may send", seconds),
  500: told("An error of this system; the log has it under requestId"),
  503: told("Too much at once, or the database is away or being brought up to date", seconds),
};
const ofBodies = {
  413: told("Larger than it may be"),
  415: told("A body of a kind that is not taken"),
  507: told("A disk is full; nothing of what was sent has been kept", seconds),
};

/** Adds one operation to the description. */
export function describe(registry: OpenAPIRegistry, route: Described): void {
  const { at, name, summary, tag, params, query, body, takes, gives, status = 200 } = route;
  const [method, path] = split(at);
  const read = isRead(at);
  const content = takes ?? (body ? { "application/json": { schema: body } } : null);
  registry.registerPath({
    method: methods[method],
    path: `/api/v1${path}`,
    operationId: name,
    summary,
    tags: [tag],
    security: [{ bearer: [] }],
    request: {
      ...(params instanceof z.ZodObject ? { params } : {}),
      ...(query instanceof z.ZodObject ? { query } : {}),
      headers: read
        ? z.object({ "If-None-Match": ifNoneMatch })
        : z.object({ "Idempotency-Key": idempotencyKeyHeader }),
      ...(content ? { body: { required: true, content } } : {}),
    },
    responses: {
      [String(status)]: { description: "OK", ...(read ? { headers: { ETag: etag } } : {}), content: gives },
      ...(read ? { 304: { description: "As the client has it", headers: { ETag: etag } } } : {}),
      ...refusals,
      ...(content ? ofBodies : {}),
    },
  });
}

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  anyOf?: Schema[];
}
/** A query has no null: what may be left out is left out. What reads it takes a blank for none, and is described as nullable. */
function withoutNull<S>(schema: S): S {
  const { type, enum: values, anyOf, ...rest } = schema as Schema;
  const types = [type ?? []].flat().filter((one) => one !== "null");
  return {
    ...rest,
    ...(types.length > 0 ? { type: types.length === 1 ? types[0] : types } : {}),
    ...(values ? { enum: values.filter((one) => one !== null) } : {}),
    ...(anyOf ? { anyOf: anyOf.filter((one) => one.type !== "null") } : {}),
  } as S;
}

/** The whole, as OpenAPI 3.1. */
export function descriptionOf(registry: OpenAPIRegistry) {
  const {
    webhooks: _none,
    paths = {},
    components,
    ...whole
  } = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: "3.1.0",
    info: {
      title: "Anshi 安试",
      version: "1",
      license: { name: "MIT", identifier: "MIT" },
      description:
        "The same use-cases as the pages. A token acts in one membership. Errors are application/problem+json with a stable code; somebody else's id answers 404.",
    },
    servers: [{ url: "/" }],
  });
  for (const operations of Object.values(paths))
    for (const operation of [operations.get, operations.post, operations.put])
      for (const parameter of operation?.parameters ?? [])
        if ("in" in parameter && parameter.in === "query" && parameter.schema)
          parameter.schema = withoutNull(parameter.schema);
  return {
    ...whole,
    paths,
    components: { ...components, securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  };
}
