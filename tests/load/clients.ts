import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Done, Job, Lane, Sample } from "./lanes.ts";

/** Client processes, started once and used by all parts. */
export interface Clients {
  /** Sends the lanes, each group from a process of its own, all at once. */
  send(job: Omit<Job, "lanes">, groups: readonly (readonly Lane[])[]): Promise<Done>;
  stop(): void;
}

export async function startClients(most = 3): Promise<Clients> {
  const children = await Promise.all(Array.from({ length: most }, startOne));
  return {
    async send(job, groups) {
      if (groups.length > children.length) throw new Error(`${groups.length} groups for ${children.length} clients`);
      const all = await Promise.all(groups.map((lanes, n) => ask(children[n], { ...job, lanes })));
      return {
        samples: all.flatMap((one): Sample[] => one.samples),
        seconds: Math.max(...all.map((one) => one.seconds)),
      };
    },
    stop: () => {
      for (const child of children) child.kill("SIGTERM");
    },
  };
}

async function startOne(): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, "client.ts"), { execArgv: ["--import", "tsx"] });
  await once(child, "message");
  return child;
}

async function ask(child: ChildProcess | undefined, job: Job): Promise<Done> {
  if (child === undefined) throw new Error("no client");
  const over = new AbortController();
  const { signal } = over;
  const answer = once(child, "message", { signal }) as Promise<[Done]>;
  const ended = once(child, "exit", { signal }).then(() => {
    throw new Error("a client process ended");
  });
  child.send(job);
  try {
    const [done] = await Promise.race([answer, ended]);
    return done;
  } finally {
    // Whichever did not come is listened for no longer.
    over.abort();
  }
}
