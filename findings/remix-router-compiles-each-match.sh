#!/usr/bin/env bash
# @remix-run/router, under Remix 2 and react-router 6, keeps nothing between two matches on a server: each call flattens the
# whole tree of routes, ranks the branches anew and makes a regular expression for every route that it tries, with the same
# list of routes in hand. Remix's server matches twice for a page, so the cost grows with the number of routes of the
# product and not with what is asked; the address that matches the last of them, or none, pays most.
# Who meets it: products of a hundred routes and more behind one Remix or react-router 6 server, in a profile under load
# (matchRoutes, compilePath, flattenRoutes). Keep the ranked branches and expressions by list of routes.
# Versions: @remix-run/router 1.23.3 (of Remix 2.17.5 and react-router 6.30), Node 20. Source: matchRoutesImpl and
# compilePath of that package.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error @remix-run/router@1.23.3 >/dev/null
cat > try.cjs <<'JS'
const Native = RegExp;
let made = 0;
// What is written as a literal is not counted, only what is made at run time.
globalThis.RegExp = new Proxy(Native, { construct: (target, args) => { made += 1; return Reflect.construct(target, args); } });
const { matchRoutes } = require("@remix-run/router");
const { version } = require("@remix-run/router/package.json");
const routesOf = (n) => [{ id: "root", path: "", children: Array.from({ length: n }, (_, i) => ({ id: `r${i}`, path: `part${i}/:id` })) }];
console.log(`@remix-run/router ${version}, Node ${process.versions.node}`);
let amiss = false;
for (const n of [10, 100, 400]) {
  const routes = routesOf(n);
  const counts = [];
  for (let call = 0; call < 3; call += 1) {
    made = 0;
    const found = matchRoutes(routes, `/part${n - 1}/7`);
    if (found?.at(-1)?.params.id !== "7") amiss = true;
    counts.push(made);
  }
  const begun = process.hrtime.bigint();
  for (let call = 0; call < 200; call += 1) matchRoutes(routes, `/part${n - 1}/7`);
  const each = Number(process.hrtime.bigint() - begun) / 200 / 1000;
  console.log(`${n} routes: expressions made by three calls with one list: ${counts.join(", ")}; about ${each.toFixed(0)} microseconds a call`);
  // The third call makes as many as the first: nothing is kept.
  if (counts[2] !== counts[0] || counts[0] < n) amiss = true;
}
process.exit(amiss ? 1 : 0);
JS
if node try.cjs; then echo "as described: every call makes all of them again"; else echo "this has changed: see the lines above"; exit 1; fi
