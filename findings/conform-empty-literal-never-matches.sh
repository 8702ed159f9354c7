#!/usr/bin/env bash
# A zod schema that says by itself what an empty field means, z.union([z.literal("").transform(() => null), z.iso.date()]),
# takes "" when it is asked directly, as an endpoint for JSON asks it. Asked by conform for a form, whose empty field is sent as
# "", the same schema refuses it: conform makes every empty value undefined before zod sees it, so the branch for "" can never
# match, and the message of the union («write a date») stands under a field that may be left open. A preprocess step that takes
# undefined and "" alike answers both. A field of a z.record shows nothing of it: there the empty one is simply not there.
# Who meets it: whoever shares one schema between a form and a JSON body, or tests form schemas without conform.
# Versions: @conform-to/zod 1.21.1, zod 4.6.7, Node 20. Source: what it does to form values before it parses them (its coercion of empty ones).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error @conform-to/zod@1.21.1 @conform-to/dom@1.21.1 zod@4.6.7 >/dev/null
cat > try.mjs <<'JS'
import { readFileSync } from "node:fs";
import { parseWithZod } from "@conform-to/zod/v4";
import { z } from "zod";

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;
console.log(`@conform-to/zod ${version("@conform-to/zod")}, zod ${version("zod")}, Node ${process.versions.node}`);
const byLiteral = z.object({ since: z.union([z.literal("").transform(() => null), z.iso.date()], { error: "write a date" }) });
const byStep = z.object({ since: z.preprocess((v) => (v === "" || v === undefined ? null : v), z.iso.date().nullable()) });
const form = new FormData();
form.set("since", "");

const direct = [byLiteral, byStep].map((schema) => schema.safeParse({ since: "" }));
const byForm = [byLiteral, byStep].map((schema) => parseWithZod(form, { schema }));
console.log("asked directly:", JSON.stringify(direct.map((r) => (r.success ? r.data : "refused"))));
console.log("asked by conform:", JSON.stringify(byForm.map((r) => (r.status === "success" ? r.value : r.error))));

const taken = direct.every((r) => r.success && r.data.since === null);
const refused = byForm[0].status === "error" && byForm[0].error.since?.[0] === "write a date";
if (!taken || !refused || byForm[1].status !== "success" || byForm[1].value.since !== null) {
  console.log("This has changed.");
  process.exit(1);
}
console.log("The branch for an empty text is never reached from a form.");
JS
node try.mjs
