import { existsSync, realpathSync } from "node:fs";
import { chmod, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Env, readEnv } from "#app/platform/env.server.ts";
import { readManifest } from "#db/backup/folder.server.ts";
import { hasCluster, removeCluster } from "#db/backup/cluster.server.ts";
import { findBinaries, serverAccount } from "#db/embedded/binaries.server.ts";
import { findPlace } from "#db/embedded/cluster-place.server.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { makeBackup } from "./backup.server.ts";
import { restoreBackup } from "./restore.server.ts";
import { below } from "./stored.server.ts";
import { type Findings, isSound } from "./verify.server.ts";

/*
 * The backup that was never restored is a hope. Here it is made and restored beside the running system, which notices
 * nothing; then again with a file taken away and with a byte changed, to see that both are told.
 */

export interface Drilled {
  steps: { name: string; ms: number; result: string; good: boolean }[];
  findings: Findings | null;
  sha256: string;
}

/** @param env of the system that is backed up. @param say told what begins. */
export async function drillRestore(env: Env, say: (line: string) => void, signal?: AbortSignal): Promise<Drilled> {
  // The server's account must be able to enter it, where it is another than ours.
  const aside = await mkdtemp(join(tmpdir(), "anshi-drill-"));
  await chmod(aside, 0o711);
  const steps: Drilled["steps"] = [];
  const step = async (name: string, work: () => Promise<{ result: string; good: boolean }>) => {
    say(name);
    const begun = performance.now();
    const { result, good } = await work();
    steps.push({ name, ms: performance.now() - begun, result, good });
  };
  const dir = join(aside, "backup");
  const elsewhere = (name: string): Env =>
    readEnv({ DATA_DIR: join(aside, name), ANSHI_DEMO: "0", PG_BIN: env.PG_BIN });
  let sha256 = "";
  let findings: Findings | null = null;
  try {
    await step("backup of the running system", async () => {
      const made = await makeBackup({
        env,
        dir,
        files: true,
        dump: false,
        say: () => undefined,
        ...(signal ? { signal } : {}),
      });
      sha256 = made.sha256;
      return {
        result: `${made.files} files, ${Math.ceil(made.bytes / 1024 / 1024)} MB`,
        good: made.amiss.length === 0,
      };
    });
    await step("restored elsewhere and verified", async () => {
      findings = (await restoreBackup({ env: elsewhere("whole"), dir, sha256, say: () => undefined })).findings;
      return {
        result: `${findings.rows} rows, ${findings.chains} chains with ${findings.entries} entries, ${findings.stored} files: ${isSound(findings) ? "all equal" : "not all equal"}`,
        good: isSound(findings),
      };
    });
    await lossOf(dir, step, elsewhere);
    return { steps, findings, sha256 };
  } finally {
    for (const name of ["whole", "damaged", "changed"]) await swept(join(aside, name));
    await rm(aside, { recursive: true, force: true });
  }
}

type Step = (name: string, work: () => Promise<{ result: string; good: boolean }>) => Promise<void>;

/** The second pass: a file less, which must be named while all the rest comes back; and a changed byte, which must stop it. */
async function lossOf(dir: string, step: Step, elsewhere: (name: string) => Env): Promise<void> {
  const manifest = await readManifest(dir);
  const victim =
    manifest.files.find((f) => f.path.startsWith(`${below}/kept/`)) ??
    manifest.files.find((f) => f.path.startsWith(`${below}/`));
  if (victim) {
    await rm(join(dir, victim.path));
    await step(`the same without ${victim.path.split("/").at(-1) ?? ""}`, async () => {
      const { amiss, counts } = (await restoreBackup({ env: elsewhere("damaged"), dir, say: () => undefined }))
        .findings;
      const named =
        amiss.length === 1 &&
        `${below}/${amiss[0]?.path ?? ""}` === victim.path &&
        amiss[0]?.problem === "missing" &&
        counts.length === 0;
      return { result: named ? "back but for this file, which is named" : `${amiss.length} files named`, good: named };
    });
  }
  const largest = manifest.files.filter((f) => f !== victim).sort((a, b) => b.bytes - a.bytes)[0];
  if (!largest) return;
  await flipByte(join(dir, largest.path), Math.floor(largest.bytes / 2));
  await step(`a byte of ${largest.path} changed`, async () => {
    const refusal = await restoreBackup({ env: elsewhere("changed"), dir, say: () => undefined }).then(
      () => "it was restored as if nothing were",
      (error: unknown) => {
        if (error instanceof StartError) return error.message;
        throw error;
      },
    );
    const named = refusal.includes(`${largest.path} was changed`);
    return { result: named ? "refused before anything was written" : refusal, good: named };
  });
}

async function flipByte(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
    buffer[0] = (buffer[0] ?? 0) ^ 1;
    await file.write(buffer, 0, 1, at);
  } finally {
    await file.close();
  }
}

/** A throw-away data directory, with a cluster that may lie elsewhere. */
async function swept(dataDir: string): Promise<void> {
  if (!existsSync(dataDir) || !hasCluster(dataDir)) return;
  await removeCluster(dataDir, findPlace(realpathSync(dataDir), serverAccount(), await findBinaries()));
}
