import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "#tests/setup/free-port.ts";
import { createLogger } from "./log.server.ts";
import { ListenError } from "./listen.server.ts";
import { startWatchdog } from "./watchdog.server.ts";

/* The thread is the real one, on a process of its own whose loop is made to stand: the tests' own must go on. */

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

const thread = new URL("./watchdog-thread.cjs", import.meta.url).pathname;
/** @param work what the main thread does once the watchdog looks on; `stand(ms)` holds the loop */
function watched(work: string, data: Record<string, unknown>) {
  const program = `
    const { Worker } = require("node:worker_threads");
    const beat = new SharedArrayBuffer(8), running = new SharedArrayBuffer(32 * 256);
    setInterval(() => Atomics.add(new BigInt64Array(beat), 0, 1n), 100);
    const note = (slot, what) => { const at = slot * 256; const b = Buffer.from(what); new Uint8Array(running).set(b, at + 16);
      new BigInt64Array(running)[at / 8] = process.hrtime.bigint(); new Int32Array(running)[at / 4 + 2] = b.length; };
    const worker = new Worker(${JSON.stringify(thread)}, { workerData: { beat, running, everyMs: 100, limitMs: 500, endAfterMs: 60_000, logs: true, ...${JSON.stringify(data)} } });
    function standStill(ms) { const end = performance.now() + ms; let n = 0; while (performance.now() < end) n += Math.sqrt(n); return n; }
    worker.on("message", (said) => { if (said.up) setTimeout(() => { ${work} }, 500); else console.log("main heard " + JSON.stringify(said)); });`;
  const child = spawn(process.execPath, ["--eval", program], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
  const lines = () =>
    said
      .split("\n")
      .filter((one) => one.startsWith("{"))
      .map((one) => JSON.parse(one) as Record<string, unknown>);
  return { child, said: () => said, lines };
}
const health = (port: number) =>
  fetch(`http://127.0.0.1:${port}/healthz`).then(
    async (got) => `${got.status} ${await got.text()}`,
    () => "none",
  );

describe("a loop that stands still", () => {
  it("is told while it stands, with what it was at and where; /healthz says so, and is well again afterwards", async () => {
    const healthPort = await freePort();
    const { said, lines } = watched(
      `note(3, "POST /login"); standStill(8_000); setTimeout(() => console.log("main is back"), 1_500);`,
      { healthPort },
    );
    await expect.poll(() => health(healthPort), { timeout: 20_000 }).toBe("200 ok");
    await expect
      .poll(() => lines()[0], { timeout: 20_000 })
      .toMatchObject({ level: "warn", msg: "the event loop stands still", running: [{ what: "POST /login" }] });
    expect(await health(healthPort)).toMatch(/^503 the event loop has stood still for \d/);
    expect(said()).not.toContain("main heard");
    expect(JSON.stringify(lines()[0]?.["stack"])).toContain("standStill");
    await expect.poll(said, { timeout: 20_000 }).toContain("main is back");
    expect(lines().at(-1)).toMatchObject({ level: "warn", msg: "the event loop turns again" });
    expect(said()).toMatch(/main heard \{"stallMs":\d{4}/);
    expect(await health(healthPort)).toBe("200 ok");
  });

  it("for too long ends the process, and the last line says why", async () => {
    const { child, said, lines } = watched(`note(0, "GET /x"); standStill(120_000);`, { endAfterMs: 1_500 });
    const [, signal] = (await once(child, "close")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");
    expect(said()).toMatch(/^anshi-watchdog: the event loop stood for \d+ s$/m);
    expect(lines().at(-1)).toMatchObject({ level: "fatal", running: [{ what: "GET /x" }] });
  });

  it("is not said of a whole process that was stopped for a while", async () => {
    const { child, said, lines } = watched("", {});
    await sleep(2_000);
    child.kill("SIGSTOP");
    await sleep(2_000);
    child.kill("SIGCONT");
    await sleep(1_000);
    expect([lines(), said()]).toEqual([[], ""]);
  });
});

describe("HEALTH_PORT", () => {
  it("that is taken is a reason not to start, by name; nothing listens without one", async () => {
    const port = await freePort();
    const options = { log: createLogger("silent"), limitMs: 1_000, stalled: () => undefined };
    const stop = await startWatchdog({ ...options, healthPort: port });
    expect(await health(port)).toBe("200 ok");
    await expect(startWatchdog({ ...options, healthPort: port })).rejects.toThrow(ListenError);
    await expect(startWatchdog({ ...options, healthPort: port })).rejects.toThrow(
      `HEALTH_PORT ${port} cannot be had (EADDRINUSE)`,
    );
    await stop();
    expect(await health(port)).toBe("none");
  });
});
