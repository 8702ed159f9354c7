import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { SMTPServer } from "smtp-server";
import { describe, expect, it } from "vitest";
import { emailOf, isRefusedForGood, openMailer } from "./mail.server.ts";

type Step = "onConnect" | "onMailFrom" | "onRcptTo" | "onData";
/** What sending ends in with a server that refuses at one step. */
async function refusedAt(step: Step, responseCode: number, words: string): Promise<unknown> {
  const refusal = Object.assign(new Error(words), { responseCode });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    [step]: (given: unknown, ...rest: ((error: Error) => void)[]) => {
      if (step === "onData") (given as Readable).resume();
      rest.at(-1)?.(refusal);
    },
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.server.address() as AddressInfo;
  const mailer = openMailer({ SMTP_URL: `smtp://127.0.0.1:${port}`, MAIL_FROM: undefined, BASE_URL: undefined });
  try {
    await mailer?.send("a@b.example", { subject: "s", text: "t", html: "<p>t</p>" }, "id");
    return null;
  } catch (error) {
    return error;
  } finally {
    mailer?.close();
    await new Promise<void>((done) => server.close(done));
  }
}

describe("a server's refusal", () => {
  it.each([
    ["onRcptTo", 550, "5.1.1 no such user", true],
    ["onRcptTo", 451, "try again later", false],
    ["onMailFrom", 553, "sender not taken", true],
    ["onData", 554, "5.7.1 not accepted", true],
    ["onData", 452, "no room", false],
    ["onConnect", 554, "not from there", false],
  ] as const)("at %s with %i %s is for good: %s", async (step, code, words, forGood) => {
    const error = await refusedAt(step, code, words);
    expect(error).toBeInstanceOf(Error);
    expect(isRefusedForGood(error)).toBe(forGood);
  });
  it("that never came is none", () => expect(isRefusedForGood(new Error("connect ECONNREFUSED"))).toBe(false));
});

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
