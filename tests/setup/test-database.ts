import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, inject } from "vitest";
import { restrictDatabase } from "#db/embedded/roles.server.ts";

export interface TestDatabase {
  name: string;
  /** The three login roles on this database. */
  urls: { app: string; auth: string; owner: string };
  /** Past every policy: to look at what was really stored, and to harm the server on purpose. */
  superuserUrl: string;
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** False for a database without our schema. */
  migrated?: boolean;
  /** Another database to be cloned than the migrated template; nobody may be connected to it. */
  template?: string;
  /** Its name, where another file has to find it. */
  name?: string;
}

/**
 * A database of its own, cloned from the migrated template. Commits, notifications and locks are real, and no other test
 * sees them.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = inject("testPostgres");
  const { name = `t_${process.pid}_${randomBytes(5).toString("hex")}`, migrated = true } = options;
  const asSuperuser = async (work: (admin: postgres.Sql) => Promise<unknown>): Promise<void> => {
    const admin = postgres(server.superuserUrl, { max: 1, fetch_types: false, onnotice: () => undefined });
    try {
      await work(admin);
    } finally {
      await admin.end({ timeout: 5 });
    }
  };
  const template = options.template ?? (migrated ? server.template : "template0");
  await asSuperuser(async (admin) => {
    await admin.unsafe(`create database ${name} template ${template} strategy file_copy owner anshi_owner`);
    await restrictDatabase(admin, name);
  });
  const on = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const { app, auth, owner } = server.urls;
  return {
    name,
    urls: { app: on(app), auth: on(auth), owner: on(owner) },
    superuserUrl: on(server.superuserUrl),
    drop: () => asSuperuser((admin) => admin.unsafe(`drop database if exists ${name} with (force)`)),
  };
}

/** For a file or a `describe`: made before its tests, dropped after them. Returns how to get at it. */
export function testDatabase(options: TestDatabaseOptions = {}): () => TestDatabase {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase(options);
  });
  afterAll(async () => {
    await database?.drop();
  });
  return () => {
    if (!database) throw new Error("testDatabase() is usable inside hooks and tests only");
    return database;
  };
}
