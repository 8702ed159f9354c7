#!/usr/bin/env bash
# Makes COMMIT.sql.br: the database that the release of that commit leaves behind, as an operator's pg_dump takes it.
#   tests/db/releases/make.sh COMMIT [CHECKOUT]
# CHECKOUT: a clone at that commit with its packages installed; without it one is made. Needs PostgreSQL's own programs
# (15 to 18: initdb, pg_ctl, psql, pg_dump; PG_BIN names their folder), and as root a user «postgres».
set -euo pipefail
commit=$1
here=$(cd "$(dirname "$0")" && pwd)
bin=${PG_BIN:-$(pg_config --bindir)}
work=$(mktemp -d)
port=${PORT:-55871}
as=()
if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); fi
server() { "${as[@]}" "$bin/pg_ctl" -D "$work/data" -w "$@" >/dev/null; }
trap 'server -m immediate stop || true; rm -rf "$work"' EXIT

checkout=${2:-$work/checkout}
if [ ! -d "$checkout" ]; then
  git clone -q "$here/../../.." "$checkout"
  git -C "$checkout" checkout -q "$commit"
  (cd "$checkout" && npm ci --no-audit --no-fund)
fi

chmod 711 "$work"
mkdir "$work/data" "$work/files"
if [ "$(id -u)" = 0 ]; then chown postgres "$work/data"; fi
"${as[@]}" "$bin/initdb" -D "$work/data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8 >/dev/null
server -l "$work/data/log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/data -c fsync=off" start
export PGHOST=127.0.0.1 PGPORT=$port
OWNER_PASSWORD=x AUTH_PASSWORD=x APP_PASSWORD=x bash "$checkout/deploy/roles.sh" >/dev/null

url() { echo "postgres://anshi_$1:x@127.0.0.1:$port/anshi"; }
cp "$here/$commit.walk.txt" "$checkout/seeds/demo/walk.ts"
(
  cd "$checkout"
  node app/i18n/compile.mjs
  NODE_ENV=production ANSHI_ROOT=$PWD FILES=$work/files \
    OWNER_URL=$(url owner) AUTH_URL=$(url auth) APP_URL=$(url app) node --import tsx seeds/demo/walk.ts
)
rm "$checkout/seeds/demo/walk.ts"
"$bin/pg_dump" -U postgres --no-owner --no-comments anshi >"$work/dump.sql"
node -e '
  const { brotliCompressSync, constants } = require("node:zlib");
  const text = require("node:fs").readFileSync(process.argv[1]);
  const params = { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  require("node:fs").writeFileSync(process.argv[2], brotliCompressSync(text, { params }));
' "$work/dump.sql" "$here/$commit.sql.br"
ls -l "$here/$commit.sql.br"
