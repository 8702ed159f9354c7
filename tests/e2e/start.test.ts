import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
const running: ChildProcess[] = [];
let dataDir = "";
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), "anshi start "));
  chmodSync(dataDir, 0o711);
});
afterAll(async () => {
  for (const child of running) if (child.exitCode === null && child.signalCode === null) await stop(child);
  rmSync(dataDir, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  /** All it said so far. */
  said: () => string;
  url: string;
}

/** `npm start` without npm. No demo: this is about starting and ending. */
function start(env: Record<string, string> = {}): Started {
  // Vitest sets BASE_URL to a path of its own.
  const { BASE_URL: _vitest, ...inherited } = process.env;
  const settings: NodeJS.ProcessEnv = {
    ...inherited,
    NODE_ENV: "production",
    PORT: "0",
    DATA_DIR: dataDir,
    ANSHI_DEMO: "0",
    LOG_LEVEL: "warn",
    ...env,
  };
  const child = spawn(process.execPath, [join(root, "app/cli/start.mjs")], {
    env: settings,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => parts.push(String(part)));
  return { child, said: () => parts.join(""), url: "" };
}

async function ready(started: Started): Promise<Started> {
  for (;;) {
    const url = /is ready: (\S+)/.exec(started.said())?.[1];
    if (url !== undefined) return { ...started, url: url.replace("localhost", "127.0.0.1") };
    if (started.child.exitCode !== null) throw new Error(started.said());
    await sleep(50);
  }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
  const gone = once(child, "exit");
  child.kill(signal);
  const [code] = (await gone) as [number | null];
  return code;
}

describe("npm start", () => {
  it("starts, refuses a second on the same data, and ends in order at SIGTERM", async () => {
    const first = await ready(start());
    expect(await (await fetch(`${first.url}/healthz`)).text()).toBe("ok");
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    expect(first.said()).toContain("Ctrl-C");

    const second = start();
    const [code] = (await once(second.child, "exit")) as [number];
    expect(code).toBe(1);
    expect(second.said()).toMatch(/could not start\. The data directory .* is in use by another Anshi \(process \d+\)/);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);

    expect(await stop(first.child)).toBe(0);
    expect(existsSync(join(dataDir, "postgres/postmaster.pid"))).toBe(false);
    expect(existsSync(join(dataDir, "anshi.lock"))).toBe(false);
  });

  it("takes over what a killed predecessor left, and loses nothing", async () => {
    const first = await ready(start());
    await stop(first.child, "SIGKILL");
    const second = await ready(start());
    expect(second.said()).toContain("taking over the database");
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect(await stop(second.child, "SIGINT")).toBe(0);
  });

  it.each([
    ["a wrong setting", { PORT: "web" }, /could not start\. PORT must be a whole number/],
    [
      "a database that refuses",
      { DATABASE_URL: "postgres://a@127.0.0.1:1/x", DATABASE_AUTH_URL: "mysql://x" },
      /could not start\. DATABASE_AUTH_URL must be an address/,
    ],
  ])("names %s in one line", async (_name, env, line) => {
    const { child, said } = start(env);
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(1);
    expect(said()).toMatch(line);
    expect(said()).not.toContain("    at ");
  });

  it("says what to do when the port is taken", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { child, said } = start({ PORT: String(port) });
    const [code] = (await once(child, "exit")) as [number];
    holder.close();
    expect(code).toBe(1);
    expect(said()).toContain(
      `Port ${port} is in use. Stop the program that holds it, or take another: PORT=${port + 1} npm start`,
    );
  });
});
