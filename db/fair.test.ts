import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bounds, FairShares, halfOf, type Ticket } from "./fair.ts";

/** Whoever presses, the others keep their part: the rules that every gate stands on. */
const bounds: Bounds = { capacity: 10, waitingOfAccount: 50, waitingOfTenant: 100 };

/** What happens to a queue: somebody comes, somebody who holds leaves, somebody who waits gives up. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant("enter" as const),
    tenant: fc.constantFrom("a", "b", "c", "d"),
    account: fc.constantFrom("1", "2", "3"),
  }),
  fc.record({ kind: fc.constant("leave" as const), at: fc.nat(), ms: fc.constantFrom(1, 1, 1, 5000) }),
  fc.record({ kind: fc.constant("giveUp" as const), at: fc.nat() }),
);
interface Who {
  tenant: string;
  account: string;
  no: number;
}
class Play {
  readonly started: Who[] = [];
  readonly all: Ticket<Who>[] = [];
  /** Who gave something back within a moment. */
  readonly brief = new Set<string>();
  readonly shares: FairShares<Who>;
  constructor(readonly of: Bounds) {
    this.shares = new FairShares<Who>(of, (ticket) => this.started.push(ticket.item));
  }
  enter(tenant: string, account: string): Ticket<Who> | null {
    const who = { tenant, account, no: this.all.length };
    const ticket = this.shares.enter({ tenant, account }, who);
    if (!ticket) return null;
    this.all.push(ticket);
    if (ticket.state === "holds") this.started.push(who);
    return ticket;
  }
  leave(ticket: Ticket<Who>, ms: number): void {
    const { tenant, account } = ticket.item;
    if (ticket.state === "holds" && ms <= (this.of.brief ?? -1)) this.brief.add(`${tenant} ${account}`);
    this.shares.leave(ticket, ms);
  }
  in(state: Ticket<Who>["state"]): Ticket<Who>[] {
    return this.all.filter((t) => t.state === state);
  }
  held(by: (who: Who) => boolean): number {
    return this.in("holds").filter((t) => by(t.item)).length;
  }
}

describe("shares", () => {
  it("whatever happens: nobody holds more than their part, and nobody waits who may go", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 120 }), (capacity, steps) => {
        const play = new Play({ capacity, waitingOfAccount: 5, waitingOfTenant: 9, brief: 50 });
        for (const one of steps) {
          if (one.kind === "enter") play.enter(one.tenant, one.account);
          else {
            const from = play.in(one.kind === "leave" ? "holds" : "waits");
            const chosen = from[one.at % Math.max(1, from.length)];
            if (chosen) play.leave(chosen, one.kind === "leave" ? one.ms : 0);
          }
          const holding = play.in("holds");
          expect([play.shares.held, play.shares.waiting]).toEqual([holding.length, play.in("waits").length]);
          expect(holding.length).toBeLessThanOrEqual(capacity);
          for (const { tenant, account } of holding.map((t) => t.item)) {
            const ofTenant = play.held((w) => w.tenant === tenant);
            expect(ofTenant).toBeLessThanOrEqual(halfOf(capacity));
            const ofAccount = play.held((w) => w.tenant === tenant && w.account === account);
            // More than its own part only for whoever has given back in a moment before.
            if (ofAccount > halfOf(halfOf(capacity))) expect(play.brief.has(`${tenant} ${account}`)).toBe(true);
          }
          for (const { tenant, account } of play.in("waits").map((t) => t.item)) {
            const ofTenant = play.held((w) => w.tenant === tenant);
            const ofAccount = play.held((w) => w.tenant === tenant && w.account === account);
            expect(ofTenant < capacity - holding.length && ofAccount < halfOf(capacity) - ofTenant).toBe(false);
            expect(
              play.in("waits").filter((t) => t.item.tenant === tenant && t.item.account === account).length,
            ).toBeLessThanOrEqual(5);
          }
        }
        // Everybody who stays comes to their turn, first come first served inside an account, and nothing is left in the books.
        for (let held = play.in("holds"); held.length > 0; held = play.in("holds"))
          for (const t of held) play.shares.leave(t);
        expect([play.shares.held, play.shares.waiting]).toEqual([0, 0]);
        for (const { tenant, account } of play.started) {
          const order = play.started.filter((w) => w.tenant === tenant && w.account === account).map((w) => w.no);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("one tenant whose every request is stuck leaves half, and a second and a third still find something", () => {
    const play = new Play(bounds);
    for (let i = 0; i < 100; i += 1) play.enter("flood", String(i % 7));
    expect(play.held((w) => w.tenant === "flood")).toBe(5);
    for (const other of ["b", "c", "d"]) expect(play.enter(other, "1")?.state).toBe("holds");
  });

  it("one account does not have its tenant's whole part", () => {
    const play = new Play(bounds);
    for (let i = 0; i < 20; i += 1) play.enter("a", "script");
    expect(play.held((w) => w.account === "script")).toBe(3);
    expect(play.enter("a", "person")?.state).toBe("holds");
  });

  it("an account that gives back in a moment has all of its tenant's part, while nobody of the tenant stands beside it", () => {
    const play = new Play({ ...bounds, brief: 50 });
    const held = () => play.held((w) => w.account === "script");
    const back = (ms: number) => {
      const first = play.in("holds").find((t) => t.item.account === "script");
      if (first) play.leave(first, ms);
    };
    for (let i = 0; i < 40; i += 1) play.enter("a", "script");
    expect(held()).toBe(3);
    back(10);
    expect(held()).toBe(5);
    // A colleague has theirs with the next that comes back, and the others their own part.
    const person = play.enter("a", "person");
    expect(person?.state).toBe("waits");
    for (const other of ["b", "c", "d"]) expect(play.enter(other, "1")?.state).toBe("holds");
    back(10);
    back(10);
    back(10);
    expect(person?.state).toBe("holds");
    expect(held()).toBeLessThanOrEqual(3);
    if (person) play.leave(person, 10);
    // What takes long once is held to an account's part again.
    back(5000);
    back(10);
    expect(held()).toBeLessThanOrEqual(3);
  });

  it("a tenant that comes late waits for one turn of each other, not for all that wait before it", () => {
    const play = new Play({ ...bounds, capacity: 2, waitingOfTenant: 1000, waitingOfAccount: 1000 });
    for (let i = 0; i < 400; i += 1) play.enter(["a", "b"][i % 2] ?? "", "1");
    const late = play.enter("late", "1");
    expect(late?.state).toBe("waits");
    let turns = 0;
    for (; play.in("waits").some((one) => one === late) && turns < 10; turns += 1) {
      const [first] = play.in("holds");
      if (first) play.shares.leave(first);
    }
    expect(late?.state).toBe("holds");
    expect(turns).toBeLessThanOrEqual(3);
  });

  it("a queue has an end", () => {
    const play = new Play({ capacity: 2, waitingOfAccount: 3, waitingOfTenant: 5 });
    const entered = Array.from({ length: 10 }, () => play.enter("a", "1"));
    expect(entered.filter((t) => t === null)).toHaveLength(6);
    expect([play.enter("a", "2")?.state, play.enter("a", "2")?.state, play.enter("a", "2")]).toEqual([
      "waits",
      "waits",
      null,
    ]);
    expect(play.enter("b", "1")?.state).toBe("holds");
  });
});
