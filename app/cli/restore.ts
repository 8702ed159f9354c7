/**
 * `npm run restore -- DIR [--sha256 HEX]`: a backup into an empty place (a new DATA_DIR, or the empty database of
 * DATABASE_OWNER_URL), then everything held against the manifest. Ends with 0 when all is as it was, with 1 when it is back
 * but something is amiss, with 2 when nothing was restored. `--passwords` gives the embedded database new passwords.
 */
import { parseArgs } from "node:util";
import { restoreBackup, restorePasswords } from "#app/features/backup/restore.server.ts";
import { findingsSummary } from "#app/features/backup/summary.server.ts";
import { isSound } from "#app/features/backup/verify.server.ts";
import { readEnv } from "#app/platform/env.server.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { command, say } from "./told.ts";

await command(async (signal) => {
  const { values, positionals } = parseArgs({
    options: { sha256: { type: "string" }, passwords: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const env = readEnv();
  if (values.passwords) {
    await restorePasswords(env);
    say("✓ The database has new passwords. Next: npm start");
    return 0;
  }
  const [dir] = positionals;
  if (dir === undefined) throw new StartError("Name the folder of the backup: npm run restore -- DIR");
  if (values.sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(values.sha256))
    throw new StartError("--sha256 takes the 64 hexadecimal digits that the backup ended with.");
  const { findings } = await restoreBackup({
    env,
    dir,
    signal,
    say: (line) => say(`· ${line}`),
    ...(values.sha256 ? { sha256: values.sha256.toLowerCase() } : {}),
  });
  for (const line of findingsSummary(findings)) say(line);
  const sound = isSound(findings);
  say(
    sound
      ? "\nAll is back. Next: npm start, with the same settings."
      : "\nWhat the backup holds is back; what is marked ✗ is amiss. Look at it before you let people in, then: npm start, with the same settings.",
  );
  return sound ? 0 : 1;
});
