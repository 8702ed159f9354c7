/**
 * Loaded into the product by `--import` (NODE_OPTIONS) when the harness starts it: on SIGUSR2 everything that nobody holds is
 * collected, and what is left is written to ANSHI_LOAD_HOOK/PID.json. The product itself knows nothing of it.
 */
import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread } from "node:worker_threads";

const place = process.env.ANSHI_LOAD_HOOK;
if (place && isMainThread) {
  const measure = async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc");
    // Finalizers run between: what they let go is collected the next time.
    for (let i = 0; i < 3; i += 1) {
      collect();
      await sleep(50);
    }
    const file = path.join(place, `${process.pid}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(process.memoryUsage()));
    renameSync(`${file}.new`, file);
  };
  process.on("SIGUSR2", () => void measure());
}
