import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  declaredPolicies,
  expectedExpressions,
  foundPolicies,
  policyComplaints,
} from "#tests/db/catalogue.ts";
import { allComplaints } from "#tests/db/catalogue-lint.ts";
import { testWorld } from "#tests/builders/world.ts";
import { allAttacks } from "./attacks.ts";
import { type Attack, attempt } from "./engine.ts";
import { type Field, layField } from "./field.ts";
import { everyone, populate } from "./populate.ts";

/**
 * A guard that cannot fail guards nothing: each policy is taken away, and each is opened wide, and somebody has to
 * notice. Everything within transactions that are undone.
 */
describe("walls taken down one by one", () => {
  const world = testWorld();
  let sql: postgres.Sql;
  let field: Field;
  const byAim = new Map<string, Attack[]>();
  beforeAll(async () => {
    const w = world();
    await populate(w);
    field = await layField(w.db, everyone(w), 1);
    sql = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
    for (const attack of allAttacks(field)) {
      if (!attack.aim) continue;
      const key = `${attack.aim.table}.${attack.aim.level}.${attack.aim.verb}`;
      byAim.set(key, [...(byAim.get(key) ?? []), attack]);
    }
  });
  afterAll(() => sql.end());

  const undo = Symbol("undo");
  const undone = async (work: (tx: postgres.TransactionSql) => Promise<void>): Promise<void> => {
    await sql
      .begin(async (tx) => {
        await work(tx);
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
  };

  it("stand whole before", async () => {
    expect(await allComplaints(sql)).toEqual([]);
  });

  it("a policy taken away is missed", async () => {
    const expected = await expectedExpressions(sql);
    const unnoticed: string[] = [];
    await undone(async (tx) => {
      for (const p of declaredPolicies()) {
        await tx.unsafe(`savepoint one; drop policy "${p.name}" on public."${p.table}"`);
        const complaints = policyComplaints(await foundPolicies(tx), expected);
        if (complaints.length !== 1 || !complaints[0]?.includes(`${p.table}.${p.name} is missing`))
          unnoticed.push(p.name);
        await tx.unsafe("rollback to savepoint one");
      }
    });
    expect(unnoticed).toEqual([]);
  });

  it("a policy opened to all lets an attack through that is otherwise held", async () => {
    const unnoticed: string[] = [];
    let opened = 0;
    await undone(async (tx) => {
      await tx.unsafe("set local statement_timeout = '10s'");
      for (const p of declaredPolicies()) {
        if ([p.using, p.check].every((e) => e === null || e.trim() === "true")) continue;
        opened += 1;
        const clauses = `${p.using === null ? "" : " using (true)"}${p.check === null ? "" : " with check (true)"}`;
        await tx.unsafe(`savepoint one; alter policy "${p.name}" on public."${p.table}"${clauses}`);
        let through = false;
        for (const attack of byAim.get(`${p.table}.${p.level}.${p.verb}`) ?? []) {
          through = (await attempt(tx, attack)).won !== null;
          if (through) break;
        }
        if (!through) unnoticed.push(p.name);
        await tx.unsafe("rollback to savepoint one");
      }
    });
    expect(unnoticed).toEqual([]);
    expect(opened).toBeGreaterThan(150);
    process.stdout.write(`${declaredPolicies().length} policies taken away, ${opened} opened\n`);
  });
});
