import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import postgres from "postgres";
import { release } from "#app/platform/release.server.ts";
import type { Env } from "#app/platform/env.server.ts";
import { storageFolder, storageOf } from "#app/platform/storage.server.ts";
import { clusterBytes, copyCluster, hasCluster } from "#db/backup/cluster.server.ts";
import { demandEverything, dumpDatabase, findTool, rowsInDump, type Tool } from "#db/backup/dump.server.ts";
import {
  countsOf,
  migrationsOf,
  rolesOf,
  serverOf,
  storedRows,
  type StoredRow,
  trailOf,
} from "#db/backup/facts.server.ts";
import { type BackupFolder, demandRoom, openFolder } from "#db/backup/folder.server.ts";
import { dumpName, type Manifest } from "#db/backup/manifest.ts";
import { clusterOf, usePostgres } from "#db/embedded/launcher.server.ts";
import { StartError } from "#db/embedded/start-error.ts";
import { type Amiss, dropStored, fetchStored, strays } from "./stored.server.ts";

/*
 * A backup of all that makes an installation: database, roles, files, and what tells that it is whole. Made while the
 * product works; what it shows is the state of one moment, rows and files alike.
 */

export interface BackupOptions {
  env: Env;
  /** A new folder. */
  dir: string;
  /** False where files are kept safe by other means (a bucket with versions of its own). */
  files: boolean;
  /** A dump of the embedded server too, for another release of PostgreSQL. */
  dump: boolean;
  say: (line: string) => void;
  signal?: AbortSignal;
}
export interface BackupResult {
  manifest: Omit<Manifest, "files">;
  /** SHA-256 of the manifest: written down elsewhere, it vouches for the whole backup. */
  sha256: string;
  bytes: number;
  files: number;
  amiss: Amiss[];
  /** Files in storage that no row speaks of; they are not in the backup. */
  strays: string[];
}

/** `DATA_DIR/backups/…`, by the time in UTC. */
export const defaultDir = (env: Env, now: Date): string =>
  join(env.DATA_DIR, "backups", `anshi-${now.toISOString().replaceAll(/[-:]/g, "").slice(0, 15)}Z`);

type Reader = postgres.ReservedSql | postgres.Sql;
interface Facts {
  facts: Pick<Manifest, "server" | "migrations" | "roles" | "counts" | "trail">;
  rows: StoredRow[];
}

async function factsOf(sql: Reader): Promise<Facts> {
  return {
    facts: {
      server: await serverOf(sql),
      migrations: await migrationsOf(sql),
      roles: await rolesOf(sql),
      counts: await countsOf(sql),
      trail: await trailOf(sql),
    },
    rows: await storedRows(sql),
  };
}

/** @throws StartError with one line when it cannot be made; nothing is left behind then. */
export async function makeBackup(options: BackupOptions): Promise<BackupResult> {
  const { env, say } = options;
  const dir = resolve(options.dir);
  const outside = env.DATABASE_URL !== undefined || env.DATABASE_BACKUP_URL !== undefined;
  if (!outside && !hasCluster(env.DATA_DIR))
    throw new StartError(`There is no database in ${env.DATA_DIR} to back up. Is DATA_DIR right?`);
  if (outside && env.DATABASE_BACKUP_URL === undefined)
    throw new StartError(
      "DATABASE_BACKUP_URL must be set to back up a server of your own: the role anshi_backup that deploy/roles.sh makes.",
    );
  const server = outside ? null : await usePostgres({ dataDir: env.DATA_DIR, onPhase: say });
  let folder: BackupFolder | undefined;
  try {
    const ready = async () => (folder = await openFolder(dir, options.signal));
    const url = env.DATABASE_BACKUP_URL ?? server?.superuserUrl("anshi") ?? "";
    const made =
      server === null || options.dump ? await dumpInto(ready, url, options) : await copyInto(ready, url, options);
    return await finished(made, options);
  } finally {
    await folder?.abandon();
    await server?.stop();
  }
}

interface Made extends Facts {
  folder: BackupFolder;
  kind: Manifest["kind"];
  tool: number | null;
  folders: string[];
  amiss: Amiss[];
}

async function copyInto(
  ready: () => Promise<BackupFolder>,
  url: string,
  { env, files, say }: BackupOptions,
): Promise<Made> {
  const cluster = await clusterOf(env.DATA_DIR);
  const folder = await ready();
  await demandRoom(folder.part, (await clusterBytes(url)) * 1.1, "the copy of the database");
  say("copying the database while it works");
  const storage = storageOf(env);
  const fetch = async (sql: Reader) => (files ? fetchStored(storage, folder, await storedRows(sql)) : []);
  let amiss: Amiss[] = [];
  const { result, folders } = await copyCluster(folder, cluster, url, {
    before: async () => {
      const sql = postgres(url, { max: 1, onnotice: () => undefined });
      // Most of the files, while everybody works; what comes and goes until the end is looked at then.
      try {
        await fetch(sql);
      } finally {
        await sql.end({ timeout: 5 });
      }
    },
    during: async (snapshot) => {
      amiss = await fetch(snapshot);
    },
    after: factsOf,
  });
  return { ...result, folder, kind: "cluster", tool: null, folders, amiss };
}

/** Snapshots that showed a row whose file was taken away before it was fetched; a new one no longer shows the row. */
const again = 5;

async function dumpInto(ready: () => Promise<BackupFolder>, url: string, options: BackupOptions): Promise<Made> {
  const { env, say, signal } = options;
  const sql = postgres(url, {
    max: 2,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => undefined,
    connection: { application_name: "anshi-backup" },
  });
  try {
    const reader = await sql.reserve();
    await demandEverything(reader);
    const { major } = await serverOf(reader);
    const [dump, restore] = [
      findTool("pg_dump", major, env.PG_BIN),
      findTool("pg_restore", findTool("pg_dump", major, env.PG_BIN).major, env.PG_BIN),
    ];
    if (dump.major >= 17 && major < 17)
      say(
        `pg_dump is ${dump.major}, the server ${major}: this dump can be restored into 17 or newer alone. With postgresql-client-${major} it goes back into ${major}.`,
      );
    const folder = await ready();
    const { amiss, snapshot } = await snapshotWithFiles(sql, reader, folder, options);
    say(`dumping the database (pg_dump ${dump.major})`);
    await dumpDatabase(dump, url, snapshot, join(folder.part, dumpName), signal);
    const read = await factsOf(reader);
    await reader.unsafe("commit").simple();
    await demandEveryRow(restore, join(folder.part, dumpName), read.facts.counts, signal);
    await folder.adopt(dumpName);
    return { ...read, folder, kind: "dump", tool: dump.major, folders: [], amiss };
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Opens the moment that dump, counts and files show: a snapshot in which no row's file is gone. */
async function snapshotWithFiles(
  sql: postgres.Sql,
  reader: postgres.ReservedSql,
  folder: BackupFolder,
  { env, files }: BackupOptions,
): Promise<{ amiss: Amiss[]; snapshot: string }> {
  const storage = storageOf(env);
  if (files) await fetchStored(storage, folder, await storedRows(sql));
  for (let n = 1; ; n += 1) {
    const [row] = (
      await reader.unsafe("begin isolation level repeatable read read only; select pg_export_snapshot() as id").simple()
    ).at(-1) as unknown as { id: string }[];
    const amiss = files ? await fetchStored(storage, folder, await storedRows(reader)) : [];
    const still = amiss.length === 0 ? new Set<string>() : new Set((await storedRows(sql)).map((r) => r.path));
    if (n === again || amiss.every((a) => still.has(a.path))) return { amiss, snapshot: row?.id ?? "" };
    await reader.unsafe("rollback").simple();
  }
}

/** @throws StartError where the archive holds fewer rows of a table than the table has. */
async function demandEveryRow(
  tool: Tool,
  file: string,
  counts: Readonly<Record<string, number>>,
  signal?: AbortSignal,
): Promise<void> {
  const held = await rowsInDump(tool, file, signal);
  const short = Object.entries(counts).filter(([table, rows]) => (held[table] ?? 0) !== rows);
  const [first] = short;
  if (first)
    throw new StartError(
      `The dump holds ${held[first[0]] ?? 0} of ${first[1]} rows of ${first[0]}${short.length > 1 ? ` and ${short.length - 1} other tables are short too` : ""}: it was thrown away.`,
    );
}

async function finished(
  { folder, facts, rows, kind, tool, folders, amiss }: Made,
  { env, files }: BackupOptions,
): Promise<BackupResult> {
  await dropStored(folder, rows);
  const accounts = join(env.DATA_DIR, "demo-accounts.json");
  // The demonstration's list of accounts, which is public knowledge.
  if (existsSync(accounts)) await folder.take("demo-accounts.json", bytesOf(readFileSync(accounts)));
  const root = storageFolder(env);
  const of = (wanted: StoredRow["kind"]) => rows.filter((r) => r.kind === wanted).length;
  const manifest: Omit<Manifest, "files"> = {
    format: "anshi-backup",
    v: 1,
    kind,
    madeAt: new Date().toISOString(),
    product: release(),
    tool,
    ...facts,
    stored: { included: files, evidence: of("evidence"), printed: of("printed"), amiss },
    folders,
  };
  const bytes = [...folder.files.values()].reduce((sum, f) => sum + f.bytes, 0);
  const count = folder.files.size;
  const sha256 = await folder.finish(manifest);
  return { manifest, sha256, bytes, files: count, amiss, strays: root === null ? [] : await strays(root, rows) };
}
async function* bytesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
