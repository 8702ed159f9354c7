import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { type EmbeddedPostgres, ensurePostgres } from "#db/embedded/launcher.server.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { say } from "./announce.server.ts";
import type { Env } from "./platform/env.server.ts";
import { isUnavailable } from "./platform/errors.ts";
import type { Lifecycle } from "./platform/lifecycle.server.ts";
import type { Logger } from "./platform/log.server.ts";
import type { Urls } from "./services.server.ts";

/*
 * The database of a start: the one that the settings name or the embedded one, waited for at first, and watched over from then on.
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
