import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import * as audit from "./audit.ts";
import * as comparison from "./comparison.ts";
import * as disclosure from "./disclosure.ts";
import * as list from "./list.ts";
import * as pdf from "./pdf.ts";
import type { BenchRow } from "./pdf.ts";
import * as rls from "./rls.ts";
import * as session from "./session.ts";
import * as tasks from "./tasks.ts";

/* `npm run bench [-- NAME …]`: every figure is a ratio measured side by side in this run. Table to the screen, out/bench.json. */

const benches = [rls, session, audit, comparison, disclosure, list, tasks, pdf];
const say = (text: string) => process.stdout.write(`${text}\n`);

/** Does a ratio keep to a target such as «≥ 0.75» or «≤ 1.3 (linear)»? */
function keeps(row: BenchRow): boolean | null {
  const [, sign, value] = /([≥≤])\s*([\d.]+)/.exec(row.target ?? "") ?? [];
  if (!sign || !value) return null;
  return sign === "≥" ? row.ratio >= Number(value) : row.ratio <= Number(value);
}

function print(row: BenchRow): void {
  const kept = keeps(row);
  say(
    `  ${row.ratio.toFixed(2).padStart(6)}  ${(row.target ?? "").padEnd(10)} ${kept === null ? " " : kept ? "✓" : "✗"}  ${row.name}: ${row.figure}${row.note ? ` (${row.note})` : ""}`,
  );
}

async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !benches.some((b) => b.name === name));
  if (unknown.length > 0) {
    say(`There is no benchmark ${unknown.join(", ")}. There are: ${benches.map((b) => b.name).join(", ")}.`);
    return 1;
  }
  const all: (BenchRow & { bench: string })[] = [];
  for (const bench of benches) {
    if (wanted.length > 0 && !wanted.includes(bench.name)) continue;
    say(`\n${bench.name}`);
    for (const row of await bench.run()) {
      print(row);
      all.push({ bench: bench.name, ...row });
    }
  }
  const about = {
    node: process.version,
    cpu: os.cpus()[0]?.model ?? "",
    cores: os.cpus().length,
    load: os.loadavg().map((n) => Math.round(n * 100) / 100),
  };
  mkdirSync("out", { recursive: true });
  writeFileSync(
    "out/bench.json",
    `${JSON.stringify({ at: new Date().toISOString(), about, rows: all.map((r) => ({ ...r, kept: keeps(r) })) }, null, 2)}\n`,
  );
  say(`\nout/bench.json; ${about.cores} cores, load ${about.load.join(" ")}`);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
