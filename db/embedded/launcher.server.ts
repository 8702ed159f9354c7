import { execFile } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { type Account, type Binaries, findBinaries, ids, serverAccount, serverEnvironment } from "./binaries.server.ts";
import { findPlace, makeOwned, type Place, prepareDataDir } from "./cluster-place.server.ts";
import { lockDirectory, lockHolder } from "./lock.server.ts";
import {
  clearStalePidFile,
  freePort,
  launch,
  readPidFile,
  runningPostmaster,
  stopPostmaster,
  waitForPort,
} from "./postmaster.server.ts";
import { refuseHalfRestored } from "./half-restored.server.ts";
import { ensureRoles } from "./roles.server.ts";
import {
  DATABASE,
  password,
  type PostgresUrls,
  readSecrets,
  type Secrets,
  SUPERUSER,
  urlOf,
  urlsOf,
  writePrivate,
} from "./secrets.server.ts";
import { StartError } from "./start-error.ts";

export { StartError };
export type { PostgresUrls };

export interface EmbeddedPostgres {
  urls: PostgresUrls;
  /** The superuser, on the database of that name or on another: for tests and backups, never for requests. */
  superuserUrl(database?: string): string;
  /** True when the server of a killed predecessor was found running and taken over. */
  adopted: boolean;
  /** True when the cluster was made just now. */
  created: boolean;
  /** Something the operator should read, such as a cluster kept outside the data directory. */
  notice: string | null;
  /** Starts the server again at the same address if it has died; true when it did so. */
  revive(): Promise<boolean>;
  /** Stops the server in order and gives the data directory free. Harmless when called twice. */
  stop(): Promise<void>;
}

export interface EnsureOptions {
  dataDir: string;
  /** False only for tests: nothing survives a crash of the machine, everything is faster. */
  durable?: boolean;
  /** Told in short words what is being done. */
  onPhase?: (phase: string) => void;
  /** True for the restore itself: the directory may be half restored. */
  restoring?: boolean;
}

/**
 * The embedded PostgreSQL of a data directory, running when this resolves: made on first use, adopted if a killed
 * predecessor left it running, on 127.0.0.1 alone, with random passwords. Holds the directory's lock until `stop()`.
 * Throws StartError with one line a person can act on.
 */
export async function ensurePostgres(options: EnsureOptions): Promise<EmbeddedPostgres> {
  const account = serverAccount();
  const packaged = await findBinaries();
  prepareDataDir(resolve(options.dataDir), account);
  const dataDir = realpathSync(resolve(options.dataDir));
  if (options.restoring !== true) refuseHalfRestored(dataDir);
  const lock = lockDirectory(dataDir);
  try {
    const place = findPlace(dataDir, account, packaged);
    const created = !existsSync(join(place.cluster, "PG_VERSION"));
    if (created) {
      options.onPhase?.("creating the database cluster");
      await createCluster(dataDir, place, account, options.durable ?? true);
    } else checkVersion(place);
    const secrets = readSecrets(dataDir);
    let server = await run(dataDir, place, account, secrets, options);
    await ensureRoles(urlOf(SUPERUSER, secrets.superuser, secrets.port, SUPERUSER), secrets.passwords, DATABASE);
    const urls = urlsOf(secrets);
    writePrivate(join(dataDir, "connection.json"), urls);
    let stopping: Promise<void> | null = null;
    const revive = async () => {
      if (stopping || runningPostmaster(place.cluster) !== null) return false;
      server = await run(dataDir, place, account, secrets, options, true);
      return true;
    };
    const stop = () => (stopping ??= stopPostmaster(server.pid, place.cluster).finally(() => lock.release()));
    return {
      urls,
      superuserUrl: (database = SUPERUSER) => superuserOf(secrets, database),
      adopted: server.adopted,
      created,
      notice: place.moved === null ? null : `The database cluster is ${place.moved}.`,
      revive,
      stop,
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * For commands beside a running `npm start`: its database if it runs, else the embedded one started for this command
 * alone (`stop()` ends only what was started here).
 */
export async function usePostgres(
  options: EnsureOptions,
): Promise<Pick<EmbeddedPostgres, "urls" | "superuserUrl" | "stop" | "adopted">> {
  const dataDir = resolve(options.dataDir);
  if (existsSync(dataDir) && lockHolder(dataDir) !== null) {
    const file = join(dataDir, "connection.json");
    if (!existsSync(file))
      throw new StartError(`The program that holds ${dataDir} is still starting. Try again in a moment.`);
    const urls = JSON.parse(readFileSync(file, "utf8")) as PostgresUrls;
    const superuserUrl = (database = SUPERUSER) => superuserOf(readSecrets(dataDir), database);
    return { urls, superuserUrl, adopted: true, stop: async () => {} };
  }
  return ensurePostgres(options);
}

const superuserOf = ({ superuser, port }: Secrets, database: string): string =>
  urlOf(SUPERUSER, superuser, port, database);

/** Folder of the cluster that a data directory has. */
export async function clusterOf(dataDir: string): Promise<string> {
  return findPlace(realpathSync(resolve(dataDir)), serverAccount(), await findBinaries()).cluster;
}

async function run(
  dataDir: string,
  place: Place,
  account: Account,
  secrets: Secrets,
  options: EnsureOptions,
  samePort = false,
) {
  const orphan = runningPostmaster(place.cluster);
  if (orphan !== null) {
    const port = readPidFile(place.cluster)?.port ?? 0;
    if (port > 0 && (await waitForPort(port, 10_000)) && (await isOurs(port, secrets, place.cluster))) {
      if (port !== secrets.port) writePrivate(join(dataDir, "postgres.json"), Object.assign(secrets, { port }));
      return { pid: orphan, adopted: true };
    }
    await stopPostmaster(orphan, place.cluster);
  }
  clearStalePidFile(place.cluster);
  options.onPhase?.("starting the database");
  for (let attempt = 0; ; attempt += 1) {
    const port = samePort ? await samePortSoon(secrets.port) : await freePort(attempt === 0 ? secrets.port : 0);
    if (samePort && port !== secrets.port)
      throw new StartError(`Port ${secrets.port} of the database is taken by another program.`);
    try {
      const settings = settingsFor(options.durable ?? true);
      const logFile = join(dataDir, "postgres.log");
      const pid = await launch({ ...place, account, port, logFile, settings });
      if (port !== secrets.port) writePrivate(join(dataDir, "postgres.json"), Object.assign(secrets, { port }));
      return { pid, adopted: false };
    } catch (error) {
      // Between the probe and the start somebody may have taken the port.
      if (attempt >= 2 || !/could not bind/.test((error as Error).message)) throw error;
    }
  }
}

/** The port of a server that just died: somebody's outgoing connection may hold the number for a moment. */
async function samePortSoon(wanted: number): Promise<number> {
  for (let tries = 0; ; tries += 1) {
    const port = await freePort(wanted);
    if (port === wanted || tries >= 50) return port;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A server that knows our password and serves our folder. */
async function isOurs(port: number, secrets: Secrets, cluster: string): Promise<boolean> {
  const sql = postgres(urlOf(SUPERUSER, secrets.superuser, port, SUPERUSER), {
    max: 1,
    connect_timeout: 10,
    fetch_types: false,
    onnotice: () => {},
  });
  try {
    const [row] = await sql<{ place: string }[]>`select current_setting('data_directory') as place`;
    return row !== undefined && realpathSync(row.place) === realpathSync(cluster);
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 2 });
  }
}

function settingsFor(durable: boolean): Record<string, string> {
  // No statement text in the log: it may hold what users typed.
  const common = {
    log_min_error_statement: "panic",
    log_parameter_max_length_on_error: "0",
    timezone: "UTC",
    log_timezone: "UTC",
    password_encryption: "scram-sha-256",
  };
  if (durable) return { ...common, shared_buffers: "128MB", max_connections: "100" };
  return {
    ...common,
    max_connections: "200",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    autovacuum: "off",
    wal_level: "minimal",
    max_wal_senders: "0",
    checkpoint_timeout: "1h",
  };
}

async function createCluster(dataDir: string, place: Place, account: Account, durable: boolean): Promise<void> {
  const secrets: Secrets = {
    port: await freePort(),
    superuser: password(),
    passwords: { anshi_owner: password(), anshi_auth: password(), anshi_app: password() },
  };
  // Made beside its place and moved there whole: an interrupted attempt is thrown away by the next one.
  const draft = `${place.cluster}.new`;
  const purse = mkdtempSync(join(account.uid === undefined ? tmpdir() : "/tmp", "anshi-"));
  try {
    const pwfile = join(purse, "p");
    writeFileSync(pwfile, `${secrets.superuser}\n`, { mode: 0o600 });
    if (account.uid !== undefined && account.gid !== undefined) {
      chownSync(purse, account.uid, account.gid);
      chownSync(pwfile, account.uid, account.gid);
    }
    await initdb(place.binaries, account, draft, pwfile, durable);
  } finally {
    rmSync(purse, { recursive: true, force: true });
  }
  writePrivate(join(dataDir, "postgres.json"), secrets);
  rmSync(place.cluster, { recursive: true, force: true });
  renameSync(draft, place.cluster);
}

/**
 * Collation and character types by PostgreSQL's own C.UTF-8, the same on every machine. The C library's locale beside it
 * must know UTF-8 too, or pg_trgm sees no Chinese letters.
 */
async function initdb(
  binaries: Binaries,
  account: Account,
  draft: string,
  pwfile: string,
  durable: boolean,
): Promise<void> {
  let last = "";
  for (const locale of ["C.UTF-8", "en_US.UTF-8", "C"]) {
    makeOwned(draft, account);
    const args = [
      "-D",
      draft,
      "-U",
      SUPERUSER,
      "--auth=scram-sha-256",
      `--pwfile=${pwfile}`,
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      `--lc-collate=${locale}`,
      `--lc-ctype=${locale}`,
      "--lc-messages=C",
      "--no-instructions",
    ];
    try {
      await promisify(execFile)(binaries.initdb, durable ? args : [...args, "--no-sync"], {
        ...ids(account),
        cwd: "/",
        env: serverEnvironment(),
      });
      return;
    } catch (error) {
      const { stderr, message } = error as Error & { stderr?: string };
      last = (stderr || message).trim().split("\n").slice(-3).join(" | ");
      if (!/locale/i.test(last)) break;
    }
  }
  rmSync(draft, { recursive: true, force: true });
  throw new StartError(`The database cluster could not be made: ${last}`);
}

/** Major release of the packaged server. */
export function versionOf(binaries: Binaries): number {
  const catalogue = readFileSync(join(binaries.home, "share", "postgresql", "postgres.bki"), "utf8").slice(0, 40);
  return Number(/PostgreSQL (\d+)/.exec(catalogue)?.[1] ?? 0);
}

function checkVersion(place: Place): void {
  const found = readFileSync(join(place.cluster, "PG_VERSION"), "utf8").trim();
  const ours = versionOf(place.binaries);
  if (ours !== 0 && String(ours) !== found) {
    throw new StartError(
      `The database in ${place.cluster} was made by PostgreSQL ${found}; this is ${ours}. Start it with the release that made it, make a dump there (npm run backup -- DIR --dump), and restore that into a new DATA_DIR (npm run restore -- DIR).`,
    );
  }
}
