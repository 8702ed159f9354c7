import type { Logger } from "#app/platform/log.server.ts";
import { Rate } from "#app/platform/rates.server.ts";
import type { AuthSql, Database } from "#db/client.server.ts";
import type { Actor } from "./actor.ts";
import { Tally } from "./refusals.rules.ts";

/*
 * Refusals are entries of the trail, each with its address and code. Twenty a minute tell what somebody tries; the next two
 * thousand would only make the chain long and cost everybody's commits. From there on they are counted, and once a minute
 * their number is written down with a few of them.
 */

/** Refusals of an account that are written down each, in a minute, over all processes: more than anybody comes upon by hand. */
export const refusalsEach = 20;
const periodMs = 60_000;

export interface Refusal {
  method: string;
  path: string;
  code: string;
}

export class Refusals {
  private readonly rate: Rate;
  private readonly tally = new Tally();
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Pick<Database, "auth">,
    private readonly log: Pick<Logger, "error">,
  ) {
    this.rate = new Rate("refusal", refusalsEach, (): AuthSql => db.auth);
    this.timer = setInterval(() => void this.flush(), periodMs);
    this.timer.unref();
  }

  /** True where this one is to be written down; else it has been counted. */
  async each(actor: Pick<Actor, "userId" | "membershipId">, refusal: Refusal, at = new Date()): Promise<boolean> {
    const { ok } = await this.rate.take(actor.userId);
    if (!ok) this.tally.add(actor.membershipId, refusal, at);
    return ok;
  }

  /** Writes down what was counted; what cannot be written now is kept for the next time. */
  flush(): Promise<void> {
    this.writing = this.writing.then(async () => {
      for (const [membershipId, counted] of this.tally.take()) {
        try {
          await this.db.auth`select auth.note_refusals(${membershipId}, ${JSON.stringify(counted)}::text::jsonb)`;
        } catch (error) {
          this.tally.put(membershipId, counted);
          this.log.error({ err: error }, "a number of refusals could not be noted");
        }
      }
    });
    return this.writing;
  }

  /** Before the connections close: nothing counted is lost by an end in order. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }
}
