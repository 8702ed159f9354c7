import { setTimeout as sleep } from "node:timers/promises";

/** Asks ten times a second for half a minute; an error is a no. @throws with what was waited for */
export async function until(what: string, done: () => Promise<boolean>): Promise<void> {
  for (let n = 0; n < 300; n += 1) {
    if (await done().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`waited in vain until ${what}`);
}
