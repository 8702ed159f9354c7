#!/usr/bin/env bash
# When a request's signal aborts, Remix 2's request handler has answered at once while its loaders still run: the loaders
# are neither stopped nor waited for. Whatever a server opens per request and closes in a `finally` around the handler is
# then closed before a loader that still runs asks for it, and what such a loader opens afterwards is closed by nobody.
# Who meets it: whoever keeps a database transaction, a lock or a lease per request beside Remix, with readers who leave
# early. Mark the request as over in that `finally`, and refuse what is asked for later.
# Versions: @remix-run/server-runtime 2.17.5 with @remix-run/router 1.23.3, Node 20. Source: @remix-run/router, the static
# handler's query(), which races its loaders against the request's signal.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error @remix-run/server-runtime@2.17.5 @remix-run/router@1.23.3 >/dev/null
cat > try.cjs <<'JS'
const { createRequestHandler } = require("@remix-run/server-runtime");
const { setTimeout: sleep } = require("node:timers/promises");
const said = [];
const route = {
  id: "routes/slow",
  path: "slow",
  module: {
    async loader() {
      said.push("loader begins");
      await sleep(300);
      said.push("loader goes on");
      return null;
    },
    default: () => null,
  },
};
const build = {
  entry: { module: { default: async (request, status) => new Response("page", { status }), handleError() {} } },
  routes: { [route.id]: route },
  assets: { entry: { module: "", imports: [] }, routes: {}, url: "", version: "1" },
  publicPath: "/", assetsBuildDirectory: "", basename: "/", mode: "production", isSpaMode: false,
  future: { v3_singleFetch: true },
};
async function main() {
  const gone = new AbortController();
  setTimeout(() => gone.abort(), 100);
  const request = new Request("http://localhost/slow", { signal: gone.signal });
  try {
    await createRequestHandler(build, "production")(request, {});
  } catch {
    // An answer or an error: either way the handler is done.
  } finally {
    said.push("handler done");
  }
  await sleep(500);
  const order = said.join(", ");
  console.log(`@remix-run/server-runtime ${require("@remix-run/server-runtime/package.json").version}, router ${require("@remix-run/router/package.json").version}: ${order}`);
  process.exit(order === "loader begins, handler done, loader goes on" ? 0 : 1);
}
main();
JS
node try.cjs
