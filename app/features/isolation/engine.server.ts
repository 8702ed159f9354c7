import type postgres from "postgres";
import { type Level, levelRole } from "#db/roles.ts";

/*
 * One try against the walls: statements under a role and a secret, everything behind a savepoint that is undone, and what
 * is seen from outside. The probes of this folder and all attacks of tests/isolation are played by it.
 */

/** One statement, under a level's role (or none: as the login role stands) and a secret. */
export interface Step {
  level: Level | null;
  secret: string;
  sql: string;
}
/** What is seen from outside when a try has run. */
export interface Outcome {
  /** SQLSTATE of the failure, null when it ran. */
  code: string | null;
  /** Rows that came back or were touched. */
  rows: number;
  /** The first row's column `n`, where a count was asked for. */
  n: number | null;
  text: string;
}

const failedOutcome = (error: unknown): Outcome => {
  const e = error as { code?: unknown; message?: unknown; detail?: unknown; hint?: unknown };
  const text = [e.message, e.detail, e.hint].filter((t) => typeof t === "string").join(" | ");
  return { code: typeof e.code === "string" ? e.code : "unknown", rows: 0, n: null, text };
};

/** The statement stands alone, or its count of rows would be lost among the others'. */
export async function runStatement(tx: postgres.TransactionSql, { sql }: Step): Promise<Outcome> {
  const rows: unknown = await tx.unsafe(sql).simple();
  const result = (Array.isArray(rows) && Array.isArray(rows[0]) ? rows.at(-1) : rows) as postgres.RowList<
    postgres.Row[]
  >;
  const n: unknown = result[0]?.["n"];
  return {
    code: null,
    rows: result.count ?? result.length,
    n: n === undefined ? null : Number(n),
    text: JSON.stringify(result).slice(0, 4000),
  };
}

/**
 * Plays steps within an open transaction and leaves nothing behind. The secret is a parameter: statements stand in
 * pg_stat_activity and in logs, parameters do not.
 * @param run plays one statement; another way for what is more than a statement. @returns the last step's outcome, and that of the one before it.
 */
export async function runSteps<S extends Step>(
  tx: postgres.TransactionSql,
  steps: readonly S[],
  run: (tx: postgres.TransactionSql, step: S) => Promise<Outcome> = runStatement,
): Promise<{ last: Outcome; before: Outcome | null }> {
  let last: Outcome = { code: null, rows: 0, n: null, text: "" };
  let before: Outcome | null = null;
  try {
    for (const [i, step] of steps.entries()) {
      before = i === 0 ? null : last;
      // `none` is the login role itself: a role taken in a step before is given back. Sent in this order, without waiting between.
      const role = step.level ? levelRole(step.level) : "none";
      const [, , outcome] = await Promise.all([
        i === 0 ? tx.unsafe("savepoint attack").execute() : null,
        tx
          .unsafe("select set_config('role', $1, true), set_config('anshi.secret', $2, true)", [role, step.secret], {
            prepare: false,
          })
          .execute(),
        run(tx, step),
      ]);
      last = outcome;
    }
  } catch (error) {
    last = failedOutcome(error);
  }
  await tx.unsafe("rollback to savepoint attack; release savepoint attack").simple();
  return { last, before };
}

/** Judgements shared by many tries: null when the wall held, else what was won. */
export const judge = {
  /** No row, or refused. */
  noRows: (o: Outcome): string | null => (o.code === null && (o.n ?? o.rows) > 0 ? `${o.n ?? o.rows} rows` : null),
  /** Refused by a policy or a missing grant, before any key or check is asked. */
  refused: (o: Outcome): string | null =>
    o.code === "42501" ? null : o.code === null ? "it was done" : `past the policy (${o.code}: ${o.text.slice(0, 80)})`,
  /** Anything but success. */
  fails: (o: Outcome): string | null => (o.code === null ? `it was done: ${o.text.slice(0, 80)}` : null),
};
