import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { type Account, type Binaries, copyBinaries, reaches } from "./binaries.server.ts";
import { StartError } from "./start-error.ts";

/** Used only where the server's account cannot enter the data directory; root alone may write here. */
const SHARED_HOME = "/var/lib/anshi";

export interface Place {
  /** The cluster itself (PGDATA). */
  cluster: string;
  binaries: Binaries;
  /** Why it is not under the data directory, for the log; null when it is. */
  moved: string | null;
}

/**
 * Where the cluster of a data directory lives. Normally `DATA_DIR/postgres`. Started by root inside a folder that only
 * root may enter (a clone under /root, mode 0700), the server's account could reach neither program nor data: then both
 * are kept under /var/lib/anshi, and `DATA_DIR/postgres.place` says where.
 */
export function findPlace(dataDir: string, account: Account, packaged: Binaries): Place {
  const pointer = join(dataDir, "postgres.place");
  if (existsSync(pointer)) {
    const cluster = readFileSync(pointer, "utf8").trim();
    if (!existsSync(cluster)) {
      throw new StartError(
        `${pointer} names ${cluster}, which is gone. Bring it back, or restore a backup into a new DATA_DIR: npm run restore -- DIR.`,
      );
    }
    return { cluster, binaries: reachable(account, packaged), moved: `kept in ${cluster}` };
  }
  const cluster = join(dataDir, "postgres");
  if (reaches(account, dataDir)) return { cluster, binaries: reachable(account, packaged), moved: null };
  if (existsSync(join(cluster, "PG_VERSION"))) {
    throw new StartError(
      `The database in ${cluster} cannot be reached by the account «${account.name ?? ""}»: a folder above it lets only root in. Move DATA_DIR, or open that folder with chmod o+x.`,
    );
  }
  const elsewhere = join(SHARED_HOME, randomBytes(6).toString("hex"));
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  const place = join(elsewhere, "postgres");
  makeOwned(place, account);
  writeFileSync(pointer, `${place}\n`, { mode: 0o600 });
  return {
    cluster: place,
    binaries: reachable(account, packaged),
    moved: `kept in ${place}, because a folder above ${dataDir} lets only root in`,
  };
}

function reachable(account: Account, packaged: Binaries): Binaries {
  if (reaches(account, packaged.postgres)) return packaged;
  const copy = copyBinaries(packaged, SHARED_HOME);
  if (reaches(account, copy.postgres)) return copy;
  throw new StartError(
    `The account «${account.name ?? ""}» can run PostgreSQL neither from ${packaged.home} nor from ${copy.home}.`,
  );
}

/** The data directory, made if need be, such that the server's account can pass through it but not list it. */
export function prepareDataDir(dataDir: string, account: Account): void {
  try {
    mkdirSync(dirname(dataDir), { recursive: true });
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (account.uid !== undefined) chmodSync(dataDir, 0o711);
  } catch (error) {
    throw new StartError(`DATA_DIR ${dataDir} cannot be made or opened: ${(error as Error).message}`);
  }
}

/** An empty folder that belongs to the server's account alone. */
export function makeOwned(path: string, account: Account): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) chownSync(path, account.uid, account.gid);
}
