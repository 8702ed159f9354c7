import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { openWorkerPool, type WorkerPool } from "#db/jobs.server.ts";
import { testDatabase } from "#tests/setup/test-database.ts";
import { Watch } from "./jobs-holders.server.ts";
import { removeSuperseded } from "./jobs-recovery.server.ts";
import { type JobTask, jobTask, startJobs } from "./jobs.server.ts";
import { createLogger } from "./log.server.ts";
import { createMetrics } from "./metrics.server.ts";

/* The queue with its real worker, on tasks of the test's own. */

const log = createLogger("silent");
const database = testDatabase();
let owner: postgres.Sql;
let worker: WorkerPool;
beforeAll(() => {
  owner = postgres(database().superuserUrl, { max: 4, onnotice: () => undefined });
  worker = openWorkerPool(database().urls.auth);
});
afterAll(async () => {
  await Promise.all([owner.end(), worker.close()]);
});
beforeEach(async () => {
  await owner`delete from graphile_worker._private_jobs`;
});

const task = (name: string, run: JobTask["run"], keyed = false) =>
  jobTask({ name, keyed, schema: z.looseObject({}), run: async (payload, context) => run(payload, context) });
const add = (name: string, key: string | null = null) =>
  owner`select graphile_worker.add_job(${name}, '{}', job_key => ${key})`;
const held = () =>
  owner<{ name: string }[]>`select locked_by as name from graphile_worker.jobs where locked_by is not null`;
const begin = (tasks: JobTask[], metrics = createMetrics()) =>
  startJobs({ authUrl: database().urls.auth, tasks, crons: [], log, metrics });
async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; !(await done()); await sleep(20))
    if (Date.now() > end) throw new Error("it did not happen");
}

describe("jobs at the end of their process", () => {
  it("run once, though they end while it stops: nothing is left for another to do again", async () => {
    let begun = 0;
    let ran = 0;
    const letter = task("test.letter", async () => {
      begun += 1;
      await sleep(400);
      ran += 1;
    });
    const jobs = await begin([letter]);
    await Promise.all(Array.from({ length: 6 }, () => add("test.letter")));
    await until(() => begun === 6);
    await jobs.stop();
    expect(ran).toBe(6);
    expect(await owner`select 1 from graphile_worker.jobs`).toHaveLength(0);
  });

  it("may begin and stop at once", async () => {
    const jobs = await begin([task("test.none", async () => undefined)]);
    await jobs.stop();
  });
});

describe("jobs of a process that was killed", () => {
  it("are known by their holder's lost lock, and given back seconds later; those of one that lives are not", async () => {
    let finish: () => void = () => undefined;
    const jobs = await begin([task("test.slow", () => new Promise<void>((resolve) => (finish = resolve)))]);
    try {
      await add("test.slow");
      await until(async () => (await held()).length === 1);
      await owner`insert into graphile_worker._private_tasks (identifier) values ('test.dead') on conflict do nothing`;
      await add("test.dead");
      await owner`update graphile_worker._private_jobs set locked_at = now(), locked_by = 'pool-of-a-dead-process', attempts = 1 where task_id = (select id from graphile_worker._private_tasks where identifier = 'test.dead')`;
      const watch = new Watch(worker.db);
      expect([await watch.look(0), await watch.look(1_000)]).toEqual([0, 0]);
      expect(await watch.look(60_000)).toBe(1);
      expect(
        await owner`select task_identifier as task from graphile_worker.jobs where locked_by is not null`,
      ).toMatchObject([{ task: "test.slow" }]);
      // The lock lies on one connection: when that breaks it is taken anew, before anybody could think its holder dead.
      await owner`select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.classid = 727301218 and l.database = (select oid from pg_database where datname = current_database())`;
      const second = new Watch(worker.db);
      await second.look(0);
      await until(
        async () =>
          (
            await owner`select 1 from pg_locks where locktype = 'advisory' and classid = 727301218 and database = (select oid from pg_database where datname = current_database())`
          ).length > 0,
      );
      await second.look(1_000);
      expect(await second.look(60_000)).toBe(0);
    } finally {
      finish();
      await jobs.stop();
    }
  });
});

describe("anshi_jobs_given_up", () => {
  it("counts what failed for good, not what a newer job of the same key has replaced", async () => {
    const metrics = createMetrics();
    const count = async () => Number(/^anshi_jobs_given_up (\S+)$/m.exec(await metrics.text())?.[1]);
    let running = 0;
    let fail: () => void = () => undefined;
    const keyed = task(
      "test.keyed",
      async () => {
        running += 1;
        if (running === 1) await new Promise<void>((_, reject) => (fail = () => reject(new Error("the way was shut"))));
      },
      true,
    );
    const jobs = await begin([keyed], metrics);
    try {
      await add("test.keyed", "one");
      await until(() => running === 1);
      await add("test.keyed", "one");
      expect(await count()).toBe(0);
      fail();
      await until(
        async () =>
          (await owner`select 1 from graphile_worker.jobs where last_error is not null`).length === 1 && running === 2,
      );
      expect(await count()).toBe(0);
      expect(await removeSuperseded(worker.db, [keyed])).toBe(1);
      await add("test.keyed", "two");
      await until(() => running === 3);
      await until(async () => (await held()).length === 0);
      await owner`insert into graphile_worker._private_jobs (task_id, key, attempts, max_attempts, last_error) select id, 'three', 25, 25, 'x' from graphile_worker._private_tasks where identifier = 'test.keyed'`;
      expect(await removeSuperseded(worker.db, [keyed])).toBe(0);
      expect(await count()).toBe(1);
    } finally {
      await jobs.stop();
    }
  });
});
