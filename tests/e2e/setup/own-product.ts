import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Person } from "./person.ts";

const root = new URL("../../..", import.meta.url).pathname;
/** Tests ask from one address, as one person, as fast as they can. `tests/e2e/shares.test.ts` has the limits on. */
export const unlimited = { RATE_ACCOUNT: "off", RATE_TOKEN: "off", RATE_ADDRESS: "off" } as const;

/** A product of a file's own, without the demonstration, from its empty database on. */
export class OwnProduct {
  url = "";
  /** All that it said and logged since its last start. */
  said = "";
  readonly dataDir: string;
  private child: ChildProcess | undefined;
  constructor() {
    this.dataDir = mkdtempSync(join(tmpdir(), "anshi-own-"));
    // The database server runs as somebody else when we are root.
    chmodSync(this.dataDir, 0o711);
  }

  async start(env: Record<string, string>): Promise<void> {
    const { BASE_URL: _vitest, ANSHI_OPERATOR_EMAIL: _e, ANSHI_OPERATOR_PASSWORD: _p, ...inherited } = process.env;
    this.said = "";
    const settings: NodeJS.ProcessEnv = {
      ...inherited,
      NODE_ENV: "production",
      PORT: "0",
      DATA_DIR: this.dataDir,
      ANSHI_DEMO: "0",
      LOG_LEVEL: "info",
      ...unlimited,
      ...env,
    };
    const child = spawn(process.execPath, [join(root, "app/cli/start.mjs")], {
      cwd: root,
      env: settings,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (this.said += String(part)));
    for (;;) {
      const found = /is ready: (\S+)/.exec(this.said)?.[1];
      if (found !== undefined) break;
      if (child.exitCode !== null) throw new Error(this.said);
      await sleep(50);
    }
    await sleep(100);
    const address = /is ready: (\S+)/.exec(this.said)?.[1] ?? "";
    this.url = env["BASE_URL"] ?? address.replace("localhost", "127.0.0.1");
  }
  async stop(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Somebody at a product of a file's own; the other tests' people go to the demonstration's. */
export class Newcomer extends Person {
  constructor(
    name: string,
    readonly product: Pick<OwnProduct, "url">,
  ) {
    super(name);
  }
  override fetch(path: string, init: RequestInit = {}) {
    const headers = new Headers(init.headers);
    if (headers.has("origin")) headers.set("origin", this.product.url);
    return super.fetch(new URL(path, this.product.url).href, { ...init, headers });
  }
}
