import { setTimeout as sleep } from "node:timers/promises";
import { PgDatabase, PgDialect } from "drizzle-orm/pg-core";
import type { PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import { PostgresJsSession } from "drizzle-orm/postgres-js/session";
import postgres from "postgres";
import type { Share } from "./fair.ts";
import { type Asker, Gate, type Leave } from "./gate.server.ts";
import { type Level, levelRole } from "./roles.ts";

/** What a request proves itself with: the level whose role it takes, and the secret that its policies resolve. */
export interface Credentials {
  level: Level;
  secret: string | null;
  /** Id of the request that acts: stands beside what the audit chain notes of the transaction. */
  request?: string;
  /** Whose share of the connections it takes. No wall: policies believe the secret alone. */
  tenantId?: string;
  userId?: string;
}

declare const branded: unique symbol;
/** An open transaction under one caller's policies. Handed on explicitly; there is no other way to the tenant tables. */
export type Tx = PgDatabase<PgQueryResultHKT, Record<string, never>> & { readonly [branded]: "actor transaction" };

/** A statement of sign-in as a template: one call of a function of schema `auth`. */
export type AuthSql = <T extends readonly (object | undefined)[] = postgres.Row[]>(
  template: TemplateStringsArray,
  ...parameters: readonly postgres.ParameterOrFragment<never>[]
) => Promise<postgres.RowList<T>>;

export interface Database {
  /** Transactions that only read: BEGIN, context and queries leave in one go. */
  readonly read: Pool;
  readonly write: Pool;
  /** Sign-in functions only, with the share of those who have not signed in. */
  readonly auth: AuthSql;
  readonly authPool: Pool;
  /** As `auth`, with a share of its own for each key: the secret that is looked up. */
  authFor(key: string): AuthSql;
  /** The same for one request: it waits for no longer than the gates have patience, and not for somebody who left. */
  for(asker: Asker): Database;
  /** The gate of each pool, for the metrics. */
  readonly gates: readonly Gate[];
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

/** Connections of the pool that writes, unless told. */
export const poolSize = 10;
/**
 * Connections that read, at most; `spareReads` of them for the second transaction of a request. A request keeps its own while
 * its page is made, which is work of one thread: more at once make each of them slow, and the slow ones slowest (the same
 * mix of 50 people: p99 791 ms with ten, 550 ms with six).
 */
const reads = 6;
const spareReads = 2;
const idleSeconds = 60;
/**
 * Until a connection that failed is tried again. The driver's own grows to 20 s, with all that wait for it: a database that
 * was back after two seconds was answered from after ten. A refused connection costs next to nothing.
 */
const reconnectSeconds = (retries: number): number => Math.min(0.5, 3 ** retries / 100) * (0.5 + Math.random() / 2);
const statementTimeoutMs = 30_000;
/**
 * A statement waits so long for a lock that somebody else holds. Our own transactions hold theirs for milliseconds, a
 * publication for a second; longer, and whoever waits keeps a connection from others for nothing.
 */
const lockTimeoutMs = 5_000;
/** A request waits so long for a connection: two that end in a lock, or what a browser's reader waits before they turn away. */
const connectionPatienceMs = 10_000;
/** Requests that may wait for a connection: a tenant's people at once, and one account's with all its pages. */
const waiting = { waitingOfAccount: 250, waitingOfTenant: 1000 } as const;

/**
 * Whoever reads with a connection for less may have all of their tenant's (`fair.ts`): a list through the API takes 10 ms on a
 * busy machine, a page 30, a workbook seconds. Not to write: those of one account wait for each other's rows, and more of them
 * at once were felt by others (a flood of refused events: 2.1 to 2.7 of a quiet sector's own time against 1.6).
 */
const briefMs = 100;

/** Who asks whether a pool has a connection at all, in nobody's name. */
export const watcher: Share = { tenant: "watch", account: "" };
const signIn = (key: string, account = ""): Share => ({ tenant: `sign-in ${key}`, account });
/** Statements of one address are many people's, who are not told apart here: none of them stands behind another's. */
let turn = 0;
const nextTurn = (): string => String((turn = (turn + 1) % 1000));

/**
 * Connections that are given out fairly (`fair.ts`). The driver's pool is reachable through here alone, so that nobody goes
 * round the gate.
 */
export class Pool {
  readonly #sql: postgres.Sql;
  readonly #asker: Asker | undefined;
  readonly #aside: boolean;
  /** Transactions that this view has: with one already, a request takes its second from the spare. */
  #held = 0;
  /** The first of them, while it waits to be let in. */
  #first: Promise<unknown> | undefined;

  constructor(
    sql: postgres.Sql,
    readonly gate: Gate,
    { asker, aside = false }: { asker?: Asker | undefined; aside?: boolean } = {},
  ) {
    this.#sql = sql;
    this.#asker = asker;
    this.#aside = aside;
  }

  get prepare(): boolean {
    return this.#sql.options.prepare !== false;
  }
  /** Said of a transaction too, its COMMIT need not be waited for (db/patches). */
  get mode(): string {
    return this.#sql.options.connection["default_transaction_read_only"] ? "read only" : "";
  }

  /** Everybody without a tenant is one tenant, and there an account an address. */
  shareOf({ tenantId, userId, level, secret }: Credentials): Share {
    return { tenant: tenantId ?? level, account: userId ?? secret ?? this.#asker?.address ?? "" };
  }

  for(asker: Asker): Pool {
    return new Pool(this.#sql, this.gate, { asker });
  }
  /** For one who holds a transaction of this pool already and wants another beside it. */
  aside(): Pool {
    return new Pool(this.#sql, this.gate, { asker: this.#asker, aside: true });
  }

  /**
   * One transaction. Whoever holds one that reads may ask for one that writes, and either may ask for sign-in; never the
   * other way round, or two requests would wait for each other. @throws Busy
   */
  async begin<T>(share: Share, mode: string, work: (tx: postgres.TransactionSql) => Promise<T>): Promise<T> {
    const entered = this.#enter(share);
    const leave = typeof entered === "function" ? entered : await entered;
    this.#held += 1;
    try {
      const done = await this.#sql.begin(mode, async (tx) => ({ value: await work(tx) }));
      return done.value;
    } finally {
      this.#held -= 1;
      leave();
    }
  }

  /**
   * The second of a request is asked for when the first is held, never while that one waits: who has the spare waits for
   * nothing, so those who wait for the spare do not wait for each other.
   */
  #enter(share: Share): Leave | Promise<Leave> {
    const beside = this.#asker !== undefined;
    if (beside && this.#held === 0 && this.#first)
      return this.#first.then(
        () => this.#enter(share),
        () => this.#enter(share),
      );
    const entered = this.gate.enter(share, this.#asker, this.#aside || (beside && this.#held > 0));
    if (typeof entered === "function" || this.#held > 0) return entered;
    const first = (this.#first = entered);
    const settled = () => {
      if (this.#first === first) this.#first = undefined;
    };
    first.then(settled, settled);
    return first;
  }

  /** One statement each time. */
  statements(share: () => Share): AuthSql {
    return (template, ...parameters) =>
      this.gate.run(share(), async () => this.#sql(template, ...parameters) as never, this.#asker);
  }
}

/** Opens the three pools. Nothing else in the product opens a connection for requests. */
export function openDatabase({ appUrl, authUrl, max = poolSize, prepare = true }: DatabaseOptions): Database {
  const pool = (url: string, name: string, size: number, extra: Record<string, string | number> = {}) => {
    const sql = postgres(url, {
      max: size,
      prepare,
      idle_timeout: idleSeconds,
      max_lifetime: 30 * 60,
      connect_timeout: 10,
      backoff: reconnectSeconds,
      onnotice: () => undefined,
      connection: {
        application_name: name,
        statement_timeout: statementTimeoutMs,
        lock_timeout: lockTimeoutMs,
        idle_in_transaction_session_timeout: 60_000,
        ...extra,
      },
    });
    // drizzle reads dates itself: it sets the pool's parsers when it is laid over it once.
    drizzle(sql);
    return sql;
  };
  const gate = (name: string, size: number, { spare = 0, brief = -1 } = {}) =>
    new Gate({
      name,
      capacity: Math.max(1, size - spare),
      spare,
      patienceMs: connectionPatienceMs,
      brief,
      ...waiting,
    });
  const signIns = Math.max(2, Math.ceil(max / 3));
  const readers = Math.min(max, reads);
  const [read, write, auth] = [
    pool(appUrl, "anshi-read", readers, { default_transaction_read_only: "on" }),
    pool(appUrl, "anshi-write", max),
    pool(authUrl, "anshi-auth", signIns),
  ];
  const pools = {
    read: new Pool(read, gate("read", readers, { spare: Math.min(spareReads, Math.ceil(max / 5)), brief: briefMs })),
    write: new Pool(write, gate("write", max)),
    authPool: new Pool(auth, gate("sign_in", signIns, { brief: briefMs })),
  };
  return view(pools, async () => void (await Promise.all([read, write, auth].map((s) => s.end({ timeout: 5 })))));
}

type Pools = Pick<Database, "read" | "write" | "authPool">;

function view({ read, write, authPool }: Pools, close: () => Promise<void>, asker?: Asker): Database {
  return {
    read,
    write,
    authPool,
    auth: authPool.statements(() => signIn(asker?.address ?? "", nextTurn())),
    authFor: (key) => authPool.statements(() => signIn(key)),
    for: (one) => view({ read: read.for(one), write: write.for(one), authPool: authPool.for(one) }, close, one),
    gates: [read.gate, write.gate, authPool.gate],
    close,
  };
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

const isPlain = (value: unknown): boolean => ["string", "number", "boolean", "bigint"].includes(typeof value);

/**
 * What postgres.js can write as a parameter: a list only of what is plain, since it reads nothing in a list as a text. It finds out too late about anything else: an error while a parameter is put
 * into a packet leaves the connection waiting for an answer that never comes.
 * @throws TypeError that tells the place and the type; the value may be somebody's secret
 */
function mustBeWritable(value: unknown, at: number): void {
  const writable =
    value === null || isPlain(value) || value instanceof Uint8Array || (Array.isArray(value) && value.every(isPlain));
  if (!writable) {
    const type =
      value === undefined
        ? "undefined"
        : typeof value === "object"
          ? (value.constructor?.name ?? "Object")
          : typeof value;
    throw new TypeError(
      `parameter ${at + 1} of a statement is a ${type}: make it text, a number, a boolean or bytes first`,
    );
  }
}

/** Takes the caller's role and hands their secret to the policies, both for this transaction only: its first statement. */
export const takeRole = (
  s: postgres.TransactionSql,
  caller: Credentials,
  prepare = true,
  age = 0,
): postgres.PendingQuery<postgres.Row[]> =>
  s.unsafe(
    `${taking}${caller.request === undefined ? "" : ", set_config('anshi.request', $3, true)"}${age === 0 ? "" : ` -- ${age}`}`,
    [levelRole(caller.level), caller.secret ?? "", ...(caller.request === undefined ? [] : [caller.request])],
    { prepare },
  );
const taking = "select set_config('role', $1, true), set_config('anshi.secret', $2, true)";

/** How often statements of a pool had to be prepared anew. It stands in their text, so that a connection takes them for others. */
const ages = new WeakMap<Gate, number>();
/** Of a transaction, the first included. */
const attempts = 3;
function causeOf(error: unknown): { code: string; routine: unknown } {
  let current = error;
  for (let depth = 0; depth < 5 && typeof current === "object" && current !== null; depth += 1) {
    if ("code" in current && typeof current.code === "string")
      return { code: current.code, routine: "routine" in current ? current.routine : undefined };
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
/** An earlier statement of the transaction was refused, perhaps one of somebody who shares it (in_failed_sql_transaction). */
export const isSpoilt = (error: unknown): boolean => causeOf(error).code === "25P02";

export interface Repeating {
  /** For `fn` that does what no rollback takes back, such as sending something: it runs once whatever happens. */
  once?: boolean;
}

/**
 * Runs `fn` in one transaction as the caller, and once more from its beginning where the database says that this helps: another
 * transaction was in the way, or a prepared statement is out of date. `fn` therefore leaves alone what a rollback does not take back.
 * @throws what `fn` throws, after rolling back; a lost connection as postgres error CONNECTION_CLOSED.
 */
export async function withActor<T>(
  pool: Pool,
  caller: Credentials,
  fn: (tx: Tx) => Promise<T>,
  { once = false }: Repeating = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const age = ages.get(pool.gate) ?? 0;
    try {
      return await inTransaction(pool, caller, fn, age);
    } catch (error) {
      if (isOutdated(error) && (ages.get(pool.gate) ?? 0) === age) ages.set(pool.gate, age + 1);
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
async function inTransaction<T>(pool: Pool, caller: Credentials, fn: (tx: Tx) => Promise<T>, age: number): Promise<T> {
  const { prepare } = pool;
  return pool.begin(pool.shareOf(caller), pool.mode, async (s) => {
    const context = takeRole(s, caller, prepare, age);
    // The queries of fn go out behind it at once; its own failure fails them all and is thrown below.
    const taken = Promise.resolve(context);
    taken.catch(() => undefined);
    try {
      return await fn(overTransaction(s, caller.level, prepare, age));
    } finally {
      // What went wrong here first is the cause; those behind heard only that the transaction had failed.
      await taken;
    }
  });
}
