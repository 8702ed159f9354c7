import { z } from "zod";
import { account, product } from "#tests/e2e/setup/person.ts";

/* The API as it describes itself, and asking it. */

interface Operation {
  summary: string;
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { content?: Record<string, { schema: unknown }> }>;
}
interface Description {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas?: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}
export type Json = Record<string, unknown>;

export let api: Description;
/** Before the tests of a file: what the product says of itself. */
export async function readDescription(): Promise<void> {
  api = (await (await fetch(`${product().url}/api/v1/openapi.json`)).json()) as Description;
}

/** A schema of the description as a validator: references are looked up, and what it does not name is still allowed. */
function validator(schema: unknown): z.ZodType {
  const text = JSON.stringify({ ...(schema as object), $defs: api.components.schemas ?? {} }).replaceAll(
    "#/components/schemas/",
    "#/$defs/",
  );
  return z.fromJSONSchema(JSON.parse(text) as Parameters<typeof z.fromJSONSchema>[0]);
}

export async function call(
  token: string | null,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
) {
  const response = await fetch(`${product().url}${path}`, {
    method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: response.status,
    type: response.headers.get("content-type") ?? "",
    body: (await response.json()) as Json,
  };
}
export const tokenOf = (name: string) => account(name).apiToken;
export const items = (body: Json): Json[] => (Array.isArray(body["items"]) ? (body["items"] as Json[]) : []);

/** What is wrong with an answer by the description; nothing where it fits. */
export function fits(path: string, method: string, answer: { status: number; type: string; body: Json }): string[] {
  const operation = api.paths[path]?.[method];
  const described = operation?.responses[String(answer.status)];
  if (!described) return [`${method} ${path}: ${answer.status} is not described`];
  const type = answer.status < 300 ? "application/json" : "application/problem+json";
  if (!answer.type.startsWith(type)) return [`${method} ${path}: ${answer.type}`];
  const parsed = validator(described.content?.[type]?.schema).safeParse(answer.body);
  return parsed.success
    ? []
    : [`${method} ${path} ${answer.status}: ${JSON.stringify(parsed.error.issues.slice(0, 3))}`];
}

/** Values for the parameters in paths, found through the lists as this caller sees them. */
export async function idsFor(token: string): Promise<Record<string, string>> {
  const [projects, documents, pilots, specifications] = await Promise.all(
    ["/projects", "/documents", "/pilots", "/specifications"].map((path) => call(token, "get", `/api/v1${path}`)),
  );
  const first = (answer: { body: Json } | undefined, key = "id") =>
    String(items(answer?.body ?? {})[0]?.[key] ?? nothing);
  return {
    "/projects": first(projects),
    "/documents": first(documents),
    "/pilots": first(pilots),
    number: encodeURIComponent(first(specifications, "number")),
    clause: "1",
    siteId: nothing,
  };
}
export const nothing = "01890000-0000-7000-8000-000000000000";
export const fill = (path: string, ids: Record<string, string>) =>
  path.replace(
    /\{(\w+)\}/g,
    (_whole, name: string) => (name === "id" ? ids[`/${path.split("/")[3] ?? ""}`] : ids[name]) ?? nothing,
  );
