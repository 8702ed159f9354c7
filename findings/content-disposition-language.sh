#!/usr/bin/env bash
# Surprise: the npm package content-disposition (what Express, Koa and many upload routes read file names with) refuses a
# valid file name as soon as its language tag has a region. RFC 8187 (3.2.1) takes the language from RFC 5646, where
# «zh-CN» and «pt-BR» are the ordinary form; the package takes only subtags of three letters behind the language (extlang,
# «zh-cmn»), and throws for the whole header: the plain filename= beside it is lost as well.
# Versions: 0.5.4 and 1.0.1 throw; 3.x (Node 22) reads it.
# Source: RFC 8187 section 3.2.1, RFC 5646 section 2.1, and EXT_VALUE_REGEXP in the package's index.js.
# Who meets it: servers that read Content-Disposition of uploads or of answers from Chinese or Brazilian systems.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund one@npm:content-disposition@0.5.4 two@npm:content-disposition@1.0.1
cat > try.cjs <<'JS'
const plain = "attachment; filename*=UTF-8'en'%E8%AE%B0.txt";
const region = `attachment; filename="record.txt"; filename*=UTF-8'zh-CN'%E8%AE%B0.txt`;
let changed = false;
for (const name of ["one", "two"]) {
  const { parse } = require(name);
  const { version } = require(`${name}/package.json`);
  const of = (header) => { try { return parse(header).parameters.filename; } catch (error) { return `throws: ${error.message}`; } };
  console.log(`content-disposition ${version} on Node ${process.version}: en → ${of(plain)}; zh-CN → ${of(region)}`);
  changed ||= of(plain) !== "记.txt" || !of(region).startsWith("throws: invalid extended field value");
}
process.exit(changed ? 1 : 0);
JS
node try.cjs
