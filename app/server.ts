import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { createRequestHandler, type ServerBuild } from "@remix-run/server-runtime";
import { Hono } from "hono";
import postgres from "postgres";
import { type Database, openDatabase, type Pool, watcher } from "#db/client.server.ts";
import { beginFounding, demonstrationState, waitForDemonstration } from "#db/founding.server.ts";
import { type EmbeddedPostgres, ensurePostgres, type PostgresUrls } from "#db/embedded/launcher.server.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { Busy } from "#db/gate.server.ts";
import { migrate, MigrationMismatch, migrationStatus, refuseInherited } from "#db/migrate.server.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";
import { clearInterruptedDemo, loadDemoIfEmpty, looksInterrupted } from "#seeds/demo/load.ts";
import { announce, say } from "./announce.server.ts";
import "./declarations.server.ts";
import { apiApp } from "./api.server.ts";
import type { ApiEnv } from "#app/request/api.server.ts";
import { methodsAt } from "#app/request/methods.rules.ts";
import { mailTask } from "./features/identity/mail.server.ts";
import { Refusals } from "#app/request/refusals.server.ts";
import { openSessions, type Sessions } from "#app/request/session.server.ts";
import { firstOperator } from "./features/identity/setup.server.ts";
import { sealAudit } from "./features/audit/seal.server.ts";
import { sweepAnswers, sweepSessions } from "#app/request/sweep.server.ts";
import { pruneDeliveries, webhookTasks } from "./features/webhooks/tasks.server.ts";
import { withLocale } from "./i18n/locale.server.ts";
import { pageDataOnly } from "./page-data.server.ts";
import { type Assets, loadAssets } from "./platform/assets.server.ts";
import { clockFrom, systemClock } from "./platform/clock.ts";
import type { RequestContext, Services as PlatformServices } from "./platform/context.server.ts";
import { type Env, EnvError, readEnv } from "./platform/env.server.ts";
import { isOutOfSpace, isUnavailable, notFound } from "./platform/errors.ts";
import { gates } from "./platform/fair.server.ts";
import { recoverJobs } from "./platform/jobs-recovery.server.ts";
import { startJobs } from "./platform/jobs.server.ts";
import { nameHost } from "./platform/door.server.ts";
import { createLifecycle, FAILED_START, handleSignals, type Lifecycle } from "./platform/lifecycle.server.ts";
import { listen, ListenError, type Listener } from "./platform/listen.server.ts";
import { createLogger, type Logger } from "./platform/log.server.ts";
import { openMailer } from "./platform/mail.server.ts";
import { metrics } from "./platform/metrics.server.ts";
import { openRates } from "./platform/rates.server.ts";
import { isFull, roomCheck, seldom } from "./platform/room.server.ts";
import { sweepSpool } from "./platform/spool.server.ts";
import { spoolFolders, storageOf } from "./platform/storage.server.ts";
import { arrivals, callerOf, waitsForNobody } from "./platform/turns.server.ts";
import { startWatchdog } from "./platform/watchdog.server.ts";
import { createWeb, type Handler } from "./platform/web.server.ts";

const DATABASE_PATIENCE_MS = 30_000;
const REQUEST_PATIENCE_MS = 10_000;
const SWEEP_EVERY_MS = 24 * 60 * 60_000;
const REVIVE_EVERY_MS = 3_000;

/** What every request is given besides its own. */
type Services = PlatformServices & { readonly sessions: Sessions; readonly refusals: Refusals };

/** What development puts in place of the built program. */
export interface Development {
  loadBuild(): Promise<ServerBuild>;
  loadApi(): Promise<typeof apiApp>;
  /** Stands before our own listener: modules, hot reload. */
  front: (own: Listener) => Listener;
  server: Server;
  close(): Promise<void>;
}

/**
 * The main job: settings, database, migrations, demo, server, in this order. Resolves when requests are taken; ends the
 * process with status 1 and one line when it cannot start.
 */
export async function main(development?: Development): Promise<void> {
  let log: Logger | undefined;
  const lifecycle = createLifecycle(() => log);
  handleSignals(lifecycle, () => log);
  try {
    const env = readEnv();
    log = createLogger(env.LOG_LEVEL);
    if (!development) await watch(env, lifecycle, log);
    const { urls, embedded } = await prepareDatabase(env, lifecycle, log);
    const services = openServices(env, urls, lifecycle, log);
    if (embedded) keepAlive(embedded, lifecycle, log);
    const operator = await found(services, urls, lifecycle);
    if (lifecycle.stopping) return;
    await beginWork(services, urls.auth, lifecycle);
    await sweepUploads(services, lifecycle);
    const port = await openDoor(services, lifecycle, development);
    announce(env, port, operator);
    // To who watches over us, if anybody does (app/cli/supervise.mjs).
    process.send?.({ ready: true, port });
  } catch (error) {
    if (lifecycle.stopping) return;
    await lifecycle.stop(FAILED_START);
    process.stderr.write(`\nAnshi 安试 could not start. ${await lineOf(error)}\n`);
    process.exit(1);
  }
}

/** The thread that looks on, from before anything that may take long. */
async function watch(env: Env, lifecycle: Lifecycle, log: Logger): Promise<void> {
  const stop = await startWatchdog({
    log,
    healthPort: env.HEALTH_PORT,
    limitMs: env.STALL_LIMIT_MS,
    stalled: metrics.stalled,
  });
  lifecycle.onStop("watchdog", stop);
}

interface Urls extends Omit<PostgresUrls, "owner"> {
  owner: string | undefined;
}

/** A database that answers and has our tables, ours or the one named by the settings. */
async function prepareDatabase(
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
async function found(services: Services, { app, auth, owner }: Urls, lifecycle: Lifecycle): Promise<string | null> {
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

function openServices(env: Env, urls: Urls, lifecycle: Lifecycle, log: Logger): Services {
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

/** Who cannot be told by the demonstration's list: the first operator, or how to name him. One line, never his password. */
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
function keepAlive(embedded: EmbeddedPostgres, lifecycle: Lifecycle, log: Logger): void {
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

/** What uploads of killed processes left on this machine's disk: removed now, and once a day. */
async function sweepUploads({ env, log }: Services, lifecycle: Lifecycle): Promise<void> {
  const sweep = async () => {
    for (const folder of spoolFolders(env)) {
      const removed = await sweepSpool(folder);
      if (removed > 0) log.info({ removed, folder }, "removed what broken uploads had left");
    }
  };
  await sweep();
  const timer = setInterval(() => void sweep(), SWEEP_EVERY_MS);
  timer.unref();
  lifecycle.onStop("sweep of broken uploads", () => clearInterval(timer));
}

/** Jobs, in this process. Stopped after the last request and before the database's connections. */
async function beginWork({ env, log }: Services, authUrl: string, lifecycle: Lifecycle): Promise<void> {
  if (env.JOBS === "off") return lifecycle.readyWhen("jobs", async () => undefined);
  const mailer = openMailer(env);
  lifecycle.onStop("mail", () => mailer?.close());
  const told = [mailTask({ mailer }), ...webhookTasks({ targets: env.WEBHOOK_TARGETS })];
  const recover = recoverJobs(told);
  const jobs = await startJobs({
    authUrl,
    tasks: [recover, sweepSessions, sweepAnswers, sealAudit, ...told],
    crons: [
      { task: recover, at: "* * * * *" },
      { task: sweepSessions, at: "7 * * * *" },
      { task: sweepAnswers, at: "17 * * * *" },
      { task: sealAudit, at: "*/10 * * * *" },
      { task: pruneDeliveries, at: "23 3 * * *" },
    ],
    log,
    metrics,
  });
  lifecycle.onStop("jobs", () => jobs.stop());
  lifecycle.readyWhen("jobs", () => jobs.check());
}

async function openDoor(
  services: Services,
  lifecycle: Lifecycle,
  development: Development | undefined,
): Promise<number> {
  const { env } = services;
  const web = createWeb({
    services,
    lifecycle,
    api: apiHandler(development),
    pages: await pagesHandler(development),
    assets: development ? () => null : builtAssets(),
    methods: methodsAt,
    development: development !== undefined,
  });
  const answer = getRequestListener(web.fetch);
  const own: Listener = (request, response) => {
    nameHost(request, env.BASE_URL);
    if (waitsForNobody(request.url)) return void answer(request, response);
    // Who has gone meanwhile is owed no answer.
    void arrivals
      .take(callerOf(request.headers, request.socket.remoteAddress))
      .then(() => (request.socket.destroyed ? undefined : answer(request, response)));
  };
  const front = development ? development.front(own) : own;
  const door = await listen(front, env.PORT, env.listenOn, { server: development?.server });
  lifecycle.onStop("requests", async (hurry) => {
    await development?.close();
    await door.close(REQUEST_PATIENCE_MS, hurry);
  });
  return door.port;
}

/** The API, in the reader's language; what it does not answer for itself is left to the server. */
function apiHandler(development: Development | undefined): Handler<Services> {
  const around = (api: typeof apiApp) =>
    new Hono<ApiEnv & { Bindings: RequestContext<Services> }>()
      .use(async (c, next) => {
        c.set("context", c.env);
        await next();
      })
      .route("/", api)
      .notFound(() => {
        throw notFound();
      })
      .onError((error) => {
        throw error;
      });
  const built = around(apiApp);
  return async (request, context) => {
    const api = development ? around(await development.loadApi()) : built;
    return withLocale(request, () => api.fetch(request, context), context.env.https);
  };
}

/** Remix, in the reader's language. */
async function pagesHandler(development: Development | undefined): Promise<Handler<Services>> {
  if (development) {
    return async (request, context) => {
      const build = await development.loadBuild();
      pageDataOnly(build)(request);
      const handle = createRequestHandler(build, "development");
      return withLocale(request, () => handle(request, context), context.env.https);
    };
  }
  const build = (await import("virtual:remix/server-build")) as ServerBuild;
  const handle = createRequestHandler(build, "production");
  const check = pageDataOnly(build);
  return (request, context) => {
    check(request);
    return withLocale(request, () => handle(request, context), context.env.https);
  };
}

function builtAssets(): Assets {
  const folder = resolve(process.env["ANSHI_ROOT"] ?? process.cwd(), "build/client");
  if (!existsSync(folder)) throw new StartError(`The built interface is missing (${folder}). Run: npm run build`);
  return loadAssets(folder);
}

/** The one line that a failed start ends with. */
async function lineOf(error: unknown): Promise<string> {
  const dataDir = resolve(process.env["DATA_DIR"] || "./.data");
  // A database without room dies of it, and its client hears of a lost connection only.
  if (isOutOfSpace(error) || (await isFull(dataDir)))
    return `There is no room left on the disk of ${dataDir} or of the database. The demonstration needs about 400 MB; make room and start again: what was begun is taken up or begun anew.`;
  const expected = [StartError, EnvError, ListenError, MigrationMismatch].some((kind) => error instanceof kind);
  if (expected) return (error as Error).message;
  if (isUnavailable(error))
    return "The database was lost during the start. Start again: what was begun is taken up or begun anew.";
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
