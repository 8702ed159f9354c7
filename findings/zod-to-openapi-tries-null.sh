#!/usr/bin/env bash
# @asteasolutions/zod-to-openapi tells whether a value may be null by trying: it runs the schema on null while it makes the
# description, and with it whatever functions stand in a z.preprocess. Where the description is made is where those functions
# are called, once or more for each use, with a value that no request has sent. A query parameter that takes null for «nothing»
# on its way in, z.preprocess((v) => (v === "" || v === null ? undefined : v), z.enum([...]).optional()), is so described as
# {"type":["string","null"],"enum":["a","b",null]}. An address has no null, and clients made from the description offer one.
# z.toJSONSchema(schema, { io: "input" }) of zod itself calls nothing and says no null.
# Who meets it: whoever shares one preprocess step between addresses, forms and JSON bodies; whoever counts or logs in one.
# Versions: @asteasolutions/zod-to-openapi 9.1.0, zod 4.6.7, Node 20. Source: its isNullableSchema.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error @asteasolutions/zod-to-openapi@9.1.0 zod@4.6.7 >/dev/null
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { extendZodWithOpenApi, OpenApiGeneratorV31, OpenAPIRegistry } from "@asteasolutions/zod-to-openapi";
import { z } from "zod";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log(`@asteasolutions/zod-to-openapi ${version("@asteasolutions/zod-to-openapi")}, zod ${version("zod")}, Node ${process.versions.node}`);
extendZodWithOpenApi(z);
const given = [];
const blankIsNone = (v) => {
  given.push(v);
  return v === "" || v === null ? undefined : v;
};
const state = z.preprocess(blankIsNone, z.enum(["a", "b"]).optional());

const registry = new OpenAPIRegistry();
registry.registerPath({ method: "get", path: "/list", request: { query: z.object({ state }) }, responses: { 200: { description: "OK" } } });
const { paths } = new OpenApiGeneratorV31(registry.definitions).generateDocument({ openapi: "3.1.0", info: { title: "t", version: "1" } });
const described = paths["/list"].get.parameters[0].schema;
console.log("described:", JSON.stringify(described));
console.log("the step was called meanwhile with:", JSON.stringify(given.map((v) => (v === undefined ? "undefined" : v))));
const calls = given.length;
const own = JSON.stringify(z.toJSONSchema(state, { io: "input" }));
console.log("z.toJSONSchema:", own, "- calls:", given.length - calls);

const same = isDeepStrictEqual(described, { type: ["string", "null"], enum: ["a", "b", null] });
if (!same || !given.slice(0, calls).includes(null) || own.includes("null") || given.length !== calls) {
  console.log("This has changed.");
  process.exit(1);
}
console.log("A description was made by running the schema, and has a value that no address can hold.");
JS
node try.mjs
