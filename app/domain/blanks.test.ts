import fc from "fast-check";
import { expect, it } from "vitest";
import { blanksOf, stated } from "./blanks.ts";

it("finds each blank by what is to be stated there, and nothing once all is stated", () => {
  expect(blanksOf("甲。【待填：关系】乙 [To be stated: who led]")).toEqual(["关系", "who led"]);
  expect(blanksOf("【说明】[1]（待填）")).toEqual([]);
  expect(blanksOf("【待填:关系\n[To be stated 无"), "begun and left").toEqual(["关系", "无"]);
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("【待填：甲】", "[To be stated: a]"))), (parts) => {
      const text = parts.join("\n");
      expect(blanksOf(stated(text, () => "已说明"))).toEqual([]);
    }),
  );
});
