import { describe, expect, it } from "vitest";
import { emailOf } from "./mail.server.ts";

describe("a letter", () => {
  const letter = emailOf({
    lang: "en",
    subject: "Hello\r\nBcc: everybody@example.org",
    before: [`Dear <script>alert("1")</script> & 'co',`],
    link: { label: "Open", url: "https://anshi.example/x?a=1&b=2" },
    after: ["Bye"],
  });
  it("cannot be told another receiver through its subject", () =>
    expect(letter.subject).toBe("Hello Bcc: everybody@example.org"));
  it("holds people's words as words", () => {
    expect(letter.html).not.toContain("<script");
    expect(letter.html).toContain('href="https://anshi.example/x?a=1&#38;b=2"');
  });
  it("says the same as text, loads nothing and names its language", () => {
    expect(letter.text).toBe(
      `Dear <script>alert("1")</script> & 'co',\n\nOpen\nhttps://anshi.example/x?a=1&b=2\n\nBye`,
    );
    expect(letter.html).toContain('<html lang="en">');
    expect(letter.html).not.toMatch(/<(img|link|script|iframe)|url\(/);
  });
});
