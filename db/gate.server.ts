import { type Bounds, FairShares, type Share, type Ticket } from "./fair.ts";

/*
 * The door before each thing that is scarce. It counts and lets wait; what is scarce itself knows nothing of it.
 */

/** What was asked for could not be had: too many wait already, or the wait was too long. `app/platform/errors.ts` has the words. */
export class Busy extends Error {
  override readonly name = "Busy";
  constructor(
    readonly resource: string,
    readonly why: "full" | "late" | "gone",
    /** Seconds after which to ask again. */
    readonly retryAfterSeconds: number,
  ) {
    super(
      `${resource}: ${why === "full" ? "too many wait" : why === "late" ? "waited too long" : "who asked went away"}`,
    );
  }
}

export interface GateOptions extends Bounds {
  /** Named in metrics and the log. */
  name: string;
  /**
   * More of the same, for those who hold one already and want a second beside it: two people who each hold one and wait for
   * another would wait for each other. Nobody takes two of these.
   */
  spare?: number;
  /** Milliseconds that a request waits. */
  patienceMs: number;
}

/** The one who asks: a program waits as long as it takes, a request until it is late or nobody is there to hear the answer. */
export interface Asker {
  /** Of the client: tells those apart who have not signed in. */
  readonly address: string;
  signal(): AbortSignal | undefined;
}

/** What was let in gives back. Twice is once. */
export type Leave = () => void;

interface Waiting {
  go(): void;
  /** When it was let in, in ms of the process's clock. */
  since: number;
}
const nobody = { go: () => undefined };

export interface GateState {
  readonly name: string;
  readonly held: number;
  readonly waiting: number;
  /** Turned away since the process began, by reason. */
  readonly turnedAway: Readonly<Record<Busy["why"], number>>;
}

export class Gate {
  private readonly main: FairShares<Waiting>;
  private readonly spare: FairShares<Waiting>;
  private readonly turned = { full: 0, late: 0, gone: 0 };

  constructor(private readonly options: GateOptions) {
    const start = ({ item }: Ticket<Waiting>) => {
      item.since = performance.now();
      item.go();
    };
    this.main = new FairShares(options, start);
    this.spare = new FairShares({ ...options, capacity: Math.max(1, options.spare ?? 1) }, start);
  }

  get state(): GateState {
    return {
      name: this.options.name,
      held: this.main.held + this.spare.held,
      waiting: this.main.waiting + this.spare.waiting,
      turnedAway: this.turned,
    };
  }

  /**
   * Lets in at once (a function) or later (a promise of one). @param aside see `spare`.
   * @throws Busy
   */
  enter(share: Share, asker?: Asker, aside = false): Leave | Promise<Leave> {
    const shares = aside ? this.spare : this.main;
    const waiting: Waiting = { go: nobody.go, since: performance.now() };
    const ticket = shares.enter(share, waiting);
    if (ticket === null) throw this.turnAway("full");
    const leave = () => shares.leave(ticket, performance.now() - waiting.since);
    return ticket.state === "holds" ? leave : this.wait(waiting, leave, asker);
  }

  /** Runs `work` inside. @throws Busy */
  async run<T>(share: Share, work: () => Promise<T>, asker?: Asker): Promise<T> {
    const entered = this.enter(share, asker);
    const leave = typeof entered === "function" ? entered : await entered;
    try {
      return await work();
    } finally {
      leave();
    }
  }

  private wait(waiting: Waiting, leave: Leave, asker: Asker | undefined): Promise<Leave> {
    return new Promise((resolve, reject) => {
      if (!asker) {
        waiting.go = () => resolve(leave);
        return;
      }
      const signal = asker.signal();
      const end = (why: Busy["why"]) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", gone);
        leave();
        reject(this.turnAway(why));
      };
      const gone = () => end("gone");
      const timer = setTimeout(end, this.options.patienceMs, "late");
      waiting.go = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", gone);
        resolve(leave);
      };
      if (signal?.aborted) end("gone");
      else signal?.addEventListener("abort", gone, { once: true });
    });
  }

  private turnAway(why: Busy["why"]): Busy {
    this.turned[why] += 1;
    return new Busy(this.options.name, why, Math.min(10, Math.max(1, Math.ceil(this.options.patienceMs / 2000))));
  }
}
