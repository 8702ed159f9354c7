import { expect, it } from "vitest";
import { z } from "zod";
import { choiceOrNull, flag, oneOrMany, orNone, orNull } from "./form-values.ts";

it("takes what is empty for nothing and still checks what is there", () => {
  expect(["", null, undefined, "3"].map((v) => orNone(z.coerce.number()).parse(v))).toEqual([
    undefined,
    undefined,
    undefined,
    3,
  ]);
  expect(["", null, undefined, "x"].map((v) => orNull(z.string()).parse(v))).toEqual([null, null, null, "x"]);
  expect(choiceOrNull(["a", "b"]).safeParse("c").success).toBe(false);
});
it("knows a ticked box and a list of boxes in each form they come in", () => {
  expect(["on", "true", "1", "yes", true, "", "off", false, undefined].map((v) => flag().parse(v))).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  // Said in another way it is not taken for no.
  expect(["TRUE", "Yes", 1, "False", "NO"].map((v) => flag().parse(v))).toEqual([true, true, true, false, false]);
  expect(["是", "否", "x", 2].map((v) => flag().safeParse(v).success)).toEqual([false, false, false, false]);
  expect([undefined, "", "a", ["a", "b"]].map(oneOrMany)).toEqual([[], [], ["a"], ["a", "b"]]);
});
