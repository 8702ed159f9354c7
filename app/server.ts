import { getRequestListener } from "@hono/node-server";
import { declareAll } from "./declarations.server.ts";
import { announce } from "./announce.server.ts";
import { methodsAt } from "#app/request/methods.rules.ts";
import { mailTask, ownOrigin } from "./features/identity/mail.server.ts";
import { Bell } from "./features/notices/bell.server.ts";
import { deadlineTask } from "./features/notices/deadlines.server.ts";
import { letterTasks } from "./features/notices/letters.server.ts";
import { checkpointAudit } from "#app/features/audit/checkpoint.server.ts";
import { sweepAnswers, sweepSessions } from "#app/request/sweep.server.ts";
import { pruneDeliveries, webhookTasks } from "./features/webhooks/tasks.server.ts";
import { type Env, readEnv } from "./platform/env.server.ts";
import { recoverJobs } from "./platform/jobs-recovery.server.ts";
import { startJobs } from "./platform/jobs.server.ts";
import { nameHost } from "./platform/door.server.ts";
import { createLifecycle, FAILED_START, handleSignals, type Lifecycle } from "./platform/lifecycle.server.ts";
import { listen, type Listener } from "./platform/listen.server.ts";
import { createLogger, type Logger } from "./platform/log.server.ts";
import { openMailer } from "./platform/mail.server.ts";
import { metrics } from "./platform/metrics.server.ts";
import { sweepSpool } from "./platform/spool.server.ts";
import { spoolFolders } from "./platform/storage.server.ts";
import { arrivals, callerOf, waitsForNobody } from "./platform/turns.server.ts";
import { startWatchdog } from "./platform/watchdog.server.ts";
import { createWeb } from "./platform/web.server.ts";
import { type Services, openServices } from "./services.server.ts";
import { keepAlive, prepareDatabase } from "./database.server.ts";
import { found } from "./found.server.ts";
import { reasonOf } from "./reason.server.ts";
import { type Development, apiHandler, pagesHandler, builtAssets } from "./handlers.server.ts";

const REQUEST_PATIENCE_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;
const SWEEP_EVERY_MS = DAY_MS;

/**
 * The main job: settings, database, migrations, demo, server, in this order. Resolves when requests are taken; ends the
 * process with status 1 and one line when it cannot start.
 */
export async function main(development?: Development): Promise<void> {
  declareAll();
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
    const operator = await found({ env, db: services.db, lifecycle }, urls);
    if (lifecycle.stopping) return;
    await beginWork(services, urls.auth, lifecycle);
    await sweepUploads(services, lifecycle);
    const bell = openBell(services, urls.auth);
    const port = await openDoor(services, lifecycle, bell, development);
    // Before the door, which would wait for its streams.
    lifecycle.onStop("live bells", () => bell.close());
    announce(env, port, operator);
    // To who watches over us, if anybody does (app/cli/supervise.mjs).
    process.send?.({ ready: true, port });
  } catch (error) {
    if (lifecycle.stopping) return;
    await lifecycle.stop(FAILED_START);
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`\nAnshi 安试 could not start. ${(await reasonOf(error)) ?? stack}\n`);
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
  const letters = letterTasks({ origin: ownOrigin(env), mails: mailer !== null });
  const told = [mailTask({ mailer }), letters.atOnce, ...webhookTasks({ targets: env.WEBHOOK_TARGETS })];
  const recover = recoverJobs(told);
  const jobs = await startJobs({
    authUrl,
    tasks: [
      recover,
      sweepSessions,
      sweepAnswers,
      checkpointAudit,
      deadlineTask,
      letters.daily,
      letters.weekly,
      ...told,
    ],
    crons: [
      { task: recover, at: "* * * * *" },
      { task: sweepSessions, at: "7 * * * *" },
      { task: sweepAnswers, at: "17 * * * *" },
      { task: checkpointAudit, at: "*/10 * * * *" },
      { task: pruneDeliveries, at: "23 3 * * *" },
      // Before the morning's letters, which tell of it.
      { task: deadlineTask, at: "30 23 * * *", madeUpForMs: DAY_MS },
      // Eight in the morning in Beijing; a week of standstill leaves no week's letter out.
      { task: letters.daily, at: "0 0 * * *", madeUpForMs: DAY_MS },
      { task: letters.weekly, at: "0 0 * * *", madeUpForMs: DAY_MS },
    ],
    log,
    metrics,
  });
  lifecycle.onStop("jobs", () => jobs.stop());
  lifecycle.readyWhen("jobs", () => jobs.check());
}

function openBell({ db, log }: Services, authUrl: string): Bell {
  const bell = new Bell(authUrl, db.authFor("bells"), log, metrics);
  bell.listen();
  return bell;
}

async function openDoor(
  services: Services,
  lifecycle: Lifecycle,
  bell: Bell,
  development: Development | undefined,
): Promise<number> {
  const { env } = services;
  const web = createWeb({
    services,
    lifecycle,
    api: apiHandler(development),
    pages: await pagesHandler(development),
    assets: development ? () => null : builtAssets(),
    live: {
      path: "/notices/stream",
      answer: ({ headers, method, signal }, { sessions }) =>
        bell.answer(sessions.secretFrom(headers.get("Cookie")), method, signal),
    },
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
