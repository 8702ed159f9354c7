import type { BackupResult } from "./backup.server.ts";
import type { Amiss } from "./stored.server.ts";
import type { Findings } from "./verify.server.ts";

/* What the commands say, line by line. Whoever reads it stands at a terminal, maybe on a bad day. */

const shown = 20;
const some = (lines: readonly string[]): string[] =>
  lines.length > shown ? [...lines.slice(0, shown), `  … and ${lines.length - shown} more`] : [...lines];

const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
/** Milliseconds as seconds with one decimal. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const amissLines = (amiss: readonly Amiss[]): string[] =>
  some(
    amiss.map(
      (a) =>
        `  ${a.path}: ${a.problem === "missing" ? "a row speaks of it, and it is not there" : "it does not have its row's digest"}`,
    ),
  );

/** What a backup came to, in lines for a terminal; the last ones say what was amiss. */
export function backupSummary(dir: string, r: BackupResult): string[] {
  const { counts, trail, stored, kind, server } = r.manifest;
  const rows = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return [
    `✓ ${dir}: ${kind === "cluster" ? "a copy of" : "a dump of"} PostgreSQL ${server.version}, ${r.files} files, ${megabytes(r.bytes)}`,
    `  ${Object.keys(counts).length} tables with ${rows} rows; ${trail.chains.length} audit chains; ${stored.included ? `${stored.evidence} evidence files, ${stored.printed} printed documents` : "without files, as you asked"}`,
    `  root of the national tree: ${trail.tree ? `${trail.tree.root} (${trail.tree.size} leaves)` : "none yet"}`,
    `  SHA-256 of the manifest:   ${r.sha256}`,
    "  Write both down elsewhere: they prove later that this is the backup, unchanged.",
    ...(r.strays.length > 0
      ? [
          `· ${r.strays.length} files in storage belong to no row and were left out:`,
          ...some(r.strays.map((s) => `  ${s}`)),
        ]
      : []),
    ...(r.amiss.length > 0
      ? [
          `✗ ${r.amiss.length} files were amiss in storage already. The backup holds all the rest:`,
          ...amissLines(r.amiss),
        ]
      : []),
  ];
}

/** What was found after a restore; a cross before what is wrong. */
export function findingsSummary(f: Findings): string[] {
  const mark = (wrong: readonly unknown[]) => (wrong.length === 0 ? "✓" : "✗");
  return [
    `${mark(f.counts)} ${f.tables} tables, ${f.rows} rows${f.counts.length === 0 ? ", as many as the manifest says" : ""}`,
    ...some(f.counts.map((c) => `  ${c.table} has ${c.is} rows instead of ${c.was}`)),
    `${mark(f.trail)} ${f.chains} audit chains with ${f.entries} entries, and the national tree`,
    ...some(f.trail.map((t) => `  ${t}`)),
    `${mark(f.amiss)} ${f.stored} files that rows speak of`,
    ...amissLines(f.amiss),
    ...(f.strays.length > 0
      ? [`✗ ${f.strays.length} files belong to no row:`, ...some(f.strays.map((s) => `  ${s}`))]
      : []),
    `${mark(f.walls)} the walls${f.walls.length === 0 ? " stand as declared" : ""}`,
    ...some(f.walls.map((w) => `  ${w}`)),
    ...(f.migrated > 0 ? [`· ${f.migrated} migrations were added: this release is newer than the backup`] : []),
  ];
}
