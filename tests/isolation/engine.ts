import type postgres from "postgres";
import {
  judge as shared,
  type Outcome,
  runSteps,
  runStatement,
  type Step as Statement,
} from "#app/features/isolation/engine.server.ts";
import type { Level } from "#db/roles.ts";

export type { Outcome } from "#app/features/isolation/engine.server.ts";

/** One statement of an attack. */
export interface Step extends Statement {
  /** The statement is a COPY with this end of it at the client: `out` is read to its end, one line is sent `in`. */
  copy?: "out" | "in";
}

export interface Attack {
  name: string;
  /** Kind of attack, as the report groups them. */
  group: string;
  /** Who attacks. */
  role: string;
  login: "app" | "auth";
  /** The last one is judged; those before it must run or the attack has been stopped there. */
  steps: readonly Step[];
  /** Null when the wall held, else what was won. */
  won(outcome: Outcome, before: Outcome | null): string | null;
  /** Table, level and verb it is aimed at, where it is aimed at one policy. */
  aim?: { table: string; level: Level; verb: "select" | "insert" | "update" | "delete" };
  /** Another attack that must look just the same from outside, whether or not what it asks for exists. */
  twin?: readonly Step[];
}

export interface Tried {
  attack: Attack;
  outcome: Outcome;
  won: string | null;
}

/** @returns how many lines came out, in COPY's text format a row each; of what is sent in, one. */
async function copyLines(tx: postgres.TransactionSql, sql: string, way: "out" | "in"): Promise<Outcome> {
  let rows = 0;
  let text = "";
  if (way === "in") {
    const stream = await tx.unsafe(sql).writable();
    stream.end("\\N\n");
    // postgres.js does not tell a stream that its COPY failed; the transaction knows (25P02).
    await tx.unsafe("select 1").simple();
    rows = 1;
  } else {
    const stream = await tx.unsafe(sql).readable();
    for await (const chunk of stream) {
      const lines = String(chunk);
      rows += lines.split("\n").length - 1;
      text = (text + lines).slice(0, 4000);
    }
    // postgres.js leaves its socket paused when the last line filled the stream: reading wakes it.
    stream._read(0);
  }
  return { code: null, rows, n: null, text };
}

/** A COPY by its stream, once role and secret are taken; anything else as the product plays it. */
const playAttack = (tx: postgres.TransactionSql, steps: readonly Step[]) =>
  runSteps(tx, steps, async (t, step) => {
    if (!step.copy) return runStatement(t, step);
    await t.unsafe("select 1").simple();
    return copyLines(t, step.sql, step.copy);
  });

/** What an attack must never show, in an answer or in an error: names and numbers of those it was aimed at. */
export type Canaries = readonly string[];

/** Tries one attack in a transaction of its own making; @param tx any connection that may take the steps' roles. */
export async function attempt(tx: postgres.TransactionSql, attack: Attack, canaries: Canaries = []): Promise<Tried> {
  const { last, before } = await playAttack(tx, attack.steps);
  let won = attack.won(last, before);
  if (won === null && last.code !== null) {
    const shown = canaries.find((c) => last.text.includes(c));
    if (shown) won = `the error message shows «${shown}»`;
  }
  if (won === null && attack.twin) {
    const { last: other } = await playAttack(tx, attack.twin);
    if (other.code !== last.code || other.rows !== last.rows || other.n !== last.n)
      won = `existence is told: ${last.code ?? `${last.rows} rows`} against ${other.code ?? `${other.rows} rows`}`;
  }
  return { attack, outcome: last, won };
}

const undo = Symbol("undo");
/** Tries attacks on one connection of the pool, `batch` to a transaction; every transaction is rolled back. */
export async function attemptAll(
  sql: postgres.Sql,
  attacks: readonly Attack[],
  canaries: Canaries = [],
  batch = 50,
): Promise<Tried[]> {
  const all: Tried[] = [];
  for (let at = 0; at < attacks.length; at += batch) {
    const tried: Tried[] = [];
    await sql
      .begin(async (tx) => {
        await tx.unsafe("set local statement_timeout = '5s'; set local lock_timeout = '2s'");
        for (const attack of attacks.slice(at, at + batch)) tried.push(await attempt(tx, attack, canaries));
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
    all.push(...tried);
  }
  return all;
}

export const judge = {
  ...shared,
  /** No more rows than the statement before counted. */
  noMoreThanBefore: (o: Outcome, before: Outcome | null): string | null =>
    o.code === null && o.rows > (before?.n ?? 0) ? `${o.rows} rows touched, ${before?.n ?? 0} are theirs` : null,
};

export interface Summary {
  group: string;
  role: string;
  tried: number;
  won: number;
}
/** Counts by role and kind. */
export function summarise(tried: readonly Tried[]): Summary[] {
  const by = new Map<string, Summary>();
  for (const t of tried) {
    const key = `${t.attack.role}\u0000${t.attack.group}`;
    const row = by.get(key) ?? { group: t.attack.group, role: t.attack.role, tried: 0, won: 0 };
    row.tried += 1;
    if (t.won !== null) row.won += 1;
    by.set(key, row);
  }
  return [...by.values()];
}
