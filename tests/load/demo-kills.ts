import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import postgres from "postgres";
import { verifyDatabase } from "#app/features/audit/verify.server.ts";

/*
 * `node --import tsx tests/load/demo-kills.ts [--kills 50] [--seed 1] [--building]`: kills `npm start` while it loads the
 * demonstration, at random instants of its whole length, and starts it again on what is left. Each second start must be ready
 * and whole: as many rows in every table as a load that nobody disturbed, every chain sound. Ends with 1 when one is not.
 * `--building`: each first start has no build yet, and loads the demonstration while it builds.
 */

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    seed: { type: "string", default: "1" },
    building: { type: "boolean", default: false },
  },
});
const root = new URL("../..", import.meta.url).pathname;
/** Where the build is kept meanwhile. */
const [built, aside] = [path.join(root, "build"), path.join(root, "build.aside")];
const say = (text: string) => void process.stdout.write(`${text}\n`);

class Started {
  said = "";
  readonly child: ChildProcess;
  readonly begun = performance.now();
  constructor(readonly dataDir: string) {
    const {
      DATABASE_URL: _a,
      DATABASE_AUTH_URL: _b,
      DATABASE_OWNER_URL: _c,
      STORAGE_URL: _d,
      ...inherited
    } = process.env;
    const env: NodeJS.ProcessEnv = {
      ...inherited,
      NODE_ENV: "production",
      PORT: "0",
      DATA_DIR: dataDir,
      ANSHI_DEMO: "1",
      LOG_LEVEL: "warn",
    };
    // A group of its own: a kill reaches whatever the start has started, but who holds the data and the database.
    this.child = spawn(process.execPath, [path.join(root, "app/cli/start.mjs")], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (part) => (this.said += String(part)));
  }
  private get gone(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
  /** Until it says so. @returns seconds since its start; null when it ended before */
  async says(words: RegExp): Promise<number | null> {
    while (!words.test(this.said)) {
      if (this.gone) return null;
      await sleep(20);
    }
    return (performance.now() - this.begun) / 1000;
  }
  async kill(): Promise<void> {
    if (this.gone) return;
    const exit = once(this.child, "exit");
    const holder = this.holder();
    process.kill(-(this.child.pid ?? 0), "SIGKILL");
    if (holder !== null) process.kill(holder, "SIGKILL");
    await exit;
  }
  /** The server, or what loads the demonstration before there is one. */
  private holder(): number | null {
    const lock = path.join(this.dataDir, "anshi.lock");
    if (!existsSync(lock)) return null;
    return (JSON.parse(readFileSync(lock, "utf8")) as { pid: number }).pid;
  }
  async stop(): Promise<void> {
    if (this.gone) return;
    const exit = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await exit;
  }
}

interface Found {
  rows: Record<string, number>;
  chains: string[];
  files: number;
  accounts: number;
}
/** What changes with the hour and not with the demonstration: the queue, attempts to sign in, what the clock prunes. */
const passing = new Set(["auth.sign_in_attempts", "auth.attempts_under_way", "auth.sessions"]);

async function look(dataDir: string): Promise<Found> {
  const urls = JSON.parse(readFileSync(path.join(dataDir, "connection.json"), "utf8")) as { owner: string };
  const secrets = JSON.parse(readFileSync(path.join(dataDir, "postgres.json"), "utf8")) as { superuser: string };
  const all = Object.assign(new URL(urls.owner), { username: "postgres", password: secrets.superuser }).href;
  const sql = postgres(all, { max: 1, onnotice: () => undefined });
  try {
    const tables = await sql<
      { name: string }[]
    >`select schemaname || '.' || tablename as name from pg_tables where schemaname in ('public', 'auth') order by 1`;
    const rows: Record<string, number> = {};
    for (const { name } of tables)
      if (!passing.has(name))
        rows[name] = (await sql<{ n: number }[]>`select count(*)::int as n from ${sql(name)}`)[0]?.n ?? 0;
    // Roots of the chains are made by the clock, every ten minutes.
    for (const name of ["public.audit_leaves", "public.audit_nodes", "public.audit_roots"]) delete rows[name];
    const { tenants, tree } = await verifyDatabase(urls.owner);
    const chains = [
      ...tenants.filter((t) => t.problem).map((t) => `${t.name}: ${t.problem?.code}`),
      ...(tree.problem ? ["the national tree"] : []),
    ];
    const kept = path.join(dataDir, "files");
    const files = existsSync(kept)
      ? readdirSync(kept, { recursive: true, withFileTypes: true }).filter((f) => f.isFile()).length
      : 0;
    const list = path.join(dataDir, "demo-accounts.json");
    return {
      rows,
      chains,
      files,
      accounts: existsSync(list) ? (JSON.parse(readFileSync(list, "utf8")) as unknown[]).length : 0,
    };
  } finally {
    await sql.end();
  }
}

/** Where the two differ, in words. */
function differences(found: Found, straight: Found): string[] {
  const names = [...new Set([...Object.keys(found.rows), ...Object.keys(straight.rows)])];
  return [
    ...names
      .filter((name) => found.rows[name] !== straight.rows[name])
      .map((name) => `${name}: ${found.rows[name]} rows, ${straight.rows[name]} expected`),
    ...(found.files === straight.files ? [] : [`${found.files} files, ${straight.files} expected`]),
    ...(found.accounts === straight.accounts
      ? []
      : [`${found.accounts} accounts in demo-accounts.json, ${straight.accounts} expected`]),
    ...found.chains,
  ];
}

function freshDir(): string {
  const dir = mkdtempSync(path.join(tmpdir(), "anshi-kills-"));
  // The database server runs as somebody else when we are root.
  chmodSync(dir, 0o711);
  return dir;
}

/** mulberry32: the same seed kills at the same instants. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function main(): Promise<void> {
  const kills = Number(values.kills);
  const draw = random(Number(values.seed));
  const first = freshDir();
  const undisturbed = new Started(first);
  const from = (await undisturbed.says(/Loading the demonstration/)) ?? 0;
  const until = await undisturbed.says(/is ready: /);
  if (until === null) throw new Error(undisturbed.said);
  const straight = await look(first);
  await undisturbed.stop();
  rmSync(first, { recursive: true, force: true });
  say(
    `undisturbed: loading from ${from.toFixed(1)} to ${until.toFixed(1)} s, ${straight.accounts} accounts, ${straight.rows["public.pilots"]} pilots, ${straight.rows["public.submissions"]} submissions, ${straight.files} files, chains ${straight.chains.length === 0 ? "sound" : straight.chains.join()}`,
  );
  let amiss = 0;
  for (let n = 1; n <= kills; n += 1) {
    const dataDir = freshDir();
    if (values.building) renameSync(built, aside);
    const killed = new Started(dataDir);
    // A little before it begins and a little after it ends belong to it.
    const instant = draw() * (until - from + 0.5) - 0.25;
    await killed.says(/Loading the demonstration|starting the database/);
    if (instant > 0) await killed.says(/Loading the demonstration/);
    await sleep(Math.max(0, instant) * 1000);
    await killed.kill();
    if (values.building) {
      rmSync(built, { recursive: true, force: true });
      renameSync(aside, built);
    }
    const again = new Started(dataDir);
    const ready = await again.says(/is ready: /);
    const told = /a demonstration was interrupted/.test(again.said)
      ? "cleared and begun again"
      : /Loading the demonstration/.test(again.said)
        ? "begun anew"
        : "whole before the kill";
    const wrong =
      ready === null
        ? [`did not start: ${again.said.trim().split("\n").at(-1)}`]
        : differences(await look(dataDir), straight);
    say(
      `${String(n).padStart(2)}  killed ${instant.toFixed(1)} s into loading: ${told}, ready after ${ready?.toFixed(1)} s, ${wrong.length === 0 ? "whole" : wrong.join("; ")}`,
    );
    if (wrong.length > 0) amiss += 1;
    await again.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  say(`${kills} kills: ${kills - amiss} whole, ${amiss} not`);
  process.exitCode = amiss === 0 ? 0 : 1;
}

await main();
