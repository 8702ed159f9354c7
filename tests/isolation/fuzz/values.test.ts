import { expect, it } from "vitest";
import { Dice, mutated } from "./values.ts";

/** What every object and list of this process has. */
const shared = [Reflect.ownKeys(Object.prototype), Reflect.ownKeys(Array.prototype)];

it("whatever the dice say, what is made up can be written down and sent, and the process that makes it up stays as it was", () => {
  const dice = new Dice(402673794);
  const lengths = Array.from({ length: 20_000 }, () => {
    let value: unknown = { list: [1, [], { inner: [] }], text: "x" };
    for (let n = 0; n < 3; n += 1) value = mutated(value, dice);
    return (JSON.stringify(value) ?? "").length;
  });
  expect(Math.max(...lengths)).toBeLessThan(2_000_000);
  expect([Reflect.ownKeys(Object.prototype), Reflect.ownKeys(Array.prototype)]).toEqual(shared);
});
