import { sql } from "drizzle-orm";
import type postgres from "postgres";
import { rowsOf } from "#db/rows.ts";
import { type Credentials, takeRole, withActor } from "#db/client.server.ts";
import { benchDatabase, type BenchDatabase, connections } from "./database.ts";
import { type Contender, sideBySide } from "./measure.ts";
import type { BenchRow } from "./pdf.ts";

export const name = "rls";

const tenants = 200;
const pilotsEach = 5000;
const inScope = 4;
const columns = "id, project_id, code, name, batch_no, stage, direction, grade, health, rank, next_report_due";
const alone = `select ${columns} from pilots order by id limit 50`;
const named = `select ${columns} from pilots where tenant_id = $1 order by id limit 50`;

/**
 * Four to a scope, as a page with four loaders asks; a unit is four lists of 50. Two questions, two measures: what the
 * policies cost is asked of an owner in the same kind of transaction, so that owner and policies differ in nothing else;
 * what a scope costs as a whole (BEGIN, context, COMMIT, and a connection of its own until its replies are in) is asked of
 * an owner who sends each statement alone, over whichever connection is free. Eight callers, as in the other benches; the
 * last row has twice as many callers as connections.
 */
async function throughput(b: BenchDatabase) {
  const members = await Promise.all(
    b.tenants.slice(0, 20).map(async (tenantId) => ({ tenantId, ...(await b.member(tenantId, "regulator")) })),
  );
  let turn = 0;
  const next = () => members[(turn += 1) % members.length] ?? fail();
  const four = <T>(one: () => Promise<T>) => Promise.all(Array.from({ length: inScope }, one));
  const fourOf = (tx: postgres.TransactionSql, tenantId: string) =>
    four(async () => tx.unsafe(named, [tenantId], prepared));
  const ownerInOne: Contender = {
    name: "owner, tenant named, no policy, one transaction",
    once: async () => {
      const m = next();
      return b.superuser.begin("read only", async (tx) => fourOf(tx, m.tenantId));
    },
  };
  const ownerEach: Contender = {
    name: "owner, tenant named, each statement alone",
    once: async () => {
      const m = next();
      return four(async () => b.superuser.unsafe(named, [m.tenantId], { prepare: true }));
    },
  };
  const both: Contender = {
    name: "policy, tenant named too",
    once: async () => {
      const m = next();
      return scope(b, m, async (tx) => fourOf(tx, m.tenantId));
    },
  };
  const policies = await sideBySide(
    [
      ownerInOne,
      {
        name: "policy alone",
        once: async () => scope(b, next(), async (tx) => four(async () => tx.unsafe(alone, [], prepared))),
      },
      both,
    ],
    rounds,
  );
  const scopes = await sideBySide(
    [
      ownerEach,
      { ...both, name: "a whole scope, tenant named" },
      {
        name: "a whole scope, tenant named, by drizzle",
        once: async () => {
          const m = next();
          return withActor(b.db.read, m, async (tx) => four(async () => tx.execute(namedFor(m.tenantId))));
        },
      },
      {
        name: "one list to a scope, tenant named, by drizzle",
        once: async () => {
          for (let i = 0; i < inScope; i += 1) {
            const m = next();
            await withActor(b.db.read, m, async (tx) => tx.execute(namedFor(m.tenantId)));
          }
        },
      },
    ],
    rounds,
  );
  const full = await sideBySide([ownerEach, { ...both, name: `a whole scope, tenant named, ${crowd} callers` }], {
    workers: crowd,
    ...rounds,
  });
  return [...policies, ...scopes, ...full.slice(1)];
}
/** Short and many, so that what else the machine does falls on all alike. */
const rounds = { rounds: 15, milliseconds: 500 };
const crowd = connections * 2;
const prepared = { prepare: true, simple: false };
/** withActor without drizzle: the same pool, BEGIN and context, so that owner and policies differ in nothing else. */
const scope = <T>(b: BenchDatabase, caller: Credentials, fn: (tx: postgres.TransactionSql) => Promise<T>) =>
  b.db.read.begin(b.db.read.shareOf(caller), "read only", async (tx) => {
    const taken = takeRole(tx, caller).execute();
    const value = await fn(tx);
    await taken;
    return value;
  });
function fail(): never {
  throw new Error("no member");
}
const namedFor = (tenantId: string) => {
  const [before = "", after = ""] = named.split("$1");
  return sql`${sql.raw(before)}${tenantId}${sql.raw(after)}`;
};

/** The plan under the policy: it must go by the index and read no row that is another's. */
async function plan(b: BenchDatabase): Promise<string> {
  const m = await b.member(b.tenants[0] ?? "", "regulator");
  const rows = await withActor(b.db.read, m, async (tx) =>
    rowsOf<{ "QUERY PLAN": string }>(
      await tx.execute(sql.raw(`explain (analyze, costs off, timing off, summary off) ${alone}`)),
    ),
  );
  return rows.map((r) => r["QUERY PLAN"]).join("\n");
}

export async function run(): Promise<BenchRow[]> {
  const b = await benchDatabase(tenants, pilotsEach);
  try {
    const text = await plan(b);
    const byIndex = /Index (Only )?Scan/.test(text) && !/Rows Removed by Filter/.test(text);
    const found = await throughput(b);
    const targets: Readonly<Record<string, string>> = {
      "policy alone": "≥ 0.75",
      "policy, tenant named too": "≥ 0.87",
    };
    return found.map((f) => ({
      name: `list of 50 of ${(tenants * pilotsEach).toLocaleString("en")} pilots: ${f.name}`,
      figure: `${Math.round(f.perSecond * inScope)} lists/s`,
      ratio: f.ratio,
      ...(targets[f.name] ? { target: targets[f.name] ?? "" } : {}),
      note:
        f.name === "policy alone"
          ? `plan: ${byIndex ? "by the index, no row of another's read" : text.replaceAll("\n", " | ")}`
          : `${inScope} lists to a unit, ${tenants} tenants`,
    }));
  } finally {
    await b.stop();
  }
}
