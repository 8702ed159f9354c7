import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, it } from "vitest";
import { slots } from "./slots.server.ts";

it("never runs more at one time than there are places, in order, whatever fails", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.record({ turns: fc.integer({ min: 0, max: 3 }), fails: fc.boolean() }), { maxLength: 20 }),
      async (most, jobs) => {
        const place = slots(most);
        const begun: number[] = [];
        let now = 0;
        let greatest = 0;
        const ends = await Promise.allSettled(
          jobs.map((job, n) =>
            place(async () => {
              begun.push(n);
              now += 1;
              greatest = Math.max(greatest, now);
              for (let i = 0; i < job.turns; i += 1) await turn();
              now -= 1;
              if (job.fails) throw new Error(`job ${n}`);
              return n;
            }),
          ),
        );
        expect(begun).toEqual(jobs.map((_, n) => n));
        expect(greatest).toBeLessThanOrEqual(most);
        expect(ends.map((one) => one.status)).toEqual(jobs.map((job) => (job.fails ? "rejected" : "fulfilled")));
        // Every place was given back.
        await expect(place(() => Promise.resolve("free"))).resolves.toBe("free");
      },
    ),
    { numRuns: 60 },
  );
});
