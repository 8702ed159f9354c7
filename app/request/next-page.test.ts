import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { safeNext } from "./next-page.ts";

describe("the page after signing in", () => {
  it.each(["/projects/1/survey?tab=2#x", "/", "/pilots", "/pilots?q=%E6%B0%B4"])("keeps our own path %s", (path) =>
    expect(safeNext(path)).toBe(path),
  );
  it.each([
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "/x/..//evil.example",
    "/.//evil.example",
    "/\t/evil.example",
  ])("does not follow %j to another site", (path) => expect(safeNext(path)).toBe("/"));
  it.each([null, undefined, "", "evil", "/login?next=/x", "/LOGIN", "/logout"])("leads home from %j", (path) =>
    expect(safeNext(path)).toBe("/"),
  );

  it("stays on our site whatever it is given, and once given back says the same", () => {
    const pieces = fc.constantFrom(
      "/",
      "//",
      "\\",
      ".",
      "..",
      "/..",
      "/.",
      "%2e",
      "%2E%2e",
      "%2f",
      "%5c",
      ":",
      "@",
      "?",
      "#",
      "\t",
      "\n",
      "\r",
      " ",
      "\u0000",
      "\u00a0",
      "\u3000",
      "／",
      "evil.example",
      "http:",
      "javascript:",
      "login",
      "a",
      "b;c",
      "[",
      "]",
      "|",
      "%",
      "&next=",
      "\ud800",
    );
    const path = fc
      .array(
        fc.oneof(
          { weight: 4, arbitrary: pieces },
          { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 4 }) },
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        fc.oneof(
          path,
          path.map((one) => `/${one}`),
        ),
        fc.constantFrom("https://anshi.example", "http://localhost:3000"),
        (asked, base) => {
          const to = safeNext(asked);
          // As a browser takes a Location header, and a link in a page.
          expect(new URL(to, `${base}/login`).origin).toBe(base);
          expect(to).toMatch(/^\/(?![/\\])/);
          expect(safeNext(to)).toBe(to);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
