import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { cookieName, digestOf } from "#app/request/session.server.ts";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#tests/setup/free-port.ts";

export const root = new URL("../..", import.meta.url).pathname;

export interface Account {
  email: string;
  password: string;
  role: string;
  apiToken: string;
}

/** A folder that the database server may enter, which runs as somebody else when we are root. */
function ownFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `anshi-${name}-`));
  chmodSync(folder, 0o711);
  return folder;
}

const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGTERM")));
/** Whoever ends the scan ends the product and the scanners with it. */
export function endsWithUs<T extends ChildProcess>(child: T): T {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/**
 * The product with the demonstration, from a source tree, on any free port and a data folder of its own. It is set up as
 * behind a proxy that ends TLS (secure cookies, HSTS), and the scanners stand where the proxy would.
 */
export class Running {
  accounts: Account[] = [];
  private constructor(
    private readonly child: ChildProcess,
    readonly dataDir: string,
    /** Where the scanners send to. */
    readonly url: string,
    /** Where visitors would think they are: what `Origin` says. */
    readonly origin: string,
  ) {}

  static async start(tree: string): Promise<Running> {
    const dataDir = ownFolder("scan");
    const host = `127.0.0.1:${await freePort()}`;
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      NODE_ENV: "production",
      PORT: new URL(`http://${host}`).port,
      BASE_URL: `https://${host}`,
      DATA_DIR: dataDir,
      ANSHI_DEMO: "1",
      LOG_LEVEL: "error",
      RATE_ACCOUNT: "off",
      RATE_TOKEN: "off",
      RATE_ADDRESS: "off",
    };
    const child = endsWithUs(
      spawn(process.execPath, [path.join(tree, "app/cli/start.mjs")], {
        cwd: tree,
        env,
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
    const running = new Running(child, dataDir, `http://${host}`, `https://${host}`);
    for (;;) {
      if (said.includes("is ready: ")) {
        running.accounts = JSON.parse(readFileSync(path.join(dataDir, "demo-accounts.json"), "utf8")) as Account[];
        return running;
      }
      if (child.exitCode !== null) throw new Error(`The product did not start:\n${said.slice(-4000)}`);
      await sleep(100);
    }
  }

  private readonly cookies = new Map<string, Promise<string>>();

  async isSignedIn(cookie: string): Promise<boolean> {
    return (await fetch(new URL("/", this.url), { redirect: "manual", headers: { cookie } })).status === 200;
  }
  /** @returns the Cookie header of this account (`ten.lead`): signed in once, and again when an attack has ended that session. */
  async signIn(name: string): Promise<string> {
    const held = await this.cookies.get(name);
    if (held !== undefined && (await this.isSignedIn(held))) return held;
    const anew = this.signInAnew(name);
    this.cookies.set(name, anew);
    return anew;
  }
  /** Past the sign-in form, whose limits the attacks themselves use up. */
  private async signInAnew(name: string): Promise<string> {
    const found = this.accounts.find((a) => a.email.startsWith(`${name}@`));
    if (!found) throw new Error(`no account ${name}`);
    const { port, superuser } = JSON.parse(readFileSync(path.join(this.dataDir, "postgres.json"), "utf8")) as {
      port: number;
      superuser: string;
    };
    const sql = postgres({
      host: "127.0.0.1",
      port,
      user: "postgres",
      password: superuser,
      database: "anshi",
      max: 1,
      onnotice: () => undefined,
    });
    const secret = randomBytes(20).toString("hex");
    // An attack as the lead of their site or sector may have ended what they do there: a form with their name on it stands open to them.
    await sql`update auth.users set disabled_at = null where email = ${found.email}`;
    await sql`update auth.memberships m set ended_at = null from auth.users u where u.id = m.user_id and u.email = ${found.email} and m.role = ${found.role}`;
    await sql`insert into auth.sessions (digest, id, user_id, membership_id, expires_at, idle_until)
      select ${digestOf(secret)}, gen_random_uuid(), u.id, m.id, now() + interval '12 hours', now() + interval '12 hours'
        from auth.users u join auth.memberships m on m.user_id = u.id and m.role = ${found.role} and m.ended_at is null where u.email = ${found.email} limit 1`;
    await sql.end();
    return `${cookieName(true)}=${secret}`;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, "exit");
      this.child.kill("SIGTERM");
      await gone;
    }
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** What a careless hand would have written: words put into a statement, and into a page, as they came. */
const holes: readonly { file: string; sound: string; holed: string }[] = [
  {
    file: "app/features/home/search.server.ts",
    sound: "ilike(specifications.number, like)",
    holed: "sql.raw(`number = '${q}'`)",
  },
  {
    file: "app/features/home/search.server.ts",
    sound: "import { and, asc, desc, eq, ilike, or } from",
    holed: "import { and, asc, desc, eq, ilike, or, sql } from",
  },
  {
    file: "app/features/home/routes/search.tsx",
    sound: '<ul className="ui-work"',
    holed: '<p dangerouslySetInnerHTML={{ __html: q }} />\n      <ul className="ui-work"',
  },
];
const sources = [
  "app",
  "db",
  "workflows",
  "seeds",
  "package.json",
  "package-lock.json",
  "remix.config.js",
  "vite.config.ts",
  "tsconfig.json",
];

/** A copy of the source tree with holes in it, ready to be started. @returns its folder, which the caller removes */
export function holedCopy(): string {
  const copy = ownFolder("holed");
  for (const name of sources) cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  // Hard links where the folder is on the same disk: 800 packages in a moment.
  const packages = path.join(root, "node_modules");
  if (spawnSync("cp", ["-al", packages, copy], { stdio: "ignore" }).status !== 0) {
    rmSync(path.join(copy, "node_modules"), { recursive: true, force: true });
    cpSync(packages, path.join(copy, "node_modules"), { recursive: true, verbatimSymlinks: true });
  }
  for (const { file, sound, holed } of holes) {
    const at = path.join(copy, file);
    const text = readFileSync(at, "utf8");
    if (!text.includes(sound))
      throw new Error(`${file} has changed: «${sound}» is not in it, so no hole could be planted there`);
    writeFileSync(at, text.replace(sound, holed));
  }
  return copy;
}

/** `sqlmap` and `wapiti`, by apt-get where we may. @returns what is missing */
export function scanners(): string[] {
  const missing = () =>
    ["sqlmap", "wapiti"].filter((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status !== 0);
  if (missing().length > 0 && process.getuid?.() === 0) {
    const quiet = { stdio: "ignore" as const, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
    spawnSync("apt-get", ["update", "-qq"], quiet);
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing()], quiet);
  }
  return missing();
}

export function outFolder(part: string): string {
  const folder = path.join(root, "out/scan", part);
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
