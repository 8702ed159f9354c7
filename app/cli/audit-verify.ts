/**
 * `npm run audit:verify -- FILE [--root HEX]`: an exported trail, held against itself and against a root that somebody
 * wrote down, with nothing but the file. Without FILE: every tenant's chain in the database, and the national tree.
 * Ends with 1 when anything is amiss, and names the first entry.
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Verdict } from "#app/features/audit/chain.server.ts";
import { verifyDatabase, verifyFile } from "#app/features/audit/verify.server.ts";

const { values, positionals } = parseArgs({ options: { root: { type: "string" } }, allowPositionals: true });
const say = (text: string) => void process.stdout.write(`${text}\n`);
const refuse = (text: string): never => {
  process.stderr.write(`${text}\n`);
  process.exit(2);
};

const words = {
  malformed: "is no line of a trail, or not in canonical form",
  no_header: "the file has no header",
  foreign: "belongs to another tenant",
  edited: "was changed: its content does not have its digest",
  missing: "is missing",
  reordered: "stands in the wrong place",
  relinked: "does not follow on the entry before it: one of the two was replaced",
  truncated: "is missing: the end was cut off",
  unproven: "is not vouched for: the proof does not lead to the root",
  other_root: "the root is not the one given",
} as const;

function told(name: string, v: Verdict): boolean {
  if (v.problem) {
    const { code, seq, line } = v.problem;
    say(`✗ ${name}: ${seq === null ? "" : `entry ${seq} `}${words[code]}${line > 0 ? ` (line ${line})` : ""}`);
    return false;
  }
  const rest = (v.head?.seq ?? 0) - v.sealed;
  say(
    `✓ ${name}: ${v.entries} entries, sealed up to ${v.sealed}${rest > 0 ? `, ${rest} since then` : ""}${v.tree ? `; tree of ${v.tree.size}, root ${v.tree.root}` : "; no tree yet"}`,
  );
  if (v.tree && !v.rooted && positionals.length > 0)
    say("  The root was not held against one written down elsewhere: give it with --root.");
  return true;
}

function ownerUrl(): string {
  if (process.env["DATABASE_OWNER_URL"]) return process.env["DATABASE_OWNER_URL"];
  const file = path.resolve(process.env["DATA_DIR"] ?? ".data", "connection.json");
  if (!existsSync(file))
    return refuse(`There is no ${file}: start Anshi first, set DATABASE_OWNER_URL, or name a file.`);
  return (JSON.parse(readFileSync(file, "utf8")) as { owner: string }).owner;
}

const [file] = positionals;
if (values.root !== undefined && !/^[0-9a-f]{64}$/i.test(values.root)) refuse("--root takes 64 hexadecimal digits.");
if (file) {
  if (!existsSync(file)) refuse(`There is no file ${file}.`);
  const verdict = await verifyFile(file, values.root?.toLowerCase());
  process.exitCode = told(path.basename(file), verdict) ? 0 : 1;
} else {
  const { tenants, tree } = await verifyDatabase(ownerUrl());
  const sound = tenants.map((t) => told(t.name, t)).every(Boolean);
  say(
    tree.problem
      ? `✗ the national tree: ${tree.problem.what} ${tree.problem.no} does not follow from the leaves`
      : `✓ the national tree: ${tree.size} leaves`,
  );
  process.exitCode = sound && !tree.problem ? 0 : 1;
}
