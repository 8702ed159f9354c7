/**
 * One process at a time: a file that names its holder. Plain Node without packages, for what is done before they are there;
 * `db/embedded/lock.server.ts` does the same for a data directory.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const lookEveryMs = 200;

/** @typedef {{ pid: number, mark: string }} Who `mark`: when it started, since numbers come round again; empty where nobody can tell */

/** @param {number} pid @returns {Who} */
export function whoIs(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const boot = read("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  // Field 22 of proc_pid_stat(5); the second, the name, may itself hold blanks and brackets.
  return { pid, mark: stat === null ? "" : `${boot}:${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]}` };
}

/** @param {Who} who */
export function lives({ pid, mark }) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EPERM") return false;
  }
  // A zombie answers to signal 0 but runs no more.
  if (/\) Z [^)]*$/.test(read(`/proc/${pid}/stat`) ?? "")) return false;
  const now = whoIs(pid).mark;
  return mark === "" || now === "" || mark === now;
}

/**
 * @typedef {object} Turn
 * @property {(pid: number | undefined) => void} with the turn lasts as long as this process too: one that we have started and that would outlive us
 * @property {() => void} end safe to repeat
 */

/**
 * Waits until nobody who lives has the turn, and takes it.
 * @param {string} file
 * @param {(holder: number) => void} [onWait] told once
 * @returns {Promise<Turn>}
 */
export async function takeTurn(file, onWait) {
  let mine = JSON.stringify([whoIs(process.pid)]);
  const draft = `${file}.${process.pid}.new`;
  mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; ; ) {
    writeFileSync(draft, mine);
    const taken = tryLink(draft, file);
    rmSync(draft, { force: true });
    if (taken) break;
    const found = read(file);
    const holder = found === null ? undefined : parse(found).find((who) => lives(who));
    if (holder !== undefined) {
      if (!told) onWait?.(holder.pid);
      told = true;
      await sleep(lookEveryMs);
    } else if (found !== null) setAside(file, found);
  }
  return {
    with(pid) {
      if (pid === undefined) return;
      mine = JSON.stringify([whoIs(process.pid), whoIs(pid)]);
      writeFileSync(draft, mine);
      renameSync(draft, file);
    },
    end() {
      if (read(file) === mine) rmSync(file, { force: true });
    },
  };
}

/** Does nobody who lives have the turn? @param {string} file */
export const isFree = (file) => !parse(read(file) ?? "[]").some((who) => lives(who));

/** A hard link appears whole or not at all, so nobody ever reads half a name. @param {string} from @param {string} to */
function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code ?? "";
    if (code === "EEXIST") return false;
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code)) throw error;
  }
  try {
    // Some network and removable file systems know no hard links.
    writeFileSync(to, readFileSync(from), { flag: "wx" });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves the name of one who is gone away, and puts it back when somebody else's new one was caught instead. @param {string} file @param {string} stale */
function setAside(file, stale) {
  const aside = `${file}.${process.pid}.old`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return;
    throw error;
  }
  if (read(aside) !== stale) tryLink(aside, file);
  rmSync(aside, { force: true });
}

/** @param {string} text @returns {Who[]} nobody where it cannot be read */
function parse(text) {
  try {
    const list = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** @param {string} file @returns {string | null} */
function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
