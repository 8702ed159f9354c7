import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootstrapOperator } from "#app/features/identity/setup.server.ts";
import { fileStorage } from "#app/platform/storage.server.ts";
import { allComplaints } from "#tests/builders/complaints.ts";
import { type Database, openDatabase, watcher } from "#db/client.server.ts";
import { beginFounding, demonstrationState, type Founding, waitForDemonstration } from "#db/founding.server.ts";
import { migrate } from "#db/migrate.server.ts";
import { loadCatalogue } from "#seeds/catalogue/load.server.ts";
import { demoMail } from "#seeds/demo/actors.ts";
import { clearInterruptedDemo, loadDemoIfEmpty, looksInterrupted } from "#seeds/demo/load.ts";
import { testDatabase } from "#tests/setup/test-database.ts";

const database = testDatabase();
const dataDir = mkdtempSync(path.join(tmpdir(), "anshi-half-"));
let root: postgres.Sql;
let db: Database;
beforeAll(() => {
  root = postgres(database().superuserUrl, { max: 1, onnotice: () => undefined });
  db = openDatabase({ appUrl: database().urls.app, authUrl: database().urls.auth, max: 2 });
});
afterAll(async () => {
  await db.close();
  await root.end();
  rmSync(dataDir, { recursive: true, force: true });
});

const storage = () => fileStorage(path.join(dataDir, "files"));
const found = () => beginFounding({ ownerUrl: database().urls.owner });
const count = async () =>
  (
    await root<{ users: number; tenants: number; entries: number; jobs: number; controls: number }[]>`
  select (select count(*)::int from auth.users) as users, (select count(*)::int from tenants) as tenants, (select count(*)::int from audit_entries) as entries,
    (select count(*)::int from graphile_worker.jobs) as jobs, (select count(*)::int from controls) as controls`
  )[0];

/** A database whose write pool breaks at the n-th transaction, as if the process had ended there. */
function endingAt(n: number): Database {
  let begun = 0;
  const write = db.write.for({ address: "", signal: () => new AbortController().signal });
  const begin = write.begin.bind(write);
  write.begin = (...given: Parameters<typeof begin>) => {
    begun += 1;
    return begun >= n ? Promise.reject(new Error("killed here")) : (begin(...given) as never);
  };
  return { ...db, write, close: () => Promise.resolve() };
}
const load = (founding: Founding, over: Database) =>
  loadDemoIfEmpty({ urls: database().urls, db: over, founding, storage: storage(), dataDir, say: () => undefined });
async function clear(founding: Founding): Promise<boolean> {
  const cleared = await clearInterruptedDemo({ founding, storage: storage(), dataDir });
  await migrate({ ownerUrl: database().urls.owner });
  await loadCatalogue({ ownerUrl: database().urls.owner });
  return cleared;
}

describe("a demonstration that was interrupted while it was loaded", { timeout: 300_000 }, () => {
  it("is taken away wherever it ended, as if it had never been begun", async () => {
    const fresh = await count();
    for (const n of [2, 3 + Math.floor(Math.random() * 10)]) {
      const killed = await found();
      await expect(load(killed, endingAt(n))).rejects.toThrow("killed here");
      const file = await storage().put(new TextEncoder().encode(`printed in attempt ${n}`));
      await killed.noteFile(file.sha256);
      await killed.end();
      expect(await db.read.begin(watcher, "read only", demonstrationState)).toBe("loading");
      expect(await count()).not.toEqual(fresh);
      const next = await found();
      expect(await clear(next)).toBe(true);
      expect([await count(), await storage().size(file.sha256)]).toEqual([fresh, null]);
      await next.end();
    }
    expect(await allComplaints(root)).toEqual([]);
  });

  it("is the only thing that is ever taken away", async () => {
    await root`delete from meta.demonstration`;
    await bootstrapOperator({
      ownerUrl: database().urls.owner,
      email: demoMail("operator"),
      name: "Operator",
      password: "first word of the operator",
    });
    const before = await count();
    const founding = await found();
    // Accounts without any mark, or with one that was ended: an older release's, or one that real people use.
    for (const mark of [false, true]) {
      if (mark) await root`insert into meta.demonstration (run, ended_at) values (gen_random_uuid(), now())`;
      expect(await clearInterruptedDemo({ founding, storage: storage(), dataDir })).toBe(false);
      expect(await load(founding, db)).toBe(false);
      expect([await count(), await db.read.begin(watcher, "read only", demonstrationState)]).toEqual([
        before,
        undefined,
      ]);
      // What only looks like a part of a demonstration is told and left alone; with a mark there is nothing to guess.
      expect(await looksInterrupted({ ownerUrl: database().urls.owner, dataDir })).toBe(!mark);
    }
    await founding.end();
  });

  it("is waited for by a second process, and left to it by one that lost its connection", async () => {
    await root`update meta.demonstration set ended_at = null`;
    const first = await found();
    let waits = 0;
    const second = beginFounding({ ownerUrl: database().urls.owner, onWait: () => (waits += 1) });
    const reader = waitForDemonstration({ appUrl: database().urls.app, onWait: () => (waits += 1) });
    await expect.poll(() => waits, { timeout: 20_000 }).toBe(2);
    await root`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'anshi-founding' and pid in (select pid from pg_locks where locktype = 'advisory' and granted)`;
    await expect(first.lost).rejects.toThrow(/Start again/);
    await first.end();
    const heir = await second;
    await expect(first.endDemonstration()).rejects.toThrow();
    await root`update meta.demonstration set ended_at = now()`;
    await reader;
    await heir.end();
  });
});
