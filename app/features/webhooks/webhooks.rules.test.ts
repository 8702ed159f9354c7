import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPublicAddress, send } from "./deliver.server.ts";
import {
  after,
  askedRest,
  bodyOf,
  hears,
  judge,
  restAfter,
  retryAfter,
  signingSecrets,
  type ToldEvent,
} from "./webhooks.rules.ts";
import { addressFault } from "./webhooks.schema.ts";

const mostAttempts = retryAfter.length + 1;
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const tenant = fc.constantFrom("a", "b");
const site = fc.constantFrom("s", "t", null);
const machine = fc.constantFrom("project", "pilot", "document", "specification");
const event: fc.Arbitrary<ToldEvent> = fc.record({
  tenantId: tenant,
  id: fc.uuid(),
  seq: fc.nat(),
  machine,
  objectId: fc.uuid(),
  projectId: fc.option(fc.uuid()),
  siteId: site,
  national: fc.boolean(),
  type: fc.string(),
  fromState: fc.string(),
  toState: fc.string(),
  at: fc.date({ noInvalidDate: true }),
});
const listener = fc.record({
  tenantId: tenant,
  siteId: site,
  scope: fc.constantFrom("site" as const, "sector" as const, "national" as const),
  state: fc.constantFrom("active", "paused", "gone"),
  events: fc.array(machine),
});

describe("who hears an event", () => {
  it("is never another sector, and another site never hears", () => {
    fc.assert(
      fc.property(listener, event, (l, e) => {
        if (!hears(l, e)) return;
        expect(l.state).toBe("active");
        if (l.tenantId !== e.tenantId) expect(l.scope === "national" && e.national).toBe(true);
        if (l.scope === "site") expect(l.siteId !== null && l.siteId === e.siteId).toBe(true);
        if (l.events.length > 0) expect(l.events).toContain(e.machine);
      }),
    );
  });
});

describe("retries", () => {
  it("rest longer and longer, within a fifth of the plan, and end", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), chance, chance, (n, a, b) => {
        const rest = restAfter(n, a);
        if (n >= mostAttempts) {
          expect(rest).toBeNull();
          return;
        }
        const base = retryAfter[n - 1] ?? 0;
        expect(Math.abs((rest ?? 0) - base)).toBeLessThanOrEqual(base / 5);
        const next = restAfter(n + 1, b);
        if (next !== null) expect(next).toBeGreaterThan(rest ?? 0);
      }),
    );
  });
  it("rest as long as a receiver under load asks, never shorter than planned, never past half a day", () => {
    const now = new Date("2015-06-30T08:00:00Z");
    const rested = (status: number, header: string | undefined) =>
      after(judge({ status, restMs: askedRest(status, header, now) }), { attempts: 2, kind: "event", chance: 0.5 });
    const waits = (restMs: number) => ({ state: "waiting", restMs });
    expect(rested(429, "600")).toEqual(waits(600_000));
    expect(rested(503, "Tue, 30 Jun 2015 09:00:00 GMT")).toEqual(waits(3_600_000));
    for (const header of ["5", "0", "-5", "soon", "", "Tue, 30 Jun 2015 07:00:00 GMT", undefined])
      expect([header, rested(429, header)]).toEqual([header, waits(60_000)]);
    for (const header of ["999999999", "Wed, 30 Jun 2055 08:00:00 GMT", "9".repeat(400)])
      expect(rested(429, header)).toEqual(waits(12 * 3_600_000));
    // Elsewhere the header means something else, or nothing: a redirect that is not followed has no rest to ask for.
    for (const status of [301, 500, 502]) expect(rested(status, "600")).toEqual(waits(60_000));
  });
  it("are made of whatever did not arrive; a test and 410 are never repeated", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.integer({ min: 1, max: mostAttempts }),
        chance,
        (status, attempts, c) => {
          const verdict = judge({ status, restMs: null });
          const arrived = status >= 200 && status < 300;
          expect(verdict.kind === "delivered").toBe(arrived);
          const then = after(verdict, { attempts, kind: "event", chance: c });
          expect(then.state).toBe(
            arrived ? "delivered" : status === 410 || attempts === mostAttempts ? "dead" : "waiting",
          );
          expect(after(verdict, { attempts, kind: "test", chance: c }).state).toBe(arrived ? "delivered" : "dead");
        },
      ),
    );
  });
});

it("a message tells ids and states, nothing else", () => {
  fc.assert(
    fc.property(event, (e) => {
      const { data } = bodyOf(e.id, e, new Date(0));
      expect(data).toEqual({
        machine: e.machine,
        objectId: e.objectId,
        projectId: e.projectId,
        event: e.type,
        from: e.fromState,
        to: e.toState,
        version: e.seq,
        at: e.at.toISOString(),
      });
    }),
  );
});

it("the former secret signs until its hour and not after", () => {
  const endpoint = { secret: "n", previousSecret: "o", previousUntil: new Date(1000) };
  expect(signingSecrets(endpoint, new Date(999))).toEqual(["n", "o"]);
  expect(signingSecrets(endpoint, new Date(1000))).toEqual(["n"]);
});

describe("addresses", () => {
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:a00:1",
    "::7f00:1",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "fe80::1",
    "fd00::1",
    "fc00::1",
    "ff02::1",
    "2001:db8::1",
    "not an address",
  ])("%s is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  it.each(["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"])("%s is public", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    "https://127.1/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://[::ffff:7f00:1]/",
    "http://hooks.example/",
    "https://a:b@hooks.example/",
    "ftp://hooks.example/",
  ])("%s is not connected to", async (url) => {
    const answer = await send(
      { url, id: "x", body: "{}", secrets: [] },
      { targets: "public", now: new Date(0), signal: new AbortController().signal },
    );
    expect(answer).toEqual({ error: "refused_target" });
  });
  it("without TLS are taken only where any target is", () => {
    expect(addressFault("http://127.0.0.1:9/", true)).toBeNull();
    expect(addressFault("http://127.0.0.1:9/", false)).toBe("error_webhook_https");
  });
});
