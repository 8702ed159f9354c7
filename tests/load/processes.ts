import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/* Who is who among the processes that we started, read from /proc (Linux). */

const numbers = (): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((n) => n > 0);

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    // It ended meanwhile.
    return "";
  }
}
const field = (pid: number, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(statusOf(pid))?.[1] ?? Number.NaN);

/** Bytes of memory in use by the process itself, shared pages included. */
export const residentOf = (pid: number): number => field(pid, "VmRSS") * 1024;

export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

/** The process and all that it started, and those started, that still live. */
export function familyOf(root: number): number[] {
  const parents = new Map(numbers().map((pid) => [pid, field(pid, "PPid")]));
  const family = new Set([root]);
  for (let grown = true; grown; ) {
    const before = family.size;
    for (const [pid, parent] of parents) if (family.has(parent)) family.add(pid);
    grown = family.size > before;
  }
  return [...family].filter((pid) => parents.has(pid));
}

/** Which of the processes listens on the TCP port; null when none does. */
export function listenerOn(port: number, among: readonly number[]): number | null {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const inodes = new Set(
    ["tcp", "tcp6"].flatMap((name) =>
      readFileSync(`/proc/net/${name}`, "utf8")
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
        .filter((parts) => parts[1]?.endsWith(`:${wanted}`) === true && parts[3] === "0A")
        .map((parts) => `socket:[${parts[9]}]`),
    ),
  );
  const holds = (pid: number): boolean => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => {
        try {
          return inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
        } catch {
          return false;
        }
      });
    } catch {
      return false;
    }
  };
  return among.find(holds) ?? null;
}

/** The first line of PostgreSQL's own file; null when there is none. */
export function postmasterOf(dataDir: string): number | null {
  try {
    const pid = Number(readFileSync(`${dataDir}/postgres/postmaster.pid`, "utf8").split("\n")[0]);
    return pid > 0 && commandOf(pid).includes("postgres") ? pid : null;
  } catch {
    return null;
  }
}

export const lives = (pid: number): boolean => {
  const state = /^State:\s+(\S)/m.exec(statusOf(pid))?.[1];
  return state !== undefined && state !== "Z";
};
