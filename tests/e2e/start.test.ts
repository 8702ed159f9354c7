import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "#tests/setup/free-port.ts";

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

/** The server's own process: it holds the data directory, the supervisor before it does not. */
const serverPid = () => (JSON.parse(readFileSync(join(dataDir, "anshi.lock"), "utf8")) as { pid: number }).pid;
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
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

  it("is back at the same address when its server was killed, on the database that ran on; killed whole, the next start takes over", async () => {
    const first = await ready(start({ METRICS_TOKEN: "0123456789abcdef" }));
    const killed = serverPid();
    expect(killed).not.toBe(first.child.pid);
    process.kill(killed, "SIGKILL");
    await expect.poll(() => first.said(), { timeout: 60_000, interval: 100 }).toMatch(/is ready: [^]*is ready: /);
    expect(first.said()).toContain("taking over the database");
    const line =
      first
        .said()
        .split("\n")
        .find((one) => one.includes("started again")) ?? "{}";
    expect(JSON.parse(line)).toMatchObject({
      level: "fatal",
      pid: killed,
      signal: "SIGKILL",
      cause: expect.stringContaining("killed") as unknown,
    });
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    // Over the real wire, as a balancer asks.
    for (const path of ["/healthz", "/readyz", "/metrics", "/login", "/api/v1/openapi.json"]) {
      const asked = await fetch(`${first.url}${path}`, {
        method: "HEAD",
        headers: { authorization: "bearer 0123456789abcdef" },
      });
      expect([path, asked.status]).toEqual([path, 200]);
    }

    const server = serverPid();
    const gone = once(first.child, "exit");
    first.child.kill("SIGKILL");
    process.kill(server, "SIGKILL");
    await gone;
    const second = await ready(start());
    expect(second.said()).toContain("taking over the database");
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect(await stop(second.child, "SIGINT")).toBe(0);
  });

  it("ends in order when only the supervisor is killed, and answers at HEALTH_PORT while it lives", async () => {
    const healthPort = await freePort();
    const { child, url } = await ready(start({ HEALTH_PORT: String(healthPort) }));
    const health = () =>
      fetch(`http://127.0.0.1:${healthPort}/healthz`).then(
        (got) => got.text(),
        () => "none",
      );
    expect(await health()).toBe("ok");
    const server = serverPid();
    child.kill("SIGKILL");
    await expect.poll(() => existsSync(join(dataDir, "anshi.lock")), { timeout: 60_000 }).toBe(false);
    expect(existsSync(join(dataDir, "postgres/postmaster.pid"))).toBe(false);
    await expect.poll(() => alive(server), { timeout: 30_000 }).toBe(false);
    expect(await health()).toBe("none");
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it.each([
    [
      "a port for health that is taken by the product itself",
      { PORT: "4711", HEALTH_PORT: "4711" },
      /could not start\. HEALTH_PORT must be another port/,
    ],
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
