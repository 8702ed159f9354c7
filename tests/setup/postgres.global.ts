import postgres from "postgres";
import type { TestProject } from "vitest/node";
import type { EmbeddedPostgres } from "#db/embedded/launcher.server.ts";
import { restrictDatabase } from "#db/embedded/roles.server.ts";
import { ensureTestPostgres } from "#db/embedded/test-postgres.server.ts";
import { migrate } from "#db/migrate.server.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";

export const TEMPLATE = "anshi_template";

declare module "vitest" {
  export interface ProvidedContext {
    /** Addresses on the run's server; the database of `urls` is replaced by each file's own. */
    testPostgres: { urls: { app: string; auth: string; owner: string }; superuserUrl: string; template: string };
  }
}

/** One server a run, whichever projects ask for it: each of them sets up in this same process. */
interface Shared {
  users: number;
  server: Promise<EmbeddedPostgres>;
}
const KEY = Symbol.for("anshi.test-postgres");
const globals = globalThis as { [KEY]?: Shared };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (globals[KEY] ??= { users: 0, server: start() });
  shared.users += 1;
  const server = await shared.server;
  project.provide("testPostgres", { urls: server.urls, superuserUrl: server.superuserUrl(), template: TEMPLATE });
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete globals[KEY];
    await server.stop();
  };
}

async function start(): Promise<EmbeddedPostgres> {
  const server = await ensureTestPostgres();
  try {
    const sql = postgres(server.superuserUrl(), { max: 1, onnotice: () => {} });
    await sql.unsafe(`create database ${TEMPLATE} owner anshi_owner`);
    await restrictDatabase(sql, TEMPLATE);
    await sql.end();
    await migrate({ ownerUrl: withDatabase(server.urls.owner, TEMPLATE) });
    await loadCatalogue({ ownerUrl: withDatabase(server.urls.owner, TEMPLATE) });
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
