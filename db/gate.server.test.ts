import { describe, expect, it } from "vitest";
import { Busy, Gate, type Leave } from "./gate.server.ts";

const gate = (patienceMs = 5_000) =>
  new Gate({ name: "test", capacity: 2, spare: 1, waitingOfAccount: 2, waitingOfTenant: 4, patienceMs });
const a = { tenant: "a", account: "1" };
const asker = (signal?: AbortSignal) => ({ address: "", signal: () => signal });
const inAtOnce = (entered: Leave | Promise<Leave>): Leave => {
  if (typeof entered !== "function") throw new Error("waits");
  return entered;
};

describe("a gate", () => {
  it("lets in at once where there is room, and the next one when somebody leaves", async () => {
    const g = gate();
    const first = inAtOnce(g.enter(a));
    const second = g.enter(a, asker());
    expect(typeof second).not.toBe("function");
    inAtOnce(g.enter({ tenant: "b", account: "1" }))();
    first();
    first();
    (await second)();
    expect([g.state.held, g.state.waiting]).toEqual([0, 0]);
  });

  it("turns away who waits too long, who left, and who finds the queue full; whoever comes later is not held up by them", async () => {
    const g = gate(20);
    const leave = inAtOnce(g.enter(a));
    await expect(g.enter(a, asker())).rejects.toMatchObject({ name: "Busy", why: "late" });
    const gone = new AbortController();
    const waits = g.enter(a, asker(gone.signal));
    gone.abort();
    await expect(waits).rejects.toMatchObject({ why: "gone" });
    await expect(g.enter(a, asker(AbortSignal.abort()))).rejects.toMatchObject({ why: "gone" });
    const patient = [g.enter(a), g.enter(a)];
    expect(() => g.enter(a)).toThrow(Busy);
    expect(g.state.turnedAway).toEqual({ full: 1, late: 1, gone: 2 });
    leave();
    (await patient[0])?.();
    (await patient[1])?.();
    expect(g.state).toMatchObject({ held: 0, waiting: 0 });
  });

  it("a program waits without a limit, and what fails gives back", async () => {
    const g = gate(1);
    await expect(g.run(a, () => Promise.reject(new Error("work failed")))).rejects.toThrow("work failed");
    expect(await Promise.all([1, 2, 3].map((n) => g.run(a, async () => n)))).toEqual([1, 2, 3]);
  });

  it("who holds one takes a second aside, so that no two wait for each other", async () => {
    const g = gate(5_000);
    const firsts = [g.enter(a), g.enter({ tenant: "b", account: "1" })].map(inAtOnce);
    const second = inAtOnce(g.enter(a, asker(), true));
    const other = g.enter({ tenant: "b", account: "1" }, asker(), true);
    second();
    (await other)();
    for (const leave of firsts) leave();
    expect(g.state.held).toBe(0);
  });
});
