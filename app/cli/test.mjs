/** `npm test`: lint, types, walls, then every test. Each stage runs even when one before it failed; one failure fails all. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { checkNode, ensureMessages, ensurePackages, enterRoot, isBuilt, node, root, say } from "./prepare.mjs";

checkNode();
enterRoot();
delete process.env.NODE_ENV;
ensurePackages({ development: true });
ensureMessages();
const bin = (...parts) => path.join(root, "node_modules", ...parts);
const failed = [];

/** @param {string} name @param {string[]} args */
function stage(name, args, env = {}) {
  say(name);
  const begun = performance.now();
  const { status } = node(args, env);
  if (status !== 0) failed.push(name);
  else say(`${name}: fine (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
}

// Beside lint, types and walls, which leave a core free; it says what it has to say when it has ended.
const building = isBuilt() ? null : beside([path.join(root, "app/cli/build.mjs")]);
stage("lint", [bin("oxlint/bin/oxlint"), "--type-aware", "--max-warnings", "0"]);
stage("types", [bin("typescript/bin/tsc"), "--noEmit"]);
stage("walls", [
  bin("dependency-cruiser/bin/dependency-cruise.mjs"),
  "--config",
  ".dependency-cruiser.cjs",
  "app",
  "db",
  "workflows",
  "seeds",
]);
if (building) {
  say("build");
  const { status, said, seconds } = await building;
  process.stdout.write(said);
  if (status !== 0) failed.push("build");
  else say(`build: fine (${seconds.toFixed(1)} s)`);
}

const browser = findBrowser() ?? installBrowser();
if (browser === null) {
  process.stdout.write(
    "\nThere is no Chromium on this machine, so the browser tests are left out. Install one (Debian, Ubuntu: apt-get install chromium; others: any Chromium or Chrome) or name it in CHROMIUM_PATH.\n\n",
  );
}
installBouncer();
const projects = browser === null ? ["--project", "unit", "--project", "db", "--project", "isolation"] : [];
stage(
  "tests",
  [bin("vitest/vitest.mjs"), "run", "--config", "tests/vitest.config.ts", ...projects, ...process.argv.slice(2)],
  { CHROMIUM_PATH: browser ?? undefined },
);
if (failed.length > 0) process.stderr.write(`\nFailed: ${failed.join(", ")}\n`);
process.exit(failed.length > 0 ? 1 : 0);

/** @param {string[]} args @returns {Promise<{ status: number | null, said: string, seconds: number }>} */
function beside(args) {
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => (said += String(part)));
  return new Promise((resolve) => {
    child.once("close", (status) => resolve({ status, said, seconds: (performance.now() - begun) / 1000 }));
  });
}

/** @returns {string | null} */
function findBrowser() {
  const names = [
    process.env.CHROMIUM_PATH,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  return names.find((name) => name && spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0) ?? null;
}

/** Debian and Ubuntu, as root. @returns {string | null} */
function installBrowser() {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status !== 0) return null;
  say("installing Chromium for the browser tests (apt-get)");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const quiet = { stdio: "ignore", env };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk"], quiet);
  return findBrowser();
}

/**
 * A transaction pooler for the isolation tests; where there is none, they say so and leave that one out. Not under
 * systemd: the package would start a service there, which nobody asked for.
 */
function installBouncer() {
  const there = ["pgbouncer", "/usr/sbin/pgbouncer"].some((name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0);
  if (there || process.getuid?.() !== 0 || existsSync("/run/systemd/system") || spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status !== 0) return;
  say("installing PgBouncer for the isolation tests (apt-get)");
  const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-qq"], quiet);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "pgbouncer"], quiet);
}
