import { sql } from "drizzle-orm";
import { z } from "zod";
import type { WorkerDb } from "#db/jobs.server.ts";
import { jobTask } from "./jobs.server.ts";

/** No task of ours takes this long: who still holds a job then is dead. */
const deadAfterMs = 120_000;

/**
 * Gives back jobs whose process was killed over them. The queue does so itself after four hours; a message should not
 * wait that long. @returns how many.
 */
export async function releaseAbandoned(db: WorkerDb, afterMs = deadAfterMs): Promise<number> {
  const before = sql`now() - ${afterMs} * interval '1 millisecond'`;
  await db.execute(
    sql`update graphile_worker._private_job_queues set locked_at = null, locked_by = null where locked_at < ${before}`,
  );
  const { rowCount } = await db.execute(
    sql`update graphile_worker._private_jobs set locked_at = null, locked_by = null, run_at = greatest(run_at, now()) where locked_at < ${before}`,
  );
  return rowCount ?? 0;
}

export const recoverJobs = jobTask({
  name: "jobs.recover",
  schema: z.looseObject({}),
  run: async (_, { db, log }) => {
    const released = await releaseAbandoned(db);
    if (released > 0) log.warn({ released }, "jobs of a process that died were given back");
  },
});
