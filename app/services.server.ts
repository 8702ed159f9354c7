import { type Database, openDatabase, type Pool, watcher } from "#db/client.server.ts";
import type { PostgresUrls } from "#db/embedded/launcher.server.ts";
import { Busy } from "#db/gate.server.ts";
import { Refusals } from "#app/request/refusals.server.ts";
import { openSessions, type Sessions } from "#app/request/session.server.ts";
import { clockFrom, systemClock } from "./platform/clock.ts";
import type { Services as PlatformServices } from "./platform/context.server.ts";
import type { Env } from "./platform/env.server.ts";
import { gates } from "./platform/fair.server.ts";
import type { Lifecycle } from "./platform/lifecycle.server.ts";
import type { Logger } from "./platform/log.server.ts";
import { metrics } from "./platform/metrics.server.ts";
import { openRates } from "./platform/rates.server.ts";
import { roomCheck, seldom } from "./platform/room.server.ts";
import { storageOf } from "./platform/storage.server.ts";

/* What lives as long as the process, and what must be well for it to be ready. */

/** What every request is given besides its own. */
export type Services = PlatformServices & { readonly sessions: Sessions; readonly refusals: Refusals };

export interface Urls extends Omit<PostgresUrls, "owner"> {
  owner: string | undefined;
}

export function openServices(env: Env, urls: Urls, lifecycle: Lifecycle, log: Logger): Services {
  const db: Database = openDatabase({ appUrl: urls.app, authUrl: urls.auth });
  lifecycle.onStop("database connections", () => db.close());
  lifecycle.readyWhen("database", () => connectionOf(db.read));
  lifecycle.readyWhen("writing", () => connectionOf(db.write));
  lifecycle.readyWhen("sign-in", () => connectionOf(db.authPool));
  lifecycle.readyWhen(
    "disk",
    seldom(() => roomCheck(env.DATA_DIR, (work) => db.read.begin(watcher, "read only", work))),
  );
  lifecycle.readyWhen(
    "storage",
    seldom(() => storageOf(env).check()),
  );
  const clock = env.ANSHI_NOW === undefined ? systemClock : clockFrom(env.ANSHI_NOW);
  const refusals = new Refusals(db, log);
  lifecycle.onStop("refusals", () => refusals.close());
  metrics.shares(() => [...db.gates, ...gates].map((gate) => gate.state));
  return {
    env,
    log,
    clock,
    db,
    metrics,
    rates: openRates(env, () => db.auth),
    sessions: openSessions(db, env.https),
    refusals,
  };
}

/** Less than a check may take, so that it is told what is amiss and not only that it was slow. */
const CONNECTION_WITHIN_MS = 1_500;

/** Whether the pool has a connection, and whether it answers. */
async function connectionOf(pool: Pool): Promise<string | void> {
  const until = AbortSignal.timeout(CONNECTION_WITHIN_MS);
  try {
    await pool.for({ address: "", signal: () => until }).begin(watcher, pool.mode, (tx) => tx`select 1`);
  } catch (error) {
    if (error instanceof Busy) return "no connection free";
    throw error;
  }
}
