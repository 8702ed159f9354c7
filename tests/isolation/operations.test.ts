import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testWorld } from "#tests/builders/world.ts";
import { layField } from "./field.ts";
import { kinds, type Visitor, visitors } from "./operations.ts";
import { runOperations } from "./operations-run.ts";
import { everyone, populate } from "./populate.ts";

const seed = 20131122;

describe("operations made up at random", () => {
  const world = testWorld();
  let superuser: postgres.Sql;
  let all: Visitor[];
  beforeAll(async () => {
    const w = world();
    await populate(w);
    all = visitors(await layField(w.db, everyone(w), Number.POSITIVE_INFINITY));
    superuser = postgres(w.database.superuserUrl, { max: 1, onnotice: () => undefined });
    await superuser.unsafe("analyze");
  });
  afterAll(() => superuser.end());

  it("show nobody a row of somebody else, and change none", async () => {
    const tally = await runOperations(superuser, all, { operations: 100_000, seed, withinMs: 10_000 });
    process.stdout.write(
      `${tally.operations} operations made up, ${tally.ran} ran, ${tally.refused} refused, ${tally.failed} failed; ${[...tally.byKind].map(([k, n]) => `${k} ${n.ran}/${n.made}`).join(", ")}\n`,
    );
    expect(tally.through).toEqual([]);
    expect(tally.ran).toBeGreaterThan(tally.operations / 4);
    expect([...tally.byKind.keys()].sort()).toEqual([...kinds].sort());
  });

  it.each([
    [
      "a policy for reading opened",
      "alter policy pilots_sector_select on pilots using (true)",
      /regulator.* saw: .*pilots/,
    ],
    ["a policy for deleting opened", "alter policy risks_sector_delete on risks using (true)", /changed rows of risks/],
    [
      "a check dropped, and the tenant a column to write",
      "alter policy visits_sector_update on visits with check (true); grant update (tenant_id) on visits to anshi_sector",
      /changed rows of visits/,
    ],
    [
      "a table without its wall",
      "grant select on drafts to anshi_public; alter table drafts disable row level security",
      /saw: .*drafts/,
    ],
  ])("find %s", async (_name, hole, expected) => {
    const tally = await runOperations(superuser, all, { operations: 20_000, seed, hole, until: 1 });
    expect(tally.through.filter((t) => expected.test(t))).not.toEqual([]);
  });

  it("are the same for the same seed", async () => {
    const [one, other] = [
      await runOperations(superuser, all, { operations: 1000, seed }),
      await runOperations(superuser, all, { operations: 1000, seed }),
    ];
    expect(one).toEqual(other);
  });
});
