import { createHmac } from "node:crypto";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";
import { webhookWorld } from "#tests/builders/webhook-world.ts";
import { network } from "#tests/setup/network.ts";
import type { DeliveryOptions } from "./tasks.server.ts";

/* Receivers that answer otherwise than they should, and what becomes of the messages: status, body and order alone. */

const { there, listen, due, stored, jobs, work: workAs, happened: put } = webhookWorld();
const net = network();

interface Heard {
  id: string;
  at: number;
  signature: string;
  body: string;
}
type Answer = (n: number, heard: Heard) => Response;
const status = (code: number, headers: Record<string, string> = {}) =>
  new HttpResponse(null, { status: code, headers });

/** An endpoint of a sector, and all that its receiver hears. */
async function receiver(answer: Answer, url = "https://hooks.example/in") {
  const { secret } = await listen(there().w.sectors[0].lead, [], url);
  const heard: Heard[] = [];
  net.use(
    http.post(url, async ({ request: { headers }, request }) => {
      const of = (name: string) => headers.get(name) ?? "";
      const one = {
        id: of("webhook-id"),
        at: Number(of("webhook-timestamp")),
        signature: of("webhook-signature"),
        body: await request.text(),
      };
      return answer(heard.push(one), one);
    }),
  );
  return { secret, heard };
}
const happened = () => put({ tenantId: there().w.sectors[0].id });
const work = (options: Partial<DeliveryOptions> = {}) => workAs({ targets: "public", ...options });
/** The next attempt, as if its rest were over. */
async function again(options: Partial<DeliveryOptions> = {}) {
  await due();
  await work(options);
}

/** As the published scheme has it, computed here without the library that signs. */
const signatureOf = (secret: string, { id, at, body }: Heard) =>
  `v1,${createHmac("sha256", Buffer.from(secret.slice("whsec_".length), "base64"))
    .update(`${id}.${at}.${body}`)
    .digest("base64")}`;

describe("a receiver under load", () => {
  it("that says for how long is left alone for so long, and has the message then", async () => {
    const { heard } = await receiver((n) => (n === 1 ? status(429, { "retry-after": "600" }) : status(204)));
    const id = await happened();
    await work();
    const [first] = await stored();
    expect(first).toMatchObject({ state: "waiting", attempts: 1, last_status: 429, last_error: "status", free: true });
    expect(Math.abs((first?.rest ?? 0) - 600)).toBeLessThan(5);
    await work();
    expect(heard).toHaveLength(1);
    await again();
    expect(await stored()).toMatchObject([{ state: "delivered", attempts: 2, last_status: 204, last_error: null }]);
    expect(heard.map((one) => one.id)).toEqual([id, id]);
  });

  it("that names an hour of the day is left alone until then; one that names a second is not hurried for", async () => {
    const at = new Date(Date.now() + 1_800_000).toUTCString();
    await receiver((n) => status(503, { "retry-after": n === 1 ? at : "1" }));
    await happened();
    await work();
    expect(Math.abs(((await stored())[0]?.rest ?? 0) - 1_800)).toBeLessThan(10);
    await again();
    // The second rest of the plan is a minute.
    expect(Math.abs(((await stored())[0]?.rest ?? 0) - 60)).toBeLessThan(5);
  });
});

describe("a receiver that fails", () => {
  it("and then does not: every attempt has the same message, signed anew for its own hour", async () => {
    const { heard, secret } = await receiver((n) => status(n < 3 ? 500 : 200));
    const id = await happened();
    // Receivers refuse what was signed more than five minutes ago: the third attempt is a day after the event.
    const hours = [
      new Date("2030-01-01T00:00:00Z"),
      new Date("2030-01-01T06:00:00Z"),
      new Date("2030-01-02T00:00:00Z"),
    ];
    for (const hour of hours) await again({ now: () => hour });
    expect(heard.map((one) => one.at * 1000)).toEqual(hours.map(Number));
    expect(heard.map((one) => one.signature)).toEqual(heard.map((one) => signatureOf(secret, one)));
    expect(new Set(heard.map((one) => one.body)).size).toBe(1);
    expect(heard.map((one) => one.id)).toEqual([id, id, id]);
    expect(await stored()).toMatchObject([{ state: "delivered", attempts: 3, last_status: 200, last_error: null }]);
    await expect.poll(jobs).toEqual([]);
  });

  it("for good is tried eight times, with the rests of the plan, and then let be with its last answer noted", async () => {
    const { heard } = await receiver((n) => status(n === 8 ? 502 : 500));
    await happened();
    const rests = [];
    for (let n = 0; n < 8; n += 1) {
      await again();
      const [now] = await stored();
      expect(now).toMatchObject({ attempts: n + 1, last_error: "status", free: true, ended: n === 7 });
      if (n < 7) rests.push(now?.rest ?? 0);
    }
    for (const [n, planned] of [5, 60, 300, 1_800, 7_200, 21_600, 43_200].entries())
      expect(Math.abs((rests[n] ?? 0) - planned)).toBeLessThan(5);
    expect(await stored()).toMatchObject([{ state: "dead", last_status: 502 }]);
    await again();
    expect(heard).toHaveLength(8);
  });

  it("by ending the connection has no status to note, and the message is sent again", async () => {
    const { heard } = await receiver((n) => (n === 1 ? HttpResponse.error() : status(200)));
    await happened();
    await work();
    expect(await stored()).toMatchObject([
      { state: "waiting", attempts: 1, last_status: null, last_error: "connection", free: true },
    ]);
    await again();
    expect(await stored()).toMatchObject([{ state: "delivered", attempts: 2, last_status: 200, last_error: null }]);
    expect(heard).toHaveLength(2);
  });

  it("in the middle of what it says after a yes has the message: it is not sent twice", async () => {
    const cut = () =>
      new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("rec")),
        pull: (controller) => controller.error(new Error("cut off")),
      });
    const { heard } = await receiver(() => new HttpResponse(cut(), { headers: { "content-length": "8" } }));
    await happened();
    await work();
    await again();
    expect(heard).toHaveLength(1);
    expect(await stored()).toMatchObject([{ state: "delivered", attempts: 1, last_status: 200, ended: true }]);
  });

  it("does not hold up others: who has the message hears it once, and only the one that failed hears it again", async () => {
    const well = await receiver(() => status(200));
    const ill = await receiver((n) => status(n === 1 ? 500 : 200), "https://other.example/in");
    await happened();
    await work();
    await again();
    await again();
    expect([well.heard.length, ill.heard.length]).toEqual([1, 2]);
    expect((await stored()).map((one) => one.state)).toEqual(["delivered", "delivered"]);
  });

  it("at one message hears the next meanwhile, and can put them in order by what they say", async () => {
    const { heard } = await receiver((n) => status(n === 1 ? 503 : 200));
    const first = await happened();
    await work();
    const second = await happened();
    await work();
    await again();
    expect(heard.map((one) => one.id)).toEqual([first, second, first]);
    for (const { id, body } of heard)
      expect(JSON.parse(body)).toMatchObject({ id, data: { version: 3, at: expect.any(String) as string } });
  });
});

describe("a receiver that wants no more, or wants it elsewhere", () => {
  it("is told nothing after 410: neither this message nor the next", async () => {
    const { heard } = await receiver(() => status(410));
    await happened();
    await work();
    expect(await stored()).toMatchObject([{ state: "dead", attempts: 1, last_status: 410, last_error: "gone" }]);
    expect(await there().superuser`select state from webhook_endpoints`).toMatchObject([{ state: "gone" }]);
    await happened();
    await again();
    expect(heard).toHaveLength(1);
    expect(await stored()).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])(
    "is not followed inwards by %i; it is noted, and tried where it was",
    async (code) => {
      const inside: string[] = [];
      net.use(
        http.all("http://169.254.169.254/*", ({ request }) => {
          inside.push(request.url);
          return status(200);
        }),
      );
      const location = "http://169.254.169.254/latest/meta-data/";
      const { heard } = await receiver((n) => (n === 1 ? status(code, { location }) : status(200)));
      await happened();
      await work();
      expect(await stored()).toMatchObject([{ state: "waiting", last_status: code, last_error: "redirect" }]);
      await again();
      expect(await stored()).toMatchObject([{ state: "delivered", attempts: 2 }]);
      expect([heard.length, inside]).toEqual([2, []]);
    },
  );
});
