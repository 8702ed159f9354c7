import { describe, expect, it } from "vitest";
import { emailOf } from "./mail.server.ts";

describe("an e-mail", () => {
  const email = emailOf({
    lang: "en",
    subject: "Hello\r\nBcc: everybody@example.org",
    before: [`Dear <script>alert("1")</script> & 'co',`],
    link: { label: "Open", url: "https://anshi.example/x?a=1&b=2" },
    after: ["Bye"],
  });
  it("cannot be told another receiver through its subject", () =>
    expect(email.subject).toBe("Hello Bcc: everybody@example.org"));
  it("holds people's words as words", () => {
    expect(email.html).not.toContain("<script");
    expect(email.html).toContain('href="https://anshi.example/x?a=1&#38;b=2"');
  });
  it("says the same as text, loads nothing and names its language", () => {
    expect(email.text).toBe(`Dear <script>alert("1")</script> & 'co',\n\nOpen\nhttps://anshi.example/x?a=1&b=2\n\nBye`);
    expect(email.html).toContain('<html lang="en">');
    expect(email.html).not.toMatch(/<(img|link|script|iframe)|url\(/);
  });
});
