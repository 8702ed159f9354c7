import { accessSync, constants, readdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type EmbeddedPostgres, ensurePostgres } from "./launcher.server.ts";
import { lockHolder } from "./lock.server.ts";
import { runningPostmaster, stopPostmaster } from "./postmaster.server.ts";

const ROOM = 512 * 1024 * 1024;

/**
 * A server for one run of tests: in memory where the machine has room for that, nothing kept. `stop()` removes it; what a
 * killed run left behind is removed by the next.
 */
export async function ensureTestPostgres(): Promise<EmbeddedPostgres> {
  const prefix = `anshi-test-${userInfo().uid}-`;
  const base = memoryFolder() ?? tmpdir();
  await sweep(base, prefix);
  const dataDir = join(base, `${prefix}${process.pid}`);
  rmSync(dataDir, { recursive: true, force: true });
  const server = await ensurePostgres({ dataDir, durable: false });
  const stop = async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...server, stop };
}

function memoryFolder(): string | null {
  try {
    accessSync("/dev/shm", constants.W_OK);
    const { bavail, bsize } = statfsSync("/dev/shm");
    return bavail * bsize > ROOM ? "/dev/shm" : null;
  } catch {
    return null;
  }
}

async function sweep(base: string, prefix: string): Promise<void> {
  for (const name of readdirSync(base)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(base, name);
    try {
      // Younger ones may be just about to take their lock.
      if (lockHolder(path) !== null || Date.now() - statSync(path).mtimeMs < 60_000) continue;
      const cluster = join(path, "postgres");
      const orphan = runningPostmaster(cluster);
      if (orphan !== null) await stopPostmaster(orphan, cluster);
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Another run is sweeping it.
    }
  }
}
