import { sql } from "drizzle-orm";
import { z } from "zod";
import type { WorkerDb } from "#db/jobs.server.ts";
import { giveBack } from "./jobs-holders.server.ts";
import { type JobTask, jobTask, superseded } from "./jobs.server.ts";

/** No task of ours takes this long: who still holds a job then is dead, even where its lock has outlived it (a machine without power). */
const deadAfterMs = 120_000;

/**
 * Gives back jobs whose process was killed over them. The queue does so itself after four hours; a message should not
 * wait that long. @returns how many.
 */
export async function releaseAbandoned(db: WorkerDb, afterMs = deadAfterMs): Promise<number> {
  return giveBack(db, sql`locked_at < now() - ${afterMs} * interval '1 millisecond'`);
}

/** Takes away what a newer job of the same key has replaced while it ran and which then failed: nobody will try it again. @returns how many */
export async function removeSuperseded(db: WorkerDb, tasks: readonly JobTask[]): Promise<number> {
  const { rowCount } = await db.execute(
    sql`delete from graphile_worker._private_jobs where id in (select id from graphile_worker.jobs where locked_at is null and ${sql.raw(superseded(tasks))})`,
  );
  return rowCount ?? 0;
}

/** @param tasks those whose replaced jobs are to be taken away */
export const recoverJobs = (tasks: readonly JobTask[]): JobTask =>
  jobTask({
    name: "jobs.recover",
    schema: z.looseObject({}),
    run: async (_, { db, log }) => {
      const released = await releaseAbandoned(db);
      if (released > 0) log.warn({ released }, "jobs of a process that died were given back");
      await removeSuperseded(db, tasks);
    },
  });
