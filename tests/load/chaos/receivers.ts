import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { MailSink } from "#tests/e2e/setup/mail-sink.ts";
import { ask, signIn } from "../people.ts";
import type { Account, Product } from "../product.ts";

/** A receiver of webhooks that counts each message by its id. */
export class Hooks {
  /** How often each `webhook-id` came. */
  readonly seen = new Map<string, number>();
  /** Versions of the object that messages told of. */
  readonly told = new Set<string>();
  private readonly server: Server = createServer((request, response) => {
    let text = "";
    request.on("error", () => response.destroy());
    request.on("data", (part: Buffer) => (text += part.toString()));
    request.on("end", () => {
      const id = String(request.headers["webhook-id"]);
      this.seen.set(id, (this.seen.get(id) ?? 0) + 1);
      this.told.add(text);
      response.writeHead(204).end();
    });
  });
  async open(): Promise<string> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
  get repeated(): number {
    return [...this.seen.values()].filter((n) => n > 1).length;
  }
}

/** Has the sector's messages about pilots sent there. @throws with the page's answer */
export async function subscribe(product: Product, lead: Account, url: string): Promise<void> {
  const cookie = await signIn(product, lead);
  const { membership } = await ask<{ membership: { tenant: { id: string } } }>(product, lead, "/me");
  const form = new URLSearchParams({
    intent: "createEndpoint",
    url,
    description: membership.tenant.id,
    events: "pilot",
  });
  const answer = await fetch(`${product.url}/settings/webhooks`, {
    method: "POST",
    headers: { cookie, origin: product.url, accept: "text/html" },
    body: form,
    redirect: "manual",
  });
  if (answer.status >= 400) throw new Error(`no webhook could be set up: ${answer.status}`);
  await answer.arrayBuffer();
}

/** A mail server that counts letters by address. */
export class Letters {
  private readonly sink = new MailSink();
  open = (): Promise<string> => this.sink.open();
  close = (): Promise<void> => this.sink.close();
  /** Letters by address; one that came again under its Message-ID is one letter, as it is to who reads it. */
  to(): ReadonlyMap<string, number> {
    const found = new Map<string, Set<string>>();
    this.sink.letters.forEach((letter, n) => {
      for (const one of [letter.to ?? []].flat().flatMap((to) => to.value)) {
        const ids = found.get(one.address ?? "") ?? new Set();
        found.set(one.address ?? "", ids.add(letter.messageId ?? String(n)));
      }
    });
    return new Map([...found].map(([address, ids]) => [address, ids.size]));
  }
}
