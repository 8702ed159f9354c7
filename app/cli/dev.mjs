/** `npm run dev`: the same server and the same embedded database, with modules loaded by Vite and replaced while it runs. */
import http from "node:http";
import { ensurePackages } from "./packages.mjs";
import { checkNode, enterRoot, followParent } from "./prepare.mjs";

checkNode();
enterRoot();
followParent();
process.env.NODE_ENV = "development";
await ensurePackages({ development: true });

const { createServer } = await import("vite");
const server = http.createServer();
const vite = await createServer({ server: { middlewareMode: true, hmr: { server } }, appType: "custom" });
// Vite would end the process itself at SIGTERM and at the end of standard input, before requests and database had ended.
for (const signal of ["SIGTERM", "SIGINT"]) process.removeAllListeners(signal);
process.stdin.removeAllListeners("end");
const { main } = await vite.ssrLoadModule("/app/server.ts");
await main({
  server,
  loadBuild: () => vite.ssrLoadModule("virtual:remix/server-build"),
  loadApi: async () => (await vite.ssrLoadModule("/app/api.server.ts")).apiApp,
  front: (own) => (request, response) =>
    vite.middlewares(request, response, (error) => {
      if (!error) return own(request, response);
      response.statusCode = 500;
      response.end(String(error));
    }),
  close: () => vite.close(),
});
