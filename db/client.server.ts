import { setTimeout as sleep } from "node:timers/promises";
import { PgDatabase, PgDialect } from "drizzle-orm/pg-core";
import type { PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import { PostgresJsSession } from "drizzle-orm/postgres-js/session";
import postgres from "postgres";
import { type Level, levelRole } from "./roles.ts";

/** What a request proves itself with: the level whose role it takes, and the secret that its policies resolve. */
export interface Credentials {
  level: Level;
  secret: string | null;
  /** Id of the request that acts: stands beside what the audit chain notes of the transaction. */
  request?: string;
}

declare const branded: unique symbol;
/** An open transaction under one caller's policies. Handed on explicitly; there is no other way to the tenant tables. */
export type Tx = PgDatabase<PgQueryResultHKT, Record<string, never>> & { readonly [branded]: "actor transaction" };

export interface Database {
  /** Transactions that only read: BEGIN, context and queries leave in one go. */
  readonly read: postgres.Sql;
  readonly write: postgres.Sql;
  /** Sign-in functions only. */
  readonly auth: postgres.Sql;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  appUrl: string;
  authUrl: string;
  /** Connections of each pool. */
  max?: number;
  /** Off behind a transaction pooler that cannot keep prepared statements. */
  prepare?: boolean;
}

/** Connections of a pool, unless told. */
export const poolSize = 10;
const idleSeconds = 60;
const statementTimeoutMs = 30_000;

/** Opens the three pools. Nothing else in the product opens a connection for requests. */
export function openDatabase({ appUrl, authUrl, max = poolSize, prepare = true }: DatabaseOptions): Database {
  const pool = (url: string, name: string, size: number, extra: Record<string, string | number> = {}) => {
    const sql = postgres(url, {
      max: size,
      prepare,
      idle_timeout: idleSeconds,
      max_lifetime: 30 * 60,
      connect_timeout: 10,
      onnotice: () => undefined,
      connection: { application_name: name, statement_timeout: statementTimeoutMs, idle_in_transaction_session_timeout: 60_000, ...extra },
    });
    // drizzle reads dates itself: it sets the pool's parsers when it is laid over it once.
    drizzle(sql);
    return sql;
  };
  const read = pool(appUrl, "anshi-read", max, { default_transaction_read_only: "on" });
  const write = pool(appUrl, "anshi-write", max);
  const auth = pool(authUrl, "anshi-auth", Math.max(2, Math.ceil(max / 3)));
  return { read, write, auth, close: async () => void (await Promise.all([read, write, auth].map((s) => s.end({ timeout: 5 })))) };
}

const dialect = new PgDialect();

/**
 * A drizzle database over one transaction's connection. Every statement is prepared once a connection, those without
 * parameters too: no Describe and no planning each time. Its text names the level, because a plan made under one role's
 * policies is thrown away when another role runs it, and on a shared connection every change of level would plan anew.
 */
function overTransaction(s: postgres.TransactionSql, level: Level, prepare: boolean, age: number): Tx {
  const mark = ` -- ${level}${age === 0 ? "" : ` ${age}`}`;
  // postgres.js takes a text without parameters for a simple query unless told otherwise; its types do not know the option.
  const options: postgres.UnsafeQueryOptions & { simple: boolean } = { prepare, simple: false };
  const client = {
    unsafe: (query: string, params: unknown[]) => {
      params.forEach(mustBeWritable);
      return s.unsafe(query + mark, params as never[], options);
    },
  };
  const session = new PostgresJsSession(client as unknown as postgres.Sql, dialect, undefined, {});
  return new PgDatabase(dialect, session as never, undefined) as unknown as Tx;
}

/**
 * What postgres.js can write as a parameter. It finds out too late about anything else: an error while a parameter is put
 * into a packet leaves the connection waiting for an answer that never comes.
 * @throws TypeError that tells the place and the type; the value may be somebody's secret
 */
function mustBeWritable(value: unknown, at: number): void {
  const plain = value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean" || typeof value === "bigint";
  if (!plain && !(value instanceof Uint8Array)) {
    const type = value === undefined ? "undefined" : typeof value === "object" ? (value.constructor?.name ?? "Object") : typeof value;
    throw new TypeError(`parameter ${at + 1} of a statement is a ${type}: make it text, a number, a boolean or bytes first`);
  }
}

/** Takes the caller's role and hands his secret to the policies, both for this transaction only: its first statement. */
export const takeRole = (s: postgres.TransactionSql, caller: Credentials, prepare = true, age = 0): postgres.PendingQuery<postgres.Row[]> =>
  s.unsafe(
    `${taking}${caller.request === undefined ? "" : ", set_config('anshi.request', $3, true)"}${age === 0 ? "" : ` -- ${age}`}`,
    [levelRole(caller.level), caller.secret ?? "", ...(caller.request === undefined ? [] : [caller.request])],
    { prepare },
  );
const taking = "select set_config('role', $1, true), set_config('anshi.secret', $2, true)";

/** How often statements of a pool had to be prepared anew. It stands in their text, so that a connection takes them for others. */
const ages = new WeakMap<postgres.Sql, number>();
/** Of a transaction, the first included. */
const attempts = 3;
function causeOf(error: unknown): { code: string; routine: unknown } {
  let current = error;
  for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth += 1) {
    if ("code" in current && typeof current.code === "string") return { code: current.code, routine: "routine" in current ? current.routine : undefined };
    current = "cause" in current ? current.cause : undefined;
  }
  return { code: "", routine: undefined };
}
/** Serialisation failure, deadlock: another transaction was in the way. */
const wasInTheWay = (error: unknown): boolean => ["40001", "40P01"].includes(causeOf(error).code);
/** A plan whose result changed with a table, a statement that the server has lost: a migration ran beside this server. */
export function isOutdated(error: unknown): boolean {
  const { code, routine } = causeOf(error);
  return code === "26000" || (code === "0A000" && routine === "RevalidateCachedQuery");
}

export interface Repeating {
  /** For `fn` that does what no rollback takes back, such as sending something: it runs once whatever happens. */
  once?: boolean;
}

/**
 * Runs `fn` in one transaction as the caller, and once more from its beginning where the database says that this helps: another
 * transaction was in the way, or a prepared statement is out of date. `fn` therefore leaves alone what a rollback does not take back.
 * @throws what `fn` throws, after rolling back; a lost connection as postgres error CONNECTION_CLOSED.
 */
export async function withActor<T>(pool: postgres.Sql, caller: Credentials, fn: (tx: Tx) => Promise<T>, { once = false }: Repeating = {}): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const age = ages.get(pool) ?? 0;
    try {
      return await inTransaction(pool, caller, fn, age);
    } catch (error) {
      if (isOutdated(error) && (ages.get(pool) ?? 0) === age) ages.set(pool, age + 1);
      if (once || attempt >= attempts || !(wasInTheWay(error) || isOutdated(error))) throw error;
      // Two that met do not meet again at the same instant.
      if (wasInTheWay(error)) await sleep(Math.random() * 50 * attempt);
    }
  }
}

/**
 * One transaction of `withActor`: takes the level's role and hands the secret to the policies, both for this
 * transaction only, and sends them together with the first queries, without waiting between.
 */
async function inTransaction<T>(pool: postgres.Sql, caller: Credentials, fn: (tx: Tx) => Promise<T>, age: number): Promise<T> {
  const prepare = pool.options.prepare !== false;
  // Said of the transaction too, its COMMIT need not be waited for (db/patches).
  const mode = pool.options.connection["default_transaction_read_only"] ? "read only" : "";
  const result = await pool.begin(mode, async (s) => {
    const context = takeRole(s, caller, prepare, age);
    // The queries of fn go out behind it at once; its own failure fails them all and is thrown below.
    const taken = Promise.resolve(context);
    taken.catch(() => undefined);
    const value = await fn(overTransaction(s, caller.level, prepare, age));
    await taken;
    return { value };
  });
  return result.value;
}
