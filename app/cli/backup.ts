/**
 * `npm run backup [-- DIR] [--without-files] [--dump]`: database, files and a manifest into a new folder, while the product
 * runs or not. Ends with 0; with 1 when the backup is made but files were missing already; with 2 when it was not made.
 */
import { parseArgs } from "node:util";
import { defaultDir, makeBackup } from "#app/features/backup/backup.server.ts";
import { backupSummary } from "#app/features/backup/summary.server.ts";
import { readEnv } from "#app/platform/env.server.ts";
import { command, say } from "./told.ts";

await command(async (signal) => {
  const { values, positionals } = parseArgs({
    options: { "without-files": { type: "boolean", default: false }, dump: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const env = readEnv();
  const dir = positionals[0] ?? defaultDir(env, new Date());
  const made = await makeBackup({
    env,
    dir,
    files: !values["without-files"],
    dump: values.dump,
    say: (line) => say(`· ${line}`),
    signal,
  });
  for (const line of backupSummary(dir, made)) say(line);
  return made.amiss.length === 0 ? 0 : 1;
});
