import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { accounts, nobody, type Person, product, signIn, signInAnew } from "./setup/person.ts";
import { type SmallWorld, smallWorld } from "./setup/small-world.ts";
import { until } from "./setup/until.ts";
import { visit } from "./setup/visit.ts";

/** A stream as a browser reads it, with when each number came. */
class Stream {
  readonly told: { unread: number; at: number }[] = [];
  over = false;
  status = 0;
  private readonly leaving = new AbortController();
  async open(person: Person): Promise<this> {
    const cookie = person
      .cookies()
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
    const answer = await fetch(`${product().url}/notices/stream`, {
      headers: { cookie, accept: "text/event-stream" },
      signal: this.leaving.signal,
    });
    this.status = answer.status;
    if (answer.status === 200 && answer.body) void this.read(answer.body).catch(() => (this.over = true));
    else await answer.body?.cancel();
    return this;
  }
  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const piece of body as unknown as AsyncIterable<Uint8Array>) {
      const text = decoder.decode(piece);
      const unread = /data: \{"unread":(\d+)\}/.exec(text)?.[1];
      if (unread !== undefined) this.told.push({ unread: Number(unread), at: performance.now() });
      if (text.includes("event: over")) this.over = true;
    }
    this.over = true;
  }
  leave(): void {
    this.leaving.abort();
  }
}
/** From the metrics: streams that the process holds. */
async function held(): Promise<number> {
  const text = await (await fetch(`${product().url}/metrics`)).text();
  return Number(/^anshi_bell_streams (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}

describe("the live bell", () => {
  let w: SmallWorld;
  const streams: Stream[] = [];
  const open = async (person: Person) => {
    const stream = await new Stream().open(person);
    streams.push(stream);
    return stream;
  };
  let survey = "";
  const remind = () => w.people.regulator.post(survey, { intent: "remind" });
  beforeAll(async () => {
    w = await smallWorld();
    survey = `/projects/${w.projectId}/survey`;
    await w.people.officer.post("/notices", { intent: "readAll" });
  });
  afterAll(async () => {
    for (const stream of streams) stream.leave();
    await w?.close();
  });

  it("rings in another browser within a second of the act, beside fifty open streams, and on every page of it by one stream", async () => {
    const before = await held();
    const others = accounts()
      .filter((a) => !["water", "ten"].includes(a.tenant))
      .slice(0, 50);
    for (const one of others) await open(await signInAnew(one.email.replace("@demo.anshi.example", "")));
    await until("fifty streams are held", async () => (await held()) === before + others.length);
    const theirs = await visit(w.people.officer);
    await theirs.go("/");
    await theirs.ready();
    const second = await theirs.context.newPage();
    await second.goto(`${product().url}/notices`, { waitUntil: "load" });
    await until(
      "the browser has one stream for its two pages",
      async () => (await held()) === before + others.length + 1,
    );
    const raw = await open(w.people.officer);
    await until("the stream told where it stands", async () => raw.told.length === 1);
    expect(raw.told[0]?.unread).toBe(0);

    const bell = (page: typeof second) => page.locator('a[href="/notices"] .ui-count').first();
    expect(await bell(second).count()).toBe(0);
    await sleep(1_000);
    const acted = performance.now();
    expect((await remind()).status).toBe(200);
    await until("the stream rang", async () => raw.told.length === 2);
    expect(raw.told[1]?.unread).toBeGreaterThan(0);
    expect((raw.told[1]?.at ?? 0) - acted).toBeLessThan(1_000);
    await bell(theirs.page).waitFor({ timeout: 2_000 });
    await bell(second).waitFor({ timeout: 2_000 });
    // The list that stands open shows it as well, and a reader who sees nothing is told.
    await second.getByText("催报：报送期限").first().waitFor({ timeout: 5_000 });
    expect(await theirs.page.getByRole("status").filter({ hasText: "条未读通知" }).count()).toBe(1);

    // Its holder is closed: the other page goes on by itself.
    await theirs.page.close();
    await until("another page holds it", async () => (await held()) === before + others.length + 2);
    await w.people.officer.post("/notices", { intent: "readAll" });
    await bell(second).waitFor({ state: "detached", timeout: 5_000 });
    expect(raw.told.at(-1)?.unread).toBe(0);
    await theirs.context.close();
    for (const stream of streams.splice(0)) stream.leave();
    await until("those who left are held no more", async () => (await held()) === before);
  });

  it("is nothing to whoever is not signed in, ends with the session, and is bounded for a membership", async () => {
    expect((await open(nobody())).status).toBe(204);
    expect(
      (await nobody().fetch("/notices/stream", { method: "POST", headers: { origin: product().url } })).status,
    ).toBe(405);
    const head = await w.people.officer.fetch("/notices/stream", { method: "HEAD" });
    expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
    const leaver = await signInAnew("editor");
    const mine = await open(leaver);
    const stays = await open(await signIn("editor"));
    await until("both stand", async () => mine.told.length === 1 && stays.told.length === 1);
    await leaver.post("/logout", {});
    // Found by the next look at that membership, at the latest by the beat.
    await until("the stream of who left is over", async () => mine.over);
    expect(stays.over).toBe(false);
    stays.leave();
    await until("it is gone", async () => stays.over);

    const many = [];
    for (let n = 0; n < 13; n += 1) many.push(await open(w.people.officer));
    expect(many.map((s) => s.status)).toEqual([...Array.from({ length: 12 }, () => 200), 503]);
    // A second browser of the same person, and everybody else, are not kept from pages by it.
    expect((await w.people.officer.get("/notices")).status).toBe(200);
  });
});
