import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { type ApiOperation, apiAccess } from "#app/request/access.rules.ts";
import type { Ground, Asker } from "../matrix/ground.ts";
import { bodies } from "../matrix/forms.ts";
import { may } from "#app/request/permissions.ts";
import { type Dice, described, mutated, wellFormed } from "./values.ts";
import { wordsAreOurs } from "./words.ts";

/* Requests to every operation that openapi.json describes, and what is asked of each answer. */

interface Operation {
  parameters?: { name: string; in: string; schema: unknown }[];
  requestBody?: { content: Record<string, { schema: unknown }> };
  responses: Record<string, { content?: Record<string, { schema?: unknown }> }>;
}
export interface Description {
  paths: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, unknown> };
}

/** What was sent, as somebody would repeat it, and what is wrong with the answer. */
export interface Tried {
  status: number;
  wrong: string | null;
}

const patience = 60_000;

export class ApiFuzz {
  private readonly ajv: Ajv2020;
  private readonly ways: { at: ApiOperation; path: string; method: string; operation: Operation }[];
  constructor(
    private readonly base: string,
    private readonly api: Description,
    private readonly ground: Ground,
    private readonly dice: Dice,
  ) {
    this.ajv = new Ajv2020({ strict: false, allErrors: false, logger: false, formats: { binary: true } });
    (formats as unknown as (ajv: Ajv2020) => void)(this.ajv);
    this.ajv.addSchema(api, "api");
    this.ways = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        at: `${method.toUpperCase()} ${path.replace("/api/v1", "")}` as ApiOperation,
        path,
        method,
        operation,
      })),
    );
  }

  private readonly find = (ref: string): unknown =>
    this.api.components?.schemas?.[ref.replace("#/components/schemas/", "")];

  /** Each operation once; who may do it asks, now and then somebody else. */
  async round(): Promise<Tried[]> {
    const tried: Tried[] = [];
    for (const way of this.ways) {
      const able = this.ground.askers.filter((one) => one.role !== null && may(one.role, apiAccess[way.at]));
      tried.push(
        await this.send(way, this.dice.pick(this.dice.chance(0.9) && able.length > 0 ? able : this.ground.askers)),
      );
    }
    return tried;
  }

  private pathOf(template: string): string {
    const { dice, ground } = this;
    return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const own = ground.ids.own;
      const right =
        name === "id"
          ? template.includes("/pilots")
            ? own["pilotId"]
            : template.includes("/documents")
              ? own["documentId"]
              : template.includes("/evidence")
                ? own["evidenceId"]
                : own["projectId"]
          : own[name];
      if (dice.chance(0.8)) return encodeURIComponent(dice.chance(0.2) ? (right ?? "").toUpperCase() : (right ?? "1"));
      return dice.pick([
        "%ff",
        "%00",
        "%C0%80",
        "%",
        "..",
        encodeURIComponent(wellFormed(dice.text().slice(0, 2000))) || "x",
      ]);
    });
  }

  private queryOf(operation: Operation, english: boolean): string {
    const { dice } = this;
    const query: [string, string][] = english ? [["lng", "en"]] : [];
    for (const { name, schema } of (operation.parameters ?? []).filter((p) => p.in === "query")) {
      if (!dice.chance(0.35)) continue;
      query.push([name, dice.chance(0.4) ? String(described(schema, dice, this.find)) : dice.text().slice(0, 3000)]);
      if (dice.chance(0.1)) query.push([name, dice.text().slice(0, 100)]);
    }
    if (dice.chance(0.05)) query.push([dice.text().slice(0, 50), dice.text().slice(0, 50)]);
    const raw = dice.chance(0.05) ? dice.pick(["&%=%zz", "&a[b][c]=1", "&limit=%ff", "&cursor=%00"]) : "";
    return query.length + raw.length === 0
      ? ""
      : `?${new URLSearchParams(query.map(([k, v]) => [k, wellFormed(v)])).toString()}${raw}`;
  }

  private bodyOf(at: ApiOperation, operation: Operation): { body?: string; type?: string } {
    const { dice, ground } = this;
    const described_ = operation.requestBody?.content["application/json"]?.schema;
    if (!operation.requestBody) return {};
    if (!described_)
      return {
        body: dice.text(),
        type: dice.pick([
          "text/plain",
          "application/json",
          "multipart/form-data; boundary=x",
          "application/octet-stream",
          "x",
        ]),
      };
    const make = (bodies as Readonly<Record<string, ((n: Ground["named"]["own"]) => unknown) | undefined>>)[at];
    let value = dice.chance(0.5) && make ? make(ground.named.own) : described(described_, dice, this.find);
    for (let n = dice.upTo(3); n > 0; n -= 1) value = mutated(value, dice);
    const text = JSON.stringify(value) ?? "null";
    if (dice.chance(0.05))
      return {
        body: text,
        type: dice.pick([
          "text/plain",
          "application/jsonx",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
        ]),
      };
    if (dice.chance(0.05))
      return { body: dice.pick(["", "{", "[1,", '{"a":1}}', "\ufeff{}", "NaN", "'x'"]), type: "application/json" };
    return {
      body: text,
      type: dice.pick(["application/json", "application/json; charset=utf-8", "application/merge-patch+json"]),
    };
  }

  private async send({ at, path, method, operation }: ApiFuzz["ways"][number], asker: Asker): Promise<Tried> {
    const english = this.dice.chance(0.25);
    const address = `${this.pathOf(path)}${this.queryOf(operation, english)}`;
    const { body, type } = this.bodyOf(at, operation);
    const headers: Record<string, string> = {
      ...(asker.token ? { authorization: `Bearer ${asker.token}` } : {}),
      ...(type === undefined ? {} : { "content-type": type }),
    };
    if (method !== "get" && this.dice.chance(0.2))
      headers["idempotency-key"] = this.dice.pick([
        "short",
        "x".repeat(101),
        `fuzz-${this.dice.upTo(1e9)}`,
        "fuzz-same-key",
        "é".repeat(9),
      ]);
    const response = await fetch(`${this.base}${address}`, {
      method: method.toUpperCase(),
      headers,
      signal: AbortSignal.timeout(patience),
      ...(body === undefined ? {} : { body: wellFormed(body) }),
    });
    const bytes = await response.arrayBuffer();
    const { status } = response;
    const fault = this.faultOf(
      at,
      path,
      method,
      operation,
      status,
      response.headers.get("content-type") ?? "",
      Buffer.from(bytes).toString("utf8"),
      english,
    );
    return {
      status,
      wrong:
        fault === null
          ? null
          : `${asker.role} ${method} ${JSON.stringify(address.slice(0, 300))} ${JSON.stringify(headers["idempotency-key"] ?? "")} ${(body ?? "").slice(0, 300)} → ${status} ${fault}`,
    };
  }

  private faultOf(
    at: ApiOperation,
    path: string,
    method: string,
    operation: Operation,
    status: number,
    type: string,
    text: string,
    english: boolean,
  ): string | null {
    if (status >= 500) return text.slice(0, 300);
    // An address that is none of the described ones, once its parts are decoded.
    if (status === 404 && !type.startsWith("application/problem+json")) return `a 404 of ${type}`;
    const [media = ""] = type.split(";");
    const content = operation.responses[String(status)]?.content;
    // An address longer than HTTP's own limits does not reach an operation.
    if (status === 431) return null;
    if (!content) return `status ${status} is not described`;
    if (at === "GET /evidence/{id}" && status === 200) return null;
    if (!(media in content)) return `${media} is not described for ${status}`;
    const value: unknown = JSON.parse(text);
    const valid = this.validator(path, method, status, media);
    if (!valid(value)) return `not as described: ${JSON.stringify(valid.errors?.slice(0, 2))} ${text.slice(0, 300)}`;
    return status >= 400 ? problemFault(value as Problem, english ? "en" : "zh-CN") : null;
  }

  private validator(path: string, method: string, status: number, media: string): ValidateFunction {
    const part = (s: string) => encodeURIComponent(s.replaceAll("~", "~0").replaceAll("/", "~1"));
    const at = `api#/paths/${part(path)}/${method}/responses/${status}/content/${part(media)}/schema`;
    const found = this.ajv.getSchema(at);
    if (!found) throw new Error(`no schema at ${at}`);
    return found as ValidateFunction;
  }
}

interface Problem {
  code: string;
  detail?: string;
  errors?: Record<string, string[]>;
}
/** Where a field is at fault it is named, in words of the language asked for. */
function problemFault({ code, detail, errors }: Problem, locale: "zh-CN" | "en"): string | null {
  if (code === "invalid" && Object.keys(errors ?? {}).length === 0) return "invalid, and no field is named";
  const texts = [detail ?? "", ...Object.values(errors ?? {}).flat()];
  const foreign = texts.find((one) => !wordsAreOurs(one, locale));
  return foreign === undefined ? null : `words that are not ours: «${foreign.slice(0, 200)}»`;
}
