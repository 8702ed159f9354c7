import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { copyFile, readdir, readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import postgres from "postgres";
import type { Env } from "#app/platform/env.server.ts";
import { spoolFolder, storageFolder, storageOf } from "#app/platform/storage.server.ts";
import { hasCluster, placeCluster, removeCluster, renewPasswords } from "#db/backup/cluster.server.ts";
import { demandEmpty, findTool, loadDump } from "#db/backup/dump.server.ts";
import { type Complaint, complaintsOf, demandRoom, readManifest } from "#db/backup/folder.server.ts";
import { dumpName, type Manifest, manifestName } from "#db/backup/manifest.ts";
import { type Account, findBinaries, serverAccount } from "#db/embedded/binaries.server.ts";
import { findPlace, type Place, prepareDataDir } from "#db/embedded/cluster-place.server.ts";
import { markRestoring, restoringOf, unmarkRestoring } from "#db/embedded/half-restored.server.ts";
import { type EmbeddedPostgres, ensurePostgres, versionOf } from "#db/embedded/launcher.server.ts";
import { lockDirectory } from "#db/embedded/lock.server.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { readSteps } from "#db/migrate.server.ts";
import { below, isEmptyFolder, putStored } from "./stored.server.ts";
import { type Findings, verifyRestored } from "./verify.server.ts";

/*
 * The way back: every digest is checked before anything is written, the place must be empty, and at the end rows, chains,
 * tree, walls and files are held against the manifest. What is wrong with the backup itself stops it; what was missing in
 * it already is brought back without and named.
 */

export interface RestoreOptions {
  env: Env;
  dir: string;
  /** Of the manifest, as written down when the backup was made. */
  sha256?: string;
  say: (line: string) => void;
  /** Interrupts between two steps: the same restore begins anew then. */
  signal?: AbortSignal;
}
export interface RestoreResult {
  manifest: Manifest;
  findings: Findings;
}

/** What may be in a data directory that a backup is restored into. */
const harmless = new Set(["backups", "anshi.lock", "incoming"]);

/** @throws StartError with one line when nothing was restored. What was amiss after it is in the findings. */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreResult> {
  const { env } = options;
  const say = (line: string) => {
    options.signal?.throwIfAborted();
    options.say(line);
  };
  const dir = resolve(options.dir);
  const manifest = await readManifest(dir, options.sha256);
  await demandKnown(manifest);
  const digest = createHash("sha256")
    .update(await readFile(join(dir, manifestName)))
    .digest("hex");
  const way = env.embedded ? await embeddedWay(manifest, options) : await outsideWay(manifest, options);
  await demandFree(env, digest);
  say(`checking ${manifest.files.length} files against their digests`);
  const gone = await demandWhole(dir, manifest);
  const lock = lockedDir(env.DATA_DIR);
  try {
    markRestoring(env.DATA_DIR, digest);
    if (manifest.stored.included)
      say(
        `${await putStored(storageOf(env), dir, { ...manifest, files: manifest.files.filter((f) => !gone.has(f.path)) }, spoolFolder(env))} evidence files and printed documents are back`,
      );
    if (manifest.files.some((f) => f.path === "demo-accounts.json"))
      await copyFile(join(dir, "demo-accounts.json"), join(env.DATA_DIR, "demo-accounts.json"));
    await way.before?.();
  } finally {
    // The embedded server takes the directory for itself when it starts.
    lock.release();
  }
  const server = await way.database();
  try {
    unmarkRestoring(env.DATA_DIR);
    say("holding what is back against the manifest");
    const ownerUrl = server?.urls.owner ?? env.DATABASE_OWNER_URL ?? "";
    return {
      manifest,
      findings: await verifyRestored({ manifest, ownerUrl, storage: storageOf(env), folder: storageFolder(env) }),
    };
  } finally {
    await server?.stop();
  }
}

/**
 * Every file has its digest. One of evidence that is not there at all does not keep the rest from coming back: it is named
 * at the end. @returns such files. @throws StartError for anything else.
 */
async function demandWhole(dir: string, manifest: Manifest): Promise<ReadonlySet<string>> {
  const complaints = await complaintsOf(dir, manifest);
  const mayLack = (c: Complaint) => c.missing && c.path.startsWith(`${below}/`);
  const grave = complaints.filter((c) => !mayLack(c));
  const [first] = grave;
  if (!first) return new Set(complaints.map((c) => c.path));
  const more = grave.length > 5 ? `; and ${grave.length - 5} more` : "";
  const remedy = first.path.startsWith(`${below}/`)
    ? " Take an older backup, or remove the changed file from this one: then all the rest is restored and the file named as missing."
    : " Take an older backup.";
  throw new StartError(
    `The backup is damaged and nothing was restored: ${grave
      .slice(0, 5)
      .map((c) => c.what)
      .join("; ")}${more}.${remedy}`,
  );
}

/** The data directory, ours alone for the time of the restore. */
function lockedDir(dataDir: string) {
  prepareDataDir(dataDir, serverAccount());
  return lockDirectory(realpathSync(dataDir));
}

/** @throws StartError for a backup of a newer release, or of one that is not this product's past. */
async function demandKnown(manifest: Manifest): Promise<void> {
  const steps = await readSteps();
  for (const [i, one] of manifest.migrations.entries()) {
    const step = steps[i];
    if (!step)
      throw new StartError(
        `The backup is of a newer release (${manifest.product}, migration ${one.tag}) than this one: restore it with that release.`,
      );
    if (step.sha256 !== one.sha256)
      throw new StartError(
        `The backup's migration ${one.tag} is not the one of this release: restore it with the release that made it (${manifest.product}).`,
      );
  }
}

/** @throws StartError where something is that a restore would mix with. */
async function demandFree(env: Env, digest: string): Promise<void> {
  const half = existsSync(env.DATA_DIR) ? restoringOf(env.DATA_DIR) : null;
  if (half !== null && half !== digest)
    throw new StartError(
      `Another backup was being restored into ${env.DATA_DIR} and was interrupted. Go on with that one, or name an empty DATA_DIR.`,
    );
  if (env.embedded) {
    const there = existsSync(env.DATA_DIR) ? (await readdir(env.DATA_DIR)).filter((name) => !harmless.has(name)) : [];
    if (half === null && there.length > 0)
      throw new StartError(
        `${env.DATA_DIR} is not empty (${there.slice(0, 4).join(", ")}): a backup is restored into a new DATA_DIR.`,
      );
  } else await demandEmpty(env.DATABASE_OWNER_URL ?? "");
  const folder = storageFolder(env);
  if (half === null && folder !== null && !(await isEmptyFolder(folder)))
    throw new StartError(`${folder} is not empty: files are restored into a new folder.`);
}

interface Way {
  /** Under the directory's lock. */
  before?(): Promise<void>;
  /** @returns the embedded server, running; null where the server is not ours. */
  database(): Promise<EmbeddedPostgres | null>;
}

async function embeddedWay(manifest: Manifest, { env, dir, say }: RestoreOptions): Promise<Way> {
  const [account, packaged] = [serverAccount(), await findBinaries()];
  const major = versionOf(packaged);
  const start = () => ensurePostgres({ dataDir: env.DATA_DIR, onPhase: say, restoring: true });
  const place = (): Place => findPlace(realpathSync(env.DATA_DIR), account, packaged);
  if (manifest.kind === "dump") {
    const tool = findTool("pg_restore", manifest.tool ?? manifest.server.major, env.PG_BIN);
    demandServer(manifest, major, tool.major);
    return {
      before: () => cleared(env.DATA_DIR, place),
      async database() {
        const server = await start();
        try {
          say(`loading the dump (pg_restore ${tool.major})`);
          await loadDump(tool, server.urls.owner, join(dir, dumpName));
          return server;
        } catch (error) {
          await server.stop();
          throw error;
        }
      },
    };
  }
  if (manifest.server.major !== major)
    throw new StartError(
      `The backup is a copy of PostgreSQL ${manifest.server.major}, this release has ${major}: restore it with the release that made it (${manifest.product}), and take a dump there (npm run backup -- DIR --dump).`,
    );
  const here = `${process.platform}-${process.arch}`;
  if (manifest.server.platform !== here)
    throw new StartError(
      `The backup is a copy made on ${manifest.server.platform}, which a server on ${here} cannot read. Restore it there, and take a dump (npm run backup -- DIR --dump).`,
    );
  return {
    before: () => broughtBack(manifest, { env, dir, say }, { place, account }),
    database: start,
  };
}

async function broughtBack(
  manifest: Manifest,
  { env, dir, say }: RestoreOptions,
  { place, account }: { place: () => Place; account: Account },
): Promise<void> {
  await cleared(env.DATA_DIR, place);
  const to = place();
  await demandRoom(
    env.DATA_DIR,
    manifest.files.reduce((sum, f) => sum + f.bytes, 0),
    "the backup",
  );
  say("copying the database to its place");
  await placeCluster(resolve(dir), manifest, to, account);
  say("replaying its log, and giving its roles new passwords");
  await renewPasswords(realpathSync(env.DATA_DIR), to, account);
}

/** What an interrupted restore left behind. */
async function cleared(dataDir: string, place: () => Place): Promise<void> {
  if (hasCluster(dataDir)) await removeCluster(dataDir, place());
  await rm(join(dataDir, "postgres.new"), { recursive: true, force: true });
}

async function outsideWay(manifest: Manifest, { env, dir, say }: RestoreOptions): Promise<Way> {
  if (env.DATABASE_OWNER_URL === undefined)
    throw new StartError(
      "DATABASE_OWNER_URL must be set to restore into a server of your own: an empty database that anshi_owner owns (deploy/roles.sh).",
    );
  if (manifest.kind === "cluster")
    throw new StartError(
      "The backup is a copy of the embedded server. Restore it without DATABASE_URL into a new DATA_DIR, or take a dump of it (npm run backup -- DIR --dump) for a server of your own.",
    );
  const tool = findTool("pg_restore", manifest.tool ?? manifest.server.major, env.PG_BIN);
  const sql = postgres(env.DATABASE_OWNER_URL, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql<{ major: number; roles: number }[]>`
      select current_setting('server_version_num')::integer / 10000 as major, (select count(*)::int from pg_roles where rolname in ('anshi_app', 'anshi_auth')) as roles`;
    if (row?.roles !== 2)
      throw new StartError("The server has no roles anshi_app and anshi_auth: run deploy/roles.sh first.");
    demandServer(manifest, row.major, tool.major);
  } finally {
    await sql.end({ timeout: 5 });
  }
  return {
    async database() {
      say(`loading the dump (pg_restore ${tool.major})`);
      await loadDump(tool, env.DATABASE_OWNER_URL ?? "", join(dir, dumpName));
      return null;
    },
  };
}

/** @throws StartError for a server that is older than the dump, or that this pg_restore does not speak to. */
function demandServer(manifest: Manifest, major: number, tool: number): void {
  if (major < manifest.server.major)
    throw new StartError(
      `The dump is of PostgreSQL ${manifest.server.major}, this server is ${major}: a dump is restored into the same release or a newer one.`,
    );
  // From 17 on pg_restore sets transaction_timeout, which older servers do not know.
  if (tool >= 17 && major < 17)
    throw new StartError(
      `pg_restore ${tool} cannot restore into PostgreSQL ${major}: make the backup with postgresql-client-${major} there, or restore into 17 or newer.`,
    );
}

/** The embedded database gets new passwords where `postgres.json` was lost; all that is in it stays. */
export async function restorePasswords(env: Env): Promise<void> {
  if (!env.embedded || !hasCluster(env.DATA_DIR))
    throw new StartError(`There is no embedded database in ${env.DATA_DIR}.`);
  const lock = lockDirectory(realpathSync(env.DATA_DIR));
  try {
    const account = serverAccount();
    await renewPasswords(
      realpathSync(env.DATA_DIR),
      findPlace(realpathSync(env.DATA_DIR), account, await findBinaries()),
      account,
    );
  } finally {
    lock.release();
  }
}
