#!/usr/bin/env bash
# npm gb2260 holds the lists of divisions (GB/T 2260) that China's statistics bureau published from 2002-12 to 2016-07, each as a
# table of code and name. It looks as if their order were a history: a code is in force from the first list with it to the first
# without. Compared that way, seven rows end and begin again although nothing happened to the places. 460321 to 460323 (the three
# districts of 三沙市) are missing in the list of 2014-10 and stand in those before and after; 520501 and 520601 are
# missing in 2012-10 alone; 140501 and 530401 bear the name of their city in 2012-10 alone («晋城市市辖区»). And a place is named
# through rows that stand for none: 429004 is «湖北省 省直辖县级行政区划 仙桃市», so prefectures("420000") has one that does not
# exist, as «市辖区» is the prefecture of every district of 北京市.
# Who meets it: whoever works out since when a code holds, whether a former code was valid on a day, or prints a full address.
# Versions: gb2260 0.6.0, Node 20. Source: its lib/*.json and lib/index.js (get joins AA0000, AABB00 and the code).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error gb2260@0.6.0 >/dev/null
cat > try.cjs <<'JS'
const { isDeepStrictEqual } = require("node:util");
const { version } = require("gb2260/package.json");
const { GB2260 } = require("gb2260");

console.log(`gb2260 ${version}, Node ${process.versions.node}`);
const months = require("gb2260/lib/revisions.json").toSorted();
const lists = months.map((month) => require(`gb2260/lib/${month}.json`));
const rows = new Map();
for (const [n, list] of lists.entries())
  for (const [code, name] of Object.entries(list)) rows.set(`${code} ${name}`, [...(rows.get(`${code} ${name}`) ?? []), n]);
const gaps = [...rows].filter(([, at]) => at.at(-1) - at[0] + 1 !== at.length).map(([row]) => row).sort();
console.log(`${months.length} lists, ${rows.size} rows of code and name; in some list, then not, then again:`);
for (const row of gaps) console.log(`  ${row}: not in ${months.filter((_, n) => n > rows.get(row)[0] && n < rows.get(row).at(-1) && !rows.get(row).includes(n)).join(", ")}`);

const last = new GB2260("201607", lists.at(-1));
const [county, district] = [last.get("429004").toString(), last.get("110105").toString()];
const places = last.prefectures("420000").map((one) => one.name);
console.log(`429004: ${county}; 110105: ${district}; prefectures of 420000: ${places.at(-1)} among ${places.length}`);

const expected = ["140501 市辖区", "460321 西沙群岛", "460322 南沙群岛", "460323 中沙群岛的岛礁及其海域", "520501 市辖区", "520601 市辖区", "530401 市辖区"];
const named = county === "湖北省 省直辖县级行政区划 仙桃市" && district === "北京市 市辖区 朝阳区" && places.includes("省直辖县级行政区划");
if (!isDeepStrictEqual(gaps, expected) || !named) {
  console.log("This has changed.");
  process.exit(1);
}
console.log("Seven rows end and begin again, and a county directly under its province has a prefecture that does not exist.");
JS
node try.cjs
