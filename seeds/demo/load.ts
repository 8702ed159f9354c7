import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import postgres from "postgres";
import type { Storage } from "#app/platform/storage.server.ts";
import type { Database } from "#db/client.server.ts";
import type { Founding } from "#db/founding.server.ts";
import { midFlight } from "./scenarios.ts";
import { type DemoAccount, demoMail } from "./actors.ts";
import { runProgramme } from "./programme-script.ts";

export interface DemoOptions {
  urls: { app: string; auth: string; owner: string };
  db: Database;
  founding: Founding;
  storage: Storage;
  /** Where `demo-accounts.json` is written, mode 0600. */
  dataDir: string;
  say: (phase: string) => void;
  /** Business day at which it stops; that of the demonstration unless told. */
  until?: string;
}

/** File of the sign-in accounts below DATA_DIR. */
const accountsFile = (dataDir: string): string => join(dataDir, "demo-accounts.json");

/**
 * Loads the demo programme into a database that holds no account yet; true when it did. It is whole when this resolves, and
 * marked as begun until then.
 */
export async function loadDemoIfEmpty({
  urls,
  db,
  founding,
  storage,
  dataDir,
  say,
  until = midFlight,
}: DemoOptions): Promise<boolean> {
  if (!(await founding.beginDemonstration())) return false;
  say("Loading the demonstration: five sectors in mid-flight …");
  const playing = runProgramme({
    db,
    ownerUrl: urls.owner,
    authUrl: urls.auth,
    storage: noting(storage, founding),
    until,
  });
  // Without the lock another process may be clearing what is played here: the start ends, and the play with it.
  const { cast } = await Promise.race([playing, founding.lost]);
  await writeAccounts(dataDir, cast.accounts);
  await founding.endDemonstration();
  return true;
}

export interface Interrupted {
  founding: Founding;
  storage: Storage;
  dataDir: string;
}

/** Takes away what an interrupted demonstration left: rows, files, accounts. @returns false where there was none */
export async function clearInterruptedDemo({ founding, storage, dataDir }: Interrupted): Promise<boolean> {
  const files = await founding.clearUnfinished();
  if (files === null) return false;
  for (const sha256 of files) await storage.forget(sha256);
  await rm(accountsFile(dataDir), { force: true });
  return true;
}

/** Whole or not there: never half a file. */
async function writeAccounts(dataDir: string, accounts: readonly DemoAccount[]): Promise<void> {
  const draft = `${accountsFile(dataDir)}.new`;
  await rm(draft, { force: true });
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(
      JSON.stringify(
        accounts.map(({ email, password, role, tenant, site, apiToken }) => ({
          email,
          password,
          role,
          tenant,
          site,
          apiToken,
        })),
        null,
        1,
      ),
    );
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, accountsFile(dataDir));
}

/** The storage, with each file noted under the mark before it is kept; what lay there before is somebody else's. */
function noting(storage: Storage, founding: Pick<Founding, "noteFile">): Storage {
  const put: Storage["put"] = async (bytes) => {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    if ((await storage.size(sha256)) === null) await founding.noteFile(sha256);
    return storage.put(bytes);
  };
  return Object.assign(Object.create(storage) as Storage, { put });
}

/**
 * Whether an older release was probably killed while it loaded the demonstration: nobody marked it then, and the list of
 * accounts, written at its very end, is missing. It can also have been deleted by hand, so this is only told.
 */
export async function looksInterrupted({ ownerUrl, dataDir }: { ownerUrl: string; dataDir: string }): Promise<boolean> {
  if (existsSync(accountsFile(dataDir))) return false;
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql<{ demo: boolean }[]>`
      select exists (select 1 from auth.users where email = ${demoMail("operator")}) and not exists (select 1 from meta.demonstration) as demo`;
    return row?.demo ?? false;
  } finally {
    await sql.end({ timeout: 5 });
  }
}
