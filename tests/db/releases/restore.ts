import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { brotliDecompressSync } from "node:zlib";
import postgres from "postgres";

/** Data of a table as pg_dump writes it: the statement, then lines up to `\.`. */
const copied = /^(COPY .+ FROM stdin);\n([\s\S]*?)^\\\.\n/m;
/** Commands to psql, which are no SQL. */
const toPsql = /^\\.*$/gm;

/**
 * Puts a plain dump into an empty database as its owner, as `psql -f` does. Rows come before keys, triggers and policies.
 * @param file compressed with Brotli
 */
export async function restoreDump(ownerUrl: string, file: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, fetch_types: false, onnotice: () => undefined });
  try {
    let rest = brotliDecompressSync(readFileSync(file)).toString("utf8");
    for (let found = copied.exec(rest); found; found = copied.exec(rest)) {
      const [all, statement = "", rows = ""] = found;
      await sql.unsafe(rest.slice(0, found.index).replace(toPsql, ""));
      await pipeline(Readable.from([Buffer.from(rows)]), await sql.unsafe(statement).writable());
      rest = rest.slice(found.index + all.length);
    }
    await sql.unsafe(rest.replace(toPsql, ""));
  } finally {
    await sql.end({ timeout: 5 });
  }
}
