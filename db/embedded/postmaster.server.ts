import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Account, type Binaries, ids, serverEnvironment } from "./binaries.server.ts";
import { describeProcess, isAlive } from "./process-identity.server.ts";
import { StartError } from "./start-error.ts";

const READY_WITHIN_MS = 60_000;
const LOG_LIMIT = 5_000_000;

/** What PostgreSQL writes down about itself (miscinit.c, lock file layout). */
interface PidFile {
  pid: number;
  port: number;
  status: string;
}

export function readPidFile(cluster: string): PidFile | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0
    ? { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? "").trim() }
    : null;
}

/**
 * The server already running on this cluster, when a predecessor was killed before it could stop it. The number in the
 * file may by now belong to any other program, so it must be a postgres whose working directory is the cluster.
 */
export function runningPostmaster(cluster: string): number | null {
  const file = readPidFile(cluster);
  if (!file || !isAlive(file.pid)) return null;
  const { command, cwd } = describeProcess(file.pid);
  if (!/postgres/i.test(command)) return null;
  if (cwd !== null) return cwd === realpathSync(cluster) ? file.pid : null;
  return command.includes(cluster) ? file.pid : null;
}

/**
 * Removes the pid file of a server that is gone. PostgreSQL does so itself unless the number is in use again; then it
 * refuses to start. Its own second guard, the shared memory key, still stands.
 */
export function clearStalePidFile(cluster: string): void {
  if (existsSync(join(cluster, "postmaster.pid")) && runningPostmaster(cluster) === null) {
    rmSync(join(cluster, "postmaster.pid"), { force: true });
  }
}

export interface LaunchOptions {
  cluster: string;
  binaries: Binaries;
  account: Account;
  port: number;
  logFile: string;
  settings: Record<string, string>;
}

/** Starts the server in a group of its own, so that Ctrl-C reaches us alone; resolves when it takes connections. */
export async function launch(options: LaunchOptions): Promise<number> {
  const { cluster, binaries, account, port, logFile } = options;
  const large = existsSync(logFile) && statSync(logFile).size > LOG_LIMIT;
  const log = openSync(logFile, large ? "w" : "a", 0o600);
  const from = large ? 0 : statSync(logFile).size;
  const settings = { listen_addresses: "127.0.0.1", unix_socket_directories: "", ...options.settings };
  const flags = Object.entries(settings).flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  const child = spawn(binaries.postgres, ["-D", cluster, "-p", String(port), ...flags], {
    ...ids(account),
    cwd: "/",
    detached: true,
    stdio: ["ignore", log, log],
    env: serverEnvironment(),
  });
  closeSync(log);
  let failure: string | null = null;
  child.on("error", (error) => (failure = error.message));
  child.once("exit", (code, signal) => (failure ??= `exit ${code ?? signal ?? ""}`));
  child.unref();
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    const file = readPidFile(cluster);
    if (file && file.pid === child.pid && file.status.startsWith("ready")) return file.pid;
    if (failure !== null)
      throw new StartError(`PostgreSQL did not start (${failure as string}). ${tail(logFile, from)}`);
    await sleep(10);
  }
  throw new StartError(`PostgreSQL was not ready within ${READY_WITHIN_MS / 1000} s. ${tail(logFile, from)}`);
}

function tail(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString("utf8").trim().split("\n").slice(-4);
  return `Its last words: ${lines.join(" | ")} (${logFile})`;
}

/** Fast shutdown: open transactions are rolled back, everything committed is kept. Resolves when the server is gone. */
export async function stopPostmaster(pid: number, cluster: string): Promise<void> {
  for (const [signal, patience] of [
    ["SIGINT", 20_000],
    ["SIGQUIT", 10_000],
  ] as const) {
    if (!isAlive(pid)) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      if (!isAlive(pid) || (readPidFile(cluster)?.pid ?? 0) !== pid) {
        // The file goes a moment before the process.
        for (let i = 0; i < 200 && isAlive(pid); i += 1) await sleep(10);
        return;
      }
      await sleep(10);
    }
  }
}

export async function waitForPort(port: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  do {
    if (await answers(port)) return true;
    await sleep(50);
  } while (Date.now() < deadline);
  return false;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => (socket.destroy(), resolve(true)));
    socket.on("error", () => (socket.destroy(), resolve(false)));
  });
}

/** The wanted port if it is free, else any free one. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", (error: NodeJS.ErrnoException) => {
      if (wanted !== 0 && (error.code === "EADDRINUSE" || error.code === "EACCES")) resolve(freePort(0));
      else reject(error);
    });
    probe.listen({ port: wanted, host: "127.0.0.1" }, () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
