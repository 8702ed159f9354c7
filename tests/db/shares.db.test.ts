import { setTimeout as sleep } from "node:timers/promises";
import { eq, sql as text } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Refusals, refusalsEach } from "#app/request/refusals.server.ts";
import { fromDatabase } from "#app/platform/db-errors.server.ts";
import { Rate } from "#app/platform/rates.server.ts";
import { testWorld } from "#tests/builders/world.ts";
import { openDatabase, withActor } from "#db/client.server.ts";
import { auditEntries, sites } from "#db/schema/index.ts";

/** What one tenant's people do to what all share: connections, the trail, the limits of a minute. */
const world = testWorld();
let root: postgres.Sql;
beforeAll(() => {
  root = postgres(world().database.superuserUrl, { max: 2, onnotice: () => undefined });
});
afterAll(() => root.end());

describe("connections", () => {
  it("one row that somebody holds: its tenant's writes wait and end with «busy», another tenant's go on, and reading too", async () => {
    const w = world();
    const [a, b] = w.sectors;
    const write = (who: typeof a.lead) =>
      withActor(w.db.write, who, (tx) => tx.execute(text`select auth.audit('refusal', 'page', null, '{}')`));
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let locked: () => void = () => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    onTestFinished(() => release());
    await write(a.lead);
    const holder = root.begin(async (tx) => {
      await tx`select 1 from audit_heads where tenant_id = ${a.id} for update`;
      locked();
      await held;
    });
    await isLocked;
    const stuck = Array.from({ length: 14 }, (_, i) =>
      write(i % 2 === 0 ? a.lead : a.regulator).then(
        () => "done",
        (error: unknown) => error,
      ),
    );
    await sleep(300);
    // Two accounts of one tenant: each next one gets half of what is left, and six connections are other tenants'.
    expect(w.db.write.gate.state).toMatchObject({ held: 4, waiting: 10 });
    await write(b.lead);
    await withActor(w.db.read, a.lead, (tx) => tx.select().from(sites).limit(1));
    // Waited for as long as may be: not an error of the product, but words and a time to come back.
    const [first] = await Promise.all(stuck.slice(0, 1));
    expect(fromDatabase(first)).toMatchObject({ code: "busy", status: 503, params: { retryAfterSeconds: 2 } });
    release();
    await holder;
    await Promise.all(stuck);
    expect(w.db.write.gate.state).toMatchObject({ held: 0, waiting: 0 });
  });

  it("one request that reads as two people never waits for itself", async () => {
    const w = world();
    const db = openDatabase({ appUrl: w.database.urls.app, authUrl: w.database.urls.auth, max: 3 });
    const asker = { address: "10.9.0.1", signal: () => undefined };
    const both = async () => {
      const own = db.for(asker);
      const see = (tx: { execute(q: unknown): unknown }) => tx.execute(text`select 1`);
      await withActor(own.read, w.sectors[0].lead, async (tx) => {
        await see(tx);
        await withActor(own.read, { level: "public", secret: null }, async (other) => see(other as never));
      });
    };
    await Promise.all(Array.from({ length: 12 }, both));
    expect(db.read.gate.state).toMatchObject({ held: 0, waiting: 0 });
    await db.close();
  });

  it("requests that read as two people at once never wait for each other", async () => {
    const w = world();
    const db = openDatabase({ appUrl: w.database.urls.app, authUrl: w.database.urls.auth, max: 5 });
    const asker = { address: "10.9.0.1", signal: () => undefined };
    const nobody = { level: "public", secret: null } as const;
    // As a page's loaders do: neither waits for the other, both hold on until both have read.
    const page = async (n: number) => {
      const own = db.for(asker);
      let [read, both] = [0, () => undefined as void];
      const done = new Promise<void>((resolve) => (both = resolve));
      const one = (who: Parameters<typeof withActor>[1]) =>
        withActor(own.read, who, async (tx) => {
          await tx.execute(text`select 1`);
          read += 1;
          if (read === 2) both();
          await done;
        });
      const lead = w.sectors[n % 2 === 0 ? 0 : 1].lead;
      const loaders = [() => one(lead), () => one(nobody)];
      await Promise.all((n % 3 === 0 ? loaders : loaders.toReversed()).map(async (load) => load()));
    };
    await Promise.all(Array.from({ length: 40 }, (_, n) => page(n)));
    expect(db.read.gate.state).toMatchObject({ held: 0, waiting: 0, turnedAway: { late: 0 } });
    await db.close();
  });
});

describe("limits of a minute", () => {
  it("two processes together give out no more than the limit, and few of their requests ask the database", async () => {
    const w = world();
    let asked = 0;
    const auth: typeof w.db.auth = (template, ...parameters) => {
      asked += 1;
      return w.db.auth(template, ...parameters);
    };
    const processes = [new Rate("test", 200, () => auth), new Rate("test", 200, () => auth)];
    let given = 0;
    for (let i = 0; i < 300; i += 1) if ((await processes[i % 2]?.take("somebody"))?.ok) given += 1;
    expect(given).toBeLessThanOrEqual(202);
    expect(given).toBeGreaterThan(180);
    expect(asked).toBeLessThanOrEqual(24);
    expect(await processes[0]?.take("somebody else")).toMatchObject({ ok: true, limit: 200 });
  });

  it("a small limit is exact", async () => {
    const rate = new Rate("small", 5, () => world().db.auth);
    const told = [];
    for (let i = 0; i < 7; i += 1) told.push(await rate.take("x"));
    expect(told.map((one) => one.ok)).toEqual([true, true, true, true, true, false, false]);
    expect(told[6]?.seconds).toBeLessThanOrEqual(60);
  });
});

describe("refusals", () => {
  it("the first are entries each, over all processes; the others are one number that adds up, in the name of who was refused", async () => {
    const w = world();
    const who = w.sectors[1].lead;
    const errors: unknown[] = [];
    const log = { error: (e: unknown) => void errors.push(e) } as never;
    const processes = [new Refusals(w.db, log), new Refusals(w.db, log)];
    const answers = [];
    for (let i = 0; i < 100; i += 1)
      answers.push(await processes[i % 2]?.each(who, { method: "POST", path: `/x/${i % 3}`, code: "not_found" }));
    expect(answers.filter(Boolean)).toHaveLength(refusalsEach);
    await Promise.all(processes.map((one) => one.close()));
    const rows = await w.as(who, (tx) => tx.select().from(auditEntries).where(eq(auditEntries.act, "refusal")));
    const told = rows.filter((r) => typeof (r.details as { further?: number }).further === "number");
    expect(told.map((r) => r.userId)).toEqual([who.userId, who.userId]);
    expect(told.reduce((sum, r) => sum + (r.details as { further: number }).further, 0)).toBe(100 - refusalsEach);
    expect(errors).toEqual([]);
  });
});
