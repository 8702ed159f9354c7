import fc from "fast-check";
import { expect, it } from "vitest";
import { sampled, Tally } from "./refusals.rules.ts";

/** No refusal is lost on its way into a number, in whatever order they are counted, taken and put back. */
it("the numbers add up, with the first and the last time and no more samples than fit", () => {
  const refusal = fc.record({
    method: fc.constantFrom("GET", "POST"),
    path: fc.string({ maxLength: 400 }),
    code: fc.constantFrom("not_found", "not_allowed"),
  });
  const event = fc.record({
    who: fc.constantFrom("a", "b"),
    refusal,
    at: fc.integer({ min: 0, max: 4e12 }),
    putBack: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 60 }), (events) => {
      const tally = new Tally();
      for (const e of events) {
        tally.add(e.who, e.refusal, new Date(e.at));
        if (e.putBack) for (const [who, counted] of tally.take()) tally.put(who, counted);
      }
      const all = new Map(tally.take());
      for (const who of new Set(events.map((e) => e.who))) {
        const own = events.filter((e) => e.who === who);
        const times = own.map((e) => new Date(e.at).toISOString()).toSorted();
        const counted = all.get(who);
        expect(counted).toMatchObject({ further: own.length, from: times[0], to: times.at(-1) });
        expect(counted?.sample.length).toBeLessThanOrEqual(sampled);
        expect(JSON.stringify(counted).length).toBeLessThan(4000 * 2);
      }
      expect(tally.take()).toEqual([]);
    }),
  );
});
