import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "#app/platform/errors.ts";
import type { Database } from "#db/client.server.ts";

/*
 * Attempts are counted before they are judged: one that is let through is under way, and those under way and those that
 * failed are never more than what is allowed in a quarter of an hour. Fifty guesses sent at once are judged no more often
 * than eight sent one after another; fifty right sign-ins at once all come in, a few at a time.
 */

/** Failures allowed in a quarter of an hour (`deploy/SECURITY.md` says what each counts). */
export const allowed = { account: 8, address: 40, totp: 8, step: 8, reset: 5, link: 30 } as const;
export type Counted = keyof typeof allowed;

const patienceMs = 20_000;

export interface Attempt {
  readonly what: readonly (readonly [Counted, string])[];
  /** True: every attempt counts, as for letters that are asked for. */
  readonly always?: boolean;
}

/**
 * Lets `work` try once. What it throws counts as a failure where it is an AppError below 500, or always where asked.
 * @throws sign_in_blocked
 */
export async function attempt<T>(db: Pick<Database, "auth">, { what, always = false }: Attempt, work: () => Promise<T>): Promise<T> {
  // In one order for everybody: two attempts never wait for each other.
  const sorted = what.map(([kind, of]) => ({ key: `${kind}:${of}`.slice(0, 400), most: allowed[kind] })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const keys = sorted.map((one) => one.key);
  await enter(db, keys, sorted.map((one) => one.most));
  let failed = true;
  try {
    const done = await work();
    failed = always;
    return done;
  } catch (error) {
    failed = always || (error instanceof AppError && error.status < 500);
    throw error;
  } finally {
    await db.auth`select auth.end_attempt(${keys}, ${failed})`;
  }
}

async function enter(db: Pick<Database, "auth">, keys: string[], most: number[]): Promise<void> {
  const until = Date.now() + patienceMs;
  for (let rest = 20; ; rest = Math.min(rest * 1.5, 200)) {
    const [row] = await db.auth<{ verdict: string }[]>`select auth.begin_attempt(${keys}, ${most}) as verdict`;
    if (row?.verdict === "go") return;
    if (row?.verdict !== "wait" || Date.now() > until) throw new AppError("sign_in_blocked", 429, "too many failures");
    await sleep(rest * (0.5 + Math.random()));
  }
}
