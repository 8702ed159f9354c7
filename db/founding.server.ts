import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { getTableConfig, PgTable } from "drizzle-orm/pg-core";
import { is } from "drizzle-orm";
import postgres from "postgres";
import { StartError } from "./embedded/start-error.ts";
import { migrationLock } from "./migrate.server.ts";
import * as schema from "./schema/index.ts";
import { queueSchema } from "./walls.ts";

/*
 * What happens once in the life of an installation, by one process at a time: tables, demonstration, first account. The
 * demonstration comes in thousands of transactions, so a row of `meta.demonstration` says that it is under way; whoever
 * finds the row without an end, and nobody at it, knows that the database holds half a demonstration and nothing else.
 */

/** Serial of the advisory lock. Its connection holds it: where the process is killed, the server gives it free. */
const foundingLock = 727_301_219;
const lookEveryMs = 500;
/** How long an unfinished demonstration may stand without anybody at it: its loader may just be starting again. */
const abandonedAfterMs = 30_000;

export interface Founding {
  /** Rejects when the lock is lost with its connection: another process may have it from then on. */
  readonly lost: Promise<never>;
  /** Takes an unfinished demonstration out of the database, tables and all. @returns the digests of its files; null where there is none */
  clearUnfinished(): Promise<string[] | null>;
  /** Marks a demonstration as begun. @returns false when somebody has an account already: then nothing is marked */
  beginDemonstration(): Promise<boolean>;
  /** A file that the demonstration is about to put into storage. */
  noteFile(sha256: string): Promise<void>;
  /** @throws StartError when it is not this process's any more */
  endDemonstration(): Promise<void>;
  /** The mark of a demonstration that was cleared and is not wanted again. */
  forgetDemonstration(): Promise<void>;
  /** Gives the lock free. Safe to repeat. */
  end(): Promise<void>;
}

export interface FoundingOptions {
  ownerUrl: string;
  /** Told once when another process has the lock. */
  onWait?: () => void;
  /** Waiting ends when this says so. */
  stopping?: () => boolean;
}

/**
 * Waits for the lock and holds it until `end`.
 * @throws StartError when waiting was ended
 */
export async function beginFounding({ ownerUrl, onWait, stopping = () => false }: FoundingOptions): Promise<Founding> {
  let ended = false;
  let lose: (why: Error) => void = () => undefined;
  const lost = new Promise<never>((_, reject) => (lose = reject));
  lost.catch(() => undefined);
  const sql = postgres(ownerUrl, {
    max: 1,
    // The lock is the connection's: none that is replaced after a while.
    max_lifetime: null,
    connect_timeout: 10,
    onnotice: () => undefined,
    onclose: () =>
      ended ||
      lose(
        new StartError(
          "The connection to the database was lost during the start. Start again: what was begun is taken up or begun anew.",
        ),
      ),
    // A machine that vanished is noticed within two minutes, and its lock given free.
    connection: {
      application_name: "anshi-founding",
      tcp_keepalives_idle: 60,
      tcp_keepalives_interval: 15,
      tcp_keepalives_count: 4,
    },
  });
  const end = async () => {
    ended = true;
    await sql.end({ timeout: 5 });
  };
  try {
    for (let told = false; ; told = true) {
      const [row] = await sql<{ mine: boolean }[]>`select pg_try_advisory_lock(${foundingLock}) as mine`;
      if (row?.mine) break;
      if (stopping()) throw new StartError("Stopped while another process was preparing the database.");
      if (!told) onWait?.();
      await sleep(lookEveryMs);
    }
    return { lost, end, ...demonstration(sql) };
  } catch (error) {
    await end();
    throw error;
  }
}

function demonstration(sql: postgres.Sql): Omit<Founding, "lost" | "end"> {
  let run: string | null = null;
  return {
    async clearUnfinished() {
      const [there] = await sql<{ there: boolean }[]>`select to_regclass('meta.demonstration') is not null as there`;
      if (!there?.there) return null;
      const [mark] = await sql<{ files: string[] }[]>`select files from meta.demonstration where ended_at is null`;
      if (!mark) return null;
      await sql.begin(takeAway);
      return mark.files;
    },
    beginDemonstration: () =>
      sql.begin(async (tx) => {
        const [row] = await tx<{ known: boolean }[]>`select exists (select 1 from auth.users) as known`;
        if (row?.known !== false) return false;
        run = randomUUID();
        await tx`
          insert into meta.demonstration (run) values (${run})
            on conflict (one) do update set run = excluded.run, begun_at = now(), ended_at = null, files = '{}'`;
        return true;
      }),
    async noteFile(sha256) {
      await sql`update meta.demonstration set files = array_append(files, ${sha256}) where run = ${run}`;
    },
    async endDemonstration() {
      const ended =
        await sql`update meta.demonstration set ended_at = now() where run = ${run} and ended_at is null returning one`;
      if (ended.length === 0)
        throw new StartError("The demonstration was taken over by another process while it was loaded here.");
    },
    async forgetDemonstration() {
      await sql`delete from meta.demonstration where ended_at is null`;
    },
  };
}

/**
 * All that migrations make, dropped in one transaction; they make it anew. Emptying the tables instead would have to know
 * every row that a migration wrote. Only what has one of our names goes: the database may be shared.
 */
async function takeAway(tx: postgres.TransactionSql): Promise<void> {
  await tx`select pg_advisory_xact_lock(${migrationLock})`;
  const [mark] = await tx`select 1 from meta.demonstration where ended_at is null for update`;
  if (!mark) throw new StartError("The demonstration was ended by another process meanwhile. Start again.");
  const tables = Object.values(schema as Record<string, unknown>).filter((t): t is PgTable => is(t, PgTable));
  const ours = tables.map((t) => getTableConfig(t)).filter((t) => (t.schema ?? "public") === "public");
  await tx.unsafe(`drop table if exists ${ours.map((t) => `public."${t.name}"`).join(", ")} cascade`);
  await tx.unsafe(`drop schema if exists auth, ${queueSchema} cascade`);
  await tx`delete from meta.migrations`;
}

/** An unfinished demonstration, and whether somebody is at it; null where there is none. @param sql any of our login roles */
async function unfinished(sql: postgres.ISql): Promise<{ attended: boolean } | null> {
  try {
    const [mark] = await sql`select 1 from meta.demonstration where ended_at is null`;
    if (!mark) return null;
  } catch (error) {
    // Not there yet, or not ours to see: who may do more tells what is wrong with the tables.
    if (["42P01", "3F000", "42501"].includes(String((error as { code?: unknown }).code))) return null;
    throw error;
  }
  const [held] = await sql`
    select 1 from pg_locks l join pg_database d on d.oid = l.database
      where l.locktype = 'advisory' and l.granted and d.datname = current_database() and l.classid = 0 and l.objid = ${foundingLock}::bigint::oid and l.objsubid = 1`;
  return { attended: held !== undefined };
}

/** For `/readyz`: half a demonstration is nothing to work with. */
export const demonstrationState = async (sql: postgres.ISql): Promise<string | undefined> =>
  (await unfinished(sql)) ? "loading" : undefined;

/**
 * For a process that may not make tables: resolves when no demonstration is under way.
 * @throws StartError when one is unfinished and nobody is at it, or when waiting was ended
 */
export async function waitForDemonstration({
  appUrl,
  onWait,
  stopping = () => false,
}: Omit<FoundingOptions, "ownerUrl"> & { appUrl: string }): Promise<void> {
  const sql = postgres(appUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: "anshi-founding" },
  });
  try {
    let attended = Date.now();
    for (let told = false; ; told = true) {
      const found = await unfinished(sql);
      if (!found) return;
      if (found.attended) attended = Date.now();
      if (Date.now() - attended > abandonedAfterMs)
        throw new StartError(
          "The demonstration was interrupted while it was loaded, and nobody is at it. Start once with DATABASE_OWNER_URL: it is cleared and begun again.",
        );
      if (stopping()) throw new StartError("Stopped while another process was loading the demonstration.");
      if (!told) onWait?.();
      await sleep(lookEveryMs);
    }
  } finally {
    await sql.end({ timeout: 5 });
  }
}
