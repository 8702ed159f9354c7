/*
 * Who goes next when many want one thing: so many connections, threads, bodies at once. Pure: no clock, no promise.
 *
 * A tenant holds no more than is left free for the others, and an account no more than its tenant has left for its other
 * accounts. So whoever holds nothing finds something free while fewer than log2(capacity) others press, whatever these do
 * with what they have; a tenant alone has half of it all. An account that nobody of its tenant stands beside has its tenant's
 * whole part, as long as it gives back soon: whoever comes has it within a moment. Who waits is served in turn: tenants round
 * robin, inside a tenant its accounts round robin, inside an account first come, first served.
 */

/** Whose a request is. */
export interface Share {
  readonly tenant: string;
  readonly account: string;
}

export interface Bounds {
  /** How many may hold at once. */
  capacity: number;
  /** How many of one account, and of one tenant, may wait. */
  waitingOfAccount: number;
  waitingOfTenant: number;
  /** Milliseconds. An account that holds no longer than this, as it goes with it now, may have its tenant's whole part. */
  brief?: number;
}

/** One who holds or waits. */
export interface Ticket<T> {
  readonly item: T;
  state: "holds" | "waits" | "gone";
  /** @internal */
  readonly tenant: Tenant<T>;
  /** @internal */
  readonly account: Account<T>;
}

interface Account<T> {
  readonly name: string;
  held: number;
  /** How long it holds, in ms: each time counts a fifth of all. Null until it has given back once. */
  usual: number | null;
  readonly queue: Ticket<T>[];
}
interface Tenant<T> {
  readonly name: string;
  held: number;
  waiting: number;
  readonly accounts: Map<string, Account<T>>;
  /** Accounts with somebody waiting, who is next first: a Map keeps its order, and set again goes to the end. */
  readonly turns: Map<string, Account<T>>;
}

/** Milliseconds that count for one time, at most: what took an hour is forgotten after a dozen short ones too. */
const longest = 60_000;
/** The most that one of them may hold of so many. */
export const halfOf = (all: number): number => Math.ceil(all / 2);

/** What is held and who waits. `start` is told of each who waited and holds now. */
export class FairShares<T> {
  private readonly tenants = new Map<string, Tenant<T>>();
  private readonly turns = new Map<string, Tenant<T>>();
  private readonly tenantMost: number;
  held = 0;
  waiting = 0;

  constructor(
    private readonly bounds: Bounds,
    private readonly start: (ticket: Ticket<T>) => void,
  ) {
    if (!Number.isInteger(bounds.capacity) || bounds.capacity < 1)
      throw new RangeError(`a capacity of ${bounds.capacity}`);
    this.tenantMost = halfOf(bounds.capacity);
  }

  /** A ticket that holds already or waits for its turn; null where too many wait. */
  enter({ tenant: ofTenant, account: ofAccount }: Share, item: T): Ticket<T> | null {
    const tenant = this.tenants.get(ofTenant) ?? {
      name: ofTenant,
      held: 0,
      waiting: 0,
      accounts: new Map(),
      turns: new Map(),
    };
    const account = tenant.accounts.get(ofAccount) ?? { name: ofAccount, held: 0, usual: null, queue: [] };
    // Nobody who may go is ever left waiting (`serve`), so whoever waits elsewhere may not, and is not overtaken.
    const goes = account.queue.length === 0 && this.mayHold(tenant, account);
    if (
      !goes &&
      (account.queue.length >= this.bounds.waitingOfAccount || tenant.waiting >= this.bounds.waitingOfTenant)
    )
      return null;
    this.tenants.set(ofTenant, tenant);
    tenant.accounts.set(ofAccount, account);
    const ticket: Ticket<T> = { item, state: goes ? "holds" : "waits", tenant, account };
    if (goes) this.give(tenant, account);
    else this.queueUp(ticket);
    return ticket;
  }

  /** Gives back what was held for `ms`, or stops waiting. The second time it does nothing. */
  leave(ticket: Ticket<T>, ms = Number.POSITIVE_INFINITY): void {
    const { tenant, account, state } = ticket;
    if (state === "gone") return;
    ticket.state = "gone";
    if (state === "holds") {
      this.held -= 1;
      tenant.held -= 1;
      account.held -= 1;
      const counted = Math.min(ms, longest);
      account.usual = account.usual === null ? counted : account.usual + (counted - account.usual) / 5;
    } else {
      this.waiting -= 1;
      tenant.waiting -= 1;
      account.queue.splice(account.queue.indexOf(ticket), 1);
    }
    this.forget(tenant, account);
    // Who stops waiting may leave another alone with their tenant's part.
    if (this.waiting > 0 && (state === "holds" || tenant.waiting > 0)) this.serve();
  }

  private mayHold(tenant: Tenant<T>, account: Account<T>): boolean {
    if (tenant.held >= this.bounds.capacity - this.held) return false;
    return account.held < this.tenantMost - tenant.held || this.mayHoldAll(tenant, account);
  }
  private mayHoldAll(tenant: Tenant<T>, account: Account<T>): boolean {
    const alone = tenant.held === account.held && tenant.waiting === account.queue.length;
    return alone && tenant.held < this.tenantMost && (account.usual ?? longest) <= (this.bounds.brief ?? -1);
  }

  private give(tenant: Tenant<T>, account: Account<T>): void {
    this.held += 1;
    tenant.held += 1;
    account.held += 1;
  }

  private queueUp(ticket: Ticket<T>): void {
    const { tenant, account } = ticket;
    account.queue.push(ticket);
    tenant.waiting += 1;
    this.waiting += 1;
    if (!tenant.turns.has(account.name)) tenant.turns.set(account.name, account);
    if (!this.turns.has(tenant.name)) this.turns.set(tenant.name, tenant);
  }

  /** Takes out of the books what holds nothing and waits for nothing: they never grow with what was. */
  private forget(tenant: Tenant<T>, account: Account<T>): void {
    if (account.queue.length === 0) {
      tenant.turns.delete(account.name);
      if (account.held === 0) tenant.accounts.delete(account.name);
    }
    if (tenant.waiting === 0) this.turns.delete(tenant.name);
    if (tenant.accounts.size === 0) this.tenants.delete(tenant.name);
  }

  private serve(): void {
    for (let next = this.next(); next; next = this.next()) {
      const { tenant, account } = next;
      account.queue.shift();
      tenant.waiting -= 1;
      this.waiting -= 1;
      this.give(tenant, account);
      next.state = "holds";
      // To the end of the ring, where they wait for more.
      tenant.turns.delete(account.name);
      if (account.queue.length > 0) tenant.turns.set(account.name, account);
      this.turns.delete(tenant.name);
      if (tenant.waiting > 0) this.turns.set(tenant.name, tenant);
      this.start(next);
    }
  }

  private next(): Ticket<T> | undefined {
    if (this.held >= this.bounds.capacity) return undefined;
    for (const tenant of this.turns.values()) {
      for (const account of tenant.turns.values()) if (this.mayHold(tenant, account)) return account.queue[0];
    }
    return undefined;
  }
}
