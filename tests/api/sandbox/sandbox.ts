import { readFileSync } from "node:fs";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { declareAll } from "#app/declarations.server.ts";
import type { Actor } from "#app/request/actor.ts";
import { openSessions } from "#app/request/session.server.ts";
import { type Database, openDatabase, type Pool, type Tx, withActor } from "#db/client.server.ts";
import { accounts, product } from "#tests/e2e/setup/person.ts";

/*
 * The populated world of the running product, in one transaction that is never committed. Each transaction of the product's
 * code is a savepoint in it, so that endpoints, actions of pages and use-cases run as they are, by anybody, and leave nothing.
 */

export interface Sandbox {
  /** Pools that begin savepoints in the one transaction; sign-in is the product's own. */
  db: Database;
  /** Everybody who has an account, as their token acts, with all scopes; by the name before the @. */
  people: ReadonlyMap<string, Actor>;
  as<T>(actor: Actor, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Does something, and takes back what it did. */
  undone<T>(work: () => Promise<T>): Promise<T>;
  /** Asks now what a commit would ask: deferred constraints and triggers. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

class Undo extends Error {}

/** Everybody at one instant of the business clock, so that what they do twice is the same twice. */
async function everybody(db: Database): Promise<Map<string, Actor>> {
  const sessions = openSessions(db, false);
  const found = await Promise.all(
    accounts().map(
      async ({ email, apiToken }) => [email.split("@")[0] ?? "", await sessions.findToken(apiToken)] as const,
    ),
  );
  const people = new Map<string, Actor>();
  for (const [name, actor] of found) {
    if (!actor) throw new Error(`the token of ${name} is none`);
    const now = people.values().next().value?.now ?? actor.now;
    people.set(name, { ...actor, now, scopes: ["read", "write", "seal"] });
  }
  return people;
}

export async function openSandbox(): Promise<Sandbox> {
  declareAll();
  const urls = JSON.parse(readFileSync(join(product().dataDir, "connection.json"), "utf8")) as {
    app: string;
    auth: string;
  };
  const real = openDatabase({ appUrl: urls.app, authUrl: urls.auth, max: 4 });
  const people = await everybody(real);
  const sql = postgres(urls.app, { max: 1, onnotice: () => undefined });
  drizzle(sql);
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  let whole: Promise<unknown> = Promise.resolve();
  const tx = await new Promise<postgres.TransactionSql>((resolve, reject) => {
    whole = sql.begin(async (opened) => {
      resolve(opened);
      await ended;
      throw new Undo();
    });
    whole.catch(reject);
  });
  const pool = {
    gate: {},
    prepare: true,
    mode: "",
    shareOf: () => ({ tenant: "", account: "" }),
    begin: (_share: unknown, _mode: string, work: (s: postgres.TransactionSql) => Promise<unknown>) =>
      tx.savepoint(work),
    for: () => pool,
    aside: () => pool,
  } as unknown as Pool;
  const db: Database = { ...real, read: pool, write: pool, for: () => db };
  return {
    db,
    people,
    as: (actor, work) => withActor(pool, actor, work),
    undone: async (work) => {
      let done: { value: Awaited<ReturnType<typeof work>> } | undefined;
      try {
        await tx.savepoint(async () => {
          done = { value: await work() };
          throw new Undo();
        });
      } catch (error) {
        if (!(error instanceof Undo)) throw error;
      }
      if (!done) throw new Error("nothing was done");
      return done.value;
    },
    settle: async () => void (await tx.unsafe("set constraints all immediate; set constraints all deferred")),
    close: async () => {
      end();
      await whole.catch(() => undefined);
      await sql.end();
      await real.close();
    },
  };
}
