import addFormats from "ajv-formats";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { account, product } from "#tests/e2e/setup/person.ts";

/* The API as it describes itself, and asking it. */

interface Operation {
  operationId: string;
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

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && !Array.isArray(value);

/** A schema that lets nothing pass which it does not name: each object is closed, whatever parts it is put together of. */
function closed(schema: unknown, part = false): unknown {
  if (Array.isArray(schema)) return schema.map((one) => closed(one, part));
  if (!isNode(schema)) return schema;
  const inner = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (key === "properties" && isNode(value))
      return [key, Object.fromEntries(Object.entries(value).map(([name, one]) => [name, closed(one)]))];
    if (key === "enum" || key === "const" || key === "default") return [key, value];
    return [key, closed(value, key === "allOf")];
  });
  const whole = isNode(schema["properties"]) || "$ref" in schema || "allOf" in schema;
  const open = part || !whole || "additionalProperties" in schema;
  return { ...Object.fromEntries(inner), ...(open ? {} : { unevaluatedProperties: false }) };
}

const validators = new Map<string, ValidateFunction>();
let ajv: Ajv2020 | undefined;
/** A schema of the description as a validator (JSON Schema 2020-12); made once. */
export function validator(schema: unknown): ValidateFunction {
  const key = JSON.stringify(schema);
  const known = validators.get(key);
  if (known) return known;
  if (!ajv) {
    ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    // Closed where it is referred to: another schema may be made of it and more.
    const schemas = Object.entries(api.components.schemas ?? {}).map(([name, one]) => [name, closed(one, true)]);
    ajv.addSchema({ $id: "api", components: { schemas: Object.fromEntries(schemas) as Node } });
  }
  const made = ajv.compile(
    JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/components', '"api#/components')) as Node,
  );
  validators.set(key, made);
  return made;
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
    allow: response.headers.get("allow"),
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
  const check = validator(described.content?.[type]?.schema ?? {});
  return check(answer.body)
    ? []
    : [`${method} ${path} ${answer.status}: ${JSON.stringify((check.errors ?? []).slice(0, 3))}`];
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
