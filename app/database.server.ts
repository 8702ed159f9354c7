import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { watcher } from "#db/client.server.ts";
import { beginFounding, demonstrationState, waitForDemonstration } from "#db/founding.server.ts";
import { type EmbeddedPostgres, ensurePostgres } from "#db/embedded/launcher.server.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { migrate, migrationStatus, refuseInherited } from "#db/migrate.server.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";
import { clearInterruptedDemo, loadDemoIfEmpty, looksInterrupted } from "#seeds/demo/load.ts";
import { say } from "./announce.server.ts";
import { firstOperator } from "./features/identity/setup.server.ts";
import type { Env } from "./platform/env.server.ts";
import { isUnavailable } from "./platform/errors.ts";
import type { Lifecycle } from "./platform/lifecycle.server.ts";
import type { Logger } from "./platform/log.server.ts";
import { storageOf } from "./platform/storage.server.ts";
import type { Services, Urls } from "./services.server.ts";

/*
 * The database of a start: the one that the settings name or the embedded one, brought up to date, with what it has to have,
 * and watched over from then on.
 */

const DATABASE_PATIENCE_MS = 30_000;
const REVIVE_EVERY_MS = 3_000;

/** A database that answers and has our tables, ours or the one named by the settings. */
export async function prepareDatabase(
  env: Env,
  lifecycle: Lifecycle,
  log: Logger,
): Promise<{ urls: Urls; embedded?: EmbeddedPostgres }> {
  if (env.DATABASE_URL === undefined || env.DATABASE_AUTH_URL === undefined) {
    const embedded = await ensurePostgres({ dataDir: env.DATA_DIR, onPhase: say });
    lifecycle.onStop("embedded database", () => embedded.stop());
    if (embedded.notice !== null) say(embedded.notice);
    if (embedded.adopted) say("taking over the database that a killed predecessor left running");
    return { urls: embedded.urls, embedded };
  }
  const urls = { app: env.DATABASE_URL, auth: env.DATABASE_AUTH_URL, owner: env.DATABASE_OWNER_URL };
  await waitForDatabase(urls.owner ?? urls.app, urls.owner === undefined ? "DATABASE_URL" : "DATABASE_OWNER_URL", log);
  return { urls };
}

/**
 * Tables, demonstration and first account: by one process at a time, however many start on one database. Others wait, and
 * none is ready before the demonstration is whole. @returns a line about the first account, where there is something to tell
 */
export async function found(
  services: Services,
  { app, auth, owner }: Urls,
  lifecycle: Lifecycle,
): Promise<string | null> {
  const { env, db } = services;
  const waiting = {
    onWait: () => say("waiting for another process that prepares this database"),
    stopping: () => lifecycle.stopping,
  };
  lifecycle.readyWhen("demonstration", () => db.read.begin(watcher, "read only", (tx) => demonstrationState(tx)));
  if (owner === undefined) {
    await waitForDemonstration({ appUrl: app, ...waiting });
    await checkMigrations(services, lifecycle);
    return openFirstAccount(env, owner);
  }
  const founding = await beginFounding({ ownerUrl: owner, ...waiting });
  lifecycle.onStop("founding", () => founding.end());
  const demo = { founding, storage: storageOf(env), dataDir: env.DATA_DIR, say };
  const cleared = await clearInterruptedDemo(demo);
  if (cleared)
    say(
      `a demonstration was interrupted while it was loaded: it is cleared${env.demo ? " and begun again" : ", and none is loaded (ANSHI_DEMO)"}`,
    );
  await migrateWith(owner);
  await checkMigrations(services, lifecycle);
  if (
    env.demo &&
    !(await loadDemoIfEmpty({ ...demo, db, urls: { app, auth, owner } })) &&
    env.embedded &&
    (await looksInterrupted({ ownerUrl: owner, dataDir: env.DATA_DIR }))
  )
    say(
      `${join(env.DATA_DIR, "demo-accounts.json")} is missing: if an older release was stopped while it loaded the demonstration, only a part of it is here; a fresh DATA_DIR gets a whole one`,
    );
  if (cleared && !env.demo) await founding.forgetDemonstration();
  const operator = await openFirstAccount(env, owner);
  await founding.end();
  return operator;
}

async function migrateWith(ownerUrl: string): Promise<void> {
  say("bringing the tables up to date");
  await migrate({ ownerUrl });
  await loadCatalogue({ ownerUrl });
}

async function waitForDatabase(url: string, name: string, log: Logger): Promise<void> {
  const { host } = new URL(url);
  const deadline = Date.now() + DATABASE_PATIENCE_MS;
  for (let told = false; ; told = true) {
    const sql = postgres(url, { max: 1, connect_timeout: 5, fetch_types: false, onnotice: () => {} });
    try {
      const [row] = await sql<{ version: string }[]>`select current_setting('server_version_num') as version`;
      warnOfOldServer(Number(row?.version), log);
      return;
    } catch (error) {
      if (!isUnavailable(error))
        throw new StartError(`The database at ${host} refuses ${name}: ${(error as Error).message}`);
      if (Date.now() > deadline)
        throw new StartError(
          `The database at ${host} (${name}) did not answer within ${DATABASE_PATIENCE_MS / 1000} s. Is it running, and is the address right?`,
        );
      if (!told) say(`waiting for the database at ${host}`);
      await sleep(500);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
}

/** Releases that close holes in row-level security: CVE-2024-10976, CVE-2025-8713, CVE-2026-14666, CVE-2026-120154. */
const SAFE_MINOR: Readonly<Record<number, number>> = { 15: 20, 16: 16, 17: 12, 18: 6 };

function warnOfOldServer(version: number, log: Logger): void {
  const [major, minor] = [Math.floor(version / 10_000), version % 10_000];
  const wanted = SAFE_MINOR[major];
  if (wanted !== undefined && minor < wanted) {
    log.warn(
      { found: `${major}.${minor}`, wanted: `${major}.${wanted}` },
      "this PostgreSQL lacks mended holes in row-level security: update it",
    );
  }
}

async function checkMigrations({ db }: Services, lifecycle: Lifecycle): Promise<void> {
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
  const found = await firstOperator({ ownerUrl, email, password });
  if (found === "made")
    return `The first operator is ${email}: sign in, add tenants and people, and take ANSHI_OPERATOR_PASSWORD out of the settings.`;
  if (found === "there") return null;
  return "Nobody has an account yet: set ANSHI_OPERATOR_EMAIL and ANSHI_OPERATOR_PASSWORD (12 characters or more) and start again.";
}

/** A database server that dies under us is started again; until then pages say so with 503. */
export function keepAlive(embedded: EmbeddedPostgres, lifecycle: Lifecycle, log: Logger): void {
  let busy = false;
  const timer = setInterval(() => {
    if (busy || lifecycle.stopping) return;
    busy = true;
    embedded
      .revive()
      .then((revived) => revived && log.warn("the embedded database had died and was started again"))
      .catch((error: unknown) => log.error({ err: error }, "the embedded database cannot be started again"))
      .finally(() => (busy = false));
  }, REVIVE_EVERY_MS);
  timer.unref();
  lifecycle.onStop("watch over the database", () => clearInterval(timer));
}
