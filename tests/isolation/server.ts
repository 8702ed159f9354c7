import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#tests/setup/free-port.ts";

export interface RunningServer {
  url: string;
  pid: number;
  /** What it printed so far. */
  output(): string;
  /** Null while it lives, else how it ended. */
  ended(): string | null;
  stop(): Promise<void>;
}

const root = path.resolve(import.meta.dirname, "../..");
/** Where `npm run build` puts the server. */
export const builtServer = path.join(root, "build/server/index.js");

/** The built product itself, as `npm start` runs it, on a database that exists. @throws when it does not answer within 30 s. */
export async function startServer(urls: { app: string; auth: string; owner: string }): Promise<RunningServer> {
  if (!existsSync(builtServer)) throw new Error("there is no build: npm run build");
  const port = await freePort();
  const dataDir = mkdtempSync(path.join(tmpdir(), "anshi-server-"));
  const child = spawn(
    process.execPath,
    ["--max-semi-space-size=64", "-e", `import(${JSON.stringify(builtServer)}).then((m) => m.main())`],
    {
      cwd: root,
      env: {
        PATH: process.env["PATH"],
        NODE_ENV: "production",
        ANSHI_ROOT: root,
        DATA_DIR: dataDir,
        PORT: String(port),
        HOST: "127.0.0.1",
        LOG_LEVEL: "error",
        RATE_ACCOUNT: "off",
        RATE_TOKEN: "off",
        RATE_ADDRESS: "off",
        DATABASE_URL: urls.app,
        DATABASE_AUTH_URL: urls.auth,
        DATABASE_OWNER_URL: urls.owner,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  let ended: string | null = null;
  const gone = new Promise<void>((resolve) =>
    child.once("exit", (code, signal) => ((ended = `${code ?? signal}`), resolve())),
  );
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => (output = (output + data.toString()).slice(-20_000)));
  const url = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (ended === null) child.kill("SIGTERM");
    await Promise.race([gone, sleep(8000).then(() => child.kill("SIGKILL"))]);
    rmSync(dataDir, { recursive: true, force: true });
  };
  for (let i = 0; i < 300; i += 1) {
    if (ended !== null) break;
    const ready = await fetch(`${url}/readyz`).then(
      (r) => r.ok,
      () => false,
    );
    if (ready) return { url, pid: child.pid ?? 0, output: () => output, ended: () => ended, stop };
    await sleep(100);
  }
  await stop();
  throw new Error(`the server did not start: ${output.slice(-800)}`);
}
