import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { Pool, PoolClient } from "pg";
import type { WorkerDb } from "#db/jobs.server.ts";

/*
 * Who holds a job, and whether they live. A queue's worker writes its name into the job that it takes. Here the process
 * holds an advisory lock of that name beside it: PostgreSQL gives the lock back in the moment in which the process dies,
 * so a job whose holder has no lock is nobody's.
 */

/** First key of the locks; the second is the hash of a worker's name. */
const lockSpace = 727301218;
const againAfterMs = 500;

/** The locks of this process, on a connection of their own, taken anew whenever that breaks. */
export class Mark {
  private readonly names = new Set<string>();
  private client: PoolClient | null = null;
  private busy: Promise<void> = Promise.resolve();
  private over = false;
  constructor(private readonly pool: Pool) {}

  /** Resolves when the lock is held. @throws when the database is away; it is taken as soon as it is back. */
  async hold(name: string): Promise<void> {
    if (this.names.has(name)) return this.busy;
    this.names.add(name);
    await this.renew();
  }

  /** The names held so far, of workers that are gone too. */
  get all(): string[] {
    return [...this.names];
  }

  /** Gives the locks back with the connection. */
  async release(): Promise<void> {
    this.over = true;
    await this.busy.catch(() => undefined);
    const { client } = this;
    this.client = null;
    client?.release(true);
  }

  private renew(): Promise<void> {
    this.busy = this.busy.catch(() => undefined).then(() => this.lock());
    this.busy.catch(() => this.later());
    return this.busy;
  }

  private async lock(): Promise<void> {
    if (this.over) return;
    this.client ??= await this.connect();
    // Shared: two names of one hash would wait for each other for ever.
    for (const name of this.names)
      await this.client.query("select pg_advisory_lock_shared($1, hashtext($2))", [lockSpace, name]);
  }

  private async connect(): Promise<PoolClient> {
    const client = await this.pool.connect();
    client.on("error", () => {
      if (this.client !== client) return;
      this.client = null;
      client.release(true);
      this.later();
    });
    return client;
  }

  private later(): void {
    if (this.over) return;
    void sleep(againAfterMs, undefined, { ref: false }).then(() => this.renew().catch(() => undefined));
  }
}

/** A holder without a lock for so long is dead: one that lives takes its lock anew within a second of the database's return. */
const deadAfterMs = 8_000;

const held = sql`exists (select from pg_locks l
  where l.locktype = 'advisory' and l.granted and l.objsubid = 2 and l.classid::bigint = ${lockSpace}
    and l.database = (select d.oid from pg_database d where d.datname = current_database())
    and l.objid::bigint = hashtext(j.locked_by)::bigint & 4294967295)`;

/** Looks from time to time for holders that died; `look` is to be called every few seconds. */
export class Watch {
  private readonly missing = new Map<string, number>();
  constructor(private readonly db: WorkerDb) {}

  /** Gives back the jobs of whoever has been without a lock for long enough. @returns how many */
  async look(now = performance.now()): Promise<number> {
    const { rows } = await this.db.execute<{ name: string }>(
      sql`select distinct j.locked_by as name from graphile_worker._private_jobs j where j.locked_by is not null and not ${held}`,
    );
    const names = new Set(rows.map(({ name }) => name));
    for (const name of this.missing.keys()) if (!names.has(name)) this.missing.delete(name);
    for (const name of names) if (!this.missing.has(name)) this.missing.set(name, now);
    const dead = [...this.missing].filter(([, since]) => now - since >= deadAfterMs).map(([name]) => name);
    return dead.length === 0 ? 0 : giveBack(this.db, sql`locked_by = any(${sql.param(dead)})`);
  }
}

/** Unlocks queues and jobs. @returns how many jobs */
export async function giveBack(db: WorkerDb, which: ReturnType<typeof sql>): Promise<number> {
  await db.execute(
    sql`update graphile_worker._private_job_queues set locked_at = null, locked_by = null where ${which}`,
  );
  const { rowCount } = await db.execute(
    sql`update graphile_worker._private_jobs set locked_at = null, locked_by = null, run_at = greatest(run_at, now()) where ${which}`,
  );
  return rowCount ?? 0;
}
