import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";

/** Is a process with this number alive? A process of somebody else counts as alive. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // A zombie answers to signal 0 but runs no more.
  return procState(pid) !== "Z";
}

/**
 * When a process started, as an opaque text to compare: a process number alone says little, since numbers come round
 * again after a restart of the machine or the container. `null` when it cannot be told.
 */
export function startMark(pid: number): string | null {
  const stat = procStat(pid);
  // Field 22 of proc_pid_stat(5), in ticks since boot; the boot id tells one boot's ticks from another's.
  if (stat) return `${readText("/proc/sys/kernel/random/boot_id") ?? ""}:${stat[19] ?? ""}`;
  if (process.platform === "linux" || process.platform === "win32") return null;
  return run("ps", ["-o", "lstart=", "-p", String(pid)]);
}

/** What runs under this number: command line, and working directory where the system tells it. */
export function describeProcess(pid: number): { command: string; cwd: string | null } {
  if (process.platform === "linux") {
    const command = (readText(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim();
    try {
      return { command, cwd: readlinkSync(`/proc/${pid}/cwd`) };
    } catch {
      return { command, cwd: null };
    }
  }
  return { command: run("ps", ["-o", "command=", "-p", String(pid)]) ?? "", cwd: null };
}

function procState(pid: number): string | null {
  return procStat(pid)?.[0] ?? null;
}

/** Fields of /proc/PID/stat from the third on: the second, the name, may itself hold blanks and brackets. */
function procStat(pid: number): string[] | null {
  const text = readText(`/proc/${pid}/stat`);
  return text === null ? null : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch {
    return null;
  }
}

function run(command: string, args: string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim() || null;
  } catch {
    return null;
  }
}
