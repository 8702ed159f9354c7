import { afterEach, describe, expect, it } from "vitest";
import { planFixture, REPORT_SIZES, reportFixture, specificationFixture } from "./fixtures.ts";
import { PdfPool, type PdfRenderError } from "./render.server.ts";
import type { PilotPlanData } from "./types.ts";

const pools: PdfPool[] = [];
function pool(options: ConstructorParameters<typeof PdfPool>[0] = {}): PdfPool {
  const made = new PdfPool(options);
  pools.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((made) => made.close()));
});

// Starting a thread from source compiles it first, which a busy machine may take long over.
describe("the pool of PDF workers", { timeout: 120_000 }, () => {
  it("makes documents side by side, the same bytes from each thread", async () => {
    const workers = pool({ workers: 2, recycleAfter: 2 });
    const shares: number[] = [];
    const data = planFixture("zh-CN");
    const results = await Promise.all([
      workers.render("pilotPlan", data, "zh-CN", { onProgress: (share) => shares.push(share) }),
      workers.render("pilotPlan", data, "zh-CN"),
      workers.render("specification", specificationFixture("en"), "en"),
      workers.render("pilotPlan", data, "zh-CN"),
      workers.render("pilotPlan", data, "zh-CN"),
    ]);
    expect(new Set([results[0], results[1], results[3], results[4]].map((result) => result?.sha256)).size).toBe(1);
    expect(results[2]?.pages).toBeGreaterThan(10);
    expect(shares.at(-1)).toBe(1);
  });

  it("rejects a job whose data are wrong and goes on", async () => {
    const workers = pool({ workers: 1 });
    const wrong = { ...planFixture("en"), tasks: [{ name: "x", start: "never", end: "never" }] };
    await expect(workers.render("pilotPlan", wrong, "en")).rejects.toMatchObject({
      name: "PdfRenderError",
      code: "pdf_failed",
    });
    const unsendable = { ...planFixture("en"), goals: [() => "x"] } as unknown as PilotPlanData;
    await expect(workers.render("pilotPlan", unsendable, "en")).rejects.toMatchObject({ code: "pdf_failed" });
    await expect(workers.render("pilotPlan", planFixture("en"), "en")).resolves.toMatchObject({ missing: [] });
  });

  it("stops an aborted job at once and takes the next", async () => {
    const workers = pool({ workers: 1 });
    const stop = new AbortController();
    const long = workers.render("riskReport", reportFixture("zh-CN", REPORT_SIZES.twoHundred), "zh-CN", {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    const next = workers.render("pilotPlan", planFixture("en"), "en");
    await expect(long).rejects.toMatchObject({ code: "pdf_aborted" });
    await expect(next).resolves.toMatchObject({ missing: [] });
  });

  it("refuses what waits when it closes, and finishes what runs", async () => {
    const workers = pool({ workers: 1 });
    const running = workers.render("pilotPlan", planFixture("en"), "en");
    const waiting = workers.render("pilotPlan", planFixture("en"), "en").catch((error: PdfRenderError) => error.code);
    await workers.close();
    expect(await waiting).toBe("pdf_closed");
    expect((await running).pages).toBeGreaterThan(5);
    await expect(workers.render("pilotPlan", planFixture("en"), "en")).rejects.toMatchObject({ code: "pdf_closed" });
  });

  it("leaves the main thread free while a long report is made", async () => {
    const workers = pool({ workers: 1 });
    const begun = performance.now();
    let longest = 0;
    let last = begun;
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    await workers.render("riskReport", reportFixture("zh-CN", REPORT_SIZES.fifty), "zh-CN");
    clearInterval(timer);
    // Against the whole time, not a fixed one: a busy machine slows both.
    expect(longest).toBeLessThan(Math.max(300, (performance.now() - begun) / 3));
  });
});
