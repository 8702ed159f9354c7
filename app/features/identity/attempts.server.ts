import { setTimeout as sleep } from "node:timers/promises";
import { AppError, busy } from "#app/platform/errors.ts";
import { judging } from "#app/platform/fair.server.ts";
import type { Database } from "#db/client.server.ts";

/*
 * Attempts are counted before they are judged: one that is let through is under way, and those under way and those that
 * failed are never more than what is allowed in a quarter of an hour. Fifty guesses sent at once are judged no more often
 * than eight sent one after another; fifty right sign-ins at once all come in, a few at a time.
 */

/**
 * Failures allowed in a quarter of an hour (`deploy/SECURITY.md` says what each counts). `pair`: one account from one address,
 * tight. `account`, from wherever, and `address`, whoever, are wide: the one bounds a guess that is spread over many
 * addresses, the other one that is spread over many accounts, and neither stops a neighbour's right password in passing.
 */
export const allowed = { pair: 8, account: 40, address: 300, totp: 8, step: 8, reset: 5, link: 200 } as const;
type Counted = keyof typeof allowed;
const windowSeconds = 15 * 60;
/** Most of an integer of PostgreSQL: counts, and stops nobody. */
const noLimit = 2_147_483_647;

const patienceMs = 20_000;
const retrySeconds = 5;

export interface Attempt {
  readonly what: readonly (readonly [Counted, string])[];
  /** Of these that are only counted: where somebody is known they are not stopped by what others do. */
  readonly spared?: readonly Counted[];
  /** Whose share of the judging it takes. */
  readonly address?: string;
  /** True: every attempt counts, as for e-mails that are asked for. */
  readonly always?: boolean;
}

/**
 * Lets `work` try once. What it throws counts as a failure where it is an AppError below 500, or always where asked.
 * @throws sign_in_blocked with the seconds until the quarter of an hour is over; busy
 */
export function attempt<T>(db: Pick<Database, "auth">, of: Attempt, work: () => Promise<T>): Promise<T> {
  const [first] = of.what;
  const share = { tenant: of.address ?? "", account: first ? first.join(":") : "" };
  return judging.run(share, () => judged(db, of, work), { address: share.tenant, signal: () => undefined });
}

async function judged<T>(
  db: Pick<Database, "auth">,
  { what, spared = [], always = false }: Attempt,
  work: () => Promise<T>,
): Promise<T> {
  // In one order for everybody: two attempts never wait for each other.
  const sorted = what
    .map(([kind, of]) => ({
      key: `${kind}:${of}`.slice(0, 400),
      most: spared.includes(kind) ? noLimit : allowed[kind],
    }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const keys = sorted.map((one) => one.key);
  await enter(
    db,
    keys,
    sorted.map((one) => one.most),
  );
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
    if (row?.verdict !== "wait") throw blocked();
    if (Date.now() > until) throw busy(retrySeconds, { logMessage: "attempts under way did not end" });
    await sleep(rest * (0.5 + Math.random()));
  }
}

/** Quarters of an hour begin with the clock's, as in `begin_attempt`. */
function blocked(now = Date.now()): AppError {
  const retryAfterSeconds = Math.ceil(windowSeconds - ((now / 1000) % windowSeconds));
  return new AppError("sign_in_blocked", 429, "too many failures", {
    params: { retryAfterSeconds, minutes: Math.ceil(retryAfterSeconds / 60) },
  });
}
