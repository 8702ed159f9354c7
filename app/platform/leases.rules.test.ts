import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cut, Lease } from "./leases.rules.ts";

/** What several processes give out together. */
describe("a limit in slices", () => {
  it("is cut into pieces that never make more than it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (limit) => {
        const { size, count } = cut(limit);
        expect(size * count).toBeLessThanOrEqual(limit);
        expect(size * count).toBeGreaterThan(limit - size);
      }),
    );
  });

  it("over any number of processes and any order: never more than the limit but for one borrowed by each, and all of it is given by one alone", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 1500 }),
        (limit, order) => {
          const of = cut(limit);
          let taken = 0;
          const ask = () => {
            taken += 1;
            return { granted: taken <= of.count, msLeft: 1000, remaining: Math.max(0, of.count - taken) };
          };
          const processes = Array.from({ length: Math.max(...order) + 1 }, () => new Lease(of, 1000));
          let given = 0;
          const one = (lease: Lease): boolean => {
            const turn = lease.turn();
            if (turn !== "ask") return turn === "go";
            const borrowed = lease.borrow();
            lease.settle(0, ask());
            return borrowed || one(lease);
          };
          for (const who of order) {
            const lease = processes[who];
            if (lease && one(lease)) given += 1;
          }
          expect(given).toBeLessThanOrEqual(of.size * of.count + processes.length);
          const [alone] = processes;
          if (alone && new Set(order).size === 1) expect(given).toBe(Math.min(order.length, of.size * of.count));
        },
      ),
    );
  });
});
