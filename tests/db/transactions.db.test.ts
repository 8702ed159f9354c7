import { type SQL, sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase, type Tx, withActor, watcher } from "#db/client.server.ts";
import { createRequestScope } from "#db/scope.server.ts";
import { fromDatabase } from "#app/platform/db-errors.server.ts";
import { testDatabase } from "#tests/setup/test-database.ts";

/* What a transaction does with what the driver and the server refuse: the pool works on, and what can be tried again is. */

const database = testDatabase();
const stranger = { level: "public", secret: null } as const;
let db: Database;
let owner: postgres.Sql;

beforeAll(async () => {
  db = openDatabase({ appUrl: database().urls.app, authUrl: database().urls.auth, max: 8 });
  owner = postgres(database().superuserUrl, { max: 2, onnotice: () => {} });
  await owner`create table shelf (id int primary key, code text unique, note text not null default '', n int check (n < 10))`;
  await owner`insert into shelf (id, code) values (1, 'a'), (2, 'b')`;
  await owner`grant select, insert, update on shelf to anshi_public`;
});
afterAll(async () => {
  await db.close();
  await owner.end();
});

type Row = Record<string, unknown>;
const rows = async (tx: Tx, statement: SQL): Promise<Row[]> => [...((await tx.execute(statement)) as Iterable<Row>)];

/** Connections answer, within the time of an ordinary question. */
async function works(): Promise<void> {
  const asked = Promise.all(
    [1, 2, 3, 4].map((n) =>
      withActor(db.write, stranger, async (tx) => (await rows(tx, sql`select ${n}::int as n`))[0]),
    ),
  );
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error("a connection is stuck")), 20_000).unref(),
  );
  expect(await Promise.race([asked, late])).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
}

describe("a parameter that cannot be written", () => {
  it.each([
    ["a day", new Date(0), "Date"],
    ["an object", { a: 1 }, "Object"],
    ["nothing", undefined, "undefined"],
    ["a function", () => 1, "function"],
    ["a map", new Map(), "Map"],
  ])("%s is refused before the driver has it, and no connection is lost", async (_name, value, type) => {
    for (let n = 0; n < 3; n += 1) {
      const asked = withActor(db.write, stranger, (tx) => tx.execute(sql`select ${sql.param(value)} as x`));
      const error = await asked.then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(messages(error)).toContain(`parameter 1 of a statement is a ${type}`);
    }
    await works();
  });

  it("what can be written is: text, numbers, booleans, bytes, nothing known", async () => {
    const [row] = await withActor(db.write, stranger, (tx) =>
      rows(
        tx,
        sql`select ${"文"}::text a, ${1.5}::numeric b, ${true}::bool c, ${null}::text d, ${Buffer.from([1])}::bytea e, ${2n}::bigint f`,
      ),
    );
    expect(row).toMatchObject({ a: "文", b: "1.5", c: true, d: null, f: "2" });
  });
});

/** An error's own text and its causes'. */
function messages(error: unknown): string {
  const texts: string[] = [];
  for (let e = error; e instanceof Error && texts.length < 5; e = e.cause) texts.push(e.message);
  return texts.join(" | ");
}

describe("a statement that is out of date", () => {
  const read = () => withActor(db.write, stranger, (tx) => rows(tx, sql`select * from shelf where id = ${1}`));

  it("is prepared anew when a migration changes its table beside the server", async () => {
    await Promise.all([read(), read(), read(), read()]);
    await owner`alter table shelf add column more int default 7`;
    const found = await Promise.all([read(), read(), read(), read()]);
    expect(found.map(([row]) => row?.["more"])).toEqual([7, 7, 7, 7]);
  });

  it("is prepared anew when the server has lost it", async () => {
    await Promise.all([read(), read()]);
    // By the simple protocol, so that the driver knows nothing of it.
    await Promise.all([1, 2].map(() => db.write.begin(watcher, "", (tx) => tx.unsafe("deallocate all").simple())));
    for (const [row] of await Promise.all([read(), read()])) expect(row).toMatchObject({ id: 1 });
  });

  it("is told to all who read in one request, and they read again", async () => {
    const ask = async () => {
      const scope = createRequestScope(() => db);
      const lists = await Promise.all(
        [1, 2, 3].map((n) =>
          scope.reading(stranger, (tx) => rows(tx, sql`select * from shelf where id < ${n + 5} order by id`)),
        ),
      );
      await scope.end();
      return lists.map((list) => list.length);
    };
    await Promise.all([ask(), ask()]);
    await owner`alter table shelf add column another int`;
    expect(await Promise.all([ask(), ask()])).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
  });
});

it("a query that the database refuses is its own part's fault, not that of those who read in the same request", async () => {
  const scope = createRequestScope(() => db);
  const good = () =>
    scope.reading(stranger, async (tx) => rows(tx, sql`select * from shelf order by id`).then((all) => all.length));
  const bad = scope.reading(stranger, (tx) => tx.execute(sql`select * from no_such_table`)).catch(messages);
  const after = Promise.all([good(), good()]);
  expect(await bad).toContain("no_such_table");
  expect(await after).toEqual([2, 2]);
  expect(await good()).toBe(2);
  await scope.end();
});

it("a request that is over opens no transaction any more: nobody would end it", async () => {
  const scope = createRequestScope(() => db);
  const read = () => scope.reading(stranger, (tx) => rows(tx, sql`select 1`));
  await read();
  await scope.end();
  await expect(read()).rejects.toMatchObject({ name: "Busy", why: "gone" });
  await expect(scope.read(stranger)).rejects.toMatchObject({ why: "gone" });
  expect(db.read.gate.state).toMatchObject({ held: 0, waiting: 0 });
});

describe("two who are in each other's way", () => {
  const both = (first: number, second: number, once: boolean) => {
    let begun = 0;
    return withActor(
      db.write,
      stranger,
      async (tx) => {
        begun += 1;
        await tx.execute(sql`update shelf set note = note || 'x' where id = ${first}`);
        await tx.execute(sql`select pg_sleep(0.3)`);
        await tx.execute(sql`update shelf set note = note || 'x' where id = ${second}`);
        return begun;
      },
      { once },
    );
  };
  it("both come to their end: who was stopped begins again", async () => {
    const begun = await Promise.all([both(1, 2, false), both(2, 1, false)]);
    expect(Math.max(...begun)).toBeGreaterThan(1);
    const notes = await owner`select note from shelf where id in (1, 2)`;
    expect(notes.map((r) => r["note"] as string)).toEqual(["xx", "xx"]);
  });
  it("unless the work does what no rollback takes back: it is told", async () => {
    const ends = await Promise.allSettled([both(1, 2, true), both(2, 1, true)]);
    const failed = ends.flatMap((end) => (end.status === "rejected" ? [fromDatabase(end.reason)] : []));
    expect(failed).toMatchObject([{ code: "busy", status: 409 }]);
  });
});

describe("what the server refuses", () => {
  const attempt = async (statement: string) =>
    fromDatabase(
      await withActor(db.write, stranger, (tx) => tx.execute(sql.raw(statement))).then(
        () => null,
        (error: unknown) => error,
      ),
    );
  it.each([
    ["select 'x'::int", "invalid", 422],
    ["select '0000-01-01'::date", "invalid", 422],
    ["select '2014-13-01'::date", "invalid", 422],
    ["insert into shelf (id, code, n) values (99999999999, 'z', 1)", "invalid", 422],
    ["select convert_from('\\xff'::bytea, 'UTF8')", "invalid", 422],
    ["select 'a' ~ '('", "invalid", 422],
    ["select '{\"a\":\"\\u0000\"}'::jsonb->>'a'", "invalid", 422],
    ["insert into shelf (id, code, n) values (9, 'z', 11)", "invalid", 422],
    ["delete from shelf", "not_found", 404],
    ["set local statement_timeout = 20; select pg_sleep(5)", "too_slow", 503],
  ])("%s: %s", async (statement, code, status) => {
    const parts = statement.split("; ");
    const error =
      parts.length === 1
        ? await attempt(statement)
        : fromDatabase(
            await withActor(
              db.write,
              stranger,
              async (tx) => void (await tx.execute(sql.raw(parts[0] ?? "")), await tx.execute(sql.raw(parts[1] ?? ""))),
            ).then(
              () => null,
              (thrown: unknown) => thrown,
            ),
          );
    expect(error).toMatchObject({ code, status });
  });
  it.each([
    "select 99999999999::int",
    "select 1/0",
    "with a as (select sum(9e18::bigint) as n) select n::bigint * 9 from a",
  ])(
    "%s: a fault in what is stored or asked is ours, and no reader is told that they filled something in wrongly",
    async (statement) => expect(await attempt(statement)).toBeNull(),
  );
  it("names the field where the database names it", async () => {
    expect(await attempt("insert into shelf (id, code, note) values (7, 'q', null)")).toMatchObject({
      status: 422,
      fieldErrors: { note: ["error_field_required"] },
    });
    const twice = await attempt("insert into shelf (id, code) values (8, 'a')");
    expect(twice).toMatchObject({ code: "duplicate", status: 409 });
    await works();
  });
});
