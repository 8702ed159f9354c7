import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testWorld } from "#tests/builders/world.ts";
import { allAttacks } from "./attacks.ts";
import { attemptAll, summarise, type Tried } from "./engine.ts";
import { type Field, layField } from "./field.ts";
import { columnsOf, mayRead, tables } from "./model.ts";
import { everyone, populate } from "./populate.ts";

describe("attacks on a world with rows in every table", () => {
  const world = testWorld();
  let field: Field;
  let app: postgres.Sql;
  let auth: postgres.Sql;
  beforeAll(async () => {
    const w = world();
    await populate(w);
    field = await layField(w.db, everyone(w), 1);
    app = postgres(w.database.urls.app, { max: 2, onnotice: () => undefined });
    auth = postgres(w.database.urls.auth, { max: 1, onnotice: () => undefined });
  });
  afterAll(async () => {
    await Promise.all([app.end(), auth.end()]);
  });

  it("get nothing through", async () => {
    const attacks = allAttacks(field);
    const half = (login: string) => attacks.filter((a) => a.login === login);
    const tried: Tried[] = [
      ...(await attemptAll(app, half("app"), field.canaries)),
      ...(await attemptAll(auth, half("auth"), field.canaries)),
    ];
    const through = tried
      .filter((t) => t.won !== null)
      .map((t) => `${t.attack.role}: ${t.attack.name} [${t.attack.group}] → ${t.won}`);
    expect(through).toEqual([]);
    expect(tried.length).toBeGreaterThan(25_000);
    process.stdout.write(`${tried.length} attacks\n`);
    expect(summarise(tried).every((s) => s.tried > 0)).toBe(true);
  });

  it("are not made on empty tables: everybody sees just the rows that are theirs", async () => {
    const w = world();
    const superuser = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
    const wrong: string[] = [];
    let seen = 0;
    for (const m of field.members) {
      for (const t of tables) {
        if (columnsOf(t.name, m.level, "select").length === 0) continue;
        const [truth] = await superuser.unsafe<{ n: string }[]>(
          `select count(*) as n from public."${t.name}" where ${mayRead(m, t.name)}`,
        );
        const [told] = await app.begin(async (tx) => {
          await tx.unsafe("select set_config('role', $1, true), set_config('anshi.secret', $2, true)", [
            `anshi_${m.level}`,
            m.secret,
          ]);
          return tx.unsafe<{ n: string }[]>(`select count(*) as n from public."${t.name}"`);
        });
        if (truth?.n !== told?.n) wrong.push(`${m.name} sees ${told?.n} of ${truth?.n} rows of ${t.name}`);
        seen += Number(told?.n ?? 0);
      }
    }
    await superuser.end();
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(500);
  });
});
