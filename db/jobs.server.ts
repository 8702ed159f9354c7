import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import { workerRole } from "./roles.ts";

/*
 * The job queue is graphile-worker's, in its schema `graphile_worker`. Jobs are added by triggers, in the transaction of
 * what they are about; here is how the queue is installed and how its worker connects.
 */

/** What tasks may touch: the worker's own policies, past no wall but those. */
export type WorkerDb = NodePgDatabase;

/** Brings the queue's own tables up to date. @param ownerUrl they belong to whoever owns ours. */
export async function installJobs(ownerUrl: string): Promise<void> {
  const { Logger, runMigrations } = await import("graphile-worker");
  const pool = outliveErrors(
    new Pool({
      connectionString: ownerUrl,
      max: 1,
      application_name: "anshi-migrate",
      options: "-c client_min_messages=warning",
    }),
  );
  try {
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => undefined) });
  } finally {
    await pool.end();
  }
}

/** A connection that breaks is replaced; one that nobody listens to would end the process with it. */
function outliveErrors(pool: Pool): Pool {
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

export interface WorkerPool {
  readonly pool: Pool;
  readonly db: WorkerDb;
  close(): Promise<void>;
}

/** Connections of the worker: few, as `anshi_worker` from their first moment. One of them listens for new jobs. */
export function openWorkerPool(authUrl: string, max = 5): WorkerPool {
  const pool = outliveErrors(
    new Pool({
      connectionString: authUrl,
      max,
      application_name: "anshi-worker",
      options: `-c role=${workerRole}`,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 60_000,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
    }),
  );
  return { pool, db: drizzle(pool), close: () => pool.end() };
}
