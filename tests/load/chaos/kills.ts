import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { commandOf, familyOf, lives } from "../processes.ts";
import type { Own } from "../product.ts";

export const killKinds = ["server", "supervisor", "postmaster", "backend"] as const;
export type KillKind = (typeof killKinds)[number];

const kill = (pid: number | null | undefined): boolean => {
  if (pid === null || pid === undefined || pid <= 1) return false;
  try {
    process.kill(pid, "SIGKILL");
    return true;
  } catch {
    // It had ended by itself.
    return false;
  }
};

/** One of the database's processes that serve the product. */
function backendOf(own: Own): number | null {
  const postmaster = own.postmaster();
  if (postmaster === null) return null;
  const serving = familyOf(postmaster).filter((pid) => commandOf(pid).startsWith("postgres: anshi_"));
  return serving[Math.floor(Math.random() * serving.length)] ?? null;
}

/**
 * Kills what is named, with no warning. Where that leaves nothing that would bring the product back, it is started again as its
 * operator would; where something watches over it, that has to.
 * @returns what was done, null when there is no such process (a product without a supervisor, an outside database)
 */
export async function strike(kind: KillKind, own: Own): Promise<string | null> {
  const [root, server] = [own.root(), own.server()];
  if (kind === "postmaster") return kill(own.postmaster()) ? "postmaster" : null;
  if (kind === "backend") return kill(backendOf(own)) ? "backend" : null;
  if (kind === "supervisor" && (server === null || server === root)) return null;
  const family = familyOf(root);
  if (!kill(kind === "server" ? server : root)) return null;
  if (kind === "server" && server !== root) return "server, its supervisor left to bring it back";
  // What a killed process had started may see that it is alone and end; the database stays, to be taken over.
  const left = family.filter((pid) => pid !== root && !/postgres/.test(commandOf(pid)));
  for (let i = 0; i < 100 && [root, ...left].some(lives); i += 1) await sleep(100);
  for (const pid of left.filter(lives)) kill(pid);
  await own.start();
  return `${kind}, started again`;
}

/** The end of what the product logged, for who must find out why. */
export const lastWords = (own: Own): string => readFileSync(own.log, "utf8").slice(-2000);
