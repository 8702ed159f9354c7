import { setTimeout as sleep } from "node:timers/promises";
import {
  type JobHelpers,
  Logger as QueueLogger,
  parseCronItems,
  run,
  type Runner,
  type TaskList,
} from "graphile-worker";
import type { Pool } from "pg";
import type { z } from "zod";
import { openWorkerPool, type WorkerDb } from "#db/jobs.server.ts";
import { isUnavailable } from "./errors.ts";
import { inFlight } from "./in-flight.server.ts";
import { Mark, Watch } from "./jobs-holders.server.ts";
import type { Logger } from "./log.server.ts";
import type { Metrics } from "./metrics.server.ts";

/*
 * Work that nobody waits for. A job is a name and ids; triggers add it in the transaction of what it is about. It may run
 * more than once (a process can die between the work and the note that it is done), so every task is idempotent.
 */

export interface TaskContext {
  /** As the worker: its own policies, nothing of a request. Each statement is a transaction of its own. */
  readonly db: WorkerDb;
  readonly log: Logger;
  /** The process is stopping: finish or give up. */
  readonly signal: AbortSignal;
}
export interface JobTask {
  readonly name: string;
  /** Each of its jobs has a key, so that a newer one replaces it. */
  readonly keyed?: boolean;
  readonly schema: z.ZodType;
  run(payload: unknown, context: TaskContext): Promise<void>;
}
/** A task and its payload's schema. @throws from `run` for the queue to try again, later and later, 25 times. */
export const jobTask = <S extends z.ZodType>(of: {
  name: string;
  keyed?: boolean;
  schema: S;
  run(payload: z.output<S>, context: TaskContext): Promise<void>;
}): JobTask => ({
  ...of,
  run: async (payload, context) => of.run(of.schema.parse(payload), context),
});
interface CronTask {
  readonly task: JobTask;
  /** Minute, hour, day, month, weekday in UTC. */
  readonly at: string;
  /** Runs that were missed in so long a time are made up for. */
  readonly madeUpForMs?: number;
}

export interface JobsOptions {
  authUrl: string;
  tasks: readonly JobTask[];
  crons: readonly CronTask[];
  log: Logger;
  metrics?: Metrics;
}
export interface Jobs {
  /** For `/readyz`: undefined while jobs are taken, else what is amiss. */
  check(): Promise<string | undefined>;
  stop(): Promise<void>;
}

const atOnce = 6;
/** What runs at once, who listens for new jobs, who holds the mark, who takes and notes jobs meanwhile. */
const connections = atOnce + 4;
/** New jobs are told of at once; this finds those whose time has come. */
const pollEveryMs = 5_000;
/** Jobs under way have this long to end by themselves when the process stops. */
const patienceMs = 3_000;
/** What was done has so long to be noted, and what has ended to be given back, before the connections close. */
const notedWithinMs = 5_000;
/** How often jobs are looked for whose holder died. */
const lookEveryMs = 4_000;
const [shortestRestMs, longestRestMs] = [500, 15_000];

/** The queue's view of our tasks; for the worker, and for tests that run what is waiting. */
export function taskList(tasks: readonly JobTask[], base: Omit<TaskContext, "signal">): TaskList {
  return Object.fromEntries(
    tasks.map((task) => [
      task.name,
      async (payload: unknown, helpers: JobHelpers) => {
        const ended = inFlight.begin(`job ${task.name}`);
        try {
          await task.run(payload, { ...base, signal: helpers.abortSignal ?? new AbortController().signal });
        } finally {
          ended();
        }
      },
    ]),
  );
}

/** What the queue says, into our log. Words of a failed statement stay out of it: they hold its values. */
const queueLogger = (log: Logger): QueueLogger =>
  new QueueLogger(() => (level, message, meta) => {
    const { error, failure, job } = (meta ?? {}) as {
      error?: unknown;
      failure?: boolean;
      job?: { id: string; task_identifier: string };
    };
    const said: string = level;
    if (said !== "error") return log.debug(failure ? "job" : message);
    const serious = isUnavailable(error) ? "warn" : "error";
    log[serious](
      { ...(error === undefined ? {} : { err: error }), ...(job ? { job: job.id, task: job.task_identifier } : {}) },
      failure ? "a job failed and will be tried again" : "job queue: an error it recovers from",
    );
  });

/** Begins, and begins again whenever it ended, until told to stop. */
class Supervisor {
  runner: Runner | null = null;
  private readonly ending = new AbortController();
  private over: Promise<void> = Promise.resolve();
  constructor(
    private readonly begin: () => Promise<Runner>,
    private readonly log: Logger,
  ) {}

  /** Resolves after the first attempt. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.over = this.keepRunning(resolve);
    });
  }
  async stop(): Promise<void> {
    this.ending.abort();
    await this.runner?.stop().catch(() => undefined);
    await this.over;
  }
  private async keepRunning(first: () => void): Promise<void> {
    const { signal } = this.ending;
    for (let rest = shortestRestMs; !signal.aborted; rest = Math.min(rest * 2, longestRestMs)) {
      try {
        this.runner = await this.begin();
        rest = shortestRestMs;
        first();
        // Told to stop while it began.
        if (signal.aborted) await this.runner.stop();
        await this.runner.promise;
      } catch (error) {
        this.log.warn({ err: error }, "jobs are not taken for the moment");
      }
      this.runner = null;
      first();
      await sleep(rest, undefined, { signal }).catch(() => undefined);
    }
  }
}

/**
 * The queue does not wait for its notes of what was done: ended too early, a finished job would run again. Resolves when
 * nothing is held under these names.
 */
async function noted(pool: Pool, names: readonly string[]): Promise<void> {
  for (const until = performance.now() + notedWithinMs; performance.now() < until; await sleep(25)) {
    const { rows } = await pool.query<{ n: number }>(
      "select count(*)::int as n from graphile_worker.jobs where locked_by = any($1)",
      [names],
    );
    if (rows[0]?.n === 0) return;
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Which of `graphile_worker.jobs` were replaced by a newer one while they ran: the queue then takes their key and their
 * attempts away, so that they look like given up.
 */
export function superseded(tasks: readonly JobTask[]): string {
  const keyed = tasks.filter((task) => task.keyed === true).map((task) => quoted(task.name));
  return keyed.length === 0
    ? "false"
    : `(key is null and attempts >= max_attempts and task_identifier in (${keyed.join(", ")}))`;
}

function countJobs(pool: Pool, tasks: readonly JobTask[], metrics: Metrics): void {
  const count = (which: string) => async () => {
    const found = pool.query<{ n: number }>(`select count(*)::int as n from graphile_worker.jobs where ${which}`);
    return found.then(
      ({ rows }) => rows[0]?.n ?? 0,
      () => Number.NaN,
    );
  };
  metrics.gauge("anshi_jobs_waiting", "Jobs in the queue that will be tried", count("attempts < max_attempts"));
  metrics.gauge(
    "anshi_jobs_given_up",
    "Jobs that failed for good",
    count(`attempts >= max_attempts and locked_at is null and not ${superseded(tasks)}`),
  );
}

/** Jobs of processes that died are given back within seconds. */
function watchHolders(db: WorkerDb, log: Logger): () => void {
  const watch = new Watch(db);
  let looking = false;
  const look = async () => {
    if (looking) return;
    looking = true;
    const found = await watch.look().catch(() => 0);
    looking = false;
    if (found > 0) log.warn({ released: found }, "jobs of a process that died were given back");
  };
  void look();
  const timer = setInterval(() => void look(), lookEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Takes jobs until it is stopped. While the database is away it waits and comes back; nothing here ends the process.
 * Resolves after the first attempt to begin, whether or not that succeeded.
 */
export async function startJobs({ authUrl, tasks, crons, log, metrics }: JobsOptions): Promise<Jobs> {
  const { pool, db, close } = openWorkerPool(authUrl, connections);
  const mark = new Mark(pool);
  const supervisor = new Supervisor(
    () =>
      run({
        pgPool: pool,
        taskList: taskList(tasks, { db, log }),
        parsedCronItems: parseCronItems(
          crons.map(({ task, at, madeUpForMs = 0 }) => ({
            task: task.name,
            match: at,
            identifier: task.name,
            options: { backfillPeriod: madeUpForMs },
          })),
        ),
        preset: {
          // Before it takes its first job.
          plugins: [
            {
              name: "anshi-mark",
              version: "1",
              worker: { hooks: { startWorker: (_ctx, { worker }) => mark.hold(worker.workerPool.id) } },
            },
          ],
        },
        concurrency: atOnce,
        pollInterval: pollEveryMs,
        gracefulShutdownAbortTimeout: patienceMs,
        noHandleSignals: true,
        logger: queueLogger(log),
      }),
    log,
  );
  await supervisor.start();
  const unwatch = watchHolders(db, log);
  if (metrics) countJobs(pool, tasks, metrics);
  return {
    async check() {
      if (!supervisor.runner) return "not taking jobs";
      await pool.query("select 1");
      return undefined;
    },
    async stop() {
      unwatch();
      await supervisor.stop();
      await noted(pool, mark.all).catch(() => undefined);
      await mark.release();
      await close();
    },
  };
}
