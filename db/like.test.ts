import { expect, it } from "vitest";
import { beginning, containing } from "./like.ts";

it("takes what a reader typed for letters, never for a pattern", () => {
  expect([containing("水厂"), containing("50%_\\")]).toEqual(["%水厂%", String.raw`%50\%\_\\%`]);
  expect(beginning("WLW-GF 001-")).toBe("WLW-GF 001-%");
});
