import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartError } from "./start-error.ts";

/** Stands in a data directory while a backup is being put into it; holds the digest of that backup's manifest. */
const FILE = "restoring";

export const markRestoring = (dataDir: string, digest: string): void =>
  writeFileSync(join(dataDir, FILE), digest, { mode: 0o600 });
export const restoringOf = (dataDir: string): string | null =>
  existsSync(join(dataDir, FILE)) ? readFileSync(join(dataDir, FILE), "utf8") : null;
export const unmarkRestoring = (dataDir: string): void => rmSync(join(dataDir, FILE), { force: true });

/** @throws StartError where a restore was interrupted: what is there is the half of something. */
export function refuseHalfRestored(dataDir: string): void {
  if (restoringOf(dataDir) === null) return;
  throw new StartError(
    `A backup was being restored into ${dataDir} and was interrupted. Run npm run restore -- DIR with the same backup again: it begins anew.`,
  );
}
