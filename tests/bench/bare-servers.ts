import http from "node:http";
import { createElement as h } from "react";
import { renderToString } from "react-dom/server";
import { RemixServer, useLoaderData } from "@remix-run/react";
import { createRequestHandler, type ServerBuild } from "@remix-run/server-runtime";
import { getRequestListener } from "@hono/node-server";
import postgres from "postgres";

/*
 * What the product is measured against, in a process of its own: `node --import tsx bare-servers.ts`. The list's own
 * statements by the owner, without policy, session, check, log or header: at `/api` as JSON by a bare Node server, at
 * `/page` by Remix with this one route, as a page of `PAGE_BYTES` bytes of HTML.
 */

interface Statement {
  text: string;
  params: string[];
}
interface Job {
  url: string;
  api: Statement[];
  page: Statement[];
  connections: number;
  pageBytes: number;
}
const job = JSON.parse(process.env["BENCH_JOB"] ?? "{}") as Job;
const sql = postgres(job.url, { max: job.connections, onnotice: () => undefined });
const ask = async (statements: readonly Statement[]) =>
  (await Promise.all(statements.map((s) => sql.unsafe(s.text, s.params, { prepare: true })))).map((rows) => [...rows]);
const load = () => ask(job.page);

function List() {
  const [rows = [], other = []] = useLoaderData<typeof load>() as Record<string, unknown>[][];
  const cells = rows.map((row, i) =>
    h(
      "tr",
      { key: i },
      Object.values(row).map((v, n) => h("td", { key: n }, String(v))),
    ),
  );
  const filler = "x".repeat(Math.max(0, job.pageBytes - 16_000 - other.length));
  return h(
    "html",
    { lang: "en" },
    h("head", null, h("title", null, "list")),
    h("body", null, h("table", null, h("tbody", null, cells)), h("p", null, filler)),
  );
}

const future = {
  v3_fetcherPersist: true,
  v3_relativeSplatPath: true,
  v3_throwAbortReason: true,
  v3_routeConfig: true,
  v3_singleFetch: false,
  v3_lazyRouteDiscovery: false,
  unstable_optimizeDeps: false,
};
const entry = (id: string, path: string) => ({
  id,
  path,
  module: "",
  imports: [],
  hasAction: false,
  hasLoader: id === "list",
  hasClientAction: false,
  hasClientLoader: false,
  hasErrorBoundary: false,
});
const build = {
  entry: {
    module: {
      default: (_request: Request, status: number, headers: Headers, context: never) => {
        headers.set("content-type", "text/html; charset=utf-8");
        return new Response(
          `<!doctype html>${renderToString(h(RemixServer, { context, url: "http://localhost/page" }))}`,
          { status, headers },
        );
      },
    },
  },
  routes: { root: { id: "root", path: "", module: { default: List, loader: load } } },
  assets: {
    version: "1",
    url: "",
    entry: { module: "", imports: [] },
    routes: { root: { ...entry("root", ""), hasLoader: true } },
  },
  publicPath: "/",
  assetsBuildDirectory: "",
  basename: "/page",
  future,
  isSpaMode: false,
  mode: "production",
} as unknown as ServerBuild;
const handle = createRequestHandler(build, "production");
const page = getRequestListener((request) => handle(request));

const server = http.createServer((request, response) => {
  if (request.url?.startsWith("/page")) return void page(request, response);
  ask(job.api).then(
    ([rows]) => response.setHeader("content-type", "application/json").end(JSON.stringify({ items: rows })),
    (error: unknown) => ((response.statusCode = 500), response.end(String(error))),
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`port ${typeof address === "object" && address ? address.port : 0}\n`);
});
process.once("SIGTERM", () => process.exit(0));
