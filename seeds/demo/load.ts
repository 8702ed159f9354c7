import type { Database } from "#db/client.server.ts";

export interface DemoOptions {
  urls: { app: string; auth: string; owner: string };
  db: Database;
  /** Where `demo-accounts.json` is written, mode 0600. */
  dataDir: string;
  clock: () => Date;
  say: (phase: string) => void;
}

/** Loads the demo programme into a database that holds no programme yet; true when it did. */
export async function loadDemoIfEmpty(_options: DemoOptions): Promise<boolean> {
  return false;
}
