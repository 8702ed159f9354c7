import { join } from "node:path";
import { type Database, watcher } from "#db/client.server.ts";
import { beginFounding, demonstrationState, type Founding, waitForDemonstration } from "#db/founding.server.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { migrate, migrationStatus, refuseInherited } from "#db/migrate.server.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";
import { clearInterruptedDemo, loadDemoIfEmpty, looksInterrupted } from "#seeds/demo/load.ts";
import { say } from "./announce.server.ts";
import { firstOperator } from "./features/identity/setup.server.ts";
import type { Env } from "./platform/env.server.ts";
import type { Lifecycle } from "./platform/lifecycle.server.ts";
import { storageOf } from "./platform/storage.server.ts";

/* What a database needs before requests may come: tables, demonstration, first account. */

export interface Ground {
  env: Env;
  db: Database;
  lifecycle: Lifecycle;
}

export interface GroundUrls {
  app: string;
  auth: string;
  owner: string;
}

/**
 * Tables, demonstration and first account: by one process at a time, however many start on one database. Others wait, and
 * none is ready before the demonstration is whole. @returns a line about the first account, where there is something to tell
 */
export async function found(
  ground: Ground,
  urls: Omit<GroundUrls, "owner"> & { owner: string | undefined },
): Promise<string | null> {
  const { env, db, lifecycle } = ground;
  const { owner } = urls;
  lifecycle.readyWhen("demonstration", () => db.read.begin(watcher, "read only", (tx) => demonstrationState(tx)));
  if (owner === undefined) {
    await waitForDemonstration({ appUrl: urls.app, ...waiting(lifecycle) });
    await checkMigrations(ground);
    return openFirstAccount(env, owner);
  }
  const founding = await layGround(ground, { ...urls, owner });
  const operator = await openFirstAccount(env, owner);
  await founding.end();
  return operator;
}

const waiting = (lifecycle: Lifecycle) => ({
  onWait: () => say("waiting for another process that prepares this database"),
  stopping: () => lifecycle.stopping,
});

/** Tables and demonstration. @returns the lock, still held */
export async function layGround(ground: Ground, urls: GroundUrls): Promise<Founding> {
  const { env, db, lifecycle } = ground;
  const founding = await beginFounding({ ownerUrl: urls.owner, ...waiting(lifecycle) });
  lifecycle.onStop("founding", () => founding.end());
  const demo = { founding, storage: storageOf(env), dataDir: env.DATA_DIR, say };
  const cleared = await clearInterruptedDemo(demo);
  if (cleared)
    say(
      `a demonstration was interrupted while it was loaded: it is cleared${env.demo ? " and begun again" : ", and none is loaded (ANSHI_DEMO)"}`,
    );
  await migrateWith(urls.owner);
  await checkMigrations(ground);
  if (
    env.demo &&
    !(await loadDemoIfEmpty({ ...demo, db, urls })) &&
    env.embedded &&
    (await looksInterrupted({ ownerUrl: urls.owner, dataDir: env.DATA_DIR }))
  )
    say(
      `${join(env.DATA_DIR, "demo-accounts.json")} is missing: if an older release was stopped while it loaded the demonstration, only a part of it is here; a fresh DATA_DIR gets a whole one`,
    );
  if (cleared && !env.demo) await founding.forgetDemonstration();
  return founding;
}

async function migrateWith(ownerUrl: string): Promise<void> {
  say("bringing the tables up to date");
  await migrate({ ownerUrl });
  await loadCatalogue({ ownerUrl });
}

async function checkMigrations({ db, lifecycle }: Ground): Promise<void> {
  const state = async () => (await db.read.begin(watcher, "read only", (tx) => migrationStatus(tx))).state;
  const found = await state();
  if (found !== "current")
    throw new StartError(
      `The database's tables are ${found === "pending" ? "older" : "newer"} than this release. Set DATABASE_OWNER_URL so that they can be brought up to date.`,
    );
  for (const login of [db.read, db.authPool]) await login.begin(watcher, login.mode, (tx) => refuseInherited(tx));
  lifecycle.readyWhen("migrations", async () => ((await state()) === "current" ? undefined : "not current"));
}

/** Who cannot be told by the demonstration's list: the first operator, or how to name them. One line, never their password. */
async function openFirstAccount(env: Env, ownerUrl: string | undefined): Promise<string | null> {
  const { ANSHI_OPERATOR_EMAIL: email, ANSHI_OPERATOR_PASSWORD: password } = env;
  if (ownerUrl === undefined) {
    return email === undefined ? null : "ANSHI_OPERATOR_EMAIL does nothing without DATABASE_OWNER_URL.";
  }
  const made = await firstOperator({ ownerUrl, email, password });
  if (made === "made")
    return `The first operator is ${email}: sign in, add tenants and people, and take ANSHI_OPERATOR_PASSWORD out of the settings.`;
  if (made === "there") return null;
  return "Nobody has an account yet: set ANSHI_OPERATOR_EMAIL and ANSHI_OPERATOR_PASSWORD (12 characters or more) and start again.";
}
