import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#tests/setup/free-port.ts";
import { familyOf, listenerOn, lives, postmasterOf, residentOf } from "./processes.ts";

/** One line of the demonstration's list of accounts. */
export interface Account {
  email: string;
  password: string;
  role: string;
  tenant: string;
  site: string | null;
  apiToken: string;
}

export interface Product {
  name: string;
  url: string;
  port: number;
  accounts: Account[];
  /** Seconds that its first start took, demonstration and all; null for one that ran already. */
  firstStart: number | null;
  /** Null for a product that somebody else runs: nothing is known of its processes, nor of its database. */
  own: Own | null;
}
export interface Own {
  dataDir: string;
  /** Log and output, all starts. */
  log: string;
  /** What we started: the server itself, or what watches over it. */
  root(): number;
  /** The process that listens; null while there is none. */
  server(): number | null;
  postmaster(): number | null;
  /** Live heap in bytes after a forced collection; null when the process does not tell. */
  liveHeap(): Promise<number | null>;
  /** Resident bytes of the server. */
  resident(): number;
  /** A superuser's address of the database; null for an outside server that none was named for. */
  superuserUrl: string | null;
  /** Starts again on the same data, after everything that we started has ended. Resolves when it listens. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, "../..");
export const databaseSettings = [
  "DATABASE_URL",
  "DATABASE_AUTH_URL",
  "DATABASE_OWNER_URL",
  "DATABASE_SUPERUSER_URL",
] as const;

export interface StartOptions {
  /** Shown in the tables. */
  name: string;
  /** A checkout, with its packages; this one unless told. */
  dir?: string;
  /** The outside server's addresses; without any the product brings its own. */
  database?: Partial<Record<(typeof databaseSettings)[number], string>>;
  env?: Readonly<Record<string, string>>;
}

/** Starts a product with the demonstration on a directory that goes away with it. @throws with the end of its log */
export async function startProduct({ name, dir = root, database = {}, env = {} }: StartOptions): Promise<Product> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "anshi-load-"));
  // The database server runs as somebody else when we are root.
  chmodSync(dataDir, 0o711);
  const port = env["PORT"] === undefined ? await freePort() : Number(env["PORT"]);
  const log = path.join(dataDir, "product.log");
  const { DATABASE_SUPERUSER_URL: superuser, ...urls } = database;
  const settings: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    NODE_ENV: "production",
    NODE_OPTIONS: `--import ${path.join(import.meta.dirname, "hook.mjs")}`,
    ANSHI_LOAD_HOOK: dataDir,
    DATA_DIR: dataDir,
    PORT: String(port),
    HOST: "127.0.0.1",
    LOG_LEVEL: "warn",
    // Receivers of webhooks and the mail sink are on this machine.
    WEBHOOK_TARGETS: "any",
    ANSHI_DEMO: "1",
    // Leads sign in without their telephone, on an outside database too.
    MFA_REQUIRED: "none",
    // What npm has started ends when npm is gone, and this one when we are, whatever ended us.
    npm_lifecycle_event: "load",
    // One account stands for many people here, and what is measured are the shares and not the limits.
    RATE_ACCOUNT: "off",
    RATE_TOKEN: "off",
    RATE_ADDRESS: "off",
    ...urls,
    ...env,
  };
  let child: ChildProcess | undefined;
  const start = async () => {
    const out = openSync(log, "a");
    child = spawn(process.execPath, [path.join(dir, "app/cli/start.mjs")], {
      cwd: dir,
      env: settings,
      stdio: ["ignore", out, out],
    });
    closeSync(out);
    await listening(child, `http://127.0.0.1:${port}`, log);
  };
  const begun = performance.now();
  await start();
  const firstStart = (performance.now() - begun) / 1000;
  const own: Own = {
    dataDir,
    log,
    root: () => child?.pid ?? 0,
    server: () => listenerOn(port, familyOf(child?.pid ?? 0)),
    postmaster: () => postmasterOf(dataDir),
    liveHeap: () => collected(dataDir, listenerOn(port, familyOf(child?.pid ?? 0))),
    resident: () => residentOf(listenerOn(port, familyOf(child?.pid ?? 0)) ?? 0),
    superuserUrl: superuser ?? (urls.DATABASE_URL === undefined ? embeddedSuperuser(dataDir) : null),
    start,
    stop: async () => {
      await end(child, () => postmasterOf(dataDir));
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    port,
    accounts: accountsIn(path.join(dataDir, "demo-accounts.json")),
    firstStart,
    own,
  };
}

/** A product that runs already. @param file its demo-accounts.json */
export const strangersProduct = (url: string, file: string): Product => ({
  name: "new",
  url: url.replace(/\/$/, ""),
  port: Number(new URL(url).port || 80),
  accounts: accountsIn(file),
  firstStart: null,
  own: null,
});

function accountsIn(file: string): Account[] {
  if (!existsSync(file))
    throw new Error(`${file} is missing: the load needs the demonstration's accounts (--accounts FILE beside --url).`);
  return JSON.parse(readFileSync(file, "utf8")) as Account[];
}

function embeddedSuperuser(dataDir: string): string {
  const { port, superuser } = JSON.parse(readFileSync(path.join(dataDir, "postgres.json"), "utf8")) as {
    port: number;
    superuser: string;
  };
  return `postgres://postgres:${encodeURIComponent(superuser)}@127.0.0.1:${port}/anshi`;
}

/** Resolves when the product says that it is ready; a first start builds and loads the demonstration. */
async function listening(child: ChildProcess, url: string, log: string): Promise<void> {
  const until = Date.now() + 600_000;
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5000) }).catch(() => null);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`the product did not start: ${readFileSync(log, "utf8").slice(-1500)}`);
}

async function collected(dataDir: string, pid: number | null): Promise<number | null> {
  if (pid === null) return null;
  const file = path.join(dataDir, `${pid}.json`);
  rmSync(file, { force: true });
  process.kill(pid, "SIGUSR2");
  for (let i = 0; i < 100; i += 1) {
    await sleep(100);
    if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { heapUsed: number }).heapUsed;
  }
  return null;
}

/** In order; what has not ended after 30 s is killed, the database that a killed server left behind too. */
async function end(child: ChildProcess | undefined, postmaster: () => number | null): Promise<void> {
  const pid = child?.pid;
  const family = pid === undefined ? [] : familyOf(pid);
  if (child?.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  for (let i = 0; i < 300 && family.some(lives); i += 1) await sleep(100);
  for (const one of family.filter(lives)) process.kill(one, "SIGKILL");
  const left = postmaster();
  if (left === null) return;
  process.kill(left, "SIGINT");
  for (let i = 0; i < 100 && lives(left); i += 1) await sleep(100);
}
