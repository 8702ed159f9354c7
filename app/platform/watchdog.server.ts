import { Worker } from "node:worker_threads";
import { inFlight } from "./in-flight.server.ts";
import { ListenError } from "./listen.server.ts";
import type { Logger } from "./log.server.ts";
import threadSource from "./watchdog-thread.cjs?raw";

/** How often the loop gives a sign of life, and how often the thread looks for it. */
const everyMs = 100;
/**
 * A process whose loop has stood for so long is ended: nothing of ours takes a tenth of it, statements end after 30 seconds at
 * the database, and everybody who waits has been waiting for two minutes.
 */
const endAfterMs = 120_000;

export interface WatchdogOptions {
  log: Logger;
  /** Loopback only; none without. */
  healthPort?: number | undefined;
  /** A loop that stands longer is a stall. */
  limitMs: number;
  endAfterMs?: number;
  /** Told of each stall when it is over. */
  stalled: (seconds: number) => void;
}

type Said = { up: true } | { failed: string } | { stallMs: number };

/**
 * Watches over the event loop from a thread of its own. The loop's sign of life is a number in shared memory: no message could
 * come from a loop that stands. Resolves when the thread looks on. @throws ListenError when the port cannot be had.
 */
export async function startWatchdog(options: WatchdogOptions): Promise<() => Promise<void>> {
  const beat = new SharedArrayBuffer(8);
  const beats = new BigInt64Array(beat);
  const timer = setInterval(() => Atomics.add(beats, 0, 1n), everyMs);
  timer.unref();
  let over = false;
  let worker = await begin();
  async function begin(): Promise<Worker> {
    const { healthPort, limitMs, log } = options;
    const data = {
      beat,
      running: inFlight.memory,
      healthPort,
      limitMs,
      everyMs,
      endAfterMs: options.endAfterMs ?? endAfterMs,
      logs: log.isLevelEnabled("warn"),
    };
    const made = new Worker(threadSource, { eval: true, workerData: data, execArgv: [], env: {}, name: "watchdog" });
    made.unref();
    await up(made, options);
    made.on("error", (error) => log.error({ err: error }, "the watchdog failed and is started again"));
    made.once("exit", () => {
      if (over) return;
      setTimeout(
        () =>
          void begin().then(
            (next) => (worker = next),
            (error: unknown) => log.error({ err: error }, "the watchdog cannot be started again"),
          ),
        1_000,
      ).unref();
    });
    return made;
  }
  return async () => {
    over = true;
    clearInterval(timer);
    await worker.terminate();
  };
}

function up(worker: Worker, { healthPort, stalled }: WatchdogOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.on("message", (said: Said) => {
      if ("up" in said) resolve();
      else if ("stallMs" in said) stalled(said.stallMs / 1000);
      else
        reject(
          new ListenError(
            `HEALTH_PORT ${healthPort} cannot be had (${said.failed}). Stop the program that holds it, or take another.`,
          ),
        );
    });
    worker.on("error", reject);
  });
}
