import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callerOf, createTurns, waitsForNobody } from "./turns.server.ts";

/** A loop whose rounds the test counts. */
function byHand() {
  let waiting: (() => void)[] = [];
  return {
    later: (run: () => void) => void waiting.push(run),
    /** One round: what was asked for before it. Then everything that was resolved has run. */
    async round(): Promise<boolean> {
      const now = waiting;
      waiting = [];
      for (const run of now) run();
      await Promise.resolve();
      await Promise.resolve();
      return now.length > 0;
    },
  };
}

describe("turns", () => {
  it("lets one piece begin each time the loop goes round", async () => {
    const loop = byHand();
    const turns = createTurns(loop.later);
    const begun: number[] = [];
    for (let n = 0; n < 5; n += 1) void turns.take("one").then(() => begun.push(n));
    expect(turns.waiting).toBe(5);
    for (let round = 1; round <= 5; round += 1) {
      await loop.round();
      expect(begun).toHaveLength(round);
    }
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(turns.waiting).toBe(0);
  });

  it("lets somebody who comes with one piece wait for no more than one of each other caller's", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }), async (crowds) => {
        const loop = byHand();
        const turns = createTurns(loop.later);
        for (const [caller, pieces] of crowds.entries())
          for (let n = 0; n < pieces; n += 1) void turns.take(`crowd ${caller}`);
        let rounds = 0;
        const mine: number[] = [];
        void turns.take("me").then(() => mine.push(rounds));
        while (mine.length === 0) {
          rounds += 1;
          await loop.round();
        }
        expect(mine[0]).toBeLessThanOrEqual(crowds.length + 1);
      }),
    );
  });

  it("forgets nobody and nothing, and goes to sleep when nothing waits", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 60 }), async (callers) => {
        const loop = byHand();
        const turns = createTurns(loop.later);
        const begun: string[] = [];
        for (const [n, caller] of callers.entries()) void turns.take(caller).then(() => begun.push(`${caller}${n}`));
        while (await loop.round());
        expect(begun.toSorted()).toEqual(callers.map((caller, n) => `${caller}${n}`).toSorted());
        for (const caller of new Set(callers)) {
          const own = begun.filter((one) => one.startsWith(caller)).map((one) => Number(one.slice(1)));
          expect(own).toEqual(own.toSorted((x, y) => x - y));
        }
        // Awake again for whoever comes later.
        const late = turns.take("late");
        await loop.round();
        await late;
      }),
    );
  });

  it("knows callers apart by token, cookies or address, and lets probes and assets pass", () => {
    expect(callerOf({ authorization: "Bearer x", cookie: "c" }, "::1")).toBe("Bearer x");
    expect(callerOf({ cookie: "c" }, "::1")).toBe("c");
    expect(callerOf({}, "::1")).toBe("::1");
    expect(["/healthz", "/readyz", "/metrics", "/assets/app.css"].every(waitsForNobody)).toBe(true);
    expect(["/", "/healthz/x", "/pilots", "/healthz?x=1"].some(waitsForNobody)).toBe(false);
  });
});
