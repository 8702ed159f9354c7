import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginsAsPage } from "./inspect-text.server.ts";

const comment = fc
  .string({ maxLength: 6 })
  .filter((text) => !text.includes("-->") && !/^-?>/.test(text))
  .map((text) => `<!--${text}-->`);
const before = fc
  .array(fc.oneof(comment, fc.constantFrom(" ", "\n", "\t")), { maxLength: 60 })
  .map((parts) => parts.join(""));

describe("a text that a browser takes for a page or a drawing", () => {
  it("is known by its first tag, whatever comments and space stand before it", () => {
    fc.assert(
      fc.property(
        before,
        fc.constantFrom("", '<?xml version="1.0"?>\n'),
        fc.constantFrom("<html>", "<svg xmlns='x'>", "<s:svg>", "<!DOCTYPE html>", "<BODY>", "<script>"),
        (space, xml, tag) => {
          expect(beginsAsPage(`${xml}${space}${tag}`)).toBe(true);
        },
      ),
    );
  });
  it("is none where something else comes first, found out in one reading: sixty comments are no more than sixty times one", () => {
    fc.assert(
      fc.property(
        before,
        fc.constantFrom("x", "<b>", "<config>", "10:01 <html>", "<!-- never closed <html>", ""),
        (space, text) => {
          expect(beginsAsPage(space + text)).toBe(false);
        },
      ),
    );
  });
  it("reads an empty comment as browsers do", () => {
    expect(beginsAsPage("<!--><svg>")).toBe(true);
  });
});
