import { describe, expect, it } from "vitest";
import { safeNext } from "./next-page.ts";

describe("the page after signing in", () => {
  it.each(["/projects/1/survey?tab=2#x", "/", "/pilots"])("keeps our own path %s", (path) => expect(safeNext(path)).toBe(path));
  it.each([null, "", "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/login?next=/x", "/logout", "/\u0000", "evil"])(
    "does not follow %j",
    (path) => expect(safeNext(path)).toBe("/"),
  );
});
