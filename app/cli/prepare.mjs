/**
 * What every command needs before it can do its own work, in plain Node: nothing here may import a package, because
 * the packages may not be there yet.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const at = (...parts) => path.join(root, ...parts);

/** Prints what is being done. @param {string} text */
export function say(text) {
  process.stdout.write(`· ${text}\n`);
}

/** Ends with one line. @param {string} text @returns {never} */
export function fail(text) {
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}

/** Refuses a Node that is too old, before anything fails in a way nobody understands. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(
    `Anshi 安试 needs Node.js 20.19 or newer; this is ${version}. Install a newer one from https://nodejs.org and run the command again.`,
  );
}

/** Every command works from the root, wherever it was called. */
export function enterRoot() {
  process.chdir(root);
  process.env.ANSHI_ROOT = root;
}

/**
 * npm runs us under a shell, and a SIGTERM to npm ends the shell without reaching us. When the parent that started us is
 * gone we end in order as if we had been told.
 */
export function followParent() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, "SIGTERM");
  }, 200);
  watch.unref();
}

/**
 * Installs what the lock file names unless it is there already.
 * @param {{ development?: boolean }} [options] `development`: the tools for tests too
 */
export function ensurePackages({ development = false } = {}) {
  if (installed(development) && patched()) return;
  // What the product needs is there and only the tools are missing: they are put beside it, since `npm ci` would first take
  // everything away, also from under a product that runs.
  const add = development && installed(false) && patched();
  const user = add ? undefined : usersOfPackages()[0];
  if (user !== undefined)
    fail(
      `The packages have changed, and an Anshi that was started from this folder uses them (process ${user}). Stop that one first.`,
    );
  say(add ? "adding packages for tests and tools (npm install)" : "installing packages (npm ci)");
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", ...(development ? ["--include=dev"] : [])];
  const done = npm(add ? ["install", "--no-save", ...quiet] : ["ci", ...quiet]);
  if (done.status !== 0)
    fail(
      "npm ci failed; its own message stands above. A network connection to the package registry is needed the first time.",
    );
  // Where install scripts are switched off in npm's settings, the patches are still to be made.
  if (!patched()) node([at("node_modules/patch-package/index.js"), "--patch-dir", "db/patches"]);
  if (!patched())
    fail("The patches in db/patches could not be applied. Remove node_modules and run the command again.");
}

/** Where a product that runs leaves its number: who installs anew would pull its packages away. */
const IN_USE = at("node_modules/.anshi");

/** Tells others that this process needs the packages until it ends. */
export function usePackages() {
  try {
    mkdirSync(IN_USE, { recursive: true });
    writeFileSync(path.join(IN_USE, String(process.pid)), "");
  } catch {
    // A folder that may not be written is not installed into either.
    return;
  }
  process.once("exit", () => rmSync(path.join(IN_USE, String(process.pid)), { force: true }));
}

/** @returns {string[]} processes that live and need the packages */
function usersOfPackages() {
  if (!existsSync(IN_USE)) return [];
  return readdirSync(IN_USE).filter((pid) => {
    try {
      process.kill(Number(pid), 0);
      // The number may have come round to somebody else since.
      const command = `/proc/${pid}/cmdline`;
      return !existsSync(command) || readFileSync(command, "utf8").includes("start.mjs");
    } catch (error) {
      return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
    }
  });
}

/** Is each package of the lock file here in its version? npm keeps account of that itself. @param {boolean} development */
function installed(development) {
  const present = readJson(at("node_modules/.package-lock.json"))?.packages;
  if (!present) return false;
  const wanted = readJson(at("package-lock.json"))?.packages ?? {};
  return Object.entries(wanted).every(([name, { version, optional, dev, devOptional, link }]) => {
    if (name === "" || link || optional) return true;
    if (dev && !development) return true;
    return present[name]?.version === version || (devOptional && !development);
  });
}

/** Does every patched file hold every line its patch adds? */
export function patched() {
  const folder = at("db/patches");
  const patches = readdirSync(folder).filter((name) => name.endsWith(".patch"));
  return patches.every((name) => {
    let file = "";
    return readFileSync(path.join(folder, name), "utf8")
      .split("\n")
      .every((line) => {
        if (line.startsWith("+++ b/")) {
          const target = at(line.slice("+++ b/".length));
          if (!existsSync(target)) return false;
          file = readFileSync(target, "utf8");
          return true;
        }
        return !line.startsWith("+") || file.includes(line.slice(1));
      });
  });
}

const SOURCES = [
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
const STAMP = at("build/.stamp");

/** Fingerprint of all that the build is made of. */
export function sourcesHash() {
  const hash = createHash("sha256").update(process.versions.node.split(".")[0] ?? "");
  for (const file of SOURCES.flatMap((name) => filesOf(at(name))).sort()) {
    hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** @param {string} place @returns {string[]} */
function filesOf(place) {
  if (!existsSync(place)) return [];
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(place, entry.name);
    // Generated, or never part of the product.
    if (entry.name === "paraglide" || entry.name.endsWith(".md") || /\.test\.tsx?$/.test(entry.name)) return [];
    return entry.isDirectory() ? filesOf(full) : entry.isFile() ? [full] : [];
  });
}

/** Is the build at hand made of exactly these sources? */
export function isBuilt() {
  return existsSync(STAMP) && existsSync(at("build/server/index.js")) && readFileSync(STAMP, "utf8") === sourcesHash();
}

/** Builds what is not built. */
export function ensureBuilt() {
  if (isBuilt()) return;
  say("building");
  const done = node([at("app/cli/build.mjs")]);
  if (done.status !== 0) fail("The build failed; its own message stands above.");
}

/** Called by the build when all went well. @param {string} hash */
export function stampBuild(hash) {
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, hash);
}

/** Compiles the interface's messages unless they are newer than their sources. */
export function ensureMessages() {
  const output = at("app/i18n/paraglide/messages.js");
  const newest = Math.max(...filesOf(at("app/i18n")).map((file) => statSync(file).mtimeMs));
  if (existsSync(output) && statSync(path.dirname(output)).mtimeMs >= newest && statSync(output).size > 0) return;
  if (node([at("app/i18n/compile.mjs")]).status !== 0)
    fail("The messages in app/i18n/messages could not be compiled; the reason stands above.");
}

/** Runs Node on a file, with our terminal. @param {string[]} args @param {Record<string, string | undefined>} [env] */
export function node(args, env = {}) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
}

/** @param {string[]} args */
function npm(args) {
  // Set by npm itself: the very npm that started us, wherever it lies.
  const own = process.env.npm_execpath;
  if (own && /\.[cm]?js$/.test(own)) return node([own, ...args]);
  return spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
