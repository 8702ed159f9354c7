import { spawn } from "node:child_process";
import { chownSync, existsSync, mkdirSync, realpathSync } from "node:fs";
import { chmod, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { type Account, ids, serverEnvironment } from "../embedded/binaries.server.ts";
import { makeOwned, type Place } from "../embedded/cluster-place.server.ts";
import { clearStalePidFile, freePort, runningPostmaster, stopPostmaster } from "../embedded/postmaster.server.ts";
import { password, type Secrets, SUPERUSER, writePrivate } from "../embedded/secrets.server.ts";
import { StartError } from "../embedded/start-error.ts";
import { type BackupFolder, copyHashed, eachOf, listed } from "./folder.server.ts";
import type { Manifest } from "./manifest.ts";
import { ownTables } from "./facts.server.ts";

/*
 * A copy of the embedded server's files while it works, as PostgreSQL's manual has it («Making a Base Backup Using the Low
 * Level API»): start, copy, stop, and the log in between. A slot keeps that log from being reused. Nothing but Node is
 * needed to make the copy or to bring it back.
 */

const below = "cluster";
/** Made anew by the server itself; what is below them is not copied, the folders are. */
const emptied =
  /^(?:pg_dynshmem|pg_notify|pg_replslot|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans|pg_wal(?:\/(?:archive_status|summaries))?)\//;
const leftOutPart =
  /^(?:postmaster\.(?:pid|opts)|backup_label(?:\.old)?|tablespace_map(?:\.old)?|pg_internal\.init(?:\.?\d+)?|postgresql\.auto\.conf\.tmp)$|^(?:pgsql_tmp|current_logfiles)/;
const leftOut = (name: string): boolean => name.split("/").some((part) => leftOutPart.test(part));
const control = "global/pg_control";

/** Writers wait for the copy's end no longer than this, and the copy for a writer; then it tries again. */
const momentMs = 2000;
const tries = 20;

export interface Moment<T> {
  /** Copies what may be copied while everything goes on. */
  before(): Promise<void>;
  /** In the moment that the copy shows: nobody writes. As short as can be. */
  during(snapshot: postgres.ReservedSql): Promise<void>;
  /** After it; `snapshot` still sees that moment. */
  after(snapshot: postgres.ReservedSql): Promise<T>;
}

/**
 * Copies the running cluster into the folder, such that a server started on it finds the state of one moment.
 * @param url of the superuser on our database. @throws StartError where the server keeps too little log, or never rests.
 */
export async function copyCluster<T>(
  folder: BackupFolder,
  cluster: string,
  url: string,
  moment: Moment<T>,
): Promise<{ result: T; folders: string[] }> {
  const sql = postgres(url, {
    max: 3,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => undefined,
    connection: { application_name: "anshi-backup" },
  });
  try {
    const session = await sql.reserve();
    const first = await begin(session);
    const folders = await copyFiles(folder, cluster);
    await moment.before();
    const { result, last } = await atRest(sql, moment, () => end(session, folder));
    await copyLog(folder, cluster, first, last);
    return { result, folders };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** @returns name of the log's first file that is needed. */
async function begin(session: postgres.ReservedSql): Promise<string> {
  const [found] = await session<
    { wal: string; spaces: number }[]
  >`select current_setting('wal_level') as wal, (select count(*)::int from pg_tablespace) as spaces`;
  if (found?.wal === "minimal")
    throw new StartError("This server writes too little log (wal_level=minimal) to be copied while it runs.");
  if (found?.spaces !== 2)
    throw new StartError(
      "The embedded database has a tablespace of its own, which a copy of its folder does not hold. Back it up as a dump: --dump.",
    );
  const name = `anshi_backup_${process.pid}`;
  await session`select pg_create_physical_replication_slot(${name}, true, true)`;
  const [row] = await session<{ file: string }[]>`select pg_walfile_name(pg_backup_start(${name}, true)) as file`;
  return row?.file ?? "";
}

async function copyFiles(folder: BackupFolder, cluster: string): Promise<string[]> {
  const all = await listed(cluster);
  const folders = all
    .filter((name) => name.endsWith("/") && !(emptied.test(name) && !keptFolder.test(name)) && !leftOut(name))
    .map((name) => name.slice(0, -1));
  const files = all.filter((name) => !name.endsWith("/") && !emptied.test(name) && !leftOut(name) && name !== control);
  await eachOf(files, async (name) => void (await folder.copy(join(cluster, name), `${below}/${name}`)));
  await copyControl(folder, cluster);
  return folders;
}
const keptFolder =
  /^(?:pg_dynshmem|pg_notify|pg_replslot|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans|pg_wal)\/(?:(?:archive_status|summaries)\/)?$/;

/** Last, as pg_basebackup does. The server may be writing it: what is read twice alike was not caught in the middle. */
async function copyControl(folder: BackupFolder, cluster: string): Promise<void> {
  let [bytes, again] = [await readFile(join(cluster, control)), await readFile(join(cluster, control))];
  while (!bytes.equals(again)) [bytes, again] = [again, await readFile(join(cluster, control))];
  await folder.take(`${below}/${control}`, piecesOf(bytes));
}
async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** @returns name of the log's last file that is needed. */
async function end(session: postgres.ReservedSql, folder: BackupFolder): Promise<string> {
  const [stop] = await session<
    { file: string; label: string }[]
  >`select pg_walfile_name(lsn) as file, labelfile as label from pg_backup_stop(false)`;
  if (!stop) throw new Error("pg_backup_stop told nothing");
  await folder.take(`${below}/backup_label`, piecesOf(Buffer.from(stop.label)));
  return stop.file;
}

async function copyLog(folder: BackupFolder, cluster: string, first: string, last: string): Promise<void> {
  const names = (await listed(join(cluster, "pg_wal"))).filter(
    (name) => /^[0-9A-F]{24}$/.test(name) && name >= first && name <= last,
  );
  if (!names.includes(first) || !names.includes(last)) throw new Error(`the log from ${first} to ${last} is not whole`);
  for (const name of names) {
    if (!(await folder.copy(join(cluster, "pg_wal", name), `${below}/pg_wal/${name}`)))
      throw new Error(`${name} of the log went away`);
  }
}

/**
 * The end of the copy falls in a moment in which nobody writes, so that what is counted and which files belong to rows can
 * be told of exactly that state. Who writes then waits, for milliseconds as a rule.
 */
async function atRest<T>(
  sql: postgres.Sql,
  moment: Moment<T>,
  stop: () => Promise<string>,
): Promise<{ result: T; last: string }> {
  const [holder, snapshot] = [await sql.reserve(), await sql.reserve()];
  const tables = (await ownTables(snapshot)).map((t) => `"${t.schema}"."${t.name}"`).join(", ");
  for (let n = 1; ; n += 1) {
    try {
      await holder
        .unsafe(
          `begin; set local lock_timeout = ${momentMs}; set local deadlock_timeout = 50; lock table ${tables} in share mode`,
        )
        .simple();
      break;
    } catch (error) {
      await holder.unsafe("rollback").simple();
      // 55P03: somebody writes for long. 40P01: two waited for each other, and we were the one to give way.
      const code = (error as { code?: unknown }).code;
      if (code !== "55P03" && code !== "40P01") throw error;
      if (n === tries)
        throw new StartError(
          "Somebody has been writing without a pause, so that the copy found no end. Try again when less is going on.",
          { cause: error },
        );
      await sleep(100 * n);
    }
  }
  await snapshot.unsafe("begin isolation level repeatable read read only; select 1").simple();
  await moment.during(snapshot);
  const last = await stop();
  await holder.unsafe("commit").simple();
  const result = await moment.after(snapshot);
  await snapshot.unsafe("commit").simple();
  return { result, last };
}

/** Size of the cluster's files, for the question whether they fit. */
export async function clusterBytes(url: string): Promise<number> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    const [row] = await sql<
      { bytes: number }[]
    >`select sum(pg_database_size(oid))::float8 + (select coalesce(sum(size), 0) from pg_ls_waldir())::float8 as bytes from pg_database`;
    return row?.bytes ?? 0;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Puts a copied cluster in its place, owned by the server's account. It appears there whole or not at all. */
export async function placeCluster(dir: string, manifest: Manifest, place: Place, account: Account): Promise<void> {
  const draft = `${place.cluster}.new`;
  makeOwned(draft, account);
  const owned = (path: string) =>
    account.uid !== undefined && account.gid !== undefined && chownSync(path, account.uid, account.gid);
  for (const name of [...manifest.folders].sort()) {
    mkdirSync(join(draft, name), { recursive: true, mode: 0o700 });
    owned(join(draft, name));
  }
  const files = manifest.files.filter((f) => f.path.startsWith(`${below}/`));
  await eachOf(files, async (file) => {
    const to = join(draft, file.path.slice(below.length + 1));
    const { sha256 } = await copyHashed(join(dir, file.path), to, true);
    if (sha256 !== file.sha256) throw new StartError(`${file.path} was changed while it was being restored.`);
    await chmod(to, 0o600);
    owned(to);
  });
  await rm(place.cluster, { recursive: true, force: true });
  await rename(draft, place.cluster);
}

/**
 * Gives superuser and login roles of a cluster that does not run new passwords, in single-user mode, and writes them down.
 * A backup holds no passwords, so whoever has one cannot sign in at the system that it was made of. A copied cluster
 * replays its log here, to the moment that it shows.
 * @throws StartError with the server's own last words.
 */
export async function renewPasswords(dataDir: string, place: Place, account: Account): Promise<void> {
  await stopOrphan(place);
  clearStalePidFile(place.cluster);
  const secrets: Secrets = {
    port: await freePort(),
    superuser: password(),
    passwords: { anshi_owner: password(), anshi_auth: password(), anshi_app: password() },
  };
  // Ours are of the base64url alphabet: nothing in them could end the quotes.
  const statements = Object.entries({ [SUPERUSER]: secrets.superuser, ...secrets.passwords }).map(
    ([role, secret]) => `alter role ${role} password '${secret}'\n`,
  );
  const child = spawn(
    place.binaries.postgres,
    [
      "--single",
      "-D",
      place.cluster,
      "-c",
      "password_encryption=scram-sha-256",
      "-c",
      "log_min_error_statement=panic",
      SUPERUSER,
    ],
    { ...ids(account), cwd: "/", env: serverEnvironment(), stdio: ["pipe", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said = (said + part.toString()).slice(-4000)));
  child.stdin.on("error", () => undefined);
  child.stdin.end(statements.join(""));
  const status = await new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(`${code ?? signal ?? ""}`));
  });
  if (status !== "0" || /\b(?:ERROR|FATAL|PANIC):/.test(said))
    throw new StartError(
      `The copied database does not start (${status}): ${said.trim().split("\n").slice(-3).join(" | ")}`,
    );
  writePrivate(join(dataDir, "postgres.json"), secrets);
}

/** The server of a predecessor that was killed. */
async function stopOrphan({ cluster }: Place): Promise<void> {
  const orphan = existsSync(cluster) ? runningPostmaster(cluster) : null;
  if (orphan !== null) await stopPostmaster(orphan, cluster);
}

/** Is there a cluster in the data directory, or a pointer to one elsewhere? */
export const hasCluster = (dataDir: string): boolean =>
  existsSync(join(dataDir, "postgres.place")) || existsSync(join(dataDir, "postgres", "PG_VERSION"));

/** Removes a cluster that a restore could not finish. */
export async function removeCluster(dataDir: string, place: Place): Promise<void> {
  await stopOrphan(place);
  await rm(place.cluster, { recursive: true, force: true });
  await rm(`${place.cluster}.new`, { recursive: true, force: true });
  await rm(join(dataDir, "postgres.place"), { force: true });
  // Its own folder under /var/lib/anshi, where the data directory lets nobody but root in.
  if (dirname(place.cluster) !== realpathSync(dataDir))
    await rm(dirname(place.cluster), { recursive: true, force: true });
  for (const name of ["postgres.json", "connection.json"]) await rm(join(dataDir, name), { force: true });
}
