import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BrowserServer, chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { unlimited } from "./own-product.ts";

/** What tests of the running product are given. */
export interface Product {
  /** http://127.0.0.1:PORT */
  url: string;
  dataDir: string;
  /** All that the server said and logged, a line each. */
  log: string;
  /** Where the run's one browser listens; null without one. */
  browser: string | null;
}

declare module "vitest" {
  export interface ProvidedContext {
    product: Product;
  }
}

/** One server and one browser a run, whichever projects ask for them: each sets up in this same process. */
interface Shared {
  users: number;
  running: Promise<Running>;
}
interface Running {
  product: Product;
  stop(): Promise<void>;
}
const KEY = Symbol.for("anshi.test-product");
const globals = globalThis as { [KEY]?: Shared };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (globals[KEY] ??= { users: 0, running: start() });
  shared.users += 1;
  const running = await shared.running;
  project.provide("product", running.product);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete globals[KEY];
    await running.stop();
  };
}

const root = new URL("../../..", import.meta.url).pathname;
const PATIENCE_MS = 240_000;

/** `npm start` without npm: builds what is not built, loads the demonstration, takes any free port. */
async function start(): Promise<Running> {
  const dataDir = mkdtempSync(join(tmpdir(), "anshi-e2e-"));
  // The database server runs as somebody else when we are root.
  chmodSync(dataDir, 0o711);
  const log = join(dataDir, "server.log");
  // Vitest sets BASE_URL and NODE_ENV to values of its own.
  const { BASE_URL: _vitest, ...inherited } = process.env;
  const settings: NodeJS.ProcessEnv = {
    ...inherited,
    NODE_ENV: "production",
    PORT: "0",
    DATA_DIR: dataDir,
    ANSHI_DEMO: "1",
    LOG_LEVEL: "info",
    ...unlimited,
  };
  const child = spawn(process.execPath, [join(root, "app/cli/start.mjs")], {
    cwd: root,
    env: settings,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const file = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(file, { end: false });
  try {
    const url = await ready(child, log);
    const browser = await launchBrowser();
    return {
      product: { url, dataDir, log, browser: browser?.wsEndpoint() ?? null },
      stop: () => stop(child, browser, dataDir),
    };
  } catch (error) {
    await stop(child, null, dataDir);
    throw error;
  }
}

async function ready(child: ChildProcess, log: string): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    // The file is there as soon as the server has said its first word.
    const said = existsSync(log) ? readFileSync(log, "utf8") : "";
    const url = /is ready: (\S+)/.exec(said)?.[1];
    if (url !== undefined) return url.replace("localhost", "127.0.0.1");
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`The product did not start:\n${said.slice(-4000)}`);
    await sleep(100);
  }
}

/** Flags for a machine without a screen; nothing of the browser's own talks to the network. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** CHROMIUM_PATH may be a name on the PATH; none at all leaves tests of the API, which need no browser. */
async function launchBrowser(): Promise<BrowserServer | null> {
  const wanted = process.env["CHROMIUM_PATH"] ?? "chromium";
  const executablePath = wanted.includes("/")
    ? wanted
    : (process.env["PATH"] ?? "")
        .split(delimiter)
        .map((folder) => join(folder, wanted))
        .find((path) => existsSync(path));
  return executablePath === undefined ? null : chromium.launchServer({ executablePath, args: flags, headless: true });
}

async function stop(child: ChildProcess, browser: BrowserServer | null, dataDir: string): Promise<void> {
  await browser?.close();
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
    await gone;
    clearTimeout(timer);
  }
  rmSync(dataDir, { recursive: true, force: true });
}
