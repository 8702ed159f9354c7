/**
 * What every command needs before it can do its own work, in plain Node: nothing here may import a package, because
 * the packages may not be there yet.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { fail } from "./show.mjs";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const at = (...parts) => path.join(root, ...parts);

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

/** Called by the build when all went well. @param {string} hash */
export function stampBuild(hash) {
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, hash);
}

/** Compiles the interface's messages unless they are there. Needs the packages. */
export async function ensureMessages() {
  const { compileMessages } = await import("../i18n/compile.mjs");
  await compileMessages().catch((error) =>
    fail(`The messages in app/i18n/messages could not be compiled: ${error.message}`),
  );
}
