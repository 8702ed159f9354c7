import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rowsOf } from "#db/rows.ts";
import { testWorld } from "#tests/builders/world.ts";
import { openDatabase, type Credentials, type Database, type Pool, watcher, withActor } from "#db/client.server.ts";
import { levelRole } from "#db/roles.ts";
import { type Bouncer, findBouncer, howToInstall, startBouncer } from "./bouncer.ts";
import { layField, type Member } from "./field.ts";
import { columnsOf, mayRead } from "./model.ts";
import { everyone, populate } from "./populate.ts";

/**
 * Behind a transaction pooler the clients of all tenants share a handful of server connections, and whatever outlives a
 * transaction is the next one's. The product hands role and secret over for one transaction, so nothing does.
 */
const program = findBouncer();
if (program === null) process.stdout.write(`${howToInstall}\n`);

const asked = ["sites", "documents", "drafts", "pilots", "risks", "submissions", "workflow_events", "visits"];
const clients = 16;
const rounds = 60;

interface Answer {
  n: number;
}
/** A transaction on whichever connection is free. */
type Begin = <T>(work: (tx: postgres.TransactionSql) => Promise<T>) => Promise<T>;
const ofPool =
  (pool: Pool): Begin =>
  (work) =>
    pool.begin(watcher, "", work);
/** Asks how many rows of a table somebody sees, in one way or another. */
type Ask = (who: Credentials, table: string) => Promise<number>;

describe.skipIf(program === null)("two tenants through one transaction pooler", () => {
  const world = testWorld();
  let bouncer: Bouncer;
  let db: Database;
  let members: Member[];
  let direct: postgres.Sql;
  /** Rows each of them has, by the model and past every policy. */
  const truth = new Map<string, number>();
  const key = (m: Member, table: string) => `${m.actor.membershipId} ${table}`;
  beforeAll(async () => {
    const w = world();
    await populate(w);
    const { urls } = w.database;
    members = (await layField(w.db, everyone(w), Number.POSITIVE_INFINITY)).members.filter(
      (m) => m.level === "site" || m.level === "sector",
    );
    direct = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
    for (const m of members)
      for (const table of asked) {
        if (columnsOf(table, m.level, "select").length === 0) continue;
        const [row] = await direct.unsafe<Answer[]>(
          `select count(*)::int as n from public."${table}" where ${mayRead(m, table)}`,
        );
        truth.set(key(m, table), row?.n ?? -1);
      }
    bouncer = await startBouncer(program ?? "", [urls.app, urls.auth], 3);
    // PgBouncer before 1.21 keeps no prepared statements.
    db = openDatabase({
      appUrl: bouncer.through(urls.app),
      authUrl: bouncer.through(urls.auth),
      max: clients,
      prepare: false,
    });
  });
  afterAll(async () => {
    await db?.close();
    await direct?.end();
    await bouncer?.stop();
  });

  /** Everybody at once, one after another's heels. @returns what somebody saw that was not as it should be. */
  async function crowd(ask: Ask): Promise<string[]> {
    const wrong: string[] = [];
    const one = async (c: number) => {
      for (let i = 0; i < rounds; i += 1) {
        const m = members[(c * 7 + i) % members.length];
        const table = asked[(c + i * 3) % asked.length] ?? "";
        const n = m ? truth.get(key(m, table)) : undefined;
        if (!m || n === undefined) continue;
        const told = await ask(m, table).catch((error: unknown) => String(error));
        if (told !== n) wrong.push(`${m.name} sees ${told} of ${n} rows of ${table}`);
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, c) => one(c)));
    return wrong;
  }
  /** What a client finds who says nothing of themselves, on whichever connection they are given. */
  async function leftOver(begin: Begin): Promise<string[]> {
    const found = await Promise.all(
      Array.from({ length: 50 }, () =>
        begin((tx) =>
          tx
            .unsafe<{ who: string; secret: string | null }[]>(
              "select current_user as who, nullif(current_setting('anshi.secret', true), '') as secret, pg_sleep(0.002)",
            )
            .simple(),
        ),
      ),
    );
    return found
      .flat()
      .filter((r) => r.who !== "anshi_app" || r.secret !== null)
      .map((r) => `${r.who}, ${r.secret ? "with a secret" : "without a secret"}`);
  }
  const counted = (table: string) => sql.raw(`select count(*)::int as n from public."${table}"`);
  const asProduct =
    (pool: () => Pool): Ask =>
    (who, table) =>
      withActor(pool(), who, async (tx) => rowsOf<Answer>(await tx.execute(counted(table)))[0]?.n ?? -1);

  it.each([
    ["reading", () => db.read],
    ["writing", () => db.write],
  ])("each sees their own rows and no others: the pool for %s", async (_name, pool) => {
    expect(await crowd(asProduct(pool))).toEqual([]);
    expect(await leftOver(ofPool(pool()))).toEqual([]);
  });

  it("each changes their own rows and no others", async () => {
    const sectors = world().sectors;
    const change = async (n: number) => {
      const s = sectors[n % 2 === 0 ? 0 : 1];
      return withActor(db.write, s.lead, async (tx) =>
        rowsOf<{ tenant_id: string }>(
          await tx.execute(sql.raw("update public.measures set title = title returning tenant_id")),
        ).map((r) => r.tenant_id === s.id),
      );
    };
    const changed = (await Promise.all(Array.from({ length: 40 }, (_, n) => change(n)))).flat();
    expect(changed.length).toBeGreaterThan(40);
    expect(changed.filter((own) => !own)).toEqual([]);
  });

  it("nothing is left of a transaction that failed", async () => {
    const fail = async (m: Member) => withActor(db.write, m, async (tx) => tx.execute(sql.raw("select 1/0")));
    const outcomes = await Promise.allSettled(members.flatMap((m) => [fail(m), fail(m)]));
    expect(outcomes.every((o) => o.status === "rejected")).toBe(true);
    expect(await leftOver(ofPool(db.write))).toEqual([]);
    expect(await crowd(asProduct(() => db.read))).toEqual([]);
  });

  it("settings of a session do leak there, and that is seen", async () => {
    const pool = postgres(bouncer.through(world().database.urls.app), {
      max: clients,
      prepare: false,
      onnotice: () => undefined,
    });
    const forSession: Ask = async (who, table) => {
      await pool.unsafe("select set_config('role', $1, false), set_config('anshi.secret', $2, false)", [
        levelRole(who.level),
        who.secret ?? "",
      ]);
      return (await pool.unsafe<Answer[]>(`select count(*)::int as n from public."${table}"`))[0]?.n ?? -1;
    };
    const wrong = await crowd(forSession);
    const left = await leftOver((work) => pool.begin(work) as never);
    await pool.end({ timeout: 5 });
    expect(wrong.length).toBeGreaterThan(10);
    expect(left.length).toBeGreaterThan(0);
  });
});
