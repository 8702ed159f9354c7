import type postgres from "postgres";
import type { Level } from "#db/roles.ts";
import { levelRole } from "#db/roles.ts";

/** One statement of an attack, under a level's role (or none: as the login role stands) and a secret. */
export interface Step {
  level: Level | null;
  secret: string;
  sql: string;
  /** The statement is a COPY with this end of it at the client: `out` is read to its end, one line is sent `in`. */
  copy?: "out" | "in";
}
/** What is seen from outside when an attack has run. */
export interface Outcome {
  /** SQLSTATE of the failure, null when it ran. */
  code: string | null;
  /** Rows that came back or were touched. */
  rows: number;
  /** The first row's column `n`, where a count was asked for. */
  n: number | null;
  text: string;
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

const failedOutcome = (error: unknown): Outcome => {
  const e = error as { code?: unknown; message?: unknown; detail?: unknown; hint?: unknown };
  const text = [e.message, e.detail, e.hint].filter((t) => typeof t === "string").join(" | ");
  return { code: typeof e.code === "string" ? e.code : "unknown", rows: 0, n: null, text };
};

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

/** Runs within an open transaction and leaves nothing behind: everything happens behind a savepoint that is undone. */
async function play(
  tx: postgres.TransactionSql,
  steps: readonly Step[],
): Promise<{ last: Outcome; before: Outcome | null }> {
  let last: Outcome = { code: null, rows: 0, n: null, text: "" };
  let before: Outcome | null = null;
  try {
    for (const [i, step] of steps.entries()) {
      before = i === 0 ? null : last;
      // `none` is the login role itself: a role taken in a step before is given back.
      const take = `select set_config('role', '${step.level ? levelRole(step.level) : "none"}', true), set_config('anshi.secret', '${step.secret}', true)`;
      if (step.copy) {
        await tx.unsafe(`${i === 0 ? "savepoint attack; " : ""}${take}`).simple();
        last = await copyLines(tx, step.sql, step.copy);
        continue;
      }
      // Sent together; the statement stands alone, or its count of rows would be lost among the others'.
      const [, rows] = await Promise.all([
        tx.unsafe(`${i === 0 ? "savepoint attack; " : ""}${take}`).simple(),
        tx.unsafe(step.sql).simple(),
      ]);
      const result = (Array.isArray(rows[0]) ? rows.at(-1) : rows) as postgres.RowList<postgres.Row[]>;
      const n: unknown = result[0]?.["n"];
      last = {
        code: null,
        rows: result.count ?? result.length,
        n: n === undefined ? null : Number(n),
        text: JSON.stringify(result).slice(0, 4000),
      };
    }
  } catch (error) {
    last = failedOutcome(error);
  }
  await tx.unsafe("rollback to savepoint attack; release savepoint attack");
  return { last, before };
}

/** What an attack must never show, in an answer or in an error: names and numbers of those it was aimed at. */
export type Canaries = readonly string[];

/** Tries one attack in a transaction of its own making; @param tx any connection that may take the steps' roles. */
export async function attempt(tx: postgres.TransactionSql, attack: Attack, canaries: Canaries = []): Promise<Tried> {
  const { last, before } = await play(tx, attack.steps);
  let won = attack.won(last, before);
  if (won === null && last.code !== null) {
    const shown = canaries.find((c) => last.text.includes(c));
    if (shown) won = `the error message shows «${shown}»`;
  }
  if (won === null && attack.twin) {
    const { last: other } = await play(tx, attack.twin);
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

/** Judgements shared by many attacks. */
export const judge = {
  /** No row, or refused. */
  noRows: (o: Outcome): string | null => (o.code === null && (o.n ?? o.rows) > 0 ? `${o.n ?? o.rows} rows` : null),
  /** Refused by a policy or a missing grant, before any key or check is asked. */
  refused: (o: Outcome): string | null =>
    o.code === "42501" ? null : o.code === null ? "it was done" : `past the policy (${o.code}: ${o.text.slice(0, 80)})`,
  /** Anything but success. */
  fails: (o: Outcome): string | null => (o.code === null ? `it was done: ${o.text.slice(0, 80)}` : null),
  /** No more rows than the statement before counted. */
  noMoreThanBefore: (o: Outcome, before: Outcome | null): string | null =>
    o.code === null && o.rows > (before?.n ?? 0) ? `${o.rows} rows touched, ${before?.n ?? 0} are his` : null,
  /** Every value that came back is empty. */
  empty: (o: Outcome): string | null => (o.code === null && o.n !== null && o.n > 0 ? `${o.n}` : null),
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
