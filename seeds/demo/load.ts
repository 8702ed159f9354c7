import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasAccounts } from "#app/features/identity/setup.server.ts";
import { fileStorage } from "#app/platform/storage.server.ts";
import type { Database } from "#db/client.server.ts";
import { midFlight } from "./courses.ts";
import { playProgramme } from "./programme-play.ts";

export interface DemoOptions {
  urls: { app: string; auth: string; owner: string };
  db: Database;
  /** Where `demo-accounts.json` is written, mode 0600. */
  dataDir: string;
  clock: () => Date;
  say: (phase: string) => void;
}

/** Loads the demo programme into a database that holds no account yet; true when it did. */
export async function loadDemoIfEmpty({ urls, db, dataDir, say }: DemoOptions): Promise<boolean> {
  if (await hasAccounts(urls.owner)) return false;
  say("Loading the demonstration: five sectors in mid-flight …");
  const { cast } = await playProgramme({ db, ownerUrl: urls.owner, storage: fileStorage(join(dataDir, "files")), until: midFlight });
  const file = join(dataDir, "demo-accounts.json");
  writeFileSync(file, JSON.stringify(cast.accounts.map(({ email, password, role, tenant, site, apiToken }) => ({ email, password, role, tenant, site, apiToken })), null, 1), { mode: 0o600 });
  chmodSync(file, 0o600);
  return true;
}
