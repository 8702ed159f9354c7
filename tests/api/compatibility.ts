/*
 * What changed from one description of the API to another, told as what breaks a client that lives by the first and what only
 * adds to it. What a client sends may be asked for less strictly, and what it gets may hold more; the other way round breaks.
 * Pure.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = { [key: string]: Json };
interface Parameter {
  name: string;
  in: string;
  required: boolean;
  schema: Schema;
}
interface Operation {
  id: string;
  parameters: Parameter[];
  body: Record<string, Schema>;
  /** By status and media type. */
  answers: Record<string, Record<string, Schema>>;
  /** Statuses that come with a problem document (RFC 9457), which is the same for all. */
  problems: string[];
}
/** A description without its prose: what clients are made of. */
export interface Outline {
  operations: Record<string, Operation>;
  schemas: Record<string, Schema>;
}
export interface Changes {
  breaking: string[];
  additive: string[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const prose = new Set(["description", "summary", "title", "example", "examples"]);

/** A schema without its prose, members in order. Names of properties are no prose. */
function bare(value: unknown, names = false): Json {
  if (Array.isArray(value)) return value.map((one) => bare(one));
  if (!isObject(value)) return value as Json;
  const kept = Object.entries(value).filter(([key]) => names || !prose.has(key));
  const sorted = kept.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, one]) => [key, bare(one, key === "properties" && !names)]));
}

const contentOf = (content: unknown): Record<string, Schema> =>
  Object.fromEntries(
    Object.entries((content ?? {}) as Record<string, { schema?: unknown }>).map(([type, { schema }]) => [
      type,
      bare(schema ?? {}) as Schema,
    ]),
  );

const problemType = "application/problem+json";
/** @param description OpenAPI 3.1, as it is served */
export function outlineOf(description: unknown): Outline {
  const { paths = {}, components = {} } = description as {
    paths?: Record<string, Record<string, Record<string, unknown>>>;
    components?: { schemas?: Record<string, unknown> };
  };
  const operations: Outline["operations"] = {};
  for (const [path, methods] of Object.entries(paths))
    for (const [method, of] of Object.entries(methods)) {
      const responses = (of["responses"] ?? {}) as Record<string, { content?: unknown }>;
      const parameters = ((of["parameters"] ?? []) as Parameter[]).map((p) => ({
        in: p.in,
        name: p.name,
        required: p.required === true,
        schema: bare(p.schema) as Schema,
      }));
      const isProblem = (status: string) => JSON.stringify(responses[status]?.content ?? {}).includes(problemType);
      const statuses = Object.keys(responses);
      operations[`${method.toUpperCase()} ${path}`] = {
        id: typeof of["operationId"] === "string" ? of["operationId"] : "",
        parameters: parameters.sort((a, b) => (`${a.in} ${a.name}` < `${b.in} ${b.name}` ? -1 : 1)),
        body: contentOf((of["requestBody"] as { content?: unknown } | undefined)?.content),
        answers: Object.fromEntries(
          statuses
            .filter((status) => !isProblem(status))
            .map((status) => [status, contentOf(responses[status]?.content)]),
        ),
        problems: statuses.filter(isProblem),
      };
    }
  return { operations, schemas: bare(components.schemas ?? {}, true) as Record<string, Schema> };
}

/** Which way a value goes: clients send it, or get it. */
type Way = "sent" | "given";

class Comparison {
  readonly breaking = new Set<string>();
  readonly additive = new Set<string>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly before: Outline,
    private readonly after: Outline,
  ) {}

  operations(): void {
    for (const [name, old] of Object.entries(this.before.operations)) {
      const now = this.after.operations[name];
      if (!now) this.breaking.add(`${name} is gone`);
      else this.operation(name, old, now);
    }
    for (const name of Object.keys(this.after.operations))
      if (!this.before.operations[name]) this.additive.add(`${name} is new`);
    const [old, now] = [this.before.schemas["Problem"], this.after.schemas["Problem"]];
    if (old && now) this.schema("Problem", old, now, "given");
  }

  private operation(name: string, old: Operation, now: Operation): void {
    if (old.id !== now.id)
      (old.id === "" ? this.additive : this.breaking).add(
        `${name} is called ${now.id}${old.id ? `, was ${old.id}` : ""}`,
      );
    this.parameters(name, old.parameters, now.parameters);
    this.contents(`${name} takes`, old.body, now.body, "sent");
    for (const [status, content] of Object.entries(old.answers)) {
      const given = now.answers[status];
      if (given) this.contents(`${name} ${status}`, content, given, "given");
      // That something no longer happens harms nobody, unless it is what was asked for.
      else (status.startsWith("2") ? this.breaking : this.additive).add(`${name} no longer answers ${status}`);
    }
    const [could, can] = [old, now].map((of) => [...Object.keys(of.answers), ...of.problems]) as [string[], string[]];
    for (const status of can.filter((one) => !could.includes(one))) this.additive.add(`${name} may answer ${status}`);
  }

  private parameters(name: string, old: readonly Parameter[], now: readonly Parameter[]): void {
    const at = (p: Parameter) => `${name} ${p.in} parameter ${p.name}`;
    for (const was of old) {
      const is = now.find((p) => p.in === was.in && p.name === was.name);
      if (!is) {
        this.breaking.add(`${at(was)} is gone`);
        continue;
      }
      if (is.required && !was.required) this.breaking.add(`${at(was)} is required`);
      if (!is.required && was.required) this.additive.add(`${at(was)} may be left out`);
      this.schema(at(was), was.schema, is.schema, "sent");
    }
    for (const is of now.filter((p) => !old.some((was) => was.in === p.in && was.name === p.name)))
      (is.required ? this.breaking : this.additive).add(`${at(is)} is new${is.required ? " and required" : ""}`);
  }

  private contents(at: string, old: Record<string, Schema>, now: Record<string, Schema>, way: Way): void {
    for (const [type, schema] of Object.entries(old)) {
      const is = now[type];
      if (is) this.schema(at, schema, is, way);
      else this.breaking.add(`${at} ${type} is gone`);
    }
    for (const type of Object.keys(now)) if (!old[type]) this.additive.add(`${at} ${type} is new`);
  }

  /** What allows more breaks where it is given, and adds where it is sent. */
  private wider(at: string, what: string, way: Way): void {
    (way === "given" ? this.breaking : this.additive).add(`${at} ${what}`);
  }
  private narrower(at: string, what: string, way: Way): void {
    (way === "sent" ? this.breaking : this.additive).add(`${at} ${what}`);
  }

  private schema(at: string, old: Schema, now: Schema, way: Way): void {
    const key = JSON.stringify([way, old, now, at.split(".").at(-1)]);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const [a, b] = [flat(old, this.before), flat(now, this.after)];
    this.values(at, "type", typesOf(a), typesOf(b), way);
    this.values(at, "value", a["enum"], b["enum"], way);
    for (const limit of limits) {
      if (JSON.stringify(a[limit]) === JSON.stringify(b[limit])) continue;
      if (a[limit] === undefined) this.narrower(at, `has a ${limit}`, way);
      else if (b[limit] === undefined) this.wider(at, `has no ${limit} any more`, way);
      else this.breaking.add(`${at} has another ${limit}`);
    }
    this.members(at, a, b, way);
    if (isObject(a["items"]) && isObject(b["items"])) this.schema(`${at}[]`, a["items"], b["items"], way);
    for (const choice of ["anyOf", "oneOf"])
      if (JSON.stringify(a[choice]) !== JSON.stringify(b[choice])) this.breaking.add(`${at} has other alternatives`);
  }

  private values(at: string, what: string, old: Json | undefined, now: Json | undefined, way: Way): void {
    if (JSON.stringify(old) === JSON.stringify(now)) return;
    if (!Array.isArray(old)) return void (Array.isArray(now) && this.narrower(at, `has fixed ${what}s`, way));
    if (!Array.isArray(now)) return this.wider(at, `takes any ${what}`, way);
    const had = new Set(old.map((v) => JSON.stringify(v)));
    const has = new Set(now.map((v) => JSON.stringify(v)));
    for (const one of has) if (!had.has(one)) this.wider(at, `has the ${what} ${one}`, way);
    for (const one of had) if (!has.has(one)) this.narrower(at, `no longer has the ${what} ${one}`, way);
  }

  private members(at: string, old: Schema, now: Schema, way: Way): void {
    const [had, has] = [propertiesOf(old), propertiesOf(now)];
    const [needed, needs] = [requiredOf(old), requiredOf(now)];
    for (const [name, schema] of Object.entries(had)) {
      const is = has[name];
      if (!is) {
        this.breaking.add(`${at}.${name} is gone`);
        continue;
      }
      if (needs.has(name) && !needed.has(name)) this.narrower(`${at}.${name}`, "is always there", way);
      if (!needs.has(name) && needed.has(name)) this.wider(`${at}.${name}`, "may be left out", way);
      this.schema(`${at}.${name}`, schema, is, way);
    }
    for (const name of Object.keys(has).filter((one) => !had[one])) {
      const asked = way === "sent" && needs.has(name);
      (asked ? this.breaking : this.additive).add(`${at}.${name} is new${asked ? " and required" : ""}`);
    }
    const [more, rest] = [old["additionalProperties"], now["additionalProperties"]];
    if (isObject(more) && isObject(rest)) this.schema(`${at}.*`, more, rest, way);
  }
}

const limits = ["pattern", "format", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "const"];
const typesOf = (schema: Schema): Json | undefined => {
  const { type } = schema;
  return type === undefined || Array.isArray(type) ? type : [type];
};
const propertiesOf = (schema: Schema) => (schema["properties"] ?? {}) as Record<string, Schema>;
const requiredOf = (schema: Schema) => new Set((schema["required"] ?? []) as string[]);

/** A schema with its reference followed and its parts (`allOf`) put together. */
function flat(schema: Schema, { schemas }: Outline): Schema {
  const { $ref, allOf, ...own } = schema;
  const whole = { schemas, operations: {} };
  const parts: Schema[] = [
    ...(typeof $ref === "string" ? [flat(schemas[$ref.split("/").at(-1) ?? ""] ?? {}, whole)] : []),
    ...(Array.isArray(allOf) ? allOf.map((one) => flat(one as Schema, whole)) : []),
    own,
  ];
  const properties = Object.assign({}, ...parts.map(propertiesOf)) as Schema;
  const required = [...new Set(parts.flatMap((one) => [...requiredOf(one)]))];
  return {
    ...(Object.assign({}, ...parts) as Schema),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
  };
}

/** In words, each once, in the order of the alphabet. */
export function changesBetween(before: Outline, after: Outline): Changes {
  const found = new Comparison(before, after);
  found.operations();
  return { breaking: [...found.breaking].sort(), additive: [...found.additive].sort() };
}

/** As it is kept beside the tests: an operation and a schema a line, so that a change is seen where it is. */
export function written({ operations, schemas }: Outline): string {
  const lines = (of: Record<string, unknown>) =>
    Object.keys(of)
      .sort()
      .map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(of[name])}`)
      .join(",\n");
  return `{\n "operations": {\n${lines(operations)}\n },\n "schemas": {\n${lines(schemas)}\n }\n}\n`;
}
