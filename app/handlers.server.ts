import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { resolve } from "node:path";
import { createRequestHandler, type ServerBuild } from "@remix-run/server-runtime";
import { Hono } from "hono";
import { StartError } from "#db/embedded/start-error.ts";
import { apiApp } from "./api.server.ts";
import type { ApiEnv } from "#app/request/api.server.ts";
import { withLocale } from "./i18n/locale.server.ts";
import { pageDataOnly } from "./page-data.server.ts";
import { type Assets, loadAssets } from "./platform/assets.server.ts";
import type { RequestContext } from "./platform/context.server.ts";
import { notFound } from "./platform/errors.ts";
import type { Listener } from "./platform/listen.server.ts";
import type { Handler } from "./platform/web.server.ts";
import type { Services } from "./services.server.ts";

/* What answers behind the server's door: the API, the pages, the built files; development puts its own in their place. */

/** What development puts in place of the built program. */
export interface Development {
  loadBuild(): Promise<ServerBuild>;
  loadApi(): Promise<typeof apiApp>;
  /** Stands before our own listener: modules, hot reload. */
  front: (own: Listener) => Listener;
  server: Server;
  close(): Promise<void>;
}

/** The API, in the reader's language; what it does not answer for itself is left to the server. */
export function apiHandler(development: Development | undefined): Handler<Services> {
  const around = (api: typeof apiApp) =>
    new Hono<ApiEnv & { Bindings: RequestContext<Services> }>()
      .use(async (c, next) => {
        c.set("context", c.env);
        await next();
      })
      .route("/", api)
      .notFound(() => {
        throw notFound();
      })
      .onError((error) => {
        throw error;
      });
  const built = around(apiApp);
  return async (request, context) => {
    const api = development ? around(await development.loadApi()) : built;
    return withLocale(request, () => api.fetch(request, context), context.env.https);
  };
}

/** Remix, in the reader's language. */
export async function pagesHandler(development: Development | undefined): Promise<Handler<Services>> {
  if (development) {
    return async (request, context) => {
      const build = await development.loadBuild();
      pageDataOnly(build)(request);
      const handle = createRequestHandler(build, "development");
      return withLocale(request, () => handle(request, context), context.env.https);
    };
  }
  const build = (await import("virtual:remix/server-build")) as ServerBuild;
  const handle = createRequestHandler(build, "production");
  const check = pageDataOnly(build);
  return (request, context) => {
    check(request);
    return withLocale(request, () => handle(request, context), context.env.https);
  };
}

export function builtAssets(): Assets {
  const folder = resolve(process.env["ANSHI_ROOT"] ?? process.cwd(), "build/client");
  if (!existsSync(folder)) throw new StartError(`The built interface is missing (${folder}). Run: npm run build`);
  return loadAssets(folder);
}
