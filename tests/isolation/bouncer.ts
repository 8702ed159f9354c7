import { spawn, spawnSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ids, serverAccount, serverEnvironment } from "#db/embedded/binaries.server.ts";
import { freePort } from "#tests/setup/free-port.ts";

export interface Bouncer {
  /** The same address, through the pooler. */
  through(url: string): string;
  stop(): Promise<void>;
}
export const howToInstall =
  "There is no pgbouncer on this machine: the test through a transaction pooler is left out. Debian, Ubuntu: apt-get install pgbouncer.";

/** Where Debian puts it is not on everybody's PATH. @returns null where there is none. */
export const findBouncer = (): string | null =>
  ["pgbouncer", "/usr/sbin/pgbouncer"].find(
    (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
  ) ?? null;

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => (socket.destroy(), resolve(true)));
    socket.on("error", () => resolve(false));
  });

/**
 * PgBouncer in transaction mode before the server of these addresses: `connections` to the server for each login role,
 * however many clients come, so that transactions of all of them meet on the same few.
 * @throws when it does not answer within 10 s.
 */
export async function startBouncer(program: string, urls: readonly string[], connections: number): Promise<Bouncer> {
  const account = serverAccount();
  const folder = mkdtempSync("/tmp/anshi-bouncer-");
  const port = await freePort();
  const server = new URL(urls[0] ?? "");
  const users = urls
    .map((u) => new URL(u))
    .map((u) => `"${decodeURIComponent(u.username)}" "${decodeURIComponent(u.password)}"`);
  const files = {
    "users.txt": `${users.join("\n")}\n`,
    "pgbouncer.ini": `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${path.join(folder, "users.txt")}
pool_mode = transaction
default_pool_size = ${connections}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits,statement_timeout,lock_timeout,idle_in_transaction_session_timeout,default_transaction_read_only
`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  // It does not run as root, and reads its files as whom it runs.
  if (account.uid !== undefined && account.gid !== undefined)
    for (const one of [folder, ...Object.keys(files).map((name) => path.join(folder, name))])
      chownSync(one, account.uid, account.gid);
  chmodSync(folder, 0o700);
  const child = spawn(program, [path.join(folder, "pgbouncer.ini")], {
    ...ids(account),
    cwd: "/",
    env: serverEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => (output = (output + data.toString()).slice(-4000)));
  const state = { ended: false };
  const gone = new Promise<void>((resolve) => {
    for (const event of ["exit", "error"])
      child.once(event, (why: unknown) => ((state.ended = true), (output += String(why)), resolve()));
  });
  const stop = async () => {
    child.kill("SIGKILL");
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  for (let i = 0; i < 100 && !state.ended; i += 1) {
    if (await answers(port))
      return {
        through: (url) => Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).href,
        stop,
      };
    await sleep(100);
  }
  await stop();
  throw new Error(`pgbouncer did not start: ${output}`);
}
