/*
 * Points of one key, taken in slices. A limit that several processes share stands in the database; asking it at each request
 * would cost each a round trip. So a process takes a slice and gives it out by itself: what all have taken never exceeds the
 * limit, and what one has not used when the window ends is lost to the others, a twentieth at most.
 */

/** Slices of a limit that is large enough to be cut. */
const slices = 20;

export interface Cut {
  /** Requests of a slice. */
  readonly size: number;
  /** How many slices make the limit; what does not fill one is not given out. */
  readonly count: number;
}
export function cut(limit: number): Cut {
  const size = Math.max(1, Math.floor(limit / slices));
  return { size, count: Math.floor(limit / size) };
}

/** What the shared store said to «one slice more». */
export interface Answer {
  readonly granted: boolean;
  /** Milliseconds until the window ends. */
  readonly msLeft: number;
  /** Slices that nobody has taken yet. */
  readonly remaining: number;
}

/** What a request is told. `ask`: the store has to be asked, and the request asks again after. */
export type Turn = "go" | "stop" | "ask";

/** One process's part of one key's window. Pure: the time is handed in. */
export class Lease {
  private left = 0;
  private spent = false;
  /** Slices that others may still take, as far as is known. */
  private elsewhere: number;
  /** Let through before the store had been asked. */
  private debt = 0;

  constructor(
    private readonly cutInto: Cut,
    private until: number,
  ) {
    this.elsewhere = cutInto.count;
  }

  over(now: number): boolean {
    return now >= this.until;
  }
  msLeft(now: number): number {
    return Math.max(0, this.until - now);
  }
  /** Requests that this process knows may still come; others may take some of them. */
  get remaining(): number {
    return this.left + (this.spent ? 0 : this.elsewhere * this.cutInto.size);
  }

  turn(): Turn {
    if (this.left > 0) {
      this.left -= 1;
      return "go";
    }
    return this.spent ? "stop" : "ask";
  }

  /** The first request of a window need not wait for the store: that one, and no other, is let through before it has answered. */
  borrow(): boolean {
    if (this.cutInto.size === 1 || this.debt > 0) return false;
    this.debt = 1;
    return true;
  }

  /** Whether to fetch the next slice before the last is used up, so that no request waits for it. */
  get low(): boolean {
    return !this.spent && this.cutInto.size > 1 && this.left <= this.cutInto.size / 4;
  }

  settle(now: number, { granted, msLeft, remaining }: Answer): void {
    this.until = now + msLeft;
    this.elsewhere = remaining;
    if (!granted) this.spent = true;
    else {
      this.left += this.cutInto.size - this.debt;
      this.debt = 0;
    }
  }
}
