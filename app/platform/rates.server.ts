import {
  type IRateLimiterPostgresOptions,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
} from "rate-limiter-flexible";
import type { AuthSql } from "#db/client.server.ts";
import type { Env } from "./env.server.ts";
import { type Answer, type Cut, cut, Lease } from "./leases.rules.ts";

/*
 * How often somebody may ask in a minute: an account, an API token, an address. Counted in PostgreSQL, right across all
 * processes, and given out in slices (`leases.rules.ts`).
 */

const windowSeconds = 60;
export type Limited = "account" | "token" | "address";

/** What a request is told of one limit; also what RateLimit and RateLimit-Policy say. */
export interface Verdict {
  readonly policy: string;
  readonly limit: number;
  readonly ok: boolean;
  /** Requests that may still come in this window, as far as this process knows. */
  readonly remaining: number;
  /** Seconds until the window ends. */
  readonly seconds: number;
}

/** The library's counter over a function of ours: it reaches no table, and its clock is the server's. */
class CountedInDatabase extends RateLimiterPostgres {
  constructor(
    private readonly auth: () => AuthSql,
    options: Omit<IRateLimiterPostgresOptions, "storeClient">,
  ) {
    super({ ...options, storeClient: {}, storeType: "pool", tableCreated: true, clearExpiredByTimeout: false });
  }
  /** The step that the library leaves to each store. */
  protected async _upsert(
    key: string,
    points: number,
    windowMs: number,
  ): Promise<{ rows: { points: number; expire: number }[] }> {
    const [row] = await this.auth()<
      { points: number; ms_left: number }[]
    >`select * from auth.take_points(${key}, ${points}, ${windowMs})`;
    return { rows: row ? [{ points: row.points, expire: Date.now() + row.ms_left }] : [] };
  }
}

interface Held {
  lease: Lease;
  asking: Promise<void> | undefined;
}

/** A limit over a minute for each of many keys. */
export class Rate {
  private readonly held = new Map<string, Held>();
  private readonly cut: Cut;
  private readonly store: RateLimiterPostgres;
  private swept = 0;

  constructor(
    readonly policy: string,
    readonly limit: number,
    auth: () => AuthSql,
  ) {
    this.cut = cut(limit);
    const each = { points: this.cut.count, duration: windowSeconds };
    this.store = new CountedInDatabase(auth, {
      ...each,
      keyPrefix: policy,
      // Once all is taken, the database is not asked again before the window ends.
      inMemoryBlockOnConsumed: this.cut.count,
      // Without the database each process counts for itself: the limit holds, only not across them.
      insuranceLimiter: new RateLimiterMemory({ ...each, keyPrefix: policy }),
    });
  }

  /** One request more. Answers at once but where the store has to be asked first. */
  take(key: string): Verdict | Promise<Verdict> {
    const now = Date.now();
    const held = this.of(key, now);
    const turn = held.lease.turn();
    if (turn !== "ask") {
      if (turn === "go" && held.lease.low) this.ask(key, held).catch(() => undefined);
      return this.verdict(held.lease, turn === "go", now);
    }
    const asked = this.ask(key, held);
    if (held.lease.borrow()) {
      asked.catch(() => undefined);
      return this.verdict(held.lease, true, now);
    }
    return asked.then(() => this.take(key));
  }

  private of(key: string, now: number): Held {
    const known = this.held.get(key);
    if (known && !known.lease.over(now)) return known;
    if (now - this.swept > windowSeconds * 1000) this.sweep(now);
    const made: Held = { lease: new Lease(this.cut, now + windowSeconds * 1000), asking: undefined };
    this.held.set(key, made);
    return made;
  }

  private sweep(now: number): void {
    this.swept = now;
    for (const [key, { lease }] of this.held) if (lease.over(now)) this.held.delete(key);
  }

  private ask(key: string, held: Held): Promise<void> {
    return (held.asking ??= this.fetch(key)
      .then((answer) => held.lease.settle(Date.now(), answer))
      .finally(() => (held.asking = undefined)));
  }

  private async fetch(key: string): Promise<Answer> {
    try {
      const { remainingPoints, msBeforeNext } = await this.store.consume(key);
      return { granted: true, msLeft: Math.max(1, msBeforeNext), remaining: remainingPoints };
    } catch (refused) {
      if (refused instanceof RateLimiterRes)
        return { granted: false, msLeft: Math.max(1, refused.msBeforeNext), remaining: 0 };
      throw refused;
    }
  }

  private verdict(lease: Lease, ok: boolean, now: number): Verdict {
    return {
      policy: this.policy,
      limit: this.limit,
      ok,
      remaining: lease.remaining,
      seconds: Math.max(1, Math.ceil(lease.msLeft(now) / 1000)),
    };
  }
}

export type Rates = Readonly<Record<Limited, Rate | null>>;

export function openRates(env: Pick<Env, "RATE_ACCOUNT" | "RATE_TOKEN" | "RATE_ADDRESS">, auth: () => AuthSql): Rates {
  const rate = (policy: Limited, limit: number | null) => (limit === null ? null : new Rate(policy, limit, auth));
  return {
    account: rate("account", env.RATE_ACCOUNT),
    token: rate("token", env.RATE_TOKEN),
    address: rate("address", env.RATE_ADDRESS),
  };
}

/**
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-09 has them. What an address has left is told
 * to nobody but whom it stops: it would tell how busy the neighbours are.
 */
export function rateHeaders(verdicts: readonly Verdict[]): Record<string, string> {
  const told = verdicts.filter((one) => one.policy !== "address" || !one.ok);
  if (told.length === 0) return {};
  return {
    "ratelimit-policy": told.map((one) => `"${one.policy}";q=${one.limit};w=${windowSeconds}`).join(", "),
    ratelimit: told.map((one) => `"${one.policy}";r=${one.ok ? one.remaining : 0};t=${one.seconds}`).join(", "),
  };
}
