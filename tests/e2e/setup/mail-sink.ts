import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** Who is killed while they hand a letter in has not handed it in, and tries again. */
const gone = Symbol("gone");

/** A mail server that keeps what it is given. `refuse`: answers 451 so many times first. */
export class MailSink {
  readonly letters: ParsedMail[] = [];
  refuse = 0;
  tried = 0;
  /** Addresses that the server does not know. */
  readonly unknown = new Set<string>();
  private readonly server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onRcptTo: ({ address }, _session, done) =>
      done(this.unknown.has(address) ? Object.assign(new Error("no such user here"), { responseCode: 550 }) : null),
    onData: (stream, _session, done) => {
      this.tried += 1;
      const answer = async () => {
        const taken = await this.take(stream).catch(() => gone);
        if (typeof taken !== "symbol") done(taken);
      };
      void answer();
    },
  });

  constructor() {
    this.server.on("error", () => undefined);
  }

  private async take(stream: Readable): Promise<Error | null> {
    const letter = await simpleParser(stream);
    if (this.refuse === 0) {
      this.letters.push(letter);
      return null;
    }
    this.refuse -= 1;
    return Object.assign(new Error("try again later"), { responseCode: 451 });
  }

  async open(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server.server, "listening");
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }
  /** The newest letter to somebody with these words in its subject; waits for it. */
  async letter(to: string, subject: RegExp): Promise<ParsedMail> {
    for (let left = 100; left > 0; left -= 1) {
      const found = this.letters.findLast((one) => addresses(one).includes(to) && subject.test(one.subject ?? ""));
      if (found) return found;
      await sleep(100);
    }
    throw new Error(
      `no letter to ${to}; there are ${this.letters.map((one) => `${addresses(one).join()} «${one.subject ?? ""}»`).join("; ")}`,
    );
  }
}
const addresses = (letter: ParsedMail): string[] =>
  [letter.to ?? []].flat().flatMap((one) => one.value.map((v) => v.address ?? ""));

/** The link of a letter, as path and query. */
export function linkIn(letter: ParsedMail): string {
  const found = /https?:\/\/\S+/.exec(letter.text ?? "")?.[0];
  if (found === undefined) throw new Error(`no link in ${letter.text ?? ""}`);
  const url = new URL(found);
  return `${url.pathname}${url.search}`;
}
