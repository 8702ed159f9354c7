import { tmpdir } from "node:os";
import { Hono } from "hono";
import type { LoaderFunctionArgs } from "@remix-run/node";
import type { RouteConfigEntry } from "@remix-run/route-config";
import { apiApp } from "#app/api.server.ts";
import routes from "#app/routes.ts";
import { inLocale } from "#app/i18n/locale.server.ts";
import { locales } from "#app/i18n/paraglide/runtime.js";
import { accessByPath, opens, type PagePath } from "#app/request/access.rules.ts";
import { readEnv } from "#app/platform/env.server.ts";
import type { Actor } from "#app/request/actor.ts";
import type { ApiEnv } from "#app/request/api.server.ts";
import type { Database } from "#db/client.server.ts";
import { createRequestScope } from "#db/scope.server.ts";
import { contextOf } from "#tests/api/sandbox/doors.ts";

/* Every page that shows what is stored, asked by its own loader, and requests to the API: without a server and a browser. */

type Loader = (args: LoaderFunctionArgs) => Promise<unknown>;
const modules = import.meta.glob<{ loader?: Loader }>("/app/features/*/routes/*.tsx");

interface Page {
  path: PagePath;
  load: Loader;
}

/** Pages of sign-in and of one's own account show nothing that was stored by others. */
const looked = (path: string) =>
  accessByPath[path as PagePath].get !== "anybody" || /^\/(specifications|verify)/.test(path);

/** Pages with a loader; one below another has that one's as well. */
async function pagesOf(entries: readonly RouteConfigEntry[], above = ""): Promise<Page[]> {
  const found: Page[] = [];
  for (const { path = "", file, children = [] } of entries) {
    const at = path === "" ? above : `${above}/${path}`;
    const { loader } = (await modules[`/app/${file}`]?.()) ?? {};
    const known = Object.keys(accessByPath).find((p) => p === (at || "/")) as PagePath | undefined;
    if (loader && known && looked(known)) found.push({ path: known, load: loader });
    found.push(...(await pagesOf(children, at)));
  }
  return found;
}

/** What stands for each parameter of an address, to be tried one by one. */
export type Places = Readonly<Record<string, readonly string[]>>;

const filled = (path: string, places: Places): Record<string, string>[] =>
  [...path.matchAll(/:(\w+)\??/g)].reduce<Record<string, string>[]>(
    (all, [, name = ""]) =>
      all.flatMap((params) => (places[name] ?? []).map((value) => ({ ...params, [name]: value }))),
    [{}],
  );

export interface Visited {
  /** What went wrong, in words. */
  faults: string[];
  /** Pages that somebody was shown. */
  shown: Set<string>;
  all: string[];
}

/** Every page at every place as everybody, side by side; Chinese and English in turn. @param searches for pages that ask for one */
export async function visitAll(
  db: Database,
  people: readonly Actor[],
  places: Places,
  searches: Readonly<Partial<Record<PagePath, string>>>,
): Promise<Visited> {
  const pages = await pagesOf(routes);
  const visited: Visited = { faults: [], shown: new Set(), all: pages.map((p) => p.path) };
  const round = pages.flatMap((page) => filled(page.path, places).map((params) => ({ page, params })));
  const visitor = async (actor: Actor) => {
    for (const [n, { page, params }] of round.entries()) {
      const locale = locales[n % locales.length] ?? "en";
      const at =
        page.path.replaceAll(/:(\w+)\??/g, (_, name: string) => params[name] ?? "") + (searches[page.path] ?? "");
      const fault = await inLocale(locale, () => visit(db, actor, page, params, at));
      if (fault === null) visited.shown.add(page.path);
      else if (fault !== "") visited.faults.push(`${actor.role} ${at}: ${fault}`);
    }
  };
  await Promise.all(people.map(visitor));
  return visited;
}

/** @returns null when the page is shown, '' when it is rightly not, else what is wrong */
async function visit(db: Database, actor: Actor, { path, load }: Page, params: Record<string, string>, at: string) {
  const request = new Request(`http://127.0.0.1${at}`);
  const own = db.for({ address: "", signal: () => request.signal });
  const scope = createRequestScope(() => own);
  try {
    await load({ request, params, context: { ...contextOf(own, actor), scope } });
    return null;
  } catch (error) {
    if (!(error instanceof Response)) return String((error as Error).stack ?? error).slice(0, 600);
    const { status } = error;
    if (status === 404 || status === 302) return "";
    return status === 403 && !opens(actor.role, path) ? "" : `status ${status}`;
  } finally {
    await scope.end();
  }
}

/** Sends a request to the API under a key, as a program does whose first try was never answered. */
export async function repeated(
  db: Database,
  actor: Actor,
  { path, key, body, type }: { path: string; key: string; body: string; type: string },
): Promise<{ status: number; body: unknown }> {
  const app = new Hono<ApiEnv>();
  app.use(async (c, next) => {
    const env = readEnv({ DATA_DIR: tmpdir(), ANSHI_DEMO: "0" });
    c.set("context", { ...contextOf(db, { ...actor, scopes: ["read", "write", "seal"] }), env });
    await next();
  });
  app.route("/", apiApp);
  const headers = { Authorization: "Bearer ans_x", "Content-Type": type, "Idempotency-Key": key };
  const response = await app.request(`http://127.0.0.1/api/v1${path}`, { method: "POST", headers, body });
  return { status: response.status, body: await response.json() };
}
