/**
 * `npm run drill -- restore`: a backup of the running system, restored into a throw-away place and verified, then one with a
 * file less. Nothing public is started and nothing of the system is changed. Ends with 0 when all went as it must.
 */
import { drillRestore } from "#app/features/backup/drill.server.ts";
import { seconds, findingsSummary } from "#app/features/backup/summary.server.ts";
import { readEnv } from "#app/platform/env.server.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { command, say } from "./told.ts";

await command(async (signal) => {
  const [what] = process.argv.slice(2);
  if (what !== "restore") throw new StartError("There is one drill: npm run drill -- restore");
  const { steps, findings, sha256 } = await drillRestore(readEnv(), (line) => say(`· ${line}`), signal);
  const width = Math.max(...steps.map((s) => s.name.length));
  say("");
  for (const s of steps)
    say(`${s.good ? "✓" : "✗"} ${s.name.padEnd(width)}  ${seconds(s.ms).padStart(8)}  ${s.result}`);
  if (findings) for (const line of findingsSummary(findings)) say(`    ${line}`);
  say(`    SHA-256 of the manifest: ${sha256}`);
  const good = steps.every((s) => s.good);
  say(good ? "\nThe backup comes back whole, and what is missing in one is told." : "\nThis drill failed: see ✗.");
  return good ? 0 : 1;
});
