import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, startMark } from "./process-identity.server.ts";
import { StartError } from "./start-error.ts";

/** Name of the lock in a folder that a process holds. */
export const lockFile = "anshi.lock";

interface Holder {
  pid: number;
  startMark: string | null;
}

export interface DirectoryLock {
  /** Gives the directory free. Harmless when called twice. */
  release(): void;
}

/**
 * Takes a data directory for this process. The lock of a process that is gone (killed, or of an earlier boot) is taken
 * over. Throws StartError when a living process holds it; nothing is changed then.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const path = join(directory, lockFile);
  const mine = JSON.stringify({ pid: process.pid, startMark: startMark(process.pid) } satisfies Holder);
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, mine, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      if (tryLink(draft, path)) return { release: () => release(path, mine) };
      const found = readText(path);
      if (found === null) continue;
      const holder = parse(found);
      if (holder && holds(holder)) {
        throw new StartError(
          `The data directory ${directory} is in use by another Anshi (process ${holder.pid}). Stop that one first, or start this one with another DATA_DIR.`,
        );
      }
      setAside(path, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new StartError(
    `The lock file ${path} keeps changing: several programs start on this data directory at once. Try again.`,
  );
}

/** Who holds the directory, if anybody lives that does. */
export function lockHolder(directory: string): number | null {
  const holder = parse(readText(join(directory, lockFile)) ?? "");
  return holder && holds(holder) ? holder.pid : null;
}

function holds(holder: Holder): boolean {
  if (!isAlive(holder.pid)) return false;
  const mark = startMark(holder.pid);
  return mark === null || holder.startMark === null || mark === holder.startMark;
}

/** A hard link appears whole or not at all, so nobody ever reads half a lock. */
function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "EEXIST") return false;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "EOPNOTSUPP" && code !== "ENOSYS") throw error;
  }
  try {
    // Some network and removable file systems know no hard links.
    writeFileSync(to, readFileSync(from), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead process's lock away, and puts it back when somebody else's new lock was caught instead. */
function setAside(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (readText(aside) !== stale) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string, mine: string): void {
  if (readText(path) === mine) rmSync(path, { force: true });
}

function parse(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !("pid" in value) || typeof value.pid !== "number") return null;
    const mark = "startMark" in value && typeof value.startMark === "string" ? value.startMark : null;
    return { pid: value.pid, startMark: mark };
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
