import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trimEnd, trimEnds } from "./trim.ts";

describe("the ends of a text", () => {
  it("lose what is named and nothing else", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "/", ".", " ") }), (text) => {
        expect(trimEnd(text, "/")).toBe(text.replace(/\/+$/, ""));
        expect(trimEnds(text, " .")).toBe(text.replace(/^[ .]+/, "").replace(/[ .]+$/, ""));
      }),
    );
  });
});
