#!/usr/bin/env bash
# Surprise: hucre writes a text such as «#N/A» or «#REF!» not as text but as an error cell, whoever typed it: a row whose note
# is «#N/A» becomes a cell that breaks every sum over its column, and no style or type of the cell prevents it. And a text that
# holds «_x000D_» goes into the file as it is, where spreadsheets read it as a line end (ECMA-376-1, 22.9.2.19: the underline has
# to be written _x005F_); hucre's own reader gives it back unread, so that a round trip shows nothing.
# Versions: hucre 1.0.0.
# Source: ECMA-376-1 sections 18.3.1.4 (cell types) and 22.9.2.19 (ST_Xstring); worksheet-writer.mjs of the package.
# Who meets it: whoever exports what people typed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund hucre@1.0.0 fflate@0.8.3
cat > try.mjs <<'JS'
import { strFromU8, unzipSync } from "fflate";
import { writeXlsx } from "hucre/xlsx";
const cells = new Map([["0,1", { value: "#N/A", type: "string", style: { numFmt: "@" } }]]);
const bytes = await writeXlsx({ sheets: [{ name: "x", rows: [["#N/A", "#N/A", "_x000D_"]], cells }] });
const files = unzipSync(bytes);
const types = [...strFromU8(files["xl/worksheets/sheet1.xml"]).matchAll(/<c r="(\w+)"[^>]*? t="(\w+)"/g)].map(([, ref, type]) => `${ref}: ${type}`);
const text = /<t[^>]*>([^<]*x000D[^<]*)<\/t>/.exec(strFromU8(files["xl/sharedStrings.xml"]))?.[1];
console.log(`hucre 1.0.0 on Node ${process.version}: types of the cells ${types.join(", ")}; the third is written ${text}`);
process.exit(types.join() === "A1: e,B1: e,C1: s" && text === "_x000D_" ? 0 : 1);
JS
node try.mjs
