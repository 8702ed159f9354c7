import { type Browser, type BrowserContext, chromium } from "playwright-core";
import type { Running } from "./product.ts";

/*
 * What there is to attack: every place that takes something in, found as people find it (links and forms in a browser, as
 * each role) and as programs do (the API's own description).
 */

export interface Target {
  /** Who sends it; null: nobody signed in. */
  account: string | null;
  method: string;
  /** Path and query; a `*` marks a place in the path that is to be attacked. */
  address: string;
  body: string | null;
  type: string | null;
  /** By API token instead of a cookie. */
  token: boolean;
  /** The page on which a person finds it. */
  seenOn: string | null;
}

export interface PageTargets {
  targets: Target[];
  /** Fields that are alike (`parts[3].reason`) and for which another one stands. */
  alike: string[];
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const pathShape = (path: string): string =>
  path
    .replace(uuid, "{id}")
    .replace(/\/[0-9a-f]{64}(?=\/|$)/, "/{digest}")
    .replace(/^(\/specifications)\/.+/, "$1/{number}");
/** Rows of a form are alike, and texts of chapters: `parts[3].reason`, `texts.goals` stand for all of theirs. */
const nameShape = (name: string): string => name.replaceAll(/\d+/g, "0").replace(/(?<=[a-z])\.[a-z]+$/i, ".x");

/** Places by path, and forms by path and intent; each with every parameter that was seen there, once. */
class Found {
  private readonly places = new Map<
    string,
    { target: Target; query: Map<string, [string, string]>; body: Map<string, [string, string]> }
  >();
  private readonly others = new Set<string>();
  private lngSeen = false;

  take(
    account: string | null,
    seenOn: string,
    method: "GET" | "POST",
    address: string,
    body: [string, string][] = [],
  ): void {
    const url = new URL(address, "http://x");
    const intent = body.find(([name]) => name === "intent")?.[1] ?? "";
    const key = `${method} ${pathShape(url.pathname)} ${intent}`;
    const target: Target = {
      account,
      method,
      address: url.pathname,
      body: null,
      type: method === "POST" ? "application/x-www-form-urlencoded" : null,
      token: false,
      seenOn,
    };
    const place = this.places.get(key) ?? { target, query: new Map(), body: new Map() };
    this.places.set(key, place);
    for (const [name, value] of url.searchParams) {
      // The language is asked for in one place, ahead of every page.
      if (name === "lng" && (method === "POST" || (this.lngSeen && !place.query.has("lng")))) continue;
      this.lngSeen ||= name === "lng";
      if (!place.query.has(nameShape(name))) place.query.set(nameShape(name), [name, value]);
    }
    for (const pair of body) {
      if (place.body.has(nameShape(pair[0]))) this.others.add(pair[0]);
      else place.body.set(nameShape(pair[0]), pair);
    }
  }

  alike(): string[] {
    const kept = new Set([...this.places.values()].flatMap(({ body }) => [...body.values()].map(([name]) => name)));
    return [...this.others].filter((name) => !kept.has(name));
  }

  targets(): Target[] {
    return [...this.places.values()].flatMap(({ target, query, body }) => {
      const search = new URLSearchParams([...query.values()]).toString();
      const marked = target.address.replace(uuid, "$&*");
      return [
        ...(search !== "" || target.method === "POST"
          ? [
              {
                ...target,
                address: `${target.address}${search === "" ? "" : `?${search}`}`,
                body: target.method === "POST" ? new URLSearchParams([...body.values()]).toString() : null,
              },
            ]
          : []),
        ...(target.method === "GET" && marked !== target.address ? [{ ...target, address: marked }] : []),
      ];
    });
  }
}

interface Form {
  action: string;
  method: string;
  type: string;
  fields: [string, string][];
}
/** Runs in the page: what its forms would send as they stand, by each of their buttons; empty fields get a word, so that they are looked at. */
const readForms = (): Form[] =>
  [...document.forms].flatMap((form) => {
    const named = [
      ...form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement | HTMLButtonElement>(
        "[name]",
      ),
    ].filter((f) => f.getAttribute("type") !== "file");
    const pairs = named.map((f): { button: boolean; pair: [string, string] } => ({
      button: f instanceof HTMLButtonElement,
      pair: [f.name, f.value || (f.getAttribute("type") === "number" ? "1" : "a")],
    }));
    const buttons = pairs.filter((p) => p.button);
    const fields = pairs.filter((p) => !p.button).map((p) => p.pair);
    const one = {
      action: form.getAttribute("action") ?? location.pathname + location.search,
      method: form.method,
      type: form.enctype,
    };
    return buttons.length === 0
      ? [{ ...one, fields }]
      : buttons.map(({ pair }) => ({ ...one, fields: [pair, ...fields] }));
  });

/** Whoever leaves is not there for what follows. */
const leaving = /^\/(logout|login\/oidc)\b/;

async function crawl(
  context: BrowserContext,
  base: string,
  account: string | null,
  found: Found,
  most: number,
): Promise<void> {
  const page = await context.newPage();
  // Links and forms are in the HTML: no script, no picture.
  await page.route(/\.(css|js|woff2?|ttf|png|svg|ico)(\?|$)/, (route) => route.abort());
  const queue = account === null ? ["/login", "/reset", "/specifications", "/verify"] : ["/"];
  const visited = new Set<string>();
  const shapeOf = (address: string) => {
    const url = new URL(address, base);
    return `${pathShape(url.pathname)}?${[...new Set(url.searchParams.keys())]
      .filter((k) => k !== "lng")
      .sort()
      .join("&")}`;
  };
  for (let address = queue.shift(); address !== undefined && visited.size < most; address = queue.shift()) {
    const shape = shapeOf(address);
    if (visited.has(shape) || leaving.test(address)) continue;
    visited.add(shape);
    const answer = await page.goto(new URL(address, base).href, { waitUntil: "domcontentloaded" }).catch(() => null);
    found.take(account, address, "GET", address);
    if (!answer || !(answer.headers()["content-type"] ?? "").includes("html")) continue;
    const links = await page.$$eval("a[href^='/']", (all) => all.map((a) => a.getAttribute("href") ?? ""));
    queue.push(...links.map((l) => l.split("#")[0] ?? "").filter((l) => l !== ""));
    for (const form of await page.evaluate(readForms)) {
      const target = new URL(form.action, new URL(address, base));
      if (target.origin !== base || leaving.test(target.pathname)) continue;
      if (form.method === "get")
        found.take(account, address, "GET", `${target.pathname}?${new URLSearchParams(form.fields).toString()}`);
      else if (form.type !== "multipart/form-data")
        found.take(account, address, "POST", target.pathname + target.search, form.fields);
    }
  }
  await page.close();
}

export async function pageTargets(
  product: Running,
  people: readonly (string | null)[],
  most: number,
): Promise<PageTargets> {
  const found = new Found();
  const browser: Browser = await chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
    headless: true,
  });
  try {
    for (const account of people) {
      const cookie = account === null ? null : await product.signIn(account);
      // As a header: a browser keeps no `__Host-` cookie of an address without TLS.
      const context = await browser.newContext({ locale: "en", extraHTTPHeaders: cookie === null ? {} : { cookie } });
      await crawl(context, product.url, account, found, most);
      await context.close();
    }
  } finally {
    await browser.close();
  }
  return { targets: found.targets(), alike: found.alike() };
}

interface Parameter {
  name: string;
  in: "query" | "path" | "header";
  schema?: { type?: string; enum?: string[]; format?: string };
}
interface Schema {
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  $ref?: string;
  pattern?: string;
  default?: unknown;
}
interface Described {
  paths: Record<
    string,
    Record<string, { parameters?: Parameter[]; requestBody?: { content?: Record<string, { schema?: Schema }> } }>
  >;
  components?: { schemas?: Record<string, Schema> };
}
const nowhere = "00000000-0000-4000-8000-000000000000";

/** A value of this shape; what it says does not matter, what is put into it does. */
function example(schema: Schema | undefined, api: Described): unknown {
  if (!schema) return "a";
  if (schema.$ref) return example(api.components?.schemas?.[schema.$ref.split("/").at(-1) ?? ""], api);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return example(either[0], api);
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "object" || schema.properties)
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([k, v]) => [k, example(v, api)]));
  if (type === "array") return [example(schema.items, api)];
  if (type === "integer" || type === "number") return 1;
  if (type === "boolean") return true;
  return schema.format === "uuid" ? nowhere : schema.format === "date" ? "2014-06-01" : "a";
}

export async function apiTargets(product: Running, account: string): Promise<Target[]> {
  const prefix = "/api/v1";
  const api = (await (await fetch(new URL(`${prefix}/openapi.json`, product.url))).json()) as Described;
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]): Target[] => {
      const json = operation.requestBody?.content?.["application/json"]?.schema;
      if (operation.requestBody && !json) return [];
      const query = (operation.parameters ?? [])
        .filter((p) => p.in === "query")
        .map((p) => `${p.name}=${encodeURIComponent(String(example(p.schema, api)))}`);
      const inPath = (mark: string) =>
        (path.startsWith(prefix) ? path : prefix + path).replaceAll(/\{\w+\}/g, `${nowhere}${mark}`);
      const one = {
        account,
        method: method.toUpperCase(),
        type: json ? "application/json" : null,
        body: json ? JSON.stringify(example(json, api)) : null,
        token: true,
        seenOn: null,
      };
      return [
        ...(query.length > 0 || json
          ? [{ ...one, address: `${inPath("")}${query.length > 0 ? `?${query.join("&")}` : ""}` }]
          : []),
        ...(path.includes("{") ? [{ ...one, address: inPath("*") }] : []),
      ];
    }),
  );
}
