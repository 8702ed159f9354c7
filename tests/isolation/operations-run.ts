import type postgres from "postgres";
import { levelRole } from "#db/roles.ts";
import { type Attacker, mayWrite, numbers, tables } from "./model.ts";
import { type Kind, makeOperation, type Operation, type Visitor } from "./operations.ts";

/*
 * Runs made-up operations: thousands to a round trip inside one anonymous block, each behind a savepoint of its own, as
 * the login role with the visitor's role and secret; then, as the superuser and still inside the transaction, rows that
 * are not the visitor's are held against what they were. Everything is rolled back.
 */

export interface Tally {
  operations: number;
  /** Ran to their end; stopped for want of a right; failed otherwise (keys, checks, syntax of a random mix). */
  ran: number;
  refused: number;
  failed: number;
  byKind: Map<Kind, { made: number; ran: number }>;
  /** Seeds and statements that showed or changed what is somebody else's. */
  through: string[];
}
const emptyTally = (): Tally => ({ operations: 0, ran: 0, refused: 0, failed: 0, byKind: new Map(), through: [] });

/**
 * What must be the same afterwards: every row that the visitor may not change. The trail they never write: acts
 * stand in the trail of the tenant whose row it was, and a regulator's own is their tenant's; what the national office, an
 * institution or the operator does to a sector's row stands in the sector's, not chained before the commit.
 */
function digestOf({ attacker, owner }: Visitor): string {
  const a = owner ?? attacker;
  const own = a.who ? `tenant_id = '${a.who.tenantId}'` : "false";
  const trail = a.who && ["national", "assessor", "operator"].includes(a.level) ? `(${own} or seq is null)` : own;
  const rest = (t: string) => (t === "audit_entries" ? trail : mayWrite(a, t));
  return tables
    .map(
      (t) =>
        `select '${t.name}' as table, (select md5(coalesce(string_agg(r::text, '' order by r::text), '')) from public."${t.name}" r where not coalesce(${rest(t.name)}, false)) as digest`,
    )
    .join(" union all ");
}

const dollar = (text: string) => `$op$${text}$op$`;
/** One block of many operations; what came of it is left in settings, as a block answers with nothing. */
function block(a: Attacker, operations: readonly Operation[]): string {
  const back = `perform set_config('role', '${levelRole(a.level)}', true), set_config('anshi.secret', '${a.secret}', true)`;
  const arrays = (of: (o: Operation) => string) => `array[${operations.map(of).join(",")}]::text[]`;
  return `do $all$ declare
    sqls text[] := ${arrays((o) => dollar(o.sql))}; befores text[] := ${arrays((o) => (o.before === null ? "null" : dollar(o.before)))};
    n bigint; won text := ''; done text := '';
  begin
    ${back};
    for i in 1 .. array_length(sqls, 1) loop
      begin
        if befores[i] is not null then execute befores[i]; end if;
        n := null;
        execute sqls[i] into n;
        done := done || '1';
        if n > 0 then won := won || i || ' '; end if;
        if befores[i] is not null then raise exception using errcode = 'ANSHI'; end if;
      exception
        when sqlstate 'ANSHI' then null;
        when insufficient_privilege then done := done || '2';
        when others then done := done || case when sqlstate in ('57014', '53200') then '4' else '3' end;
      end;
    end loop;
    perform set_config('attack.won', won, true), set_config('attack.done', done, true);
  end $all$`;
}

const undo = Symbol("undo");
interface Batch {
  visitor: Visitor;
  operations: readonly Operation[];
  before: ReadonlyMap<string, string>;
  seed: number;
  hole: string | undefined;
}
/** @param superuser one connection; what came of it is added to the tally. */
async function runBatch(
  superuser: postgres.Sql,
  { visitor: v, operations, before, seed, hole }: Batch,
  tally: Tally,
): Promise<void> {
  await superuser
    .begin(async (tx) => {
      if (hole) await tx.unsafe(hole).simple();
      await tx
        .unsafe(
          "set local statement_timeout = '120s'; set local lock_timeout = '2s'; set local session authorization anshi_app",
        )
        .simple();
      await tx.unsafe(block(v.attacker, operations)).simple();
      const [said] = await tx.unsafe<{ won: string; done: string }[]>(
        "select current_setting('attack.won') as won, current_setting('attack.done') as done",
      );
      await tx
        .unsafe(
          "reset session authorization; set local role none; set local row_security = on; set local search_path = public",
        )
        .simple();
      const after = await digests(tx, v);
      const who = `${v.attacker.name} (seed ${seed})`;
      for (const i of (said?.won ?? "").split(" ").filter(Boolean))
        tally.through.push(`${who} saw: ${operations[Number(i) - 1]?.before ?? ""} ${operations[Number(i) - 1]?.sql}`);
      for (const [table, digest] of after)
        if (before.get(table) !== digest) tally.through.push(`${who} changed rows of ${table} that are not theirs`);
      count(tally, operations, said?.done ?? "");
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
}

function count(tally: Tally, operations: readonly Operation[], done: string): void {
  for (const [i, o] of operations.entries()) {
    const of = tally.byKind.get(o.kind) ?? { made: 0, ran: 0 };
    of.made += 1;
    tally.operations += 1;
    if (done[i] === "1") {
      of.ran += 1;
      tally.ran += 1;
    } else if (done[i] === "2") tally.refused += 1;
    else tally.failed += 1;
    tally.byKind.set(o.kind, of);
  }
}

const digests = async (sql: postgres.Sql | postgres.TransactionSql, v: Visitor): Promise<Map<string, string>> =>
  new Map((await sql.unsafe<{ table: string; digest: string }[]>(digestOf(v))).map((r) => [r.table, r.digest]));

export interface OperationsOptions {
  operations: number;
  seed: number;
  batch?: number;
  /** Stops early after so long; the tally tells how many were made. */
  withinMs?: number;
  /** Stops once so many got through. */
  until?: number;
  /** A hole to be opened in every batch, for the test that wants it found. */
  hole?: string;
  progress?: (tally: Tally) => void;
}

/** Makes and runs operations, a batch for each visitor in turn; members come twice as often as those without a proof. */
export async function runOperations(
  superuser: postgres.Sql,
  visitors: readonly Visitor[],
  options: OperationsOptions,
): Promise<Tally> {
  const {
    operations,
    seed,
    batch = 500,
    withinMs = Number.POSITIVE_INFINITY,
    until = Number.POSITIVE_INFINITY,
    hole,
    progress,
  } = options;
  const [members, others] = [visitors.filter((v) => v.attacker.who), visitors.filter((v) => !v.attacker.who)];
  const tally = emptyTally();
  const begun = performance.now();
  const known = new Map<Visitor, Map<string, string>>();
  for (
    let turn = 0;
    tally.operations < operations && tally.through.length < until && performance.now() - begun < withinMs;
    turn += 1
  ) {
    const third = Math.floor(turn / 3);
    const v =
      turn % 3 === 2 && others.length > 0 ? others[third % others.length] : members[(turn - third) % members.length];
    if (!v) break;
    const before = known.get(v) ?? (await digests(superuser, v));
    known.set(v, before);
    // A batch has a seed of its own: one that got through is made again without all those before it.
    const next = numbers(seed + turn);
    const some = Array.from({ length: Math.min(batch, operations - tally.operations) }, () => makeOperation(next, v));
    await runBatch(superuser, { visitor: v, operations: some, before, seed: seed + turn, hole }, tally);
    progress?.(tally);
  }
  return tally;
}
